"""Who is told when something happens to a plot? (shell).

信息共享、联动监管 (R-G02): the departments that share a plot are told of each event in
the transaction that records it, with the stage before and after and the lists. Parties,
papers and details are read from the plot by who may.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from parcels.plots.events import Recorded
from parcels.plots.succession import Succession
from parcels.register.repository import transaction_time
from screening.notices.outbox import queue_notice


def tell_event(
    connection: sa.Connection, code: str, division: str, made: Recorded
) -> None:
    """Write the notice of an event just recorded (地块事件)."""
    data = {
        "plot_code": code,
        "division_code": division,
        "event": made.accepted.transition.event,
        "event_code": made.code,
        "on": made.on.isoformat(),
        "from_stage": made.from_stage,
        "to_stage": made.accepted.stage,
        "held": made.accepted.held,
        "lists_entered": list(made.accepted.enters),
        "lists_left": list(made.accepted.leaves),
        "change": made.change,
    }
    at = transaction_time(connection)
    queue_notice(connection, "plot.event", division, at, data)


def tell_succession(
    connection: sa.Connection,
    division: str,
    predecessors: Sequence[str],
    successors: Sequence[str],
    made: Succession,
) -> None:
    """Write the notice of a split or merge just recorded (地块分割、合并)."""
    data = {
        "kind": made.kind,
        "division_code": division,
        "on": made.on.isoformat(),
        "predecessors": list(predecessors),
        "successors": list(successors),
        "stage": made.stage,
        "change": made.change,
    }
    at = transaction_time(connection)
    queue_notice(connection, "plot.succession", division, at, data)
