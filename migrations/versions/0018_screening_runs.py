"""Screening runs and their results.

Why: a question asked of every enterprise, zone or plot of a county takes longer than a
request and gives a list that an office files. What was asked, on which state of the
register, by which program, and what came out stay together; the digest of the result
shows that the same data gave the same answer. Rows of a run are written while it runs
and never again.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

RUNS = """
create table registry.screening_run (
    id uuid primary key default gen_random_uuid(),
    division_code text collate "C" not null
        check (division_code ~ '^([1-9][0-9]{1,8}|[*])$'),
    kind text not null,
    parameters jsonb not null,
    as_of date not null,
    known_at bigint,
    state text not null default 'waiting'
        check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
    progress jsonb,
    data_versions jsonb,
    summary jsonb,
    result_sha256 bytea check (octet_length(result_sha256) = 32),
    repeats uuid references registry.screening_run,
    actor text not null,
    client_id uuid not null,
    ordered_at timestamptz not null default clock_timestamp(),
    changed_at timestamptz not null default clock_timestamp(),
    failure jsonb,
    check ((state = 'failed') = (failure is not null)),
    check ((state = 'done') = (result_sha256 is not null and summary is not null))
);
comment on column registry.screening_run.known_at is
    'Change up to which the register is read; fixed when the run is first begun.';
create index screening_run_recent
    on registry.screening_run (division_code, ordered_at desc, id desc);
create trigger never_removed before delete or truncate on registry.screening_run
for each statement execute function registry.refuse();

create table registry.screening_result (
    run_id uuid not null references registry.screening_run,
    number integer not null,
    division_code text collate "C" not null,
    line jsonb not null,
    geom geometry(geometry, 4490),
    primary key (run_id, number)
);
comment on column registry.screening_result.line is
    'values, and why in both languages, as the run''s digest was taken over.';

create function registry.refuse_settled_result() returns trigger
language plpgsql
as $$
begin
    if exists (
        select from (select distinct run_id from touched) t
        left join registry.screening_run r
            on r.id = t.run_id and r.state = 'running'
        where r.id is null
    ) then
        raise exception 'results are written and cleared while their run is running'
            using errcode = 'integrity_constraint_violation', table = tg_table_name;
    end if;
    return null;
end
$$;
create trigger written_while_running after insert on registry.screening_result
referencing new table as touched
for each statement execute function registry.refuse_settled_result();
create trigger cleared_while_running after delete on registry.screening_result
referencing old table as touched
for each statement execute function registry.refuse_settled_result();
create trigger never_altered before update or truncate on registry.screening_result
for each statement execute function registry.refuse();
"""

SCOPES = """
alter table registry.screening_run enable row level security;
create policy in_scope on registry.screening_run
    using (registry.in_scope(division_code))
    with check (registry.in_scope(division_code));
alter table registry.screening_result enable row level security;
create policy in_scope on registry.screening_result
    using (registry.in_scope(division_code))
    with check (registry.in_scope(division_code));
"""

JOBS = """
create function registry.run_asker(run_id uuid)
returns table (id uuid, name text, role text, scope text)
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select c.id, c.name, c.role, c.scope
    from registry.screening_run r
    cross join lateral registry.find_client(r.client_id) c
    where r.id = run_asker.run_id
        and r.state in ('waiting', 'running')
        and (c.scope = '*' or starts_with(r.division_code, c.scope));
end;
comment on function registry.run_asker is
    'The caller for whom a run is done, as he stands now; none when it is ended, or he'
    ' has left that part of the country.';

create function registry.give_up_run(run_id uuid, why jsonb) returns void
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    update registry.screening_run r
    set state = 'failed', failure = why, changed_at = clock_timestamp()
    where r.id = give_up_run.run_id and r.state in ('waiting', 'running');
end;
comment on function registry.give_up_run is 'Say in a run that it could not be done.';
"""

GRANTS = """
grant select, insert, update (
    state, progress, known_at, data_versions, summary, result_sha256, changed_at,
    failure
) on registry.screening_run to jingtu_service;
grant select, insert, delete on registry.screening_result to jingtu_service;
revoke execute on function
    registry.run_asker, registry.give_up_run, registry.refuse_settled_result
from public;
grant execute on function registry.run_asker, registry.give_up_run to jingtu_service;
"""


def upgrade() -> None:
    """Create the tables of screening runs."""
    for part in (RUNS, SCOPES, JOBS, GRANTS):
        op.execute(part)
