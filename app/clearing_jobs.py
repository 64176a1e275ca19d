"""What has served its purpose is cleared, hourly or once a night."""

from __future__ import annotations

import logging
from typing import Final

import sqlalchemy as sa

from app.database import Database
from app.jobs import Periodic

log = logging.getLogger(__name__)

ANSWERS_KEPT: Final = "24 hours"
"""How long an answer is repeated under its Idempotency-Key, at least."""


def clear_work(database: Database, days: int) -> tuple[int, int]:
    """Clear places of changes and taken notices older than so many days.

    Returns how many of each. What waits, was given up or is still to be compared stays.
    """
    statement = sa.text("select places, notices from registry.clear_work(:days)")
    with database.transaction(None) as connection:
        places, notices = connection.execute(statement, {"days": days}).one()
    return int(places), int(notices)


def forget_spent(database: Database) -> tuple[int, int]:
    """Remove aged repetition keys and ended sessions; return how many of each."""
    with database.transaction(None) as connection:
        row = connection.execute(
            sa.text("select * from registry.forget_spent(cast(:kept as interval))"),
            {"kept": ANSWERS_KEPT},
        ).one()
    return int(row.answers), int(row.sessions)


def clearing_turns(days: int) -> list[Periodic]:
    """Return the hourly and the nightly turn."""

    def clear(database: Database) -> None:
        places, notices = clear_work(database, days)
        if places or notices:
            log.info("%s place(s) of changes, %s notice(s) cleared", places, notices)

    def forget(database: Database) -> None:
        forget_spent(database)

    return [
        Periodic("forget_spent", "17 * * * *", forget),
        Periodic("clear_work", "17 3 * * *", clear),
    ]
