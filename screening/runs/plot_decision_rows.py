"""Which decisions were made about the land of every plot on a register? (core).

污染地块用地核查台账 (R-D25: video conference of 2020-05-12, point two, and section
三(三) of 环厅〔2020〕27号): the base figures of the development of contaminated plots.
A row is a plot and a decision about land that lies on it, adjoins it or may reach it; a
plot nobody asked about has a row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parcels.area import round_area
from parcels.texts import Text
from screening.neighbourhood import Feature
from screening.runs.columns import (
    DISTANCE,
    DIVISION,
    RING,
    WIDENED,
    number_column,
    text_column,
)
from screening.runs.row import Column, Row
from screening.surroundings import (
    ADJOINING_M,
    Neighbour,
    Surroundings,
    describe_distance,
)

COLUMNS: Final = (
    text_column("plot_code", "地块编码", "Plot"),
    text_column("plot_name", "地块名称", "Plot name"),
    text_column("stage", "阶段", "Stage", "category"),
    Column("decision", Text("第几份意见书", "Decision no."), "integer"),
    text_column("outcome", "结论", "Outcome", "outcome"),
    text_column("transaction", "业务环节", "Transaction", "transaction"),
    text_column("use", "拟作用途", "Planned use", "use"),
    text_column("standing", "状态", "Standing", "standing"),
    Column("recorded_on", Text("出具日", "Recorded"), "date"),
    Column("as_of", Text("基准日", "As of"), "date"),
    text_column("certificate_number", "意见书编号", "Certificate"),
    text_column("parcel_codes", "宗地", "Parcels"),
    RING,
    DISTANCE,
    WIDENED,
    number_column("overlap_m2", "重叠面积", "Ground in common", "m2"),
    text_column("lists", "名录", "Lists", "plot_list"),
    Column("held", Text("暂不开发", "Held back"), "yes_no"),
    text_column("plot_use", "地块规划用途", "Use planned for the plot", "use"),
    number_column("plot_area_m2", "地块面积", "Area of the plot", "m2"),
    DIVISION,
)
"""`decision` counts those of a plot, the earliest is 1; 0 says that there is none. A
use is its scheme and its code with a point between."""
_NOT_ASKED: Final = Text(
    "没有涉及该地块用地的意见书。", "no decision is about land of this plot."
)


@dataclass(frozen=True, slots=True)
class PlotDecisionMaterial:
    """Some plots, and every decision about land near any of them, the earliest first.

    Of plots and decisions `attributes` are the further members of their rows.
    """

    plots: Sequence[Feature]
    decisions: Sequence[Feature]


def list_plot_decisions(material: PlotDecisionMaterial) -> list[Row]:
    """Return plot by plot a row for each decision, the earliest first."""
    made = Surroundings(material.decisions)
    rows: list[Row] = []
    for plot in material.plots:
        found = made.within(plot, ADJOINING_M)
        found.sort(key=lambda one: one.feature.version_id)
        rows += [
            _row(plot, one, number) for number, one in enumerate(found, start=1)
        ] or [Row({**_plot(plot), "decision": 0}, _NOT_ASKED, plot.geometry)]
    return rows


def _row(plot: Feature, lies: Neighbour, number: int) -> Row:
    decision = lies.feature
    values = {
        **_plot(plot),
        "decision": number,
        "certificate_number": decision.code,
        "outcome": decision.category,
        **decision.attributes,
        "ring": lies.ring,
        "distance_m": lies.distance_m,
        "widened_by_m": lies.widened_by_m,
        "overlap_m2": round_area(lies.overlap_m2),
    }
    return Row(values, describe_distance(lies), decision.geometry)


def _plot(plot: Feature) -> dict[str, Any]:
    return {
        "plot_code": plot.code,
        "plot_name": plot.name,
        "division_code": plot.division_code,
        "stage": plot.category,
        **plot.attributes,
    }


def tally_plot_decisions(row: Row) -> Mapping[str, float]:
    """Count plots, those asked about, and decisions by outcome.

    A decision counts once for each plot it is about.
    """
    number = row.values["decision"]
    counts: dict[str, float] = {"plots": 1} if number <= 1 else {}
    if number == 1:
        counts["plots_asked_about"] = 1
    if number:
        counts[f"decision.{row.values['outcome']}"] = 1
    return counts
