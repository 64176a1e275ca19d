"""What the policy documents ask to be kept and no column held.

Why: a plot taken over from the national system names that system and the day (ZZ
三(三)2); a report is filed with three departments (LS 12); enterprises are on lists of
heavy metals and of broken duties (ZZ 三(五)1, LS 38); tailings ponds have a level of
hazard and may be radioactive (ZZ 三(五)5); units of the access list have rules, and
boundaries a precision (LS 18); zones of water sources are marked on the ground (section
三(二) of 环厅〔2020〕27号); former plants made products, and each result has its check
(ZZ 三(一)2). No rule reads any of it. The triggers that keep a version as it was
written name their columns, so they are made anew.
"""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

COLUMNS = """
alter table registry.plot
    add column source_system text,
    add column synced_on date;
alter table registry.plot_document
    add column filed_ee_on date,
    add column filed_nr_on date,
    add column filed_hc_on date;
alter table registry.enterprise add column tags text[];
alter table registry.facility
    add column hazard_level text,
    add column radioactive boolean;
alter table registry.restriction_area
    add column access_rules text,
    add column boundary_accuracy_m double precision check (boundary_accuracy_m > 0);
alter table registry.water_zone add column markers_set_on date;
alter table registry.former_use add column products text;
alter table registry.sample_result
    add column qc_checker text,
    add column qc_checked_on date;
"""

KEPT = """
do $$
declare
    one text;
    other_columns text;
begin
    foreach one in array array[
        'plot', 'plot_document', 'enterprise', 'facility', 'restriction_area',
        'water_zone', 'former_use', 'sample_result'
    ] loop
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


def upgrade() -> None:
    """Add the columns, and keep them as they are written."""
    for part in (COLUMNS, KEPT):
        op.execute(part)
