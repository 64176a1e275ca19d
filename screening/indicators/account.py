"""Every indicator of a division and period, as one document (core).

What the HTTP interface, the page, the reports and the snapshots show is this document:
figures with their targets, by county and township, and the rows they were summed from.
It holds both languages, so that a snapshot can be read in either later.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from parcels.area import round_area
from parcels.texts import Text
from screening.indicators.amounts import (
    MU_M2,
    WAN_MU_M2,
    count_coverage,
    remediated_m2,
    restructured_m2,
    safe_use_m2,
)
from screening.indicators.farmland import MEASURE_NAMES, Unit, count_units
from screening.indicators.periods import Period
from screening.indicators.plots import Plot, count_plots
from screening.indicators.rate import (
    STATE_NAMES,
    Place,
    Rate,
    Row,
    by_place,
    county_of,
    sum_rows,
    township_of,
)
from screening.indicators.rectifications import Rectification, count_rectifications
from screening.indicators.settings import Settings
from screening.indicators.targets import (
    COMPARISON_NAMES,
    VERDICT_NAMES,
    Span,
    Target,
    applicable,
    judge,
)

FORMAT: Final = "jingtu-indicators/1"
SQUARE_M: Final = "m2"
TITLES: Final[Mapping[str, Text]] = {
    "polluted_farmland_rate": Text(
        "受污染耕地安全利用率（按类别划分）",
        "Safe-use rate of polluted farmland (by category)",
    ),
    "polluted_farmland_rate_census": Text(
        "受污染耕地安全利用率（按普查污染程度）",
        "Safe-use rate of polluted farmland (by the census's level)",
    ),
    "contaminated_plot_rate": Text(
        "污染地块安全利用率（按面积）", "Safe-use rate of contaminated plots (by area)"
    ),
    "contaminated_plot_rate_by_count": Text(
        "污染地块安全利用率（按个数）",
        "Safe-use rate of contaminated plots (by number)",
    ),
    "classification_coverage": Text(
        "耕地类别划定覆盖率", "Share of farmland with a category"
    ),
    "rectification_rate": Text("整治任务完成比例", "Rectification tasks struck off"),
    "safe_use_area": Text("受污染耕地安全利用面积", "Polluted farmland in safe use"),
    "restructured_area": Text(
        "严格管控类耕地结构调整或退耕面积",
        "Strict-control land restructured or returned",
    ),
    "remediated_area": Text("受污染耕地治理与修复面积", "Polluted farmland remediated"),
}
RATES: Final = (
    "polluted_farmland_rate",
    "polluted_farmland_rate_census",
    "contaminated_plot_rate",
    "contaminated_plot_rate_by_count",
    "classification_coverage",
    "rectification_rate",
)
AMOUNTS: Final = ("safe_use_area", "restructured_area", "remediated_area")
_UNITS: Final[Mapping[str, str]] = {
    "contaminated_plot_rate_by_count": "count",
    "rectification_rate": "count",
}
_TARGETS_OF: Final[Mapping[str, str]] = {
    "polluted_farmland_rate_census": "polluted_farmland_rate",
    "contaminated_plot_rate_by_count": "",
}
"""Indicator → the one whose targets it is held against; empty: a second figure."""
_PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True)
class Fall:
    """A county whose priority protection shrank (R-C19).

    `restricted`: whether approvals are limited there (环评限批); None when the county
    has not said.
    """

    division_code: str
    effective_on: date
    before_m2: float
    after_m2: float
    restricted: bool | None


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the indicators of a division count, as it stands on `as_of`.

    Attributes
    ----------
    as_of
        Last day of the period, or today where that is earlier.
    change
        Number of the last change it saw.
    measures
        What the year's measures say beside the figures, by division and code of unit.
    stray_measures
        Codes of measures whose unit is not on record.
    names
        Names of counties and townships, Chinese and English.
    """

    division_code: str
    period: Period
    as_of: date
    change: int
    units: Sequence[Unit]
    measures: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]
    stray_measures: Sequence[str]
    plots: Sequence[Plot]
    rectifications: Sequence[Rectification]
    falls: Sequence[Fall]
    names: Mapping[str, tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Account:
    """The document, and the rows of each rate."""

    figures: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]]


