"""Persons sign in to the pages through their identity provider, each flow once.

Why: who is known by issuer and subject has no key to open a session with. His session
is opened for the person himself, and only while he may sign in. The flow that proved
who he is must not open a second one: whoever comes by its address and cookie later (a
shared desk, a kept log) would be let in. So the digest of its state is kept for longer
than a flow may last, and the insert decides which of two is the first.

Signing out has to know whether the provider's own session is to be ended as well:
`close_session` tells whether it was opened without a key.
"""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

FLOWS = """
create table registry.sign_in_flow (
    state_sha256 bytea primary key check (octet_length(state_sha256) = 32),
    used_at timestamptz not null default now()
);
comment on table registry.sign_in_flow is
    'Flows with an identity provider that have opened a session: none opens another.';

create function registry.open_session_of_person(
    issuer text, subject text, state_sha256 bytea, token_sha256 bytea, hours integer)
returns boolean
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    with spent as (
        delete from registry.session s where s.expires_at < now()
    ), forgotten as (
        -- A flow lasts minutes (app.oidc.flow).
        delete from registry.sign_in_flow f where f.used_at < now() - interval '1 day'
    ), person as (
        select p.id
        from registry.find_person(
            open_session_of_person.issuer, open_session_of_person.subject) p
        where not p.is_disabled
    ), used as (
        insert into registry.sign_in_flow (state_sha256)
        select open_session_of_person.state_sha256 from person
        on conflict do nothing
        returning 1
    ), opened as (
        insert into registry.session (token_sha256, client_id, expires_at)
        select open_session_of_person.token_sha256, person.id,
            now() + make_interval(hours => hours)
        from person, used
        returning 1
    )
    select exists (select 1 from opened);
end;
comment on function registry.open_session_of_person is
    'Open a session for a person; false when he may not or the flow has opened one.';
"""

CLOSING = """
drop function registry.close_session;

create function registry.close_session(token_sha256 bytea) returns boolean
language sql
security definer
set search_path = registry, pg_temp
begin atomic
    with closed as (
        delete from registry.session s
        where s.token_sha256 = close_session.token_sha256
        returning s.client_id
    )
    select exists (
        select 1 from closed
        join registry.api_client c on c.id = closed.client_id
        where c.key_sha256 is null);
end;
comment on function registry.close_session is
    'End a session at once; true when its person had signed in without a key.';
"""

GRANTS = """
revoke execute on function
    registry.open_session_of_person, registry.close_session
from public;
grant execute on function
    registry.open_session_of_person, registry.close_session
to jingtu_service;
"""


def upgrade() -> None:
    """Create sessions of persons and have closing tell how they were opened."""
    for part in (FLOWS, CLOSING, GRANTS):
        op.execute(part)
