"""Why the program cannot run as asked: expected failures, told in plain words.

The command line prints the text of a `CannotRun` and ends with its `exit_code`; only
a fault of the program itself shows a traceback.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


class CannotRun(Exception):
    """The program cannot run as asked; the text says what was found and what to do."""

    exit_code = 1


class InvalidSettings(CannotRun):
    """A setting has a value that cannot be used; the text names each one."""

    exit_code = 2


class PortTaken(CannotRun):
    """The address to listen on is in use or not ours to use."""

    exit_code = 3


class AlreadyRunning(CannotRun):
    """Another supervisor works on the same data directory."""

    exit_code = 4


class DiskFull(CannotRun):
    """There is not enough free space where the data is kept."""

    exit_code = 5


class DatabaseUnusable(CannotRun):
    """The database cannot be started, reached or used as it is."""

    exit_code = 6


class KeepsFailing(CannotRun):
    """A process of the service ended again and again soon after its start."""

    exit_code = 7


@contextmanager
def told_plainly() -> Iterator[None]:
    """End the process on a refusal: its text on standard error, its exit code.

    What is not expected passes through and shows its traceback.
    """
    try:
        with _explained():
            yield
    except CannotRun as refusal:
        print(f"\n{refusal}", file=sys.stderr, flush=True)
        sys.exit(refusal.exit_code)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn a database that cannot be reached, or refuses us, into plain words."""
    import psycopg
    import sqlalchemy.exc

    try:
        yield
    except (psycopg.OperationalError, sqlalchemy.exc.OperationalError) as error:
        cause = getattr(error, "orig", None) or error
        raise DatabaseUnusable(
            f"The database does not answer as it should: {str(cause).strip()}\n"
            "Check JINGTU_DATABASE_URL, or the log of the database."
        ) from error
    except sqlalchemy.exc.ProgrammingError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise
        raise DatabaseUnusable(
            f"The database refuses this to our role: {str(error.orig).strip()}.\n"
            "Its administrator should run scripts/outside-database.sql in it once."
        ) from error
