"""What becomes of a decision enters the ledger as the decision did.

Why: that a decision was annulled, replaced or touched by a later change decides whether
its certificate counts. The database writes the entry with the event, whichever way the
event came.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

EVENTS = """
create function registry.append_event(e registry.decision_event) returns void
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
declare
    entry_id uuid := gen_random_uuid();
    content text;
begin
    -- The keys in the order of RFC 8785; to_json escapes texts as it asks.
    content := '{"body":{"actor":' || to_json(e.actor)
        || ',"by_decision":' || coalesce(to_json(e.by_decision)::text, 'null')
        || ',"change_id":' || coalesce(e.change_id::text, 'null')
        || ',"client_id":' || coalesce(to_json(e.client_id)::text, 'null')
        || ',"decision_id":"' || e.decision_id
        || '","event":' || e.id
        || ',"kind":"' || e.kind
        || '","reason":' || coalesce(to_json(e.reason)::text, 'null')
        || '},"division_code":"' || e.division_code
        || '","format":"jingtu-ledger-entry/1","hash":"SHA-256","id":"' || entry_id
        || '","kind":"decision_event","recorded_at":"'
        || to_char(
            e.happened_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.US')
        || '+08:00"}';
    insert into ledger_entry (id, kind, division_code, recorded_at, salt, content)
    values (
        entry_id, 'decision_event', e.division_code, e.happened_at,
        uuid_send(gen_random_uuid()), convert_to(content, 'UTF8'));
    insert into ledger_unsealed values (entry_id);
end
$$;
comment on function registry.append_event is
    'Enter into the ledger what became of a decision.';

create function registry.enter_event() returns trigger
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
begin
    perform append_event(new);
    return null;
end
$$;
create trigger enters_ledger after insert on registry.decision_event
for each row execute function registry.enter_event();

do $$
declare
    earlier registry.decision_event;
begin
    for earlier in select * from registry.decision_event order by id loop
        perform registry.append_event(earlier);
    end loop;
end
$$;
revoke execute on function registry.append_event, registry.enter_event from public;
"""


def upgrade() -> None:
    """Enter every event of a decision, those before too."""
    op.execute(EVENTS)
