"""Contaminated and suspected plots: records, events, reports, list memberships."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from sample_county.plane import chance
from sample_county.plot_data import (
    BARRED_FIRM,
    EVENTS,
    FILLERS,
    FIRMS,
    NAMED,
    PATHS,
    Filler,
    PlotSpec,
)
from sample_county.plot_registers import (
    batch_of,
    entry_of,
    pollutants_of,
    publication_of,
    source_of,
)
from sample_county.plot_shapes import plot_shape
from sample_county.records import Record
from sample_county.survey import Parcel

SNAPSHOTS = (date(2021, 12, 31), date(2023, 12, 31))
QUIET = (
    *("flat", "shop", "warehouse", "idle_town", "old_homes", "utility", "no_record"),
    *("surveyed_idle", "printing_works", "school_plot", "cleared_yard", "wrong_entry"),
    *("priority", "strict", "unclassified", "pbf", "pbf_half", "village_house"),
    *("park_idle", "border_home", "workshop", "pharma_past", "iron_2002", "tannery"),
    *("fence_neighbour", "point_near", "n_house", "n_homes", "n_gap_house"),
)
"""Sites near which no further plot is put: their cases expect none."""


@dataclass
class Plots:
    """Rows of the plot layers; `past` by the year of the list they come from."""

    present: list[Record] = field(default_factory=list)
    past: dict[int, list[Record]] = field(default_factory=dict)
    events: list[Record] = field(default_factory=list)
    documents: list[Record] = field(default_factory=list)
    memberships: list[Record] = field(default_factory=list)
    pollutants: list[Record] = field(default_factory=list)
    by_site: dict[str, Record] = field(default_factory=dict)


def make_plots(parcels: list[Parcel], sites: dict[str, Parcel]) -> Plots:
    """Return every plot of both counties with its history."""
    plots = Plots()
    for spec in NAMED:
        record = _add(plots, spec, sites[spec.site], sites)
        plots.by_site[spec.site] = record
    quiet = shapely.union_all([sites[key].geometry for key in QUIET]).buffer(150.0)
    shapely.prepare(quiet)
    for number, filler in enumerate(FILLERS):
        for place, parcel in enumerate(_free(filler, parcels, quiet)):
            spec = _filler_spec(filler, number, place, parcel)
            _add(plots, spec, parcel, sites)
    return plots


def _free(filler: Filler, parcels: list[Parcel], quiet: BaseGeometry) -> list[Parcel]:
    fitting = [
        parcel
        for parcel in parcels
        if parcel.kind in filler.kinds
        and not parcel.taken
        and parcel.division == filler.division
        and 500 < parcel.geometry.area < 90_000
        and not quiet.intersects(parcel.geometry)
    ]
    chosen = chance(f"plots {filler.stage} {filler.division}").sample(
        fitting, filler.count
    )
    for parcel in chosen:
        parcel.taken = True
    return chosen


def _filler_spec(filler: Filler, number: int, place: int, parcel: Parcel) -> PlotSpec:
    dice = chance(f"plot {number} {place}")
    length = len(PATHS[filler.stage])
    start = date(2019, 1, 7) + timedelta(days=dice.randrange(700))
    since = start + timedelta(days=190 * (length - 1) + dice.randrange(40))
    facts: dict[str, Any] = {}
    if filler.stage in ("cleared", "risk_acceptable", "removed", "aftercare"):
        facts = {
            "evaluated_class": dice.choice(("class_1", "class_2")),
            "soil_standard": "met",
        }
    if filler.stage in ("removed", "aftercare"):
        facts |= {"target_met": True, "aftercare_required": filler.stage == "aftercare"}
    if filler.stage == "aftercare":
        facts["aftercare_breach"] = False
    if filler.stage == "initial_survey":
        facts |= _served(since)
    village = parcel.kind == "village"
    point = village and dice.random() < 0.25
    if point:
        facts |= {
            "accuracy_m": float(dice.choice((10, 30, 50))),
            "stated_area_m2": float(round(parcel.geometry.area, -2)),
            "coord_source": dice.choice(("gnss", "geocoded")),
        }
    return PlotSpec(
        "",
        f"{parcel.place}{'原小厂' if village else '原厂'}地块{place + 1}",
        filler.stage,
        filler.industries[place % len(filler.industries)],
        start,
        since,
        facts,
        shape="point" if point else "inset",
        lists=("priority_supervised",)
        if filler.stage == "candidate" and place % 2
        else (),
        division=filler.division,
    )


def _served(since: date) -> dict[str, Any]:
    return {
        "required_activity": "initial_survey",
        "required_activity_served_on": since,
        "required_activity_due_on": since + timedelta(days=184),
    }


def _add(
    plots: Plots, spec: PlotSpec, parcel: Parcel, sites: dict[str, Parcel]
) -> Record:
    serial = 1 + sum(r.division == spec.division for r in plots.present)
    kind = "1" if spec.stage == "candidate" else "2"
    code = f"{spec.division}{kind}{spec.industry[:2]}{serial:04d}"
    values = {
        "name": spec.name,
        "address": parcel.location,
        "former_industries": [_industry(spec)],
        "coord_source": "survey",
        **_record(spec),
        **spec.facts,
    }
    if spec.shape != "point":
        values.setdefault("accuracy_m", None)
    shape = plot_shape(spec, parcel, sites)
    days = _timeline(spec)
    entered = {name: begin for name, begin, _ in _listed(spec, days)}
    for year, stage, begins, ends in _versions(spec, days):
        taken = entry_of(stage, entered, begins)
        record = Record(
            code,
            spec.division,
            {**values, **taken, "stage": stage},
            shape,
            begins,
            ends,
        )
        if ends is None:
            record.values |= publication_of(stage, serial, begins)
            present = record
            plots.present.append(record)
        else:
            record.values = _as_known_then(record.values)
            plots.past.setdefault(year, []).append(record)
    plots.events += _events(code, spec, days)
    plots.documents += _documents(code, spec, days)
    plots.memberships += _memberships(code, spec, days)
    found = spec.facts.get("pollutants", [])
    begin = days.get("contaminated", spec.since)
    plots.pollutants += pollutants_of(code, spec.division, found, begin, serial)
    return present


def _record(spec: PlotSpec) -> dict[str, Any]:
    """Return what published lists give beside name and place."""
    polluted = spec.stage not in ("candidate", "closed_error") and bool(
        spec.facts.get("pollutants")
    )
    return {
        "former_enterprise": spec.name.removesuffix("地块"),
        "planned_use_scheme": "gbt21010_2017" if polluted else None,
        "planned_use_code": "0601" if polluted else None,
        "groundwater_polluted": spec.facts.get("risk_grade") == "high"
        if polluted
        else None,
    }


def _industry(spec: PlotSpec) -> str:
    """Return edition, code and years of what was made there, as the register writes."""
    closed = spec.start.year - 2
    return f"2017:{spec.industry}:{closed - 24}-{closed}"


def _as_known_then(values: dict[str, Any]) -> dict[str, Any]:
    known = ("name", "stage", "address", "former_industries", "coord_source")
    entry = {name: values[name] for name in values if name.startswith("entry_")}
    return {**{name: values[name] for name in known}, **entry}


def _timeline(spec: PlotSpec) -> dict[str, date]:
    """Return the day each stage of the path began, evenly spread."""
    path = PATHS[spec.stage]
    span = (spec.since - spec.start).days
    steps = max(len(path) - 1, 1)
    days = {
        stage: spec.start + timedelta(days=span * number // steps)
        for number, stage in enumerate(path)
    }
    days[spec.stage] = spec.since
    return days


def _versions(
    spec: PlotSpec, days: dict[str, date]
) -> list[tuple[int, str, date, date | None]]:
    """Return year, stage and days of each version: yearly lists, then the present."""
    shown: list[tuple[int, str]] = []
    for snapshot in SNAPSHOTS:
        reached = [stage for stage, day in days.items() if day <= snapshot]
        if reached and reached[-1] != spec.stage:
            if not shown or shown[-1][1] != reached[-1]:
                shown.append((snapshot.year, reached[-1]))
    shown.append((0, spec.stage))
    if spec.shape == "point":
        shown = shown[-1:]
    found = []
    for place, (year, stage) in enumerate(shown):
        last = place + 1 == len(shown)
        ends = None if last else days[shown[place + 1][1]]
        found.append((year, stage, days[stage], ends))
    return found


def _events(code: str, spec: PlotSpec, days: dict[str, date]) -> list[Record]:
    path = list(days.items())
    return [
        Record(
            f"{code}-E{number:02d}",
            spec.division,
            {
                "plot_code": code,
                "event": EVENTS[stage],
                "from_stage": path[number - 1][0],
                "to_stage": stage,
            },
            None,
            day,
        )
        for number, (stage, day) in enumerate(path)
        if number
    ]


def _listed(
    spec: PlotSpec, days: dict[str, date]
) -> list[tuple[str, date, date | None]]:
    """Return the lists a plot is or was on, each with its days."""
    ends = {
        "suspected": ("cleared", "contaminated", "closed_error"),
        "contaminated": ("risk_acceptable", "removed"),
        "rcr": ("removed",),
    }
    begins = {"suspected": "suspected", "contaminated": "contaminated"}
    begins["rcr"] = "rcr_listed"
    found: list[tuple[str, date, date | None]] = []
    for name, first in begins.items():
        if first in days:
            end = next((days[s] for s in ends[name] if s in days), None)
            found.append((name, days[first], end))
    return found + [(name, spec.start, None) for name in spec.lists]


def _memberships(code: str, spec: PlotSpec, days: dict[str, date]) -> list[Record]:
    return [
        Record(
            f"{code}-{name}",
            spec.division,
            {
                "plot_code": code,
                "list": name,
                "batch": batch_of(begin),
                "source_document": source_of(begin),
            },
            None,
            begin,
            end,
        )
        for name, begin, end in _listed(spec, days)
    ]


def _documents(code: str, spec: PlotSpec, days: dict[str, date]) -> list[Record]:
    firm = FIRMS[int(code[-4:]) % len(FIRMS)]
    fit = spec.facts.get("evaluated_class", "class_2")
    rows: list[tuple[str, str, str | None, str | None]] = []
    if "initial_review" in days:
        reviewed = next((s for s in ("cleared", "contaminated") if s in days), None)
        result = {"cleared": "met", "contaminated": "not_met", None: None}[reviewed]
        rows.append(("initial_survey", "initial_review", reviewed, result))
    if "risk_assessment" in days:
        rows.append(("detailed_survey", "risk_assessment", "risk_assessment", None))
    for stage in ("risk_acceptable", "rcr_listed"):
        if stage in days:
            result = "met" if stage == "risk_acceptable" else None
            rows.append(("risk_assessment", stage, stage, result))
    for stage in ("risk_control", "remediation"):
        if stage in days:
            rows.append((f"{stage}_plan", stage, stage, None))
    if "effect_evaluation" in days:
        rows.append(_evaluation(spec, days))
    if "removed" in days:
        rows.append(("removal_decision", "removed", "removed", "met"))
    return [
        _document(f"{code}-D{number:02d}", code, spec.division, row, days, firm, fit)
        for number, row in enumerate(rows, 1)
    ]


def _evaluation(
    spec: PlotSpec, days: dict[str, date]
) -> tuple[str, str, str | None, str | None]:
    if "target_not_met" in days:
        return ("effect_evaluation", "effect_evaluation", "target_not_met", "not_met")
    if spec.facts.get("target_met"):
        return ("effect_evaluation", "effect_evaluation", spec.stage, "met")
    return ("effect_evaluation", "effect_evaluation", None, None)


def _document(
    code: str,
    plot_code: str,
    division: str,
    row: tuple[str, str, str | None, str | None],
    days: dict[str, date],
    firm: str,
    assessed_class: str,
) -> Record:
    kind, dated, reviewed, result = row
    values: dict[str, Any] = {
        "plot_code": plot_code,
        "document_type": kind,
        "firm": firm,
        "firm_on_negative_list": False,
        "flagged_false": False,
        "dated_on": days[dated] - timedelta(days=21),
        "soil_standard": result,
    }
    if reviewed:
        values |= {"reviewed_on": days[reviewed], "review_outcome": "passed"}
    if result:
        values["assessed_class"] = assessed_class
    return Record(code, division, values, None, days[reviewed or dated])


def parcel_documents(sites: dict[str, Parcel]) -> list[Record]:
    """Return reports filed for parcels that are no plots."""
    survey = {
        "document_type": "initial_survey",
        "firm": FIRMS[0],
        "firm_on_negative_list": False,
        "flagged_false": False,
        "dated_on": date(2024, 3, 18),
        "reviewed_on": date(2024, 4, 26),
        "review_outcome": "passed",
        "assessed_class": "class_1",
        "soil_standard": "met",
    }
    rows = {
        "surveyed_idle": survey,
        "failed_survey": {
            **survey,
            "assessed_class": "class_2",
            "soil_standard": "not_met",
        },
        "flagged_report": {**survey, "flagged_false": True},
        "barred_firm": {**survey, "firm": BARRED_FIRM, "firm_on_negative_list": True},
        "disturbed": survey,
        "key_unit_surveyed": {
            **survey,
            "document_type": "key_unit_survey",
            "assessed_class": "class_2",
        },
        "machine_works": {
            "document_type": "dismantling_plan",
            "firm": FIRMS[3],
            "dated_on": date(2025, 2, 10),
        },
    }
    return [
        Record(
            f"999901-W{number:03d}",
            "999901",
            {"parcel_code": sites[key].code, **values},
            None,
            date(2024, 4, 26) if "reviewed_on" in values else date(2025, 2, 17),
        )
        for number, (key, values) in enumerate(rows.items(), 1)
    ]
