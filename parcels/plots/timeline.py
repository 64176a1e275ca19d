"""What had happened to a plot by a day, as known then? (shell)."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from parcels.plots.occurrence import Standing
from parcels.plots.proposals import waiting_corrections
from parcels.plots.records import Row, list_of_plot, past_events
from parcels.register.layers import PLOT, PLOT_EVENT, PLOT_LIST_MEMBERSHIP
from parcels.register.repository import (
    Moment,
    Version,
    list_history,
)

SUCCESSION_EVENTS = ("split_from", "merged_from")
"""Events of a successor that name the plots it came from."""


def standing_at(connection: sa.Connection, plot: Version, moment: Moment) -> Standing:
    """Return where a plot stands at a moment; `plot` is its version then."""
    events = rows_of(list_timeline(connection, plot, moment))
    members = list_of_plot(connection, PLOT_LIST_MEMBERSHIP, plot, moment)
    return Standing(
        plot.values["stage"],
        bool(plot.values["held"]),
        frozenset(one.values["list"] for one in members),
        tuple(past_events(events)),
        (),
        plot.values["aftercare_required"],
        waiting_corrections([one for one in events if one["plot_code"] == plot.code]),
    )


def list_timeline(
    connection: sa.Connection, plot: Version, moment: Moment
) -> list[Version]:
    """Return the events of a plot and of those it came from, in legal order."""
    found: list[Version] = []
    seen: set[str] = set()
    pending = [plot]
    while pending:
        one = pending.pop()
        if one.code in seen:
            continue
        seen.add(one.code)
        events = list_of_plot(connection, PLOT_EVENT, one, moment)
        found += events
        for event in events:
            if event.values["event"] in SUCCESSION_EVENTS:
                pending += _predecessors(connection, event)
    return sorted(found, key=lambda one: (one.valid_from, one.version_id))


def _predecessors(connection: sa.Connection, event: Version) -> list[Version]:
    """Return one version of each plot that a successor's event names."""
    versions = (
        one
        for code in event.values["related_codes"] or ()
        for one in list_history(connection, PLOT, code)[-1:]
    )
    return [one for one in versions if one.division_code == event.division_code]


def rows_of(events: Sequence[Version]) -> list[Row]:
    """Return events of a timeline as rows, as `PlotRecord` has them."""
    return [
        {**one.values, "code": one.code, "valid_from": one.valid_from} for one in events
    ]
