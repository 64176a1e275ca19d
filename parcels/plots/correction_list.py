"""Which corrections were proposed, and what became of them? (shell)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa

from parcels.plots.correction_guards import PROPOSED, REFUSED
from parcels.plots.proposals import find_decision
from parcels.plots.timeline import rows_of
from parcels.register.layers import PLOT_EVENT
from parcels.register.repository import Moment, PageKey, Version, list_versions

State = Literal["proposed", "approved", "refused"]
_MOST_EVENTS: Final = 1000


@dataclass(frozen=True, slots=True)
class ProposedCorrection:
    """The event that proposed a correction, and the one that decided, if any."""

    proposal: Version
    decision: Version | None

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.decision is None:
            return "proposed"
        return "refused" if self.decision.values["event"] == REFUSED else "approved"


def list_corrections(
    connection: sa.Connection,
    moment: Moment,
    *,
    division: str | None = None,
    plot_code: str | None = None,
    after: PageKey | None = None,
    limit: int = 100,
) -> tuple[list[ProposedCorrection], PageKey | None]:
    """Return a page of corrections, and after which event the next one begins.

    In the order of division and code of the event. A proposal that was brought by a
    file names nothing to correct: it is left out, and its page may be shorter.
    """
    equals = [("event", PROPOSED)]
    if plot_code is not None:
        equals.append(("plot_code", plot_code))
    proposals = list_versions(
        connection,
        PLOT_EVENT,
        moment,
        division=division,
        equals=equals,
        after=after,
        limit=limit + 1,
    )
    page, rest = proposals[:limit], proposals[limit:]
    plots = dict.fromkeys((x.division_code, x.values["plot_code"]) for x in page)
    events = {plot: _events_of(connection, moment, *plot) for plot in plots}
    found = [
        ProposedCorrection(
            one, _decision(events[one.division_code, one.values["plot_code"]], one.code)
        )
        for one in page
        if one.values["details"]
    ]
    return found, PageKey(page[-1].division_code, page[-1].code) if rest else None


def _events_of(
    connection: sa.Connection, moment: Moment, division: str, plot_code: str
) -> list[Version]:
    return list_versions(
        connection,
        PLOT_EVENT,
        moment,
        division=division,
        equals=(("plot_code", plot_code),),
        limit=_MOST_EVENTS,
    )


def _decision(events: Sequence[Version], proposal_code: str) -> Version | None:
    found = find_decision(rows_of(events), proposal_code)
    return next((one for one in events if found and one.code == found["code"]), None)
