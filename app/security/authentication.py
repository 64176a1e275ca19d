"""Whose key or session is this? Asked of the database, remembered for a moment.

What was found is kept in the process for `REMEMBERED_S` seconds, so that a client
that asks a hundred times a second costs one look-up: a key or session that is
disabled may be good for that much longer, and no more. A person is asked about each
time: whoever is switched off is refused at once.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from typing import Final, Literal, NamedTuple

import sqlalchemy as sa

from app.database import Database
from app.security.keys import digest, is_key
from app.security.principals import Principal
from app.security.users import Identity

REMEMBERED_S: Final = 5.0
"""Seconds for which an answer of the database is taken for granted."""
_LONGEST_MEMORY: Final = 4096
_TOKEN_LENGTH: Final = 43

_OPEN = sa.text("select registry.open_session(:key, :token, :hours)")
_OPEN_OF_PERSON = sa.text(
    "select registry.open_session_of_person(:issuer, :subject, :state, :token, :hours)"
)
_CLOSE = sa.text("select registry.close_session(:digest)")


def is_token(text: str) -> bool:
    """Tell whether a text has the form of a session token."""
    return len(text) == _TOKEN_LENGTH and text.isascii()


Proof = Literal["key", "session"]
"""How a caller proves who it is."""

_STATEMENTS: Final[dict[Proof, sa.TextClause]] = {
    "key": sa.text(
        "select id, name, role, scope, registry.person_of(id)"
        " from registry.authenticate(:digest)"
    ),
    "session": sa.text(
        "select id, name, role, scope, registry.person_of(id)"
        " from registry.resume_session(:digest)"
    ),
}
_HAS_FORM: Final[dict[Proof, Callable[[str], bool]]] = {
    "key": is_key,
    "session": is_token,
}


class Remembered(NamedTuple):
    """An answer of the database not older than `REMEMBERED_S`; None opens nothing."""

    principal: Principal | None


class Authenticator:
    """Finds callers by key or session token.

    Parameters
    ----------
    database
        Where keys and sessions are.
    clock
        Seconds that only go forward.
    """

    def __init__(
        self, database: Database, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._clock = clock
        self._memory: OrderedDict[tuple[Proof, bytes], tuple[float, Remembered]] = (
            OrderedDict()
        )

    def recall(self, proof: Proof, secret: str) -> Remembered | None:
        """Return what is known of a key or token without asking anybody.

        None when the database has to be asked; what has not even the form of a key or
        token opens nothing.
        """
        if not _HAS_FORM[proof](secret):
            return Remembered(None)
        found = self._memory.get((proof, digest(secret)))
        return found[1] if found and found[0] > self._clock() else None

    def find(self, proof: Proof, secret: str) -> Principal | None:
        """Return the caller that holds a key or an open session; None if nobody."""
        known = self.recall(proof, secret)
        if known is not None:
            return known.principal
        statement = _STATEMENTS[proof]
        with self._database.transaction(None, read_only=True) as connection:
            row = connection.execute(
                statement, {"digest": digest(secret)}
            ).one_or_none()
        found = None if row is None else Principal(*row)
        if found is None or found.person is None:
            self._remember((proof, digest(secret)), found)
        return found

    def open_session(self, key: str, hours: float) -> str | None:
        """Open a session for the holder of a key; return its token, None if none.

        Sessions last whole hours, rounded up.
        """
        if not is_key(key):
            return None
        token = secrets.token_urlsafe(32)
        values = {"key": digest(key), "token": digest(token), "hours": ceil(hours)}
        with self._database.transaction(None) as connection:
            opened = connection.scalar(_OPEN, values)
        return token if opened else None

    def open_session_of_person(
        self, identity: Identity, state: str, hours: float
    ) -> str | None:
        """Open a session for a person; return its token, None if none.

        Parameters
        ----------
        state
            That of the flow which proved who he is: it opens one session and no other.
        hours
            Sessions last whole hours, rounded up.
        """
        token = secrets.token_urlsafe(32)
        values = {
            "issuer": identity.issuer,
            "subject": identity.subject,
            "state": digest(state),
            "token": digest(token),
            "hours": ceil(hours),
        }
        with self._database.transaction(None) as connection:
            opened = connection.scalar(_OPEN_OF_PERSON, values)
        return token if opened else None

    def close_session(self, token: str) -> bool:
        """End a session at once; other processes notice within `REMEMBERED_S`.

        True when it was opened through the identity provider.
        """
        with self._database.transaction(None) as connection:
            found = connection.scalar(_CLOSE, {"digest": digest(token)})
        self._memory.pop(("session", digest(token)), None)
        return bool(found)

    def _remember(self, key: tuple[Proof, bytes], found: Principal | None) -> None:
        self._memory[key] = (self._clock() + REMEMBERED_S, Remembered(found))
        while len(self._memory) > _LONGEST_MEMORY:
            try:
                self._memory.popitem(last=False)
            except KeyError:
                break
