"""Callers, their sessions and keys of repetition, and recorded decisions.

Why: nobody reads without a key, a permit system that repeats a request must get the
same answer and not a second decision, and a decision is evidence: it is written once,
as the exact bytes whose digest it carries (jsonb would not keep them).

Keys and session tokens are stored as SHA-256 digests only; they carry 256 random bits,
so a slow hash would add nothing. The service reaches these tables through the named
functions alone and cannot list them.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ACCESS = """
create table registry.api_client (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    role text not null check (role in (
        'planner', 'surveyor', 'registrar', 'agriculture', 'permit_system',
        'auditor', 'admin')),
    scope text collate "C" not null check (scope ~ '^([1-9][0-9]{1,8}|[*])$'),
    key_sha256 bytea not null unique check (octet_length(key_sha256) = 32),
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    disabled_at timestamptz
);
comment on column registry.api_client.scope is
    'Division prefix without trailing zeros; * is the whole country.';

create table registry.session (
    token_sha256 bytea primary key check (octet_length(token_sha256) = 32),
    client_id uuid not null references registry.api_client,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);

create function registry.authenticate(key_sha256 bytea)
returns table (id uuid, name text, role text, scope text)
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select c.id, c.name, c.role, c.scope
    from registry.api_client c
    where c.key_sha256 = authenticate.key_sha256
        and c.disabled_at is null
        and (c.expires_at is null or c.expires_at > now());
end;
comment on function registry.authenticate is 'The caller that holds a key.';

create function registry.open_session(
    key_sha256 bytea, token_sha256 bytea, hours integer)
returns boolean
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    with spent as (
        delete from registry.session s where s.expires_at < now()
    ), opened as (
        insert into registry.session (token_sha256, client_id, expires_at)
        select open_session.token_sha256, c.id, now() + make_interval(hours => hours)
        from registry.authenticate(open_session.key_sha256) c
        returning 1
    )
    select exists (select 1 from opened);
end;
comment on function registry.open_session is
    'Open a session for the holder of a key; false when the key opens nothing.';

create function registry.resume_session(token_sha256 bytea)
returns table (id uuid, name text, role text, scope text)
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select c.id, c.name, c.role, c.scope
    from registry.session s
    join registry.api_client c on c.id = s.client_id
    where s.token_sha256 = resume_session.token_sha256
        and s.expires_at > now()
        and c.disabled_at is null
        and (c.expires_at is null or c.expires_at > now());
end;
comment on function registry.resume_session is 'The caller of an open session.';

create function registry.close_session(token_sha256 bytea) returns void
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    delete from registry.session s
    where s.token_sha256 = close_session.token_sha256;
end;
comment on function registry.close_session is 'End a session at once.';
"""

REPETITION = """
create table registry.idempotency_key (
    client_id uuid not null,
    key text not null check (length(key) between 1 and 255),
    request_sha256 bytea not null,
    status smallint not null,
    headers jsonb not null,
    body bytea not null,
    created_at timestamptz not null default now(),
    primary key (client_id, key)
);
create index idempotency_key_age on registry.idempotency_key (created_at);
comment on table registry.idempotency_key is
    'The answer a write gave, written in the transaction of that write.';
alter table registry.idempotency_key enable row level security;
create policy own_keys on registry.idempotency_key
    using (client_id::text = current_setting('jingtu.client', true))
    with check (client_id::text = current_setting('jingtu.client', true));
"""

DECISIONS = """
create table registry.decision (
    id uuid primary key,
    certificate_number text not null unique,
    division_code text collate "C" not null,
    transaction text not null,
    outcome text not null,
    parcel_codes text[] not null,
    as_of date not null,
    change_number bigint not null,
    recorded_at timestamptz not null,
    valid_until date,
    client_id uuid not null,
    actor text not null,
    record bytea not null,
    record_sha256 bytea not null,
    geom geometry(multipolygon, 4490) not null
);
comment on column registry.decision.record is
    'Canonical bytes (RFC 8785) of the whole record: request, facts, findings, rules.';
comment on column registry.decision.change_number is
    'The register was read as it stood after this change.';

create trigger never_altered before update or delete or truncate on registry.decision
for each statement execute function registry.refuse();

alter table registry.decision enable row level security;
create policy read_scope on registry.decision for select
    using (registry.in_scope(division_code));
create policy write_scope on registry.decision for insert
    with check (registry.in_scope(division_code));
"""

# A record is some 20 kB: measured 774 µs an insert with the server's own compression,
# 470 µs with LZ4, the same size on disk. Not every server is built with it.
COMPRESSION = """
do $$
begin
    alter table registry.decision alter column record set compression lz4;
    alter table registry.idempotency_key alter column body set compression lz4;
exception when feature_not_supported then
    raise notice 'this server is built without lz4';
end
$$;
"""

GRANTS = """
grant select, insert on registry.decision to jingtu_service;
grant select, insert, delete on registry.idempotency_key to jingtu_service;
revoke execute on function
    registry.authenticate, registry.open_session, registry.resume_session,
    registry.close_session
from public;
grant execute on function
    registry.authenticate, registry.open_session, registry.resume_session,
    registry.close_session
to jingtu_service;
"""


def upgrade() -> None:
    """Create the tables of callers and decisions."""
    for part in (ACCESS, REPETITION, DECISIONS, COMPRESSION, GRANTS):
        op.execute(part)