def account(
    material: Material,
    settings: Settings,
    marks: Mapping[str, tuple[str, Text]],
    targets: Sequence[Target],
) -> Account:
    """Return every figure of a division and period with the rows behind it."""
    rows = _count(material, settings)
    figures = {
        "format": FORMAT,
        "division_code": material.division_code,
        "period": material.period.name,
        "period_kind": material.period.kind,
        "first_on": material.period.first.isoformat(),
        "last_on": material.period.last.isoformat(),
        "as_of": material.as_of.isoformat(),
        "change": material.change,
        "rates": [_rate(name, rows[name], material, targets) for name in RATES],
        "amounts": _amounts(material, rows, settings, targets),
        "categories": _categories(material.units),
        "warnings": [_warning(one) for one in material.falls],
        "stray_measures": list(material.stray_measures),
        "settings": [_setting(settings, name, mark) for name, mark in marks.items()],
        "names": {code: list(names) for code, names in sorted(material.names.items())},
    }
    told = {name: _tell(name, rows[name], material) for name in RATES}
    return Account(figures, told)


def _count(material: Material, settings: Settings) -> dict[str, list[Row]]:
    units, plots = material.units, material.plots
    tasks = count_rectifications(material.rectifications, material.as_of)
    return {
        "polluted_farmland_rate": count_units(units, "category", settings),
        "polluted_farmland_rate_census": count_units(units, "census", settings),
        "contaminated_plot_rate": count_plots(plots, "area"),
        "contaminated_plot_rate_by_count": count_plots(plots, "count"),
        "classification_coverage": count_coverage(units),
        "rectification_rate": tasks,
    }


