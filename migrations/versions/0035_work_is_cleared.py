"""Work that is done is cleared: places of compared changes, notices that were taken.

Why: each change notes in boxes where it reached, and each notice is kept as it was
sent; both grow for good although nobody reads them once every decision was compared and
the receiver has taken the notice. The changes and what became of decisions stay, in
their tables and in the ledger. A notice that waits or was given up is never cleared.
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

CLEARING = """
drop trigger never_removed on registry.webhook_delivery;
create trigger never_removed before delete on registry.webhook_delivery
for each row when (old.state <> 'delivered')
execute function registry.refuse_rewriting();
create trigger never_emptied before truncate on registry.webhook_delivery
for each statement execute function registry.refuse_rewriting();

create function registry.clear_work(days integer)
returns table (places bigint, notices bigint)
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    with cleared as (
        delete from registry.change_reach r
        using registry.change c, registry.impact_progress p
        where c.id = r.change_id
            and c.number <= p.number
            and c.recorded_at
                < clock_timestamp() - make_interval(days => greatest(days, 30))
            and (r.on_day is null or r.on_day <= p.day)
            and not exists (
                select from registry.impact_check k where k.change_id = r.change_id)
        returning 1
    ), taken as (
        delete from registry.webhook_delivery d
        where d.state = 'delivered'
            and d.delivered_at
                < clock_timestamp() - make_interval(days => greatest(days, 30))
        returning 1
    )
    select (select count(*) from cleared), (select count(*) from taken);
end;
comment on function registry.clear_work is
    'Clear places of compared changes and taken notices older than so many days.';
revoke execute on function registry.clear_work from public;
grant execute on function registry.clear_work to jingtu_service;
"""


def upgrade() -> None:
    """Let what has served its purpose be cleared."""
    op.execute(CLEARING)
