"""Survey uploads and what was found wrong with them.

Why: a surveyor must be able to read every fault of a file before it touches the
register, come back to it, and later know which upload a version came from. The rows
themselves are not here: the bytes lie in the archive by their digest, the accepted
rows in a file beside them (a million rows would be written and logged twice).

An upload is its division's: row-level security as on the register. What was declared
with a file never changes; its state only moves forward.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UPLOADS = """
create table registry.upload (
    id uuid primary key default gen_random_uuid(),
    division_code text collate "C" not null
        check (division_code ~ '^([1-9][0-9]{1,8}|[*])$'),
    layer text not null,
    state text not null default 'received' check (state in (
        'received', 'reading', 'needs_confirmation', 'checked', 'staged',
        'committed', 'reverted', 'failed', 'withdrawn')),
    filename text not null,
    sha256 bytea not null check (octet_length(sha256) = 32),
    size_bytes bigint not null,
    request jsonb not null,
    request_sha256 bytea not null check (octet_length(request_sha256) = 32),
    actor text not null,
    client_id uuid,
    received_at timestamptz not null default clock_timestamp(),
    changed_at timestamptz not null default clock_timestamp(),
    row_count integer,
    accepted_count integer,
    issue_counts jsonb not null default '{}',
    error_count integer not null default 0,
    facts jsonb,
    failure jsonb,
    staged_sha256 bytea check (octet_length(staged_sha256) = 32),
    seen_change bigint,
    comparison jsonb,
    change_id bigint references registry.change,
    check (state <> 'staged' or (staged_sha256 is not null and error_count = 0)),
    check ((state = 'failed') = (failure is not null))
);
comment on column registry.upload.state is
    'checked: has errors and cannot be committed as it is; staged: ready to commit.';
comment on column registry.upload.seen_change is
    'Last change of the register when the file was checked against it.';
comment on column registry.upload.change_id is
    'Null for a committed upload that said nothing new.';

create unique index upload_open
    on registry.upload (division_code, layer, sha256, request_sha256)
    where state in (
        'received', 'reading', 'needs_confirmation', 'checked', 'staged');
comment on index registry.upload_open is
    'The same bytes with the same declaration are the same upload while it is open.';
create index upload_recent on registry.upload (division_code, received_at desc);
create index upload_same_bytes on registry.upload (sha256);

create table registry.upload_issue (
    upload_id uuid not null references registry.upload,
    number integer not null,
    division_code text collate "C" not null,
    kind text not null,
    severity text not null check (severity in ('error', 'warning', 'info')),
    row_number integer,
    field text,
    value text,
    details jsonb not null,
    geom geometry(point, 4490),
    primary key (upload_id, number)
);
comment on table registry.upload_issue is
    'One fault of one row; its sentence is made from kind and details when read.';
"""

STATES = """
create function registry.keep_upload_state() returns trigger
language plpgsql
as $$
begin
    if old.state in ('reverted', 'withdrawn')
        or (old.state = 'committed' and new.state not in ('committed', 'reverted'))
        or (old.state <> 'committed' and new.state = 'reverted')
    then
        raise exception 'upload % is % and cannot become %',
            old.id, old.state, new.state
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    return new;
end
$$;
create trigger state_moves_forward before update on registry.upload
for each row execute function registry.keep_upload_state();
create trigger never_removed before delete or truncate on registry.upload
for each statement execute function registry.refuse();
"""

SCOPES = """
alter table registry.upload enable row level security;
create policy read_scope on registry.upload for select
    using (registry.in_scope(division_code));
create policy write_scope on registry.upload for insert
    with check (registry.in_scope(division_code) and registry.may_write(layer));
create policy change_scope on registry.upload for update
    using (registry.in_scope(division_code) and registry.may_write(layer))
    with check (registry.in_scope(division_code));

alter table registry.upload_issue enable row level security;
create policy in_scope on registry.upload_issue
    using (registry.in_scope(division_code))
    with check (registry.in_scope(division_code));
"""

GRANTS = """
grant select, insert, update (
    state, changed_at, row_count, accepted_count, issue_counts, error_count, facts,
    failure, staged_sha256, seen_change, comparison, change_id
) on registry.upload to jingtu_service;
grant select, insert, delete on registry.upload_issue to jingtu_service;
revoke execute on function registry.keep_upload_state from public;
"""


def upgrade() -> None:
    """Create the tables of uploads."""
    for part in (UPLOADS, STATES, SCOPES, GRANTS):
        op.execute(part)