def _rate(
    name: str, rows: Sequence[Row], material: Material, targets: Sequence[Target]
) -> dict[str, Any]:
    rate = sum_rows(rows)
    percent = Span(*(_percent(x) for x in (rate.value, rate.at_least, rate.at_most)))
    farmland = name in RATES[:2] or name == "classification_coverage"
    return {
        "name": name,
        "title": TITLES[name]._asdict(),
        "unit": _UNITS.get(name, SQUARE_M),
        **_figure(rate, name),
        "targets": _held_against(
            _TARGETS_OF.get(name, name), percent, material, targets
        ),
        "counties": _places(by_place(rows, county_of), name),
        "townships": _places(by_place(rows, township_of), name) if farmland else [],
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else _PERCENT * share


def _figure(rate: Rate, name: str) -> dict[str, Any]:
    def shown(size: float) -> float:
        return size if name in _UNITS else round_area(size)

    return {
        "numerator": shown(rate.numerator),
        "denominator": shown(rate.denominator),
        "open": shown(rate.open),
        "undetermined": shown(rate.undetermined),
        "rate": rate.value,
        "at_least": rate.at_least,
        "at_most": rate.at_most,
        "firm": rate.firm,
    }


def _places(rates: Mapping[Place, Rate], name: str) -> list[dict[str, Any]]:
    return [
        {"division_code": county, "township_code": township, **_figure(rate, name)}
        for (county, township), rate in rates.items()
    ]


def _held_against(
    indicator: str, found: Span, material: Material, targets: Sequence[Target]
) -> list[dict[str, Any]]:
    held = applicable(targets, indicator, material.division_code, material.period)
    return [_target(one, found, material.as_of) for one in held]


def _target(target: Target, found: Span, as_of: date) -> dict[str, Any]:
    verdict = judge(target, found)
    return {
        **write_target(target),
        "verdict": verdict,
        "verdict_text": VERDICT_NAMES[verdict]._asdict(),
        "passed": target.due_on is not None and target.due_on < as_of,
    }


def write_target(target: Target) -> dict[str, Any]:
    """Return a target with its source, as it is kept and told."""
    return {
        "document": target.document,
        "clause": target.clause,
        "source_text": target.source._asdict(),
        "indicator": target.indicator or None,
        "title": target.title._asdict(),
        "comparison": target.comparison,
        "comparison_text": COMPARISON_NAMES[target.comparison]._asdict(),
        "value": target.value,
        "unit": target.unit,
        "due_on": target.due_on and target.due_on.isoformat(),
        "due_text": target.due_text,
        "division_code": target.division_code,
        "confidence": target.confidence,
        "note": target.note._asdict(),
    }


def _amounts(
    material: Material,
    rows: Mapping[str, Sequence[Row]],
    settings: Settings,
    targets: Sequence[Target],
) -> list[dict[str, Any]]:
    areas = {
        "safe_use_area": safe_use_m2(rows["polluted_farmland_rate"]),
        "restructured_area": restructured_m2(material.units, settings),
        "remediated_area": remediated_m2(material.units, settings),
    }
    return [_amount(name, areas[name], material, targets) for name in AMOUNTS]


def _amount(
    name: str, area_m2: float, material: Material, targets: Sequence[Target]
) -> dict[str, Any]:
    wan_mu = area_m2 / WAN_MU_M2
    return {
        "name": name,
        "title": TITLES[name]._asdict(),
        "area_m2": round_area(area_m2),
        "area_mu": round(area_m2 / MU_M2, 2),
        "area_wan_mu": round(wan_mu, 6),
        "area_ha": round(area_m2 / 10_000, 4),
        "targets": _held_against(name, Span(*[wan_mu] * 3), material, targets),
    }


def _categories(units: Iterable[Unit]) -> list[dict[str, Any]]:
    """Return units and area by county, township and category."""
    areas: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for unit in units:
        category = unit.category or "unclassified"
        key = (unit.division_code[:6], unit.township_code or "", category)
        areas[key].append(unit.area_m2)
    return [
        {
            "division_code": county,
            "township_code": township or None,
            "category": category,
            "units": len(areas[county, township, category]),
            "area_m2": round_area(math.fsum(areas[county, township, category])),
        }
        for county, township, category in sorted(areas)
    ]


def _warning(fall: Fall) -> dict[str, Any]:
    return {
        "division_code": fall.division_code,
        "effective_on": fall.effective_on.isoformat(),
        "before_m2": round_area(fall.before_m2),
        "after_m2": round_area(fall.after_m2),
        "restricted": fall.restricted,
    }


def _setting(settings: Settings, name: str, mark: tuple[str, Text]) -> dict[str, Any]:
    confidence, source = mark
    return {
        "id": name,
        "value": getattr(settings, name),
        "confidence": confidence,
        "source": source._asdict(),
    }


def _tell(name: str, rows: Iterable[Row], material: Material) -> list[dict[str, Any]]:
    """Return the rows a reader is shown of a rate.

    Farmland that is not polluted, or that has its category, is in the sums and not
    listed; plots out of the rate are few and listed with the reason.
    """
    if name in RATES[:2]:
        kept = [row for row in rows if row.total or row.undetermined]
    elif name == "classification_coverage":
        kept = [row for row in rows if row.state != "counted"]
    else:
        kept = list(rows)
    return [_row(row, name, material) for row in kept]


def _row(row: Row, name: str, material: Material) -> dict[str, Any]:
    said: dict[str, Any] = dict(row.facts)
    if name in RATES[:2]:
        measures = material.measures.get((row.division_code, row.code), ())
        said["measures"] = [
            {**one, "measure_text": MEASURE_NAMES[one["measure"]]._asdict()}
            for one in measures
        ]
    return {
        "division_code": row.division_code,
        "township_code": row.township_code,
        "code": row.code,
        "total": row.total,
        "counted": row.counted,
        "open": row.open,
        "undetermined": row.undetermined,
        "state": row.state,
        "state_text": STATE_NAMES[row.state]._asdict(),
        "why": row.why._asdict(),
        **said,
    }
