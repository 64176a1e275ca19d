"""The ecology-environment bureau may say that a county's approvals are limited.

Why: who decides on limits to approvals (环评限批, R-C19) could not enter them: they
stand on the county's own row, which its surveyors keep. The bureau may open a version
of a county that differs from the one it closes by that mark and its days alone.
"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

MAY = "current_setting('jingtu.role', true) = 'registrar'"

POLICIES = f"""
create policy open_restricted on registry.division for insert
    with check ({MAY}
        and registry.in_scope(division_code)
        and exists (
            select
            from registry.division o
            where o.object_id = division.object_id
                and o.closed_by = division.opened_by
                and (o.code, o.division_code, o.name_zh, o.mapped_area_m2)
                    = (division.code, division.division_code, division.name_zh,
                        division.mapped_area_m2)
                and o.name_en is not distinct from division.name_en
                and o.invented is not distinct from division.invented
                and o.geom = division.geom));
create policy close_restricted on registry.division for update
    using ({MAY} and registry.in_scope(division_code))
    with check (registry.in_scope(division_code));
"""


def upgrade() -> None:
    """Let the bureau replace a county's version by one with another mark."""
    op.execute(POLICIES)
