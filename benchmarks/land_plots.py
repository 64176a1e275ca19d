"""Plots of the invented county: over every stage, with lists and documents (core).

地块. Three in ten have exactly a parcel's outline, one in seven is a point with a
stated area, the rest have a survey outline of their own that cuts parcels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.land_areas import POLLUTANTS, Ground
from benchmarks.landscape import Places, blobs
from benchmarks.layer_rows import KEY_COLUMNS, LayerRows, pick, some_day

STAGE_WEIGHTS: Final = {
    "candidate": 8.0,
    "suspected": 20.0,
    "initial_survey": 8.0,
    "initial_review": 5.0,
    "cleared": 20.0,
    "contaminated": 8.0,
    "detailed_survey": 4.0,
    "risk_assessment": 3.0,
    "risk_acceptable": 4.0,
    "rcr_listed": 5.0,
    "risk_control": 3.0,
    "remediation": 3.0,
    "effect_evaluation": 2.0,
    "target_not_met": 1.0,
    "removed": 4.0,
    "aftercare": 1.5,
    "closed_error": 0.5,
}
INDUSTRY_DIVISIONS: Final = (
    *("06", "08", "09", "17", "19", "22", "25", "26", "27", "31", "32", "33", "38"),
)
_STAGES: Final = tuple(STAGE_WEIGHTS)
_SURVEYED: Final = frozenset(_STAGES[3:-1])
_ASSESSED: Final = frozenset(_STAGES[7:-1])
_ON_CONTAMINATED: Final = frozenset(_STAGES[5:8])
_ON_RCR: Final = frozenset(_STAGES[9:14])
_OFF_RCR: Final = frozenset(("removed", "aftercare"))


@dataclass(frozen=True, slots=True)
class Plot:
    """What the rows of one plot share."""

    code: str
    division_code: str
    stage: str
    since: date
    evaluated_class: str | None


def plot_layers(ground: Ground) -> Iterator[LayerRows]:
    """Yield plots, their list memberships, documents and events."""
    random = ground.random(40)
    count = ground.count(10_000)
    places = ground.scatter(random, count, in_town=0.4)
    shapes, is_point = _shapes(ground, random, places)
    plots = list(_plots(ground, random, count))
    yield LayerRows(
        "plot",
        (*KEY_COLUMNS, *_PLOT_COLUMNS),
        [
            _plot_row(random, plot, bool(point))
            for plot, point in zip(plots, is_point, strict=True)
        ],
        shapes,
    )
    memberships = [row for plot in plots for row in _memberships(random, plot)]
    yield LayerRows(
        "plot_list_membership",
        (*KEY_COLUMNS, "valid_to", "plot_code", "list", "batch"),
        memberships,
    )
    documents = [row for plot in plots for row in _documents(random, plot)]
    yield LayerRows("plot_document", _DOCUMENT_COLUMNS, documents)
    events = [_event(random, plot) for plot in plots]
    columns = (*KEY_COLUMNS, "plot_code", "event", "to_stage")
    yield LayerRows("plot_event", columns, events)


def _shapes(
    ground: Ground, random: np.random.Generator, places: Places
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    count = len(places)
    shapes = blobs(random, places, random.uniform(20.0, 110.0, count), 24)
    chance = random.random(count)
    is_parcel, is_point = chance < 0.30, chance > 0.86
    patchwork = ground.county.tessellation
    cells = (places[is_parcel] // patchwork.side_m).astype(np.int64)
    rings = shapely.polygons(patchwork.rings(cells[:, 0], cells[:, 1]))
    shapes[is_parcel] = shapely.multipolygons(rings[:, None])
    shapes[is_point] = shapely.points(places[is_point])
    return ground.county.to_degrees(shapes), is_point


def _plots(ground: Ground, random: np.random.Generator, count: int) -> Iterator[Plot]:
    weights = np.array(list(STAGE_WEIGHTS.values()))
    stages = random.choice(_STAGES, count, p=weights / weights.sum())
    serials: Counter[str] = Counter()
    for stage in stages:
        stem = f"{pick(random, 1, 2, 2)}{pick(random, *INDUSTRY_DIVISIONS)}"
        serials[stem] += 1
        evaluated = stage in _SURVEYED or stage in _OFF_RCR
        yield Plot(
            code=f"{ground.division_code}{stem}{serials[stem]:04d}",
            division_code=ground.division_code,
            stage=str(stage),
            since=some_day(random, 2017, 7),
            evaluated_class=pick(random, "class_1", "class_2") if evaluated else None,
        )


_PLOT_COLUMNS = (
    *("name", "stage", "held", "evaluated_class", "soil_standard", "target_met"),
    *("aftercare_required", "aftercare_breach", "negative_list", "former_industries"),
    *("pollutants", "risk_grade", "accuracy_m", "stated_area_m2", "coord_source"),
)


def _plot_row(
    random: np.random.Generator, plot: Plot, is_point: bool
) -> tuple[Any, ...]:
    contaminated = plot.stage in _ON_CONTAMINATED | _ON_RCR | _OFF_RCR
    division = plot.code[7:9]
    soil = (
        None if plot.evaluated_class is None else "not_met" if contaminated else "met"
    )
    return (
        plot.code,
        plot.division_code,
        plot.since,
        f"虚构地块{plot.code[6:]}",
        plot.stage,
        contaminated and random.random() < 0.1,
        plot.evaluated_class,
        soil,
        {"target_not_met": False, "removed": True}.get(plot.stage),
        True if plot.stage == "aftercare" else None,
        random.random() < 0.3 if plot.stage == "aftercare" else None,
        ["gbt21010_2017:0701", "gbt21010_2017:0803"] if contaminated else None,
        [f"2017:{division}00:1985-2012"],
        [pick(random, *POLLUTANTS), "苯并[a]芘"] if contaminated else None,
        pick(random, "high", "medium", "low") if contaminated else None,
        pick(random, 10.0, 50.0, 100.0) if is_point else None,
        float(random.integers(500, 30_000)) if is_point else None,
        pick(random, "gnss", "geocoded", "unknown") if is_point else "survey",
    )


def _memberships(random: np.random.Generator, plot: Plot) -> Iterator[tuple[Any, ...]]:
    lists: list[tuple[str, date | None]] = []
    if plot.stage in ("suspected", "initial_survey", "initial_review"):
        lists.append(("suspected", None))
    if plot.stage in _ON_CONTAMINATED | _ON_RCR:
        lists.append(("contaminated", None))
    if plot.stage in _ON_RCR:
        lists.append(("rcr", None))
    if plot.stage in _OFF_RCR:
        lists.append(("rcr", plot.since + timedelta(days=400)))
    if plot.stage == "candidate" and random.random() < 0.3:
        lists.append(("priority_supervised", None))
    for number, (name, until) in enumerate(lists, 1):
        key = (f"{plot.code}-M{number}", plot.division_code, plot.since, until)
        yield (*key, plot.code, name, f"虚构第{plot.since.year - 2016}批")


_DOCUMENT_COLUMNS = (
    *KEY_COLUMNS,
    *("plot_code", "document_type", "firm", "firm_on_negative_list", "dated_on"),
    *("reviewed_on", "review_outcome", "assessed_class", "soil_standard"),
)


def _documents(random: np.random.Generator, plot: Plot) -> Iterator[tuple[Any, ...]]:
    kinds = ["initial_survey"] if plot.stage in _SURVEYED | _OFF_RCR else []
    if plot.stage in _ASSESSED | _OFF_RCR:
        kinds += ["detailed_survey", "risk_assessment"]
    if plot.stage in _OFF_RCR:
        kinds += ["effect_evaluation", "removal_decision"]
    for number, kind in enumerate(kinds, 1):
        dated = plot.since + timedelta(days=90 * number)
        yield (
            f"{plot.code}-D{number}",
            plot.division_code,
            dated,
            plot.code,
            kind,
            f"虚构机构{int(random.integers(200))}",
            random.random() < 0.02,
            dated,
            dated + timedelta(days=30),
            "passed" if random.random() < 0.95 else "returned",
            plot.evaluated_class,
            "met" if plot.stage in ("cleared", "removed") else "not_met",
        )


def _event(random: np.random.Generator, plot: Plot) -> tuple[Any, ...]:
    key = (f"{plot.code}-E1", plot.division_code, plot.since)
    return (*key, plot.code, pick(random, "entered", "imported"), plot.stage)
