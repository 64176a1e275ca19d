"""An administrator sees which keys there are in his divisions, and whose they are.

Why: he says over HTTP whose a key is (0043), but could learn the names of keys only on
the server, and could not tell which are nobody's yet, expired or switched off. No
digest leaves the database, and of a person of other divisions only that there is one.
"""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

LISTING = """
create function registry.list_keys(
    of_user uuid, unlinked boolean, after uuid, how_many integer)
returns table (
    id uuid, name text, role text, scope text, state text, created_at timestamptz,
    expires_at timestamptz, disabled_at timestamptz, is_linked boolean, user_id uuid,
    linked_at timestamptz, linked_by text)
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select k.id, k.name, k.role, k.scope,
        case
            when k.disabled_at is not null then 'disabled'
            when k.expires_at <= now() then 'expired'
            else 'in_use' end,
        k.created_at, k.expires_at, k.disabled_at, k.user_id is not null, p.user_id,
        k.linked_at, k.linked_by
    from registry.api_client k
    left join registry.api_client p
        on p.user_id = k.user_id and p.key_sha256 is null
        and registry.manages(p.scope)
    where k.key_sha256 is not null and registry.manages(k.scope)
        and (list_keys.of_user is null or p.user_id = list_keys.of_user)
        and (not list_keys.unlinked or k.user_id is null)
        and (list_keys.after is null or k.id > list_keys.after)
    order by k.id
    limit list_keys.how_many;
end;
comment on function registry.list_keys is
    'Keys of the administrator''s part of the country, all, a person''s or nobody''s.';

revoke execute on function registry.list_keys from public;
grant execute on function registry.list_keys to jingtu_service;
"""


def upgrade() -> None:
    """Let administrators list keys."""
    op.execute(LISTING)
