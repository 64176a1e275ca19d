"""What has served its purpose is cleared, once a night."""

from __future__ import annotations

import logging

import sqlalchemy as sa

from app.database import Database
from app.jobs import Periodic

log = logging.getLogger(__name__)


def clear_work(database: Database, days: int) -> tuple[int, int]:
    """Clear places of changes and taken notices older than so many days.

    Returns how many of each. What waits, was given up or is still to be compared stays.
    """
    statement = sa.text("select places, notices from registry.clear_work(:days)")
    with database.transaction(None) as connection:
        places, notices = connection.execute(statement, {"days": days}).one()
    return int(places), int(notices)


def clearing_turns(days: int) -> list[Periodic]:
    """Return the nightly turn."""

    def clear(database: Database) -> None:
        places, notices = clear_work(database, days)
        if places or notices:
            log.info("%s place(s) of changes, %s notice(s) cleared", places, notices)

    return [Periodic("clear_work", "17 3 * * *", clear)]
