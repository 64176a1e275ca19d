"""What divisions were called at a moment, the same for every caller.

Why: certificates, extracts and files of runs tell divisions by the names of their own
day and change, so that they can be made again byte for byte. Divisions are known to
every caller, but the changes that opened and closed them only to those who share their
scope: whoever printed first would have decided which neighbours have a name.
"""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

NAMES = """
create function registry.division_names_then(
    wanted text[], on_day date, known_number bigint)
returns table (code text, name_zh text, name_en text)
language sql stable
security definer
set search_path = registry, pg_temp
as $$
    select v.code, v.name_zh, v.name_en
    from registry.division v
    where v.code = any(wanted)
        and v.valid_from <= on_day and (v.valid_to is null or v.valid_to > on_day)
        and exists (select from registry.change o
            where o.id = v.opened_by and o.number <= known_number)
        and not exists (select from registry.change c
            where c.id = v.closed_by and c.number <= known_number)
$$;
comment on function registry.division_names_then is
    'Names of divisions in force on a day, as known after a change.';
revoke execute on function registry.division_names_then from public;
grant execute on function registry.division_names_then to jingtu_service;
"""


def upgrade() -> None:
    """Create the function."""
    op.execute(NAMES)
