"""What has to be done, by which bureau and person, by when, and its strike-off.

Why: the policies ask for deadlines down to the plot and the person (落实到人) and for a
rectification that is struck off (销号) on evidence. A row is a task as it stands; every
step that brought it there is written beside it once and enters the ledger with it,
whichever way it came. Whether a task is late is a question of the day, so no column
says it.

Everybody of a division may open a task for another bureau there (the gate asks the
ecology-environment officer); only the bureau's own roles carry it on.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

RIGHTS = """
create table registry.bureau_right (
    role text not null,
    bureau text not null,
    primary key (role, bureau)
);
comment on table registry.bureau_right is
    'Bureaus whose tasks a role carries on; bureau * is every bureau.';
insert into registry.bureau_right (role, bureau) values
    ('admin', '*'),
    ('planner', 'NR'),
    ('agriculture', 'AG'),
    ('registrar', 'EE'), ('registrar', 'II'), ('registrar', 'HC'),
    ('registrar', 'DR'), ('registrar', 'EM'), ('registrar', 'WR'),
    ('registrar', 'FG'), ('registrar', 'UM'), ('registrar', 'GOV');

create function registry.may_carry_on(bureau text) returns boolean
language sql stable parallel safe
return exists (
    select 1
    from registry.bureau_right r
    where r.role = current_setting('jingtu.role', true)
        and r.bureau in ('*', may_carry_on.bureau)
);
comment on function registry.may_carry_on is
    'Whether the caller''s role carries on the tasks of a bureau.';
"""

TASKS = """
create table registry.task (
    id uuid primary key default gen_random_uuid(),
    kind text not null check (kind ~ '^[a-z][a-z0-9_]{1,59}$'),
    division_code text collate "C" not null
        check (division_code ~ '^([1-9][0-9]{1,8}|[*])$'),
    bureau text not null check (bureau in (
        'EE', 'NR', 'AG', 'HC', 'DR', 'II', 'EM', 'WR', 'FG', 'UM', 'GOV')),
    subject_theme text,
    subject_code text collate "C",
    decision_id uuid references registry.decision,
    facts jsonb not null default '{}' check (jsonb_typeof(facts) = 'object'),
    basis jsonb not null default '[]' check (jsonb_typeof(basis) = 'array'),
    origin text collate "C",
    opened_on date not null,
    due_on date,
    due_term jsonb check (jsonb_typeof(due_term) = 'object'),
    state text not null default 'open' check (state in (
        'open', 'in_progress', 'done_awaiting_check', 'struck_off', 'withdrawn')),
    person text check (length(person) between 1 and 100),
    opened_by text not null,
    opened_at timestamptz not null default clock_timestamp(),
    changed_at timestamptz not null default clock_timestamp(),
    unique (division_code, kind, origin),
    check ((subject_theme is null) = (subject_code is null)),
    check (subject_code is null or decision_id is null)
);
comment on column registry.task.origin is
    'What it was opened for: of one kind and division it opens no second task.';
comment on column registry.task.due_term is
    'How the day was counted, in words; days that wait for a calendar.';
create index task_by_due_day on registry.task (coalesce(due_on, 'infinity'), id);
create index task_of_subject on registry.task (subject_code, subject_theme)
    where subject_code is not null;
create index task_of_decision on registry.task (decision_id)
    where decision_id is not null;

create table registry.task_event (
    id bigint generated always as identity primary key,
    task_id uuid not null references registry.task,
    division_code text collate "C" not null,
    kind text not null check (kind in (
        'opened', 'assigned', 'evidence_added', 'reported_done', 'returned',
        'struck_off', 'withdrawn', 'due_day_set')),
    person text check (length(person) between 1 and 100),
    note text check (length(note) between 1 and 2000),
    documents uuid[],
    due_on date,
    actor text not null,
    client_id uuid,
    happened_at timestamptz not null default clock_timestamp(),
    check (kind <> 'assigned' or person is not null),
    check (kind not in ('returned', 'withdrawn') or note is not null)
);
create index task_event_of_task on registry.task_event (task_id, id);
"""

PROTECTION = """
create function registry.refuse_ended_task() returns trigger
language plpgsql
as $$
begin
    if old.state in ('struck_off', 'withdrawn') then
        raise exception 'task % has ended', old.id
            using errcode = 'integrity_constraint_violation', table = 'task';
    end if;
    return new;
