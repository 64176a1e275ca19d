"""What the database's error codes mean to a caller: one place, one table."""

from __future__ import annotations

from typing import Final

import psycopg
import sqlalchemy as sa


class DatabaseFault(Exception):
    """The database could not do what was asked; the text is for the log only."""


class DatabaseBusy(DatabaseFault):
    """Another transaction was in the way, or no connection was free (repeat it)."""


class SnapshotOvertaken(DatabaseBusy):
    """What a snapshot rests on was written meanwhile: a new one sees it (repeat it)."""


class DatabaseUnavailable(DatabaseFault):
    """The database does not answer or is going down (repeat it later)."""


class QuestionTooLarge(DatabaseFault):
    """A statement ran into the time limit."""


class StorageFull(DatabaseFault):
    """The database has no room left on its disk."""


class OutsideRights(DatabaseFault):
    """Row-level security or a grant refused the row."""


class RegisterMoved(DatabaseFault):
    """A version was closed by somebody else in the meantime."""


class ValueRefused(DatabaseFault):
    """The database cannot hold a value that was sent (range, text, rule of a table)."""


_BY_CODE: Final[dict[str, type[DatabaseFault]]] = {
    "25P03": DatabaseUnavailable,
    "40001": SnapshotOvertaken,
    "40P01": DatabaseBusy,
    "55P03": DatabaseBusy,
    "53300": DatabaseBusy,
    "57014": QuestionTooLarge,
    "53100": StorageFull,
    "53200": DatabaseUnavailable,
    "42501": OutsideRights,
    "23000": RegisterMoved,
    "22001": ValueRefused,
    "22003": ValueRefused,
    "22007": ValueRefused,
    "22008": ValueRefused,
    "22021": ValueRefused,
    "22P02": ValueRefused,
    "22P05": ValueRefused,
    "23514": ValueRefused,
    "23502": ValueRefused,
}
_BY_CLASS: Final[dict[str, type[DatabaseFault]]] = {
    "08": DatabaseUnavailable,
    "57": DatabaseUnavailable,
    "58": DatabaseUnavailable,
    "54": ValueRefused,
}


def domain_error(error: Exception) -> Exception:
    """Return what a driver's error means; an unknown one comes back as it is.

    Accepts errors of psycopg and of SQLAlchemy. A lost connection has no code.
    """
    if isinstance(error, sa.exc.TimeoutError):
        return DatabaseBusy("no database connection was free in time")
    original = getattr(error, "orig", error)
    if not isinstance(original, psycopg.Error):
        return error
    code = original.sqlstate
    if code is None:
        # A statement during which the server died ends in a bare DatabaseError.
        lost = type(original) is psycopg.DatabaseError
        if lost or isinstance(original, psycopg.OperationalError):
            return DatabaseUnavailable(str(original))
        if isinstance(original, psycopg.DataError):
            return ValueRefused(str(original))
        return error
    kind = _BY_CODE.get(code) or _BY_CLASS.get(code[:2])
    return kind(str(original)) if kind else error
