"""Who are the persons of the service, and what may each do? (shell).

A person is known by issuer and subject, as the bureau's identity provider names him
(OpenID Connect Core 1.0, section 2). An administrator enters him with a role and a part
of the country within his own; nothing of that is taken from a token. The functions of
the database ask again whether the caller may (migration 0038).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app.security.principals import Principal, Role
from parcels.codes import normalise_division
from parcels.refusal import Refusal

_FIND = sa.text(
    "select id, name, role, scope, person, is_disabled"
    " from registry.find_person(:issuer, :subject)"
)
_LIST = sa.text("select * from registry.list_users(:after, :limit)")
_ADD = sa.text(
    "select registry.add_user(:issuer, :subject, :name, :role, :scope, :actor)"
)
_CHANGE = sa.text(
    "select registry.change_user(:id, :name, :role, :scope, :is_disabled, :actor)"
)
_LINK = sa.text(
    "update registry.api_client k set user_id = u.id from registry.app_user u"
    " where u.issuer = :issuer and u.subject = :subject"
    " and k.name = :key and k.key_sha256 is not null and k.disabled_at is null"
)
_LINK_IN_SCOPE = sa.text("select registry.link_key(:id, :key, :asker, :actor)")
_LIST_KEYS = sa.text(
    "select * from registry.list_keys(:of_user, :unlinked, :after, :limit)"
)
_LONGEST_SCOPE: Final = 9
LONGEST_NAME: Final = 100
LONGEST_SUBJECT: Final = 255
"""Characters of a subject and of an issuer (OpenID Connect Core 1.0, section 2)."""


class UserEntered(Refusal):
    """Issuer and subject belong to a person who is entered already."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            "user_entered",
            f"该身份（sub={subject[:80]}）已登记；请更改已登记的人员。",
            f"Subject {subject[:80]!r} is entered already; change that person instead.",
        )


class UserNotFound(Refusal):
    """There is no such person in the administrator's part of the country."""

    def __init__(self, number: str) -> None:
        super().__init__(
            "user_not_found",
            f"在您的管辖范围内没有人员“{number[:80]}”。",
            f"There is no person {number[:80]!r} in your divisions.",
        )


class KeyNotFound(Refusal):
    """No key of that name is in use in the administrator's part of the country."""

    def __init__(self, key: str) -> None:
        super().__init__(
            "key_not_found",
            f"在您的管辖范围内没有名为“{key[:80]}”的在用密钥。",
            f"No key of the name {key[:80]!r} is in use in your divisions.",
        )


class KeyNotLinked(Refusal):
    """A key cannot be said to be that person's, or not by who says so."""

    def __init__(self, reason: str) -> None:
        zh, en = _NOT_LINKED[reason]
        super().__init__(reason, zh, en)


_NOT_LINKED: Final = {
    "no_proof": (
        "您所用密钥未关联到人员，不能指定密钥属于谁；请先由服务器管理员以"
        " jingtu users link 关联您的密钥，或以统一身份认证登录。",
        "Your own key is linked to nobody, so you cannot say whose another is; have it"
        " linked by jingtu users link on the server, or sign in as a person.",
    ),
    "own_key": (
        "不能用该密钥本身指定其归属；请由另一人办理。",
        "Nobody says whose the key is that he asks with; another person has to.",
    ),
    "taken": (
        "该密钥已属于另一人；如有误，请在服务器上以 jingtu users link 更正。",
        "The key is another person's already; if that is wrong, mend it by jingtu users"
        " link on the server.",
    ),
    "disabled": (
        "该人员已停用；请先恢复。",
        "The person is switched off; let him in again first.",
    ),
}


class ScopeTooNarrow(Refusal):
    """Rights are given for a township at least, not for a village."""

    def __init__(self, found: str) -> None:
        super().__init__(
            "scope",
            f"管辖范围“{found[:20]}”过小；最小到乡镇（9 位）。",
            f"Scope {found[:20]!r} is too narrow; a township (9 digits) is the least.",
        )


def check_scope(text: str) -> str:
    """Return a division prefix for which rights can be given.

    Raises
    ------
    parcels.codes.InvalidCode, ScopeTooNarrow
        If it is no division code, or one of a village.
    """
    scope = normalise_division(text)
    if len(scope) > _LONGEST_SCOPE:
        raise ScopeTooNarrow(text)
    return scope


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as the identity provider names him: `iss` and `sub`."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Rights:
    """What an administrator says of a person; `scope` is a division prefix or ``*``."""

    name: str
    role: Role
    scope: str
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """A person who is entered, as the caller that he is."""

    principal: Principal
    is_disabled: bool


