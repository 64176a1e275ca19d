"""The decisions that may speak of the land in a box.

Why: from a plot the officer asks back to the decisions that still stand on its land
(reverse look-up). The table of decisions has no index by place: every insert would pay
for it. Decisions that can still be affected are watched with a box, which is indexed;
those not yet taken up wait in a list that is empty most of the time. What the caller
sees of a decision is left to row-level security: only ids leave here.
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

NEAR = """
create function registry.decisions_near(near geometry) returns setof uuid
language sql stable rows 100
security definer
set search_path = registry, public, pg_temp
begin atomic
    select w.decision_id from registry.decision_watch w where w.box && near
    union all
    select a.decision_id from registry.decision_arrival a;
end;
comment on function registry.decisions_near is
    'Ids of decisions still watched whose land may meet a box, and of the newest.';
revoke execute on function registry.decisions_near from public;
grant execute on function registry.decisions_near to jingtu_service;
"""


def upgrade() -> None:
    """Create the way from a place to the decisions about it."""
    op.execute(NEAR)
