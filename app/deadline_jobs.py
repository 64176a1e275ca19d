"""Tasks that follow from deadlines, opened from time to time."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final
from uuid import UUID

from app.database import Database
from app.jobs import Periodic
from app.security.principals import Principal
from parcels.register.repository import today
from parcels.tasks import filings as filings_of_tasks
from parcels.tasks.calendars import settle_waiting
from parcels.tasks.filings import Filings, parse_filings
from parcels.tasks.model import Doer
from screening.consultation import remind_departments
from screening.deadlines import follow_required, open_filings
from screening.rule_set import RuleSets

FILINGS_FILE: Final = Path(filings_of_tasks.__file__).with_name("filings.toml")
NAME: Final = "期限 deadlines"
_ITSELF: Final = Principal(UUID(int=0), NAME, "admin", "*")
_DOER: Final = Doer(NAME)


def read_filings(path: Path = FILINGS_FILE) -> Filings:
    """Return the filings that the program knows."""
    return parse_filings(tomllib.loads(path.read_text(encoding="utf-8")))


def follow_deadlines(database: Database, rule_sets: RuleSets) -> None:
    """Open, move and end tasks as the register and the day ask.

    Four passes, each a transaction of its own; one that is cut off is begun again at
    the next turn and opens nothing twice.
    """
    with database.transaction(_ITSELF) as connection:
        follow_required(connection, rule_sets, _DOER)
    with database.transaction(_ITSELF) as connection:
        open_filings(connection, read_filings(), _DOER)
    with database.transaction(_ITSELF) as connection:
        settle_waiting(connection, _DOER)
    with database.transaction(_ITSELF) as connection:
        remind_departments(connection, rule_sets, today(connection), _DOER)


def deadline_turns(rule_sets: RuleSets) -> list[Periodic]:
    """Return the turn in which deadlines are followed, every ten minutes."""

    def follow(database: Database) -> None:
        follow_deadlines(database, rule_sets)

    return [Periodic("follow_deadlines", "*/10 * * * *", follow)]
