"""Persons beside keys: whom an identity provider vouches for, and whose keys are whose.

Why: a person proves who he is to his bureau's identity provider (OpenID Connect) and
not by a key that somebody handed out. What he may do is entered here, by an
administrator, for issuer and subject; nothing of it is taken from a token. He acts
through a row of `api_client` without a key, so sessions, jobs, repetition keys and
decisions know him as they know any caller, and switching that row off refuses him at
once. A key can be linked to the person who holds it: a rule that asks for two persons
can then tell that two names are one.

The service reaches persons through the named functions alone. Those that list or change
them run with the owner's rights, so each asks again whether an administrator calls who
sees the division.
"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

PERSONS = """
create table registry.app_user (
    id uuid primary key default gen_random_uuid(),
    issuer text collate "C" not null check (length(issuer) between 1 and 255),
    subject text collate "C" not null check (length(subject) between 1 and 255),
    name text not null check (length(btrim(name)) between 1 and 100),
    created_at timestamptz not null default now(),
    created_by text not null,
    changed_at timestamptz,
    changed_by text,
    unique (issuer, subject)
);
comment on table registry.app_user is
    'A person as an identity provider names him; rights are those of his api_client.';

alter table registry.api_client
    alter column key_sha256 drop not null,
    add column user_id uuid references registry.app_user,
    add constraint api_client_proves_itself
        check (key_sha256 is not null or user_id is not null);
comment on column registry.api_client.user_id is
    'The person behind the key; without a key, the person who signs in by token.';
create unique index api_client_of_person on registry.api_client (user_id)
    where key_sha256 is null;
create index api_client_keys_of_person on registry.api_client (user_id)
    where user_id is not null;
"""

FINDING = """
create function registry.person_of(client_id uuid) returns uuid
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select c.user_id from registry.api_client c where c.id = person_of.client_id;
end;
comment on function registry.person_of is
    'The person behind a caller; null for a key that is linked to nobody.';

create function registry.find_person(issuer text, subject text)
returns table (
    id uuid, name text, role text, scope text, person uuid, is_disabled boolean)
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select c.id, c.name, c.role, c.scope, u.id,
        c.disabled_at is not null or coalesce(c.expires_at <= now(), false)
    from registry.app_user u
    join registry.api_client c on c.user_id = u.id and c.key_sha256 is null
    where u.issuer = find_person.issuer and u.subject = find_person.subject;
end;
comment on function registry.find_person is
    'The caller for whom an identity provider vouches.';
"""

MANAGING = """
create function registry.manages(scope text) returns boolean
language sql stable
return current_setting('jingtu.role', true) = 'admin' and registry.in_scope(scope);
comment on function registry.manages is
    'Whether the caller may give rights in that part of the country.';

create function registry.list_users(after uuid, how_many integer)
returns table (
    id uuid, issuer text, subject text, name text, role text, scope text,
    is_disabled boolean, keys text[], created_at timestamptz, created_by text,
    changed_at timestamptz, changed_by text)
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select u.id, u.issuer, u.subject, u.name, c.role, c.scope,
        c.disabled_at is not null,
        array(
            select k.name from registry.api_client k
            where k.user_id = u.id and k.key_sha256 is not null
                and k.disabled_at is null
            order by k.name),
        u.created_at, u.created_by, u.changed_at, u.changed_by
    from registry.app_user u
    join registry.api_client c on c.user_id = u.id and c.key_sha256 is null
    where registry.manages(c.scope)
        and (list_users.after is null or u.id > list_users.after)
    order by u.id
    limit list_users.how_many;
end;
comment on function registry.list_users is
    'Persons of the administrator''s part of the country.';

create function registry.actor_of(name text, issuer text, subject text) returns text
language sql immutable
return btrim(name) || ' (' || subject || ' @ ' || issuer || ')';
comment on function registry.actor_of is
    'How a person is written on what he does: no two persons the same.';

create function registry.add_user(
    issuer text, subject text, name text, role text, scope text, actor text)
returns uuid
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    with added as (
        insert into registry.app_user (issuer, subject, name, created_by)
        select add_user.issuer, add_user.subject, btrim(add_user.name), actor
        where registry.manages(add_user.scope)
        on conflict (issuer, subject) do nothing
        returning id
    )
    insert into registry.api_client (name, role, scope, user_id)
    select registry.actor_of(add_user.name, add_user.issuer, add_user.subject),
        add_user.role, add_user.scope, added.id
    from added
    returning user_id;
end;
comment on function registry.add_user is
    'Enter a person with his rights; null when he is entered or they are not given.';

create function registry.change_user(
    user_id uuid, name text, role text, scope text, disabled boolean, actor text)
returns boolean
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    with of_person as (
        update registry.api_client c
        set name = registry.actor_of(change_user.name, u.issuer, u.subject),
            role = change_user.role,
            scope = change_user.scope,
            disabled_at = case
                when change_user.disabled then coalesce(c.disabled_at, now()) end
        from registry.app_user u
        where u.id = change_user.user_id and c.user_id = u.id
            and c.key_sha256 is null
            and registry.manages(c.scope) and registry.manages(change_user.scope)
        returning c.user_id
    ), of_keys as (
        -- A key that was switched off stays so.
        update registry.api_client k
        set disabled_at = now()
        from of_person p
        where change_user.disabled and k.user_id = p.user_id
            and k.key_sha256 is not null and k.disabled_at is null
    ), changed as (
        update registry.app_user u
        set name = btrim(change_user.name), changed_at = now(), changed_by = actor
        from of_person p
        where u.id = p.user_id
        returning 1
    )
    select exists (select 1 from changed);
end;
comment on function registry.change_user is
    'Give a person other rights, or switch him off with every key of his.';
"""

GRANTS = """
revoke execute on function
    registry.person_of, registry.find_person, registry.list_users,
    registry.add_user, registry.change_user
from public;
grant execute on function
    registry.person_of, registry.find_person, registry.list_users,
    registry.add_user, registry.change_user
to jingtu_service;
"""


def upgrade() -> None:
    """Create persons and what finds and manages them."""
    for part in (PERSONS, FINDING, MANAGING, GRANTS):
        op.execute(part)