end
$$;
create trigger ended_stays before update on registry.task
for each row execute function registry.refuse_ended_task();
create trigger never_removed before delete or truncate on registry.task
for each statement execute function registry.refuse_rewriting();
create trigger never_altered before update or delete or truncate
on registry.task_event
for each statement execute function registry.refuse_rewriting();

alter table registry.task enable row level security;
create policy read_scope on registry.task for select
    using (registry.in_scope(division_code));
create policy open_scope on registry.task for insert
    with check (registry.in_scope(division_code));
create policy carry_on_scope on registry.task for update
    using (registry.in_scope(division_code)
        and (select registry.may_carry_on(bureau)))
    with check (registry.in_scope(division_code));

alter table registry.task_event enable row level security;
create policy read_scope on registry.task_event for select
    using (registry.in_scope(division_code));
create policy write_scope on registry.task_event for insert
    with check (registry.in_scope(division_code) and (
        kind = 'opened'
        or exists (
            select from registry.task t
            where t.id = task_id and registry.may_carry_on(t.bureau))));
"""

LEDGER = """
alter table registry.ledger_entry
    drop constraint ledger_entry_kind_check,
    add constraint ledger_entry_kind_check check (kind in (
        'decision', 'decision_event', 'change', 'query', 'task_event'));

create function registry.enter_task_event() returns trigger
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
declare
    entry_id uuid := gen_random_uuid();
    t task;
    content text;
begin
    select * into strict t from task where id = new.task_id;
    -- The keys in the order of RFC 8785; to_json escapes texts as it asks.
    content := '{"body":{"actor":' || to_json(new.actor)
        || ',"bureau":"' || t.bureau
        || '","client_id":' || coalesce(to_json(new.client_id)::text, 'null')
        || ',"documents":' || coalesce(to_json(new.documents)::text, 'null')
        || ',"due_on":' || coalesce(to_json(new.due_on)::text, 'null')
        || ',"kind":"' || new.kind
        || '","note":' || coalesce(to_json(new.note)::text, 'null')
        || ',"person":' || coalesce(to_json(new.person)::text, 'null')
        || ',"subject":' || coalesce(to_json(
            coalesce(t.subject_theme || '/' || t.subject_code,
                'decision/' || t.decision_id))::text, 'null')
        || ',"task_event":' || new.id
        || ',"task_id":"' || new.task_id
        || '","task_kind":"' || t.kind
        || '"},"division_code":"' || new.division_code
        || '","format":"jingtu-ledger-entry/1","hash":"SHA-256","id":"' || entry_id
        || '","kind":"task_event","recorded_at":"'
        || to_char(
            new.happened_at at time zone 'Asia/Shanghai',
            'YYYY-MM-DD"T"HH24:MI:SS.US')
        || '+08:00"}';
    insert into ledger_entry (id, kind, division_code, recorded_at, salt, content)
    values (
        entry_id, 'task_event', new.division_code, new.happened_at,
        uuid_send(gen_random_uuid()), convert_to(content, 'UTF8'));
    insert into ledger_unsealed values (entry_id);
    return null;
end
$$;
comment on function registry.enter_task_event is
    'Enter a step of a task into the ledger.';
create trigger enters_ledger after insert on registry.task_event
for each row execute function registry.enter_task_event();
"""

GRANTS = """
grant select on registry.bureau_right to jingtu_service;
grant select, insert, update (state, person, due_on, due_term, changed_at)
    on registry.task to jingtu_service;
grant select, insert on registry.task_event to jingtu_service;
revoke execute on function registry.enter_task_event from public;
grant execute on function registry.may_carry_on to jingtu_service;
"""


def upgrade() -> None:
    """Create the tables of tasks."""
    for part in (RIGHTS, TASKS, PROTECTION, LEDGER, GRANTS):
        op.execute(part)
