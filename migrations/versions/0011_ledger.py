"""The ledger of decisions, registry events and queries.

Why: whoever holds the database can rewrite a row; what was recorded must be provable
nevertheless. Each decision, each change of the register and each question about land
writes an entry in its own transaction: a plain insert without a number, so that nobody
waits for anybody. A sealer numbers what is committed and not yet numbered (never
"after the last": a transaction that takes long would be skipped), stores the hashes
of the tree (RFC 6962) and signs its head; heads also leave the database.

Entries are rows of a division under row-level security. Hashes are salted and tell
nothing: they are everyone's, or nobody could be given a proof. The service inserts
and never changes; `number_unsealed` alone takes an entry off the list of the unsealed
and gives it its number, and hands out hashes only.

A change of the register writes its entry where it is numbered, in the database: no
way of changing the register can forget it.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = """
create table registry.ledger (
    single boolean primary key default true check (single),
    id uuid not null default gen_random_uuid(),
    begun_at timestamptz not null default now()
);
comment on table registry.ledger is
    'Which ledger this is: a head of another one is no head of this.';
insert into registry.ledger default values;

create table registry.ledger_entry (
    id uuid primary key,
    kind text not null check (kind in (
        'decision', 'decision_event', 'change', 'query')),
    division_code text collate "C" not null
        check (division_code ~ '^([1-9][0-9]{1,8}|[*])$'),
    recorded_at timestamptz not null,
    salt bytea not null check (octet_length(salt) = 16),
    content bytea not null
);
comment on column registry.ledger_entry.content is
    'Canonical bytes (RFC 8785); the leaf is the hash of 0x00, salt and content.';

create table registry.ledger_unsealed (entry_id uuid not null)
with (
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 5000,
    vacuum_truncate = off
);
comment on table registry.ledger_unsealed is
    'Entries without a number yet; read and emptied whole, so it has no index.';

create table registry.ledger_leaf (
    number bigint primary key check (number >= 0),
    entry_id uuid not null unique,
    leaf_hash bytea not null check (octet_length(leaf_hash) = 32)
);
create table registry.ledger_node (
    level smallint not null check (level > 0),
    number bigint not null check (number >= 0),
    hash bytea not null check (octet_length(hash) = 32),
    primary key (level, number)
);
comment on table registry.ledger_node is
    'Hash over the leaves from number × 2^level, 2^level of them: complete ones only.';

create table registry.ledger_head (
    size bigint primary key check (size > 0),
    content bytea not null,
    signature bytea not null,
    signed_at timestamptz not null
);
comment on table registry.ledger_head is
    'Canonical bytes of a head of the tree, and their signature.';
"""

PROTECTION = """
create function registry.refuse_rewriting() returns trigger
language plpgsql
as $$
begin
    raise exception 'a row of % is never altered or removed', tg_table_name
        using errcode = 'integrity_constraint_violation', table = tg_table_name;
end
$$;
do $$
declare
    kept text;
