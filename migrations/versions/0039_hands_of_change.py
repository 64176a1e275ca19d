"""Whose hand made a change, so that a second pair of eyes can be told from the first.

Why: a correction is proposed by one person and decided by another. By name alone, one
person with two keys of two names passed for two, and two persons of one name for one.
A change now keeps the key, session or token it was made with; who stands behind it is
asked when another person decides, so a key that is linked later counts as well. Changes
made before keep none: nobody can be told apart from who made them.
"""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

HANDS = """
alter table registry.change add column client_id uuid;
alter table registry.change alter column client_id
    set default nullif(current_setting('jingtu.client', true), '')::uuid;
comment on column registry.change.client_id is
    'Key, session or token it was made with; null for what the program does itself.';

create function registry.hands_with(change_id bigint) returns text
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select case
        when a.id = b.id then 'one'
        when a.user_id is null or b.user_id is null then 'unknown'
        when a.user_id = b.user_id then 'one'
        else 'two'
    end
    from (select) as always
    left join registry.api_client a on a.id = (
        select c.client_id from registry.change c where c.id = hands_with.change_id)
    left join registry.api_client b
        on b.id = nullif(current_setting('jingtu.client', true), '')::uuid;
end;
comment on function registry.hands_with is
    'Whether who made a change and who asks are one person, two, or cannot be told.';
revoke execute on function registry.hands_with from public;
grant execute on function registry.hands_with to jingtu_service;
"""


def upgrade() -> None:
    """Keep whose hand made a change, and compare hands."""
    op.execute(HANDS)
