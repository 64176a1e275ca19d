"""What is written when a decision gets another answer, or its first again (service).

An event beside the decision, which never changes; for another answer a task for the
bureau that asked; and notices to whoever is to be told: in one transaction, or nothing.
The database enters event and task into the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
import sqlalchemy as sa

from parcels.register.statements import Statements, fetch
from parcels.tasks.model import NOT_ENDED, Bureau, Doer, Move, NewTask, Task
from parcels.tasks.repository import TaskFilter, find_tasks, open_task
from parcels.tasks.steps import take_step
from parcels.texts import Text
from screening.impact.answer import say_difference, summarise
from screening.impact.watch import Check
from screening.impact.weigh import Effect
from screening.notices.outbox import EventType, name_decision, queue_notice

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "impact.sql")
_KIND: Final = "decision_affected"
_BUREAUS: Final[dict[str, Bureau]] = {"registrar": "EE", "agriculture": "AG"}
"""Bureau of whoever asked; any other asked for natural resources, who lead access."""


def report_effect(connection: sa.Connection, check: Check, effect: Effect) -> bool:
    """Write that a decision is affected, or that it stands again.

    Returns False if that was written of the change before.
    """
    values: dict[str, Any] = {
        "decision_id": check.decision_id,
        "division_code": check.record["division_code"],
        "kind": "stands_again" if effect.stands_again else "affected",
        "reason": summarise(effect.difference),
        "change_id": check.change_id,
        "since": effect.since,
        "difference": orjson.dumps(effect.difference).decode(),
    }
    written = fetch(connection, _SQL["report"], values)
    if not written:
        return False
    _tell(connection, check, effect, written[0]["happened_at"])
    if effect.stands_again:
        _withdraw_task(connection, check)
    else:
        _open_task(connection, check, say_difference(effect.difference))
    return True


def _tell(
    connection: sa.Connection, check: Check, effect: Effect, happened_at: datetime
) -> None:
    record, difference = check.record, effect.difference
    data = {
        **name_decision(record),
        "since": effect.since.isoformat(),
        "outcome": difference["outcome"],
        "rules": [
            {name: rule[name] for name in ("rule", "before", "after")}
            for rule in difference["rules"]
        ],
        "impossible": (difference["impossible"] or {}).get("reason"),
    }
    event: EventType = (
        "decision.stands_again" if effect.stands_again else "decision.affected"
    )
    queue_notice(connection, event, record["division_code"], happened_at, data)


def _open_task(connection: sa.Connection, check: Check, cause: Text) -> None:
    """Have the bureau look at it, unless it has been asked to already."""
    record = check.record
    if _waiting_tasks(connection, check):
        return
    new = NewTask(
        _KIND,
        record["division_code"],
        _BUREAUS.get(record["asked_by"]["role"], "NR"),
        decision_id=check.decision_id,
        facts={
            "decision": record["certificate_number"],
            "cause": cause.zh,
            "cause_en": cause.en,
        },
        origin=f"{check.decision_id}/{check.change_id}",
    )
    open_task(connection, new, Doer("jingtu"))


def _withdraw_task(connection: sa.Connection, check: Check) -> None:
    """Take back what the bureau was asked to look at: there is nothing to do."""
    note = (
        f"登记库变更 {check.number} 后，意见书的答案恢复为原答案，无须再处理。"
        f" After change {check.number} the first answer holds again: nothing to do."
    )
    for task in _waiting_tasks(connection, check):
        take_step(connection, task.id, Move("withdrawn", note=note), Doer("jingtu"))


def _waiting_tasks(connection: sa.Connection, check: Check) -> list[Task]:
    waiting = TaskFilter(kind=_KIND, states=NOT_ENDED, decision_id=check.decision_id)
    return find_tasks(connection, waiting, limit=1)


def list_affected_by(
    connection: sa.Connection, change_ids: Iterable[int | None]
) -> list[dict[str, Any]]:
    """Return the caller's decisions that changes have affected, 1000 at most."""
    changes = [one for one in change_ids if one is not None]
    return fetch(connection, _SQL["affected_by"], {"changes": changes})
