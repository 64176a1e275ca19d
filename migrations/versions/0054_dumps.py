"""Dumps are kept as what they are, and every site says what waste lies there.

Why: places where waste was dumped or buried unlawfully are listed and rectified (ZZ
三(五)3, LS 29), household-waste landfills are counted as in use, stopped and closed,
and informal dumps are planned for by class (ZZ 三(五)6). Both stood in the register as
landfills, or as nothing. The kind of waste is hazardous, construction or household
waste or sludge in the documents; industrial waste is LS 24. The trigger that keeps a
version as it was written names its columns, so it is made anew.
"""

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

KINDS = """
alter table registry.facility drop constraint facility_kind_check;
alter table registry.facility add constraint facility_kind_check check (
    kind in (
        'tailings_pond', 'landfill', 'informal_dump', 'illegal_dump', 'waste_yard',
        'sewage_works', 'hazardous_waste_site', 'other'));
alter table registry.facility add column waste text check (
    waste in (
        'household', 'construction', 'industrial', 'hazardous', 'sludge', 'mixed'));
"""

KEPT = """
do $$
declare
    other_columns text;
begin
    select string_agg(quote_ident(attname), ', ') into other_columns
    from pg_attribute
    where attrelid = 'registry.facility'::regclass
        and attnum > 0 and not attisdropped and attgenerated = ''
        and attname <> 'closed_by';
    drop trigger kept_as_written on registry.facility;
    execute format(
        'create trigger kept_as_written before update of %s on registry.facility
         for each statement execute function registry.refuse()',
        other_columns);
end
$$;
"""


def upgrade() -> None:
    """Widen the kinds, add the waste, and keep it as it is written."""
    for part in (KINDS, KEPT):
        op.execute(part)
