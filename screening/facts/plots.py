"""What is known of the plots on the subject? (core).

Stages and lists after `plot_lifecycle.md`; what silence means after section 8 of the
rule table. A plot counts when it overlaps by more than a sliver, or when the subject
holds the only point known of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from parcels.tasks.terms import add_months
from parcels.texts import Text
from screening.extract import Extract, ExtractItem
from screening.facts.model import PlotFacts
from screening.facts.surveys import (
    Report,
    classes_failed_with,
    failed_classes,
    has_survey,
    read_date,
    read_reports,
)
from screening.facts.themes import (
    absence,
    border_hits,
    hit,
    items_on,
    items_within,
    overlap,
    uncovered,
)
from screening.land_use import LandUse
from screening.parameters import Parameters
from screening.truth import Missing, Truth, unknown
from screening.vocabulary import (
    ALL_STAGES,
    CLOSED_ERROR,
    CONTAM,
    EVALUATED,
    OPEN,
    RCR_STAGES,
    SURVEYED,
    SUSPECT,
    LandClass,
)

INITIAL_SURVEY: Final = "initial_survey"
"""The required activity that has a term by law; others need a due date."""


def plot_items(extract: Extract) -> tuple[ExtractItem, ...]:
    """Return the plots on the subject; those entered by mistake are left out."""
    return tuple(
        item
        for item in items_on(extract, "plot")
        if item.feature.category != CLOSED_ERROR
    )


def other_plots(extract: Extract) -> Truth:
    """Whether there may be plots besides; a stage that cannot be read is one."""
    if any(item.feature.category not in ALL_STAGES for item in plot_items(extract)):
        return unknown(Missing("plot_stage", "not_on_record", "plot"))
    return absence(extract, "plot", "plot_stage")


def derive_plot(item: ExtractItem, as_of: date, parameters: Parameters) -> PlotFacts:
    """Return the facts of one plot on the subject."""
    record = item.feature.attributes
    stage = item.feature.category or ""
    reports = reports_of(item, as_of)
    due_on = find_due_day(record, stage, parameters)
    target_met = _target_met(record, reports)
    return PlotFacts(
        hit=hit(item),
        code=item.feature.code,
        stage=stage,
        on_rcr_register=stage in RCR_STAGES or _is_member(record, "rcr", as_of),
        target_met=target_met,
        evaluated_class=_evaluated_class(record, reports),
        aftercare_required=True
        if stage == "aftercare"
        else record.get("aftercare_required"),
        aftercare_breach=record.get("aftercare_breach"),
        negative_list=_negative_list(record),
        activity_due_on=due_on,
        activity_overdue=_is_overdue(record, due_on, as_of),
        fails=_failed_by(record, stage, target_met, reports),
        survey_reviewed=stage in SURVEYED or has_survey(reports),
        water_zones=_water_zones(record, parameters),
    )


def _water_zones(record: Mapping[str, Any], parameters: Parameters) -> tuple[str, ...]:
    """Return the drinking-water zones the plot overlaps by more than a sliver.

    The reading brings them with the plot, because they may lie on a part of it that is
    not asked about. A plot known as a point lies in a zone that holds the point.
    """
    return tuple(
        zone["code"]
        for zone in record.get("water_zones") or ()
        if not _is_thin(zone, parameters)
    )


def _is_thin(zone: Mapping[str, Any], parameters: Parameters) -> bool:
    """Whether a zone's overlap with a plot is a sliver; a point has no area."""
    area_m2, width_m = zone.get("area_m2"), zone.get("width_m")
    if area_m2 is None:
        return False
    return bool(
        area_m2 < parameters.sliver_area_m2
        or (width_m or 0.0) < parameters.sliver_width_m
    )


def reports_of(item: ExtractItem, as_of: date) -> tuple[Report, ...]:
    """Return the reports filed for a plot."""
    return read_reports(item.feature.attributes.get("documents"), as_of)


def _is_member(record: Mapping[str, Any], wanted: str, as_of: date) -> bool:
    """Whether the plot is on the list on that day; memberships are half-open."""
    for membership in record.get("lists") or ():
        opened = read_date(membership.get("from"))
        closed = read_date(membership.get("to"))
        if (
            membership.get("list") == wanted
            and (opened is None or opened <= as_of)
            and (closed is None or as_of < closed)
        ):
            return True
    return False


def _target_met(record: Mapping[str, Any], reports: Iterable[Report]) -> bool:
    """Whether a reviewed effect evaluation shows it; the record goes first."""
    recorded = record.get("target_met")
    if recorded is not None:
        return bool(recorded)
    return any(
        report.passed
        and report.kind == "effect_evaluation"
        and report.soil_standard == "met"
        for report in reports
    )


