"""The job queue, and what runs beside the requests.

Why: an import or a batch takes minutes. Its job is written in the transaction that
writes its work row, so that neither is there without the other, and no broker has to
run. The tables are procrastinate's own, in a schema of their own, made from the file
of the installed package; a package with another file stops the migration, for then
the steps from one to the other have to be written first.

The functions of that schema name their tables without a schema: each gets its search
path, so that a job can be queued from any connection. The queue is under no row-level
security: a job carries the id of its work row and nothing else, and runs under its
asker's rights as `find_client` gives them at that moment.
"""

import hashlib
from pathlib import Path

import procrastinate
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA_FILE = Path(procrastinate.__file__).parent / "sql" / "schema.sql"
SCHEMA_SHA256 = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"
"""Digest of the schema file of procrastinate 3.10.0."""

OWN_SEARCH_PATH = """
do $$
declare
    own_function regprocedure;
begin
    for own_function in
        select oid from pg_proc where pronamespace = 'queue'::regnamespace
    loop
        execute format(
            'alter function %s set search_path = queue, pg_temp', own_function);
    end loop;
end
$$;
"""

GRANTS = """
grant usage on schema queue to jingtu_service;
grant select, insert, update, delete on all tables in schema queue to jingtu_service;
grant usage on all sequences in schema queue to jingtu_service;
grant select on registry.alembic_version to jingtu_service;
"""

CLIENTS = """
create function registry.find_client(client_id uuid)
returns table (id uuid, name text, role text, scope text)
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select c.id, c.name, c.role, c.scope
    from registry.api_client c
    where c.id = find_client.client_id
        and c.disabled_at is null
        and (c.expires_at is null or c.expires_at > now());
end;
comment on function registry.find_client is
    'The caller for whom a job runs, with his rights as they stand now.';

create function registry.forget_spent(answers_kept interval)
returns table (answers bigint, sessions bigint)
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    with answer as (
        delete from registry.idempotency_key k
        where k.created_at < now() - forget_spent.answers_kept
        returning 1
    ),
    session as (
        delete from registry.session s where s.expires_at < now()
        returning 1
    )
    select (select count(*) from answer), (select count(*) from session);
end;
comment on function registry.forget_spent is
    'Remove repetition keys that have aged and sessions that have ended.';

revoke execute on function registry.find_client, registry.forget_spent from public;
grant execute on function registry.find_client, registry.forget_spent
to jingtu_service;
"""


class OtherQueueSchema(Exception):
    """The installed procrastinate has another schema than this migration knows."""


def upgrade() -> None:
    """Create the queue."""
    schema = SCHEMA_FILE.read_bytes()
    if hashlib.sha256(schema).hexdigest() != SCHEMA_SHA256:
        raise OtherQueueSchema(
            f"{SCHEMA_FILE} is not that of procrastinate 3.10.0; install the version"
            " in requirements.lock, or write a migration for the newer schema"
        )
    bind = op.get_bind()
    before = bind.exec_driver_sql("show search_path").scalar_one()
    op.execute("create schema queue")
    op.execute("set local search_path = queue")
    # Without parameters the driver sends the text as it is: it has % signs.
    bind.connection.driver_connection.execute(schema)
    bind.exec_driver_sql(
        "select set_config('search_path', %(path)s, true)", {"path": before}
    )
    for part in (OWN_SEARCH_PATH, GRANTS, CLIENTS):
        op.execute(part)
