"""The figures of a month, quarter or year as they were reported, for good.

Why: monthly dispatch, quarterly summary and yearly evaluation (月调度、季总结、年评估)
are held against one another and against the plan. What was reported stays what it was,
whatever the register learns later: a row is written once, nobody alters or removes it,
and its digest enters the ledger with it. Keeping a period again is a further revision
that says why.
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLE = """
create table registry.indicator_snapshot (
    id uuid primary key default gen_random_uuid(),
    division_code text collate "C" not null
        check (division_code ~ '^([1-9][0-9]{1,8}|[*])$'),
    period_kind text not null check (period_kind in ('month', 'quarter', 'year')),
    period text collate "C" not null,
    first_on date not null,
    last_on date not null check (last_on > first_on),
    revision integer not null check (revision > 0),
    as_of date not null,
    change_number bigint not null,
    headline jsonb not null,
    content bytea not null,
    sha256 bytea not null check (sha256 = sha256(content)),
    reason text check (length(reason) between 1 and 500),
    actor text not null,
    client_id uuid,
    recorded_at timestamptz not null default clock_timestamp(),
    unique (division_code, period, revision),
    check (revision = 1 or reason is not null)
);
comment on table registry.indicator_snapshot is
    'Indicators of a division and period as they were kept (指标快照).';
comment on column registry.indicator_snapshot.content is
    'Figures and the rows behind them: JSON, gzip.';

create trigger never_altered before update or delete or truncate
on registry.indicator_snapshot
for each statement execute function registry.refuse_rewriting();
alter table registry.indicator_snapshot enable row level security;
create policy read_scope on registry.indicator_snapshot for select
    using (registry.in_scope(division_code));
create policy write_scope on registry.indicator_snapshot for insert
    with check (registry.in_scope(division_code)
        and current_setting('jingtu.role', true)
            in ('registrar', 'agriculture', 'admin'));
grant select, insert on registry.indicator_snapshot to jingtu_service;
"""

LEDGER = """
alter table registry.ledger_entry
    drop constraint ledger_entry_kind_check,
    add constraint ledger_entry_kind_check check (kind in (
        'decision', 'decision_event', 'change', 'query', 'task_event',
        'indicator_snapshot'));

create function registry.enter_indicator_snapshot() returns trigger
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
declare
    entry_id uuid := gen_random_uuid();
    content text;
begin
    -- The keys in the order of RFC 8785; to_json escapes texts as it asks.
    content := '{"body":{"actor":' || to_json(new.actor)
        || ',"change":' || new.change_number
        || ',"client_id":' || coalesce(to_json(new.client_id)::text, 'null')
        || ',"content_sha256":"' || encode(new.sha256, 'hex')
        || '","period":"' || new.period
        || '","reason":' || coalesce(to_json(new.reason)::text, 'null')
        || ',"revision":' || new.revision
        || ',"snapshot_id":"' || new.id
        || '"},"division_code":"' || new.division_code
        || '","format":"jingtu-ledger-entry/1","hash":"SHA-256","id":"' || entry_id
        || '","kind":"indicator_snapshot","recorded_at":"'
        || to_char(
            new.recorded_at at time zone 'Asia/Shanghai',
            'YYYY-MM-DD"T"HH24:MI:SS.US')
        || '+08:00"}';
    insert into ledger_entry (id, kind, division_code, recorded_at, salt, content)
    values (
        entry_id, 'indicator_snapshot', new.division_code, new.recorded_at,
        uuid_send(gen_random_uuid()), convert_to(content, 'UTF8'));
    insert into ledger_unsealed values (entry_id);
    return null;
end
$$;
comment on function registry.enter_indicator_snapshot is
    'Enter a snapshot of indicators into the ledger, by its digest.';
create trigger enters_ledger after insert on registry.indicator_snapshot
for each row execute function registry.enter_indicator_snapshot();
revoke execute on function registry.enter_indicator_snapshot from public;
"""


def upgrade() -> None:
    """Create the table of snapshots."""
    op.execute(TABLE)
    op.execute(LEDGER)
