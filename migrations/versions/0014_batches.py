"""Many questions to the gate in one order.

Why: a permit system checks a land plan with thousands of blocks, an office its yearly
supply list. Every question of a batch is a decision of its own, made and written in a
transaction of its own together with its line here: a worker that is killed leaves each
line answered or open, and goes on with the open ones.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BATCHES = """
create table registry.gate_batch (
    id uuid primary key default gen_random_uuid(),
    division_code text collate "C" not null
        check (division_code ~ '^([1-9][0-9]{1,8}|[*])$'),
    state text not null default 'waiting'
        check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
    dry_run boolean not null,
    total integer not null check (total > 0),
    actor text not null,
    client_id uuid not null,
    ordered_at timestamptz not null default clock_timestamp(),
    changed_at timestamptz not null default clock_timestamp(),
    failure jsonb,
    check ((state = 'failed') = (failure is not null))
);
create index gate_batch_recent on registry.gate_batch (division_code, ordered_at desc);
create trigger never_removed before delete or truncate on registry.gate_batch
for each statement execute function registry.refuse();

create table registry.gate_batch_line (
    batch_id uuid not null references registry.gate_batch,
    number integer not null,
    division_code text collate "C" not null,
    reference text,
    question jsonb not null,
    outcome text,
    decision_id uuid references registry.decision,
    problem jsonb,
    primary key (batch_id, number),
    check (outcome is null or problem is null)
);
comment on column registry.gate_batch_line.problem is
    'Why the question could not be asked; no decision was made of it.';
create index gate_batch_line_open on registry.gate_batch_line (batch_id, number)
    where outcome is null and problem is null;
create trigger never_removed before delete or truncate on registry.gate_batch_line
for each statement execute function registry.refuse();
"""

SCOPES = """
alter table registry.gate_batch enable row level security;
create policy in_scope on registry.gate_batch
    using (registry.in_scope(division_code))
    with check (registry.in_scope(division_code));
alter table registry.gate_batch_line enable row level security;
create policy in_scope on registry.gate_batch_line
    using (registry.in_scope(division_code))
    with check (registry.in_scope(division_code));
"""

JOBS = """
create function registry.batch_asker(batch_id uuid)
returns table (id uuid, name text, role text, scope text)
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select c.id, c.name, c.role, c.scope
    from registry.gate_batch b
    cross join lateral registry.find_client(b.client_id) c
    where b.id = batch_asker.batch_id and b.state in ('waiting', 'running');
end;
comment on function registry.batch_asker is
    'The caller for whom a batch runs, as he stands now; none when it is ended.';

create function registry.give_up_batch(batch_id uuid, why jsonb) returns void
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    update registry.gate_batch b
    set state = 'failed', failure = why, changed_at = clock_timestamp()
    where b.id = give_up_batch.batch_id and b.state in ('waiting', 'running');
end;
comment on function registry.give_up_batch is
    'Say in a batch that it could not be finished; answered lines stay answered.';
"""

GRANTS = """
grant select, insert, update (state, changed_at, failure)
    on registry.gate_batch to jingtu_service;
grant select, insert, update (outcome, decision_id, problem)
    on registry.gate_batch_line to jingtu_service;
revoke execute on function registry.batch_asker, registry.give_up_batch from public;
grant execute on function registry.batch_asker, registry.give_up_batch
to jingtu_service;
"""


def upgrade() -> None:
    """Create the tables of batches."""
    for part in (BATCHES, SCOPES, JOBS, GRANTS):
        op.execute(part)
