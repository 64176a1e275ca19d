"""What a plot's record holds beside its stage, and where its stage came from.

Why: published lists give four bounds, the former enterprise, the planned use and the
pollutants with their limits; the law asks whether groundwater is polluted (Soil Law
Art. 36). A stage that no event of this system brought names the published register it
was taken from. What of a plot is made public is said field by field. Who uses the land
and who is liable are persons: they stand in a table of their own that only three roles
read, so that no list, tile or export of plots can carry them.
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

USE = "in ('gbt21010_2017', 'ydyh_2023', 'gb50137_2011')"
PLOT = f"""
alter table registry.plot
    add column local_code text,
    add column bound_east text,
    add column bound_south text,
    add column bound_west text,
    add column bound_north text,
    add column former_enterprise text,
    add column current_use_scheme text check (current_use_scheme {USE}),
    add column current_use_code text,
    add column planned_use_scheme text check (planned_use_scheme {USE}),
    add column planned_use_code text,
    add column groundwater_polluted boolean,
    add column entry_list text check (entry_list in (
        'suspected', 'contaminated', 'rcr', 'priority_supervised')),
    add column entry_batch text,
    add column entry_source text,
    add column entry_published_on date,
    add column published_fields text[] check (published_fields <@ array[
        'plot_code', 'name', 'address', 'location', 'four_bounds', 'area',
        'former_enterprise', 'former_industries', 'current_use', 'planned_use',
        'stage', 'risk_grade', 'pollutants', 'groundwater_polluted',
        'negative_list', 'list_batch']),
    add column published_on date,
    add column publication_source text;
comment on column registry.plot.entry_list is
    'Published register that the stage was taken from when no event brought it.';
comment on column registry.plot.published_fields is
    'Fields anybody may read; none of them before published_on.';
"""

KEPT = """
do $$
declare
    other_columns text;
begin
    select string_agg(quote_ident(attname), ', ') into other_columns
    from pg_attribute
    where attrelid = 'registry.plot'::regclass
        and attnum > 0 and not attisdropped and attgenerated = ''
        and attname <> 'closed_by';
    drop trigger kept_as_written on registry.plot;
    execute format(
        'create trigger kept_as_written before update of %s on registry.plot
         for each statement execute function registry.refuse()', other_columns);
end
$$;
"""

POLLUTANTS = """
create table registry.plot_pollutant (
    like registry.version_columns
        including defaults including constraints including identity,
    plot_code text collate "C" not null,
    analyte text not null,
    medium text not null check (medium in ('soil', 'groundwater')),
    maximum double precision,
    screening_value double precision,
    intervention_value double precision,
    unit text not null,
    depth_from_m double precision,
    depth_to_m double precision,
    source_document text
);
call registry.keep_versions('plot_pollutant');
create index plot_pollutant_plot on registry.plot_pollutant (plot_code)
    where closed_by is null;
create index plot_pollutant_list
    on registry.plot_pollutant (division_code, code);
insert into registry.role_right (role, layer, may_write)
values ('registrar', 'plot_pollutant', true);
"""

PARTIES = """
create function registry.sees_parties() returns boolean
language sql stable parallel safe
return coalesce(current_setting('jingtu.role', true), '')
    in ('registrar', 'auditor', 'admin');
comment on function registry.sees_parties is
    'Whether the caller''s role reads who uses a plot and who is liable for it.';

create table registry.plot_party (
    like registry.version_columns
        including defaults including constraints including identity,
    land_user text,
    liable_party text,
    contact text
);
call registry.keep_versions('plot_party');
create index plot_party_list on registry.plot_party (division_code, code);
drop policy read_scope on registry.plot_party;
drop policy write_scope on registry.plot_party;
drop policy close_scope on registry.plot_party;
create policy read_scope on registry.plot_party for select
    using (registry.in_scope(division_code) and (select registry.sees_parties()));
create policy write_scope on registry.plot_party for insert
    with check (registry.in_scope(division_code)
        and (select registry.sees_parties())
        and (select registry.may_write('plot_party')));
create policy close_scope on registry.plot_party for update
    using (registry.in_scope(division_code)
        and (select registry.sees_parties())
        and (select registry.may_write('plot_party')))
    with check (registry.in_scope(division_code));
insert into registry.role_right (role, layer, may_write)
values ('registrar', 'plot_party', true);
revoke execute on function registry.sees_parties from public;
grant execute on function registry.sees_parties to jingtu_service;
"""


def upgrade() -> None:
    """Give plots their record, their origin, their publication and their parties."""
    for part in (PLOT, KEPT, POLLUTANTS, PARTIES):
        op.execute(part)
