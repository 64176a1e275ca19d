"""Which corrections were proposed, what became of them, what was withdrawn? (core).

Read from a plot's events alone: a proposal is an event, and so is its approval or
refusal, which names it. Rows hold `code`, `event` and `details`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from parcels.plots.correction import Correction
from parcels.plots.correction_guards import EVENT_OF, PROPOSED, REFUSED

DECISIONS: Final = frozenset({*EVENT_OF.values(), REFUSED})
"""Events that decide on a proposal."""
_Row = Mapping[str, Any]


def find_decision(rows: Iterable[_Row], proposal_code: str) -> _Row | None:
    """Return the event that approved or refused a proposal; None while it waits.

    Examples
    --------
    >>> named = {"proposal": "E1"}
    >>> row = {"code": "E2", "event": "correction_refused", "details": named}
    >>> find_decision([row], "E1")["code"], find_decision([row], "E2")
    ('E2', None)
    """
    return next(
        (
            row
            for row in rows
            if row["event"] in DECISIONS
            and (row["details"] or {}).get("proposal") == proposal_code
        ),
        None,
    )


def waiting_corrections(rows: Sequence[_Row]) -> frozenset[Correction]:
    """Return what corrections were proposed of that nobody has decided on yet.

    A proposal brought by a file names nothing to correct and waits for nobody.

    Examples
    --------
    >>> asked = {"correction": "field", "wrong_field": "address"}
    >>> rows = [{"code": "E1", "event": "correction_proposed", "details": asked}]
    >>> waiting_corrections(rows)
    frozenset({'field'})
    >>> named = {"proposal": "E1"}
    >>> refused = {"code": "E2", "event": "correction_refused", "details": named}
    >>> waiting_corrections([*rows, refused])
    frozenset()
    """
    return frozenset(
        row["details"]["correction"]
        for row in rows
        if row["event"] == PROPOSED
        and (row["details"] or {}).get("correction")
        and find_decision(rows, row["code"]) is None
    )


def withdrawn_events(rows: Sequence[_Row]) -> frozenset[str]:
    """Return the codes of events that no longer count.

    Examples
    --------
    >>> asked = {"correction": "event", "wrong_event": "E1"}
    >>> withdrawn_events([
    ...     {"code": "E1", "event": "listed", "details": None},
    ...     {"code": "E2", "event": "correction_proposed", "details": asked},
    ...     {"code": "E3", "event": "event_withdrawn", "details": {"proposal": "E2"}},
    ... ])
    frozenset({'E1'})
    """
    asked = {
        row["code"]: (row["details"] or {}).get("wrong_event")
        for row in rows
        if row["event"] == PROPOSED
    }
    approved = {
        (row["details"] or {}).get("proposal")
        for row in rows
        if row["event"] == EVENT_OF["event"]
    }
    return frozenset(
        wrong for code, wrong in asked.items() if wrong and code in approved
    )