def _evaluated_class(
    record: Mapping[str, Any], reports: Iterable[Report]
) -> LandClass | None:
    recorded: LandClass | None = record.get("evaluated_class")
    if recorded is not None:
        return recorded
    assessed = [report for report in reports if report.passed and report.assessed_class]
    last = max(assessed, key=lambda report: report.day, default=None)
    return last.assessed_class if last else None


def _negative_list(record: Mapping[str, Any]) -> tuple[LandUse | None, ...]:
    return tuple(_listed_use(entry) for entry in record.get("negative_list") or ())


def _listed_use(entry: Any) -> LandUse | None:
    """Return a listed class; written as {scheme, code} or as `scheme:code`."""
    if isinstance(entry, Mapping):
        scheme, code = entry.get("scheme"), entry.get("code")
    else:
        scheme, _, code = str(entry).partition(":")
    if not code or scheme not in ("gbt21010_2017", "ydyh_2023", "gb50137_2011"):
        return None
    return LandUse(scheme, code)


def _failed_by(
    record: Mapping[str, Any],
    stage: str,
    target_met: bool,
    reports: Iterable[Report],
) -> frozenset[LandClass]:
    """Return the classes whose soil standard the plot is shown not to meet.

    A plot found fit, or whose treatment met its target, is not failed by the older
    report that made it a contaminated plot; what it may be used for is judged by the
    class evaluated (A06, A07).
    """
    if stage in EVALUATED or target_met:
        return frozenset()
    if record.get("soil_standard") == "not_met":
        return classes_failed_with(record.get("evaluated_class"))
    return failed_classes(reports)


def find_due_day(
    record: Mapping[str, Any], stage: str, parameters: Parameters
) -> date | None:
    """Return the day the required activity is due: the date on record, else the term.

    Only the initial survey has a term of its own, from service of the notice.
    """
    due_on = read_date(record.get("required_activity_due_on"))
    if due_on is not None:
        return due_on
    served_on = read_date(record.get("required_activity_served_on"))
    activity = record.get("required_activity") or (
        INITIAL_SURVEY if stage in SUSPECT else None
    )
    months = parameters.initial_survey_term_months
    if served_on is None or months is None or activity != INITIAL_SURVEY:
        return None
    return add_months(served_on, months)


def _is_overdue(record: Mapping[str, Any], due_on: date | None, as_of: date) -> bool:
    """Whether the day is past the due date and the activity was not done by it."""
    if due_on is None or as_of <= due_on:
        return False
    done_on = read_date(record.get("required_activity_done_on"))
    return done_on is None or done_on > as_of


def derive_control_area(extract: Extract, parameters: Parameters) -> Truth:
    """Whether the subject lies inside a control area (管控区域).

    A plot held back from development makes one. Where the layer is silent: a control
    area always belongs to a contaminated or registered plot, so none is there when
    plots are covered and no such plot lies within BUF_PLOT.
    """
    held = [item for item in plot_items(extract) if item.feature.attributes.get("held")]
    found = overlap(extract, "control_area", "in_control_area")
    if held:
        return found | hit(*held)
    rests_on_silence = found.stale or any(
        missing.cause == "no_coverage" for missing in found.missing
    )
    return _no_plot_near(extract, parameters, found) if rests_on_silence else found


def _no_plot_near(extract: Extract, parameters: Parameters, silent: Truth) -> Truth:
    """Return false where plots are covered and none that has an area is near."""
    near = items_within(extract, "plot", parameters.buf_plot_m)
    if any(item.feature.category in CONTAM | RCR_STAGES for item in near):
        return silent
    if border_hits(extract, "plot"):
        return silent
    covered = uncovered(extract, "plot", "in_control_area")
    return silent if covered.is_unknown or _ring_is_open(extract) else covered


def _ring_is_open(extract: Extract) -> bool:
    """Whether plots are not covered somewhere around the subject."""
    result = extract.themes["plot"]
    return any(state.state == "no_coverage" for state in result.coverage)


def derive_notes(extract: Extract, plots: Iterable[PlotFacts]) -> tuple[Text, ...]:
    """Return what an officer should see of the plots although no rule asks."""
    without_list = tuple(
        Text(
            f"地块 {item.feature.code} 无开发利用负面清单存档。",
            f"No negative list is on file for plot {item.feature.code}.",
        )
        for item in plot_items(extract)
        if item.feature.category in CONTAM | RCR_STAGES
        and not item.feature.attributes.get("negative_list")
    )
    upstream = tuple(
        Text(
            f"未判断地块 {plot.code} 是否位于饮用水水源上游。",
            f"Whether plot {plot.code} lies upstream of a drinking-water source is not "
            "judged.",
        )
        for plot in plots
        if plot.stage in OPEN and not plot.water_zones
    )
    return without_list + upstream
