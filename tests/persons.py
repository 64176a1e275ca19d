"""Persons behind the keys of tests: a key that is linked to nobody proves no person."""

import sqlalchemy as sa

from app.security.users import Identity, link_key

ISSUER = "https://id.example.gov.cn"
_ENTER = sa.text(
    "insert into registry.app_user (issuer, subject, name, created_by)"
    " values (:issuer, :subject, :subject, 'tests')"
    " on conflict (issuer, subject) do nothing"
)


def link_person(owner, key_name, person=None):
    """Let the keys of a name be a person's, its own namesake's by default."""
    identity = Identity(ISSUER, person or key_name)
    owner.execute(_ENTER, {"issuer": identity.issuer, "subject": identity.subject})
    assert link_key(owner, key_name, identity)
