"""A decision that was affected and whose first answer a later change gave back.

Why: whoever asks of a certificate must be told truly whether its answer still stands. A
plot listed by mistake and withdrawn again leaves the decision as it was; until now it
stayed `affected` for good. That it stands again is one more event beside it: the last
of the two says which holds, and the ledger and the list of events keep both.
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

EVENTS = """
do $$
declare
    one record;
begin
    for one in
        select conname from pg_constraint
        where conrelid = 'registry.decision_event'::regclass
            and contype = 'c'
            and pg_get_constraintdef(oid) like '%affected%'
    loop
        execute format(
            'alter table registry.decision_event drop constraint %I', one.conname);
    end loop;
end
$$;
alter table registry.decision_event
    add constraint decision_event_kind_check check (kind in (
        'annulled', 'replaced', 'affected', 'stands_again')),
    add constraint decision_event_change_check check (
        (kind in ('affected', 'stands_again')) = (change_id is not null));
create unique index decision_event_again
    on registry.decision_event (decision_id, change_id) where kind = 'stands_again';
"""

STATE = """
create or replace function registry.decision_state(
    decision_id uuid, valid_until date)
returns text
language sql stable
begin atomic
    select case
        when bool_or(e.kind = 'annulled') then 'annulled'
        when bool_or(e.kind = 'replaced') then 'replaced'
        when max(e.id) filter (where e.kind = 'affected')
            > coalesce(max(e.id) filter (where e.kind = 'stands_again'), 0)
            then 'affected'
        when decision_state.valid_until
            < timezone('Asia/Shanghai', now())::date then 'expired'
        else 'in_force'
    end
    from registry.decision_event e
    where e.decision_id = decision_state.decision_id;
end;
"""


def upgrade() -> None:
    """Let a decision stand again."""
    op.execute(EVENTS)
    op.execute(STATE)