def find_person(connection: sa.Connection, identity: Identity) -> Entered | None:
    """Return the caller an identity stands for; None when nobody is entered for it."""
    values = {"issuer": identity.issuer, "subject": identity.subject}
    row = connection.execute(_FIND, values).one_or_none()
    return None if row is None else Entered(Principal(*row[:5]), row.is_disabled)


def list_users(
    connection: sa.Connection, *, after: UUID | None = None, limit: int = 1000
) -> list[dict[str, Any]]:
    """Return persons of the administrator's part of the country, by their ids."""
    found = connection.execute(_LIST, {"after": after, "limit": limit})
    return [dict(row) for row in found.mappings()]


def get_user(connection: sa.Connection, number: UUID) -> dict[str, Any]:
    """Return a person of the administrator's part of the country.

    Raises
    ------
    UserNotFound
        If there is none of that id.
    """
    before = UUID(int=number.int - 1) if number.int else None
    found = list_users(connection, after=before, limit=1)
    if not found or found[0]["id"] != number:
        raise UserNotFound(str(number))
    return found[0]


def add_user(
    connection: sa.Connection, identity: Identity, rights: Rights, *, actor: str
) -> UUID:
    """Enter a person; raises `UserEntered`.

    Whether the rights lie within the administrator's own is for the caller to say
    before; the database refuses them otherwise, as if the person were entered.
    """
    values = {
        "issuer": identity.issuer,
        "subject": identity.subject,
        "name": rights.name,
        "role": rights.role,
        "scope": rights.scope,
        "actor": actor,
    }
    number: UUID | None = connection.scalar(_ADD, values)
    if number is None:
        raise UserEntered(identity.subject)
    return number


def change_user(
    connection: sa.Connection, number: UUID, rights: Rights, *, actor: str
) -> None:
    """Give a person other rights, or switch him off with every key that is linked.

    Raises
    ------
    UserNotFound
        If no such person is in the administrator's part of the country.
    """
    values = {
        "id": number,
        "name": rights.name,
        "role": rights.role,
        "scope": rights.scope,
        "is_disabled": rights.is_disabled,
        "actor": actor,
    }
    if not connection.scalar(_CHANGE, values):
        raise UserNotFound(str(number))


def link_key(owner: sa.Connection, key: str, identity: Identity) -> int:
    """Say that the keys of a name are a person's; return how many are in use.

    Parameters
    ----------
    owner
        The schema's owner: the service cannot change keys.
    """
    values = {"key": key, "issuer": identity.issuer, "subject": identity.subject}
    return owner.execute(_LINK, values).rowcount


def link_key_in_scope(
    connection: sa.Connection, number: UUID, key: str, asker: Principal
) -> None:
    """Say, as an administrator, that the keys of a name are a person's.

    Raises
    ------
    UserNotFound, KeyNotFound
        If the person or the key is not in his part of the country.
    KeyNotLinked
        If the key is another's or the asker's own, the person is switched off, or the
        asker is no person himself.
    """
    if asker.person is None:
        raise KeyNotLinked("no_proof")
    values = {"id": number, "key": key, "asker": asker.client_id, "actor": asker.name}
    found = connection.scalar(_LINK_IN_SCOPE, values)
    if found == "no_person":
        raise UserNotFound(str(number))
    if found == "no_key":
        raise KeyNotFound(key)
    if found != "linked":
        raise KeyNotLinked(str(found))


def list_keys(
    connection: sa.Connection,
    *,
    of_user: UUID | None = None,
    unlinked: bool = False,
    after: UUID | None = None,
    limit: int = 1000,
) -> list[dict[str, Any]]:
    """Return keys of the administrator's part of the country, by their ids.

    Parameters
    ----------
    of_user
        Only those of a person whom he manages; None is any.
    unlinked
        Only those that are nobody's yet.
    """
    values = {"of_user": of_user, "unlinked": unlinked, "after": after, "limit": limit}
    found = connection.execute(_LIST_KEYS, values)
    return [dict(row) for row in found.mappings()]
