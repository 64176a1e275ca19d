"""Which files of an upload are still needed? Asked by who takes the others away.

Why: rows and differences of an upload lie in the data directory. The job that ended the
upload removed them, and a worker killed in between left them for good. Whoever clears
up must know the state of every division's uploads, and of bytes whether any upload
names them; neither tells him anything else of them.
"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

LEFTOVERS = """
create function registry.upload_needs(upload_id uuid) returns text
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select case
        when u.state in ('committed', 'reverted') then 'differences'
        when u.state in ('failed', 'withdrawn') then 'nothing'
        else 'everything'
    end
    from registry.upload u
    where u.id = upload_needs.upload_id;
end;
comment on function registry.upload_needs is
    'Which files made of an upload are needed in its state; null: no such upload.';

create function registry.keeps_survey(digest bytea) returns boolean
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select exists (select from registry.upload u where u.sha256 = keeps_survey.digest);
end;
comment on function registry.keeps_survey is
    'Whether any division has an upload of these bytes: they may not be removed.';

revoke execute on function registry.upload_needs, registry.keeps_survey from public;
grant execute on function registry.upload_needs, registry.keeps_survey
    to jingtu_service;
"""


def upgrade() -> None:
    """Let it be asked what of an upload is needed."""
    op.execute(LEFTOVERS)
