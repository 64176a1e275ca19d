"""Keys of clients: made once, shown once, stored only as a digest.

A key is ``jt_``, 256 random bits in URL-safe base64 and eight hexadecimal digits of a
CRC-32. The prefix lets a search for leaked secrets find it; the check digits let a
mistyped key be refused without asking the database. As the bits are random, SHA-256
is enough: there is nothing to guess that a slow hash would protect.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app.migration import sqlalchemy_url
from app.security.principals import ROLES, Role
from app.settings import Settings
from parcels.codes import WHOLE_COUNTRY, normalise_division

PREFIX: Final = "jt_"
_FORM = re.compile(r"(jt_[A-Za-z0-9_-]{43})([0-9a-f]{8})")

SAMPLE_COUNTY: Final = "999901"
OTHER_COUNTY: Final = "999902"
INVENTED_PROVINCE: Final = "99"
DEMO_CLIENTS: Final[dict[str, tuple[Role, str]]] = {
    **{role: (role, SAMPLE_COUNTY) for role in ROLES},
    "auditor": ("auditor", INVENTED_PROVINCE),
    "admin": ("admin", WHOLE_COUNTRY),
    "planner_other_county": ("planner", OTHER_COUNTY),
}
"""Name of each demonstration key → role and scope. The auditor sees both invented
counties, the administrator all there is, everybody else his own county."""

_INSERT = sa.text(
    "insert into registry.api_client (id, name, role, scope, key_sha256, expires_at)"
    " values (gen_random_uuid(), :name, :role, :scope, :digest, :expires_at)"
    " returning id"
)
_HAS_INVENTED_DATA = sa.text(
    "select exists (select from registry.division where starts_with(code, '99'))"
)
_KNOWN_KEY = sa.text(
    "select true from registry.api_client where key_sha256 = :digest"
    " and disabled_at is null"
)
_LIST = sa.text(
    "select name, role, scope, created_at, expires_at,"
    " case when disabled_at is null then 'in use' else 'disabled' end"
    " from registry.api_client where key_sha256 is not null order by name, created_at"
)
_RETIRE = sa.text(
    "update registry.api_client set disabled_at = now()"
    " where name = any(:names) and disabled_at is null and key_sha256 is not null"
)
_IN_USE = sa.text(
    "select id from registry.api_client where name = :name and key_sha256 is not null"
    " and disabled_at is null and (expires_at is null or expires_at > now())"
    " for update"
)
_REPLACE = sa.text(
    "with ended as (delete from registry.session where client_id = :id)"
    " update registry.api_client set key_sha256 = :digest where id = :id"
)
_DEMO_ISSUER: Final = "jingtu:demo"
_ENTER_DEMO_PERSON = sa.text(
    "with entered as ("
    " insert into registry.app_user (issuer, subject, name, created_by)"
    " values (:issuer, :name, :name, 'jingtu')"
    " on conflict (issuer, subject) do update set name = excluded.name returning id)"
    " update registry.api_client set user_id = entered.id from entered"
    " where api_client.name = :name and key_sha256 is not null and user_id is null"
)
_DEMO_NAMES = [f"demo-{name}" for name in DEMO_CLIENTS]
_LOCK = sa.text("select pg_advisory_xact_lock(726002)")


def make_key() -> str:
    """Return a new key."""
    body = PREFIX + secrets.token_urlsafe(32)
    return f"{body}{zlib.crc32(body.encode()):08x}"


def is_key(text: str) -> bool:
    """Tell whether a text has the form of a key and its check digits agree."""
    match = _FORM.fullmatch(text)
    return match is not None and zlib.crc32(match[1].encode()) == int(match[2], 16)


def digest(secret: str) -> bytes:
    """Return the SHA-256 under which a key or session token is stored."""
    return hashlib.sha256(secret.encode()).digest()


def create_client(
    connection: sa.Connection,
    *,
    name: str,
    role: Role,
    scope: str,
    expires_at: datetime | None = None,
) -> tuple[UUID, str]:
    """Store a new client and return its id and its key, which is kept nowhere.

    Parameters
    ----------
    connection
        The owner's: the service itself cannot make clients.
    scope
        Division code, padded with zeros or not; ``*`` is the whole country.

    Raises
    ------
    parcels.codes.InvalidCode
        If the scope is no division code.
    ValueError
        If there is no such role, or the name is empty.
    """
    if role not in ROLES:
        raise ValueError(f"there is no role {role!r}; roles are {', '.join(ROLES)}")
    if not name.strip():
        raise ValueError("a client needs a name: it is written on what it does")
    key = make_key()
    values = {
        "name": name.strip(),
        "role": role,
        "scope": normalise_division(scope),
        "digest": digest(key),
        "expires_at": expires_at,
    }
    client_id: UUID = connection.execute(_INSERT, values).scalar_one()
    return client_id, key


def list_clients(connection: sa.Connection) -> list[tuple[Any, ...]]:
    """Return name, role, scope, time made, expiry and state of every client."""
    return [tuple(row) for row in connection.execute(_LIST)]


def disable_client(connection: sa.Connection, name: str) -> int:
    """Switch every key of that name off; return how many were in use."""
    return connection.execute(_RETIRE, {"names": [name]}).rowcount


def rotate_key(connection: sa.Connection, name: str) -> str:
    """Give the client of that name another key and return it; it is kept nowhere.

    He stays who he is: his rights, uploads, runs, notices and person are his as before.
    The old key opens nothing any more, and sessions opened with it end.

    Parameters
    ----------
    connection
        The owner's: the service cannot change clients.

    Raises
    ------
    ValueError
        If no key of that name is in use, or more than one is.
    """
    found = connection.execute(_IN_USE, {"name": name}).scalars().all()
    if len(found) != 1:
        number = len(found) or "no"
        raise ValueError(f"{number} keys of the name {name} are in use; one is needed")
    key = make_key()
    connection.execute(_REPLACE, {"id": found[0], "digest": digest(key)})
    return key


def ensure_demo_keys(settings: Settings, owner_url: str) -> Path | None:
    """Make the demonstration keys where the invented county is, and only there.

    Runs at each start. Keys of an earlier start stay good; a key that the database
    does not know (a new database beside an old file) is made anew. Once demonstration
    is switched off they open nothing any more.

    Returns
    -------
    Path or None
        The file (mode 600), or None when demonstration is switched off or the
        register holds no invented data.
    """
    engine = sa.create_engine(sqlalchemy_url(owner_url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(_LOCK)
        if not settings.demo:
            connection.execute(_RETIRE, {"names": _DEMO_NAMES})
            return None
        if not connection.scalar(_HAS_INVENTED_DATA):
            return None
        kept = _read_keys(settings.demo_keys_file)
        keys = {
            name: _keep_or_make(connection, name, kept.get(name))
            for name in DEMO_CLIENTS
        }
        _enter_persons(connection)
        # Written before the commit: a key in the file that opens nothing is made
        # anew at the next start, a key in the database alone is lost for ever.
        _write_keys(settings.demo_keys_file, keys)
    return settings.demo_keys_file


def _keep_or_make(connection: sa.Connection, name: str, key: str | None) -> str:
    if key and connection.scalar(_KNOWN_KEY, {"digest": digest(key)}):
        return key
    role, scope = DEMO_CLIENTS[name]
    return create_client(connection, name=f"demo-{name}", role=role, scope=scope)[1]


def _enter_persons(connection: sa.Connection) -> None:
    """Let each demonstration key be another invented person's, as two must correct.

    The permit system is none: its key is looked up once in a while, a person's always.
    """
    for name in DEMO_CLIENTS.keys() - {"permit_system"}:
        values = {"issuer": _DEMO_ISSUER, "name": f"demo-{name}"}
        connection.execute(_ENTER_DEMO_PERSON, values)


def _read_keys(file: Path) -> dict[str, str]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_keys(file: Path, keys: dict[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(keys, stream, indent=2)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(draft, file)
