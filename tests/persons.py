"""Persons behind the keys of tests: a key that is linked to nobody proves no person."""

import sqlalchemy as sa

from app.security.principals import Principal
from app.security.users import Identity, link_key

ISSUER = "https://id.example.gov.cn"
_ENTER = sa.text(
    "insert into registry.app_user (issuer, subject, name, created_by)"
    " values (:issuer, :subject, :subject, 'tests')"
    " on conflict (issuer, subject) do nothing"
)
_BY_ID = sa.text(
    "select id, name, role, scope, registry.person_of(id)"
    " from registry.find_client(:client_id)"
)


def link_person(owner, key_name, person=None):
    """Let the keys of a name be a person's, its own namesake's by default."""
    identity = Identity(ISSUER, person or key_name)
    owner.execute(_ENTER, {"issuer": identity.issuer, "subject": identity.subject})
    assert link_key(owner, key_name, identity)


def find_client(database, client_id):
    """Return a client as the database gives it to the statements of jobs, or None."""
    with database.transaction(None, read_only=True) as connection:
        row = connection.execute(_BY_ID, {"client_id": client_id}).one_or_none()
    return None if row is None else Principal(*row)
