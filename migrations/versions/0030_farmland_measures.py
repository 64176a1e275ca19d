"""Measures on farmland, how polluted it is, and when a plot came into use again.

Why: the rates a county answers for (受污染耕地, 污染地块安全利用率) count land by what
was done on it, by whom, on what evidence and with what produce; by the census's level
of pollution; and plots by the day their land was put to use again. Without these on
record, parcel by parcel, a rate is a claim.
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

COLUMNS = """
alter table registry.farmland_unit
    add column pollution_level text check (pollution_level in (
        'none', 'slight', 'light_moderate', 'heavy'));
comment on column registry.farmland_unit.pollution_level is
    'Level of the producing-area census of 2012 to 2018, or what replaced it.';
alter table registry.plot
    add column reuse_started_on date,
    add column reuse_document text;
comment on column registry.plot.reuse_started_on is
    'Day from which the land is used anew: planning permit or supply for the new use.';
"""

KEPT = """
do $$
declare
    one text;
    other_columns text;
begin
    foreach one in array array['farmland_unit', 'plot'] loop
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

MEASURES = """
create table registry.farmland_measure (
    like registry.version_columns
        including defaults including constraints including identity,
    unit_code text collate "C" not null,
    measure text not null check (measure in (
        'intensified_monitoring', 'crop_livestock', 'straw_return',
        'organic_fertiliser', 'reduced_tillage', 'agronomic_control',
        'low_accumulation_variety', 'water_control', 'conditioner', 'lime',
        'substitute_crops', 'bioremediation', 'remediation', 'restructuring',
        'no_produce_zone', 'return_to_forest_grass', 'fallow')),
    year integer not null check (year >= 0),
    area_m2 double precision not null check (area_m2 > 0),
    done_on date,
    responsible_person text,
    evidence text,
    file_id text,
    produce_samples integer check (produce_samples >= 0),
    produce_compliant integer check (
        produce_compliant >= 0 and produce_compliant <= produce_samples),
    note text
);
call registry.keep_versions('farmland_measure');
create index farmland_measure_unit on registry.farmland_measure (unit_code)
    where closed_by is null;
create index farmland_measure_list
    on registry.farmland_measure (division_code, code);
insert into registry.role_right (role, layer, may_write)
values ('agriculture', 'farmland_measure', true);
"""


def upgrade() -> None:
    """Add the layer of measures and the columns that rates are counted by."""
    for part in (COLUMNS, KEPT, MEASURES):
        op.execute(part)
