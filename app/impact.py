"""What follows from decisions and changes, in the worker, all the time.

A decision that asks departments opens their tasks; a change of the register is compared
with every decision near it.

Every round takes up what was committed since the last one, however it was committed;
nothing is remembered between two rounds but what the database holds, so a worker that
is killed loses nothing.
"""

from __future__ import annotations

import logging
from typing import Any, Final
from uuid import UUID

from app.database import Database, confine
from app.rounds import Rounds
from app.security.principals import Principal
from parcels.register.repository import last_change, transaction_time
from screening.consultation import ask_departments
from screening.gate import Gate
from screening.impact.report import report_effect
from screening.impact.watch import (
    AT_ONCE,
    Check,
    compare_with_changes,
    end_check,
    is_touched,
    next_check,
    put_off_check,
)
from screening.impact.weigh import Effect, read_question, weigh
from screening.record import subject_geometry
from screening.replay import scope_of

log = logging.getLogger(__name__)

WHOLE_COUNTRY: Final = Principal(UUID(int=0), "jingtu", "admin", "*")
"""Under whose rights the worker looks for what is affected. He writes no register; the
tasks he opened he takes back himself, whichever bureau they are of."""


class ImpactRounds:
    """Finds and reports affected decisions of one database."""

    def __init__(self, database: Database, gate: Gate) -> None:
        self._database = database
        self._gate = gate

    def run(self) -> int:
        """Compare what there is, weigh what follows; return the decisions affected."""
        self._compare()
        affected = 0
        while (found := self._weigh_next()) is not None:
            affected += found
        return affected

    def _compare(self) -> None:
        far_m = self._gate.inquirer.farthest_m
        more = True
        while more:
            with self._database.transaction(WHOLE_COUNTRY) as connection:
                taken = compare_with_changes(connection, far_m)
                if taken:
                    ask_departments(connection, self._gate.rule_sets, taken)
            # Under load something always arrives: a few wait for the next round.
            more = taken is not None and len(taken) == AT_ONCE

    def _weigh_next(self) -> bool | None:
        """Weigh one decision; return whether it is affected, None when none waits."""
        check = None
        try:
            with self._database.transaction(WHOLE_COUNTRY) as connection:
                check = next_check(connection)
                if check is None:
                    return None
                effect = self._weigh(connection, check) if check.counts else None
                confine(connection, WHOLE_COUNTRY.scope)
                end_check(connection, check)
                return effect is not None and report_effect(connection, check, effect)
        except Exception as error:
            if check is None:
                raise
            log.exception("decision %s could not be weighed", check.decision_id)
            with self._database.transaction(WHOLE_COUNTRY) as connection:
                put_off_check(connection, check, f"{type(error).__name__}: {error}")
            return False

    def _weigh(self, connection: Any, check: Check) -> Effect | None:
        request = read_question(check.record).request
        boxes = self._gate.inquirer.search_boxes(
            subject_geometry(check.record), request
        )
        if not is_touched(connection, check, boxes):
            return None
        head, today = last_change(connection), transaction_time(connection).date()
        confine(connection, scope_of(check.record))
        return weigh(connection, self._gate, check, today=today, head=head)


def impact_rounds(database: Database, gate: Gate) -> Rounds:
    """Return what finds and reports affected decisions all the time."""
    return Rounds(
        "decisions cannot be compared with changes", ImpactRounds(database, gate).run
    )
