"""An administrator says over HTTP whose key it is, and it stays on record that he did.

Why: a key that is linked to nobody proves no person, so its holder can neither propose
nor approve what needs two. Linking was left to the server's command line; offices that
do not reach it could not use the rule at all.

Who says that a key is somebody's makes two names one person or keeps them two, so he
must be a person himself, he cannot speak of the key he asks with, and a key that is
somebody's already is not given to another: that takes the command line. When and by
whom it was said is kept with the key.
"""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

LINKING = """
alter table registry.api_client
    add column linked_at timestamptz,
    add column linked_by text;
comment on column registry.api_client.linked_by is
    'Who said over HTTP that the key is that person''s; null: the command line.';

create function registry.link_key(
    user_id uuid, key_name text, asker uuid, actor text)
returns text
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    with person as (
        select u.id, c.disabled_at is not null as is_disabled
        from registry.app_user u
        join registry.api_client c on c.user_id = u.id and c.key_sha256 is null
        where u.id = link_key.user_id and registry.manages(c.scope)
    ), keys as (
        select k.id, k.user_id
        from registry.api_client k
        where k.name = link_key.key_name and k.key_sha256 is not null
            and k.disabled_at is null and registry.manages(k.scope)
    ), verdict as (
        select case
            when not exists (select 1 from person) then 'no_person'
            when not exists (select 1 from keys) then 'no_key'
            when exists (select 1 from keys k where k.id = asker) then 'own_key'
            when exists (select 1 from keys k where k.user_id <> link_key.user_id)
                then 'taken'
            when exists (select 1 from person p where p.is_disabled) then 'disabled'
            else 'linked' end as found
    ), linked as (
        -- Looked at again under the lock: of two at once one is the first.
        update registry.api_client k
        set user_id = link_key.user_id, linked_at = now(), linked_by = actor
        from verdict v
        where v.found = 'linked' and k.user_id is null
            and k.id in (select keys.id from keys)
        returning 1
    )
    select case
        when v.found = 'linked' and not exists (select 1 from linked)
            and exists (select 1 from keys k where k.user_id is null) then 'taken'
        else v.found end
    from verdict v;
end;
comment on function registry.link_key is
    'Say that the keys of a name are a person''s: linked, or why they are not.';

revoke execute on function registry.link_key from public;
grant execute on function registry.link_key to jingtu_service;
"""


def upgrade() -> None:
    """Let administrators link keys to persons."""
    op.execute(LINKING)