begin
    foreach kept in array array[
        'ledger', 'ledger_entry', 'ledger_leaf', 'ledger_node', 'ledger_head']
    loop
        execute format(
            'create trigger never_rewritten
             before update or delete or truncate on registry.%I
             for each statement execute function registry.refuse_rewriting()', kept);
    end loop;
end
$$;

alter table registry.ledger_entry enable row level security;
create policy read_scope on registry.ledger_entry for select
    using (registry.in_scope(division_code));
create policy write_scope on registry.ledger_entry for insert
    with check (registry.in_scope(division_code));
"""

SEALING = """
create function registry.number_unsealed(most integer)
returns table (number bigint, leaf_hash bytea)
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
#variable_conflict use_column
declare
    next bigint;
begin
    -- Held until commit: what the sealer before numbered is seen below.
    if not pg_try_advisory_xact_lock(726010) then
        return;
    end if;
    select coalesce(max(l.number) + 1, 0) into next from ledger_leaf l;
    return query
    with taken as (
        delete from ledger_unsealed u
        where u.ctid = any (array(
            select w.ctid from ledger_unsealed w limit most))
        returning u.entry_id
    ), numbered as (
        insert into ledger_leaf (number, entry_id, leaf_hash)
        select
            next - 1 + row_number() over (order by e.recorded_at, e.id),
            e.id,
            sha256('\\x00'::bytea || e.salt || e.content)
        from (select distinct entry_id from taken) t
        join ledger_entry e on e.id = t.entry_id
        -- One that was put on the list twice must not stop all the others.
        where not exists (select from ledger_leaf l where l.entry_id = e.id)
        returning number, leaf_hash
    )
    select n.number, n.leaf_hash from numbered n order by n.number;
end
$$;
comment on function registry.number_unsealed is
    'Number what is committed and not numbered yet, one caller at a time; no rows when
     there is nothing, or another is at it.';
"""

CHANGES = """
create function registry.append_change(c registry.change) returns void
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
declare
    entry_id uuid := gen_random_uuid();
    file_sha256 bytea;
    content text;
begin
    select u.sha256 into file_sha256 from upload u where u.id = c.upload_id;
    -- The keys in the order of RFC 8785; to_json escapes texts as it asks.
    content := '{"body":{"actor":' || to_json(c.actor)
        || ',"change":' || c.number
        || ',"reason":' || coalesce(to_json(c.reason)::text, 'null')
        || ',"upload":' || case
            when c.upload_id is null then 'null'
            else '{"id":"' || c.upload_id || '","sha256":'
                || coalesce('"' || encode(file_sha256, 'hex') || '"', 'null') || '}'
            end
        || '},"division_code":"' || c.division_code
        || '","format":"jingtu-ledger-entry/1","hash":"SHA-256","id":"' || entry_id
        || '","kind":"change","recorded_at":"'
        || to_char(
            c.recorded_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.US')
        || '+08:00"}';
    insert into ledger_entry (id, kind, division_code, recorded_at, salt, content)
    values (
        entry_id, 'change', c.division_code, c.recorded_at,
        uuid_send(gen_random_uuid()), convert_to(content, 'UTF8'));
    insert into ledger_unsealed values (entry_id);
end
$$;
comment on function registry.append_change is
    'Enter a numbered change into the ledger, with the digest of the file it brought.';

create or replace function registry.number_change(change_id bigint) returns bigint
language plpgsql
security definer
set search_path = registry, pg_temp
as $$
declare
    new_number bigint;
    new_time timestamptz;
    numbered change;
begin
    -- The row lock is held until commit: numbers follow commit order.
    update registry.change_head
    set number = change_head.number + 1,
        recorded_at = greatest(
            clock_timestamp(), change_head.recorded_at + interval '1 microsecond')
    returning number, recorded_at into new_number, new_time;
    update registry.change
    set number = new_number, recorded_at = new_time
    where id = change_id and number is null
    returning change.* into numbered;
    if not found then
        raise exception 'change % is not open', change_id
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    perform append_change(numbered);
    return new_number;
end
$$;

do $$
declare
    earlier registry.change;
begin
    for earlier in
        select * from registry.change where number is not null order by number
    loop
        perform registry.append_change(earlier);
    end loop;
end
$$;
"""

DECISIONS = """
with entered as (
    insert into registry.ledger_entry
        (id, kind, division_code, recorded_at, salt, content)
    select
        d.id, 'decision', d.division_code, d.recorded_at,
        uuid_send(gen_random_uuid()),
        convert_to(
            '{"body":{"actor":' || to_json(d.actor)
            || ',"certificate_number":"' || d.certificate_number
            || '","client":"' || d.client_id
            || '","outcome":"' || d.outcome
            || '","record_sha256":"' || encode(d.record_sha256, 'hex')
            || '"},"division_code":"' || d.division_code
            || '","format":"jingtu-ledger-entry/1","hash":"SHA-256","id":"' || d.id
            || '","kind":"decision","recorded_at":"'
            || to_char(
                d.recorded_at at time zone 'Asia/Shanghai',
                'YYYY-MM-DD"T"HH24:MI:SS.US')
            || '+08:00"}', 'UTF8')
    from registry.decision d
    returning id
)
insert into registry.ledger_unsealed select id from entered;
"""

GRANTS = """
grant select on registry.ledger, registry.ledger_leaf to jingtu_service;
grant select, insert on
    registry.ledger_entry, registry.ledger_node, registry.ledger_head
to jingtu_service;
grant insert on registry.ledger_unsealed to jingtu_service;
revoke execute on function registry.append_change, registry.number_unsealed
from public;
grant execute on function registry.number_unsealed to jingtu_service;
"""


def upgrade() -> None:
    """Create the ledger and enter what was recorded before it."""
    for part in (TABLES, PROTECTION, SEALING, CHANGES, DECISIONS, GRANTS):
        op.execute(part)
