"""Records know their origin, plants their audits, and themes who leads them.

Why: a plot taken over from another system is found there by its number in that system
(ZZ 三(三)2). Enterprises have clean-production audits in a cycle, and a figure of the
heavy metals they emit (ZZ 三(五)1, LS 23); no rule reads either. Areas of a theme are
its department's matter (R-G06): `restriction_area` and `theme_coverage` hold the themes
of several departments in one table, and each of them could write all. Themes that no
document gives to one department stay open to those that may write the layer. The
triggers that keep a version as it was written name their columns: they are made anew.
"""

from alembic import op

revision = "0056"
down_revision = "0054"
branch_labels = None
depends_on = None

COLUMNS = """
alter table registry.plot add column source_id text;
alter table registry.enterprise
    add column clean_production_audited_on date,
    add column clean_production_due_on date,
    add column heavy_metal_emission_kg double precision
        check (heavy_metal_emission_kg >= 0),
    add column heavy_metal_emission_year integer;
"""

KEPT = """
do $$
declare
    one text;
    other_columns text;
begin
    foreach one in array array['plot', 'enterprise'] loop
        select string_agg(quote_ident(attname), ', ') into other_columns
        from pg_attribute
        where attrelid = format('registry.%I', one)::regclass
            and attnum > 0 and not attisdropped and attgenerated = ''
            and attname <> 'closed_by';
        execute format('drop trigger kept_as_written on registry.%I', one);
        execute format(
            'create trigger kept_as_written before update of %s on registry.%I
             for each statement execute function registry.refuse()',
            other_columns, one);
    end loop;
end
$$;
"""

LEADS = """
create table registry.theme_right (
    theme text not null,
    role text not null,
    primary key (theme, role)
);
comment on table registry.theme_right is
    'Roles that write a theme which departments lead; a theme without rows is open.';
insert into registry.theme_right (theme, role) values
    ('permanent_basic_farmland', 'planner'),
    ('pbf_concentrated_area', 'planner'),
    ('ecological_redline', 'registrar'),
    ('ecological_redline', 'planner'),
    ('control_area', 'registrar'),
    ('access_list_unit', 'registrar'),
    ('crop_ban_area', 'agriculture'),
    ('concentrated_priority_farmland', 'agriculture'),
    ('concentrated_priority_farmland', 'registrar'),
    ('farmland_unit', 'agriculture'),
    ('farmland_unit', 'registrar'),
    ('plot', 'registrar'),
    ('former_use', 'registrar'),
    ('key_unit', 'registrar'),
    ('enterprise', 'registrar'),
    ('facility', 'registrar'),
    ('receptor', 'registrar'),
    ('water_source', 'registrar'),
    ('water_zone', 'registrar');
grant select on registry.theme_right to jingtu_service;

create function registry.themes_of_others() returns text[]
language sql stable parallel safe
return (
    select case
        when registry.may_write('*') then '{}'
        else coalesce(array_agg(led.theme order by led.theme), '{}')
    end
    from (
        select r.theme
        from registry.theme_right r
        group by r.theme
        having not bool_or(r.role = current_setting('jingtu.role', true))
    ) led
);
comment on function registry.themes_of_others is
    'Themes that departments lead and the caller''s role is none of theirs.';
grant execute on function registry.themes_of_others to jingtu_service;

create policy lead_write on registry.restriction_area as restrictive for insert
    with check (theme <> all ((select registry.themes_of_others())::text[]));
create policy lead_close on registry.restriction_area as restrictive for update
    using (theme <> all ((select registry.themes_of_others())::text[]));
create policy lead_write on registry.theme_coverage as restrictive for insert
    with check (theme <> all ((select registry.themes_of_others())::text[]));
create policy lead_close on registry.theme_coverage as restrictive for update
    using (theme <> all ((select registry.themes_of_others())::text[]));
"""


def upgrade() -> None:
    """Add columns and keep them as written, and give themes to who leads them."""
    for part in (COLUMNS, KEPT, LEADS):
        op.execute(part)
