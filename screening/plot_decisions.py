"""Which decisions were made about the land of every registered plot? (shell).

污染地块用地核查台账 (R-D25: video conference of 2020-05-12, point two, and section
三(三) of 环厅〔2020〕27号): the base figures of the development of contaminated plots.
Every decision of the caller's divisions counts, whatever became of it; a plot that was
never asked about is told as well. How land and plot lie to each other is measured as in
`screening.plot_surroundings`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import shapely
import sqlalchemy as sa
from psycopg.rows import dict_row

from parcels.codes import WHOLE_COUNTRY
from parcels.refusal import Refusal
from parcels.register.statements import Statements, fetch
from screening.neighbourhood import Feature
from screening.plot_decision_report import Dealing, RegisteredPlot, Span
from screening.plot_surroundings import list_within
from screening.surroundings import ADJOINING_M, Neighbour

_SQL: Final = Statements(Path(__file__).parent / "sql" / "plot_decisions.sql")
MOST: Final = 20_000
"""Plots, and pairs of plot and decision, of one report; a project default."""


class TooManyPlotDecisions(Refusal):
    """A division has more plots or decisions than one report may hold."""

    def __init__(self) -> None:
        super().__init__(
            "too_many_plot_decisions",
            f"地块或意见书超过 {MOST} 条；请缩小行政区或期间。",
            f"There are more than {MOST} plots or decisions; narrow division or"
            " period.",
        )


def gather_plot_decisions(
    connection: sa.Connection, division: str, day: date, span: Span
) -> list[RegisteredPlot]:
    """Return every registered plot of a division as of a day, with its decisions.

    Plots in the order of division and code, decisions the earliest first.

    Raises
    ------
    TooManyPlotDecisions
        If there are more than one report may hold.
    """
    values = {
        "division": "" if division == WHOLE_COUNTRY else division,
        "day": day,
        "recorded_from": span.recorded_from,
        "recorded_to": span.recorded_to,
        "most": MOST + 1,
    }
    plots = fetch(connection, _SQL["plots"], values, dict_row)
    decisions = fetch(connection, _SQL["decisions"], values, dict_row)
    if max(len(plots), len(decisions)) > MOST:
        raise TooManyPlotDecisions
    near: dict[int, list[Mapping[str, Any]]] = {}
    for row in decisions:
        near.setdefault(row["plot"], []).append(row)
    return [_plot(row, near.get(row["version_id"], ())) for row in plots]


def _plot(
    row: Mapping[str, Any], decisions: Sequence[Mapping[str, Any]]
) -> RegisteredPlot:
    place = Feature(
        theme="plot",
        layer="plot",
        code=row["code"],
        name=row["name"],
        category=row["stage"],
        division_code=row["division_code"],
        geometry=shapely.from_wkb(row["geom"]),
        attributes={},
        accuracy_m=row["accuracy_m"],
        stated_area_m2=row["stated_area_m2"],
        version_id=row["version_id"],
    )
    things = [_land(number, one) for number, one in enumerate(decisions)]
    found = list_within(things, place, ADJOINING_M)
    found.sort(key=lambda one: one.feature.version_id)
    return RegisteredPlot(
        row["code"],
        row["division_code"],
        row["name"],
        row["stage"],
        row["held"],
        tuple(row["lists"]),
        row["planned_use_scheme"],
        row["planned_use_code"],
        row["area_m2"],
        tuple(_dealing(decisions[one.feature.version_id], one) for one in found),
    )


def _land(number: int, row: Mapping[str, Any]) -> Feature:
    """Return the land of a decision; its number stands for the version of an object."""
    return Feature(
        theme="decision",
        layer="decision",
        code=row["certificate_number"],
        name=None,
        category=row["outcome"],
        division_code=row["division_code"],
        geometry=shapely.from_wkb(row["geom"]),
        attributes={},
        version_id=number,
    )


def _dealing(row: Mapping[str, Any], lies: Neighbour) -> Dealing:
    use = row["planned_use"] or {}
    return Dealing(
        row["certificate_number"],
        row["transaction"],
        row["outcome"],
        row["state"],
        row["as_of"],
        row["recorded_on"],
        tuple(row["parcel_codes"]),
        use.get("scheme"),
        use.get("code"),
        lies,
    )
