"""Which reports are on file, and what do they show? (core).

A report counts when it passed its review by the day asked. Of several the latest
governs. No report is "not assessed", never "not met".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from screening.extract import Extract
from screening.facts.model import PlotFacts, SurveyFacts
from screening.parameters import Parameters
from screening.truth import NO, Evidence, Truth
from screening.vocabulary import SURVEYED, LandClass

SURVEYS: Final = frozenset(
    {"initial_survey", "detailed_survey", "key_unit_survey", "risk_assessment"}
)
"""Reports by which a soil survey is done. A baseline survey (现状调查) is made before
a plant starts and says nothing of what it left: it counts for C10 alone."""

SOIL_REPORTS: Final = SURVEYS | {"baseline_survey", "effect_evaluation"}
"""Reports that state whether the soil meets the standard, and can be doubted."""

BOTH_CLASSES: Final[frozenset[LandClass]] = frozenset({"class_1", "class_2"})


@dataclass(frozen=True, slots=True)
class Report:
    """One document filed for a parcel or a plot; keys of `plot_document`."""

    kind: str
    code: str | None
    dated_on: date | None
    reviewed_on: date | None
    passed: bool
    assessed_class: LandClass | None
    soil_standard: str | None
    doubtful: bool

    @property
    def evidence(self) -> Evidence:
        """The report as a decision shows it."""
        return Evidence("plot_document", self.code, "on_file", self.kind)

    @property
    def day(self) -> date:
        """Day by which reports are ordered: of review, else of the report."""
        return self.reviewed_on or self.dated_on or date.min


def read_reports(
    documents: Iterable[Mapping[str, Any]] | None, as_of: date
) -> tuple[Report, ...]:
    """Return the documents as reports; a review after the day asked is not seen."""
    return tuple(_read_report(document, as_of) for document in documents or ())


def _read_report(document: Mapping[str, Any], as_of: date) -> Report:
    reviewed_on = read_date(document.get("reviewed_on"))
    return Report(
        kind=document.get("document_type") or "other",
        code=document.get("code"),
        dated_on=read_date(document.get("dated_on")),
        reviewed_on=reviewed_on,
        passed=document.get("review_outcome") == "passed"
        and reviewed_on is not None
        and reviewed_on <= as_of,
        assessed_class=document.get("assessed_class"),
        soil_standard=document.get("soil_standard"),
        doubtful=bool(
            document.get("flagged_false") or document.get("firm_on_negative_list")
        ),
    )


def read_date(value: Any) -> date | None:
    """Return a day given as date or ISO text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def has_survey(reports: Iterable[Report]) -> bool:
    """Whether a survey report passed review."""
    return any(report.passed and report.kind in SURVEYS for report in reports)


def latest(reports: Iterable[Report], kinds: frozenset[str]) -> Report | None:
    """Return the report of these kinds reviewed last."""
    found = [report for report in reports if report.passed and report.kind in kinds]
    return max(found, key=lambda report: report.day, default=None)


def failed_classes(reports: Iterable[Report]) -> frozenset[LandClass]:
    """Return the classes whose standard the latest finding shows not to be met."""
    found = [
        report
        for report in reports
        if report.passed and report.kind in SOIL_REPORTS and report.soil_standard
    ]
    last = max(found, key=lambda report: report.day, default=None)
    if last is None or last.soil_standard != "not_met":
        return frozenset()
    return classes_failed_with(last.assessed_class)


def classes_failed_with(assessed: LandClass | None) -> frozenset[LandClass]:
    """Return the classes a failed assessment rules out.

    Class-1 limits are the stricter ones: who fails class 2 fails class 1 as well. An
    assessment that names no class rules out both.
    """
    return frozenset({"class_1"}) if assessed == "class_1" else BOTH_CLASSES


def derive_survey(
    extract: Extract,
    plots: Sequence[PlotFacts],
    plot_reports: Sequence[tuple[Report, ...]],
    parameters: Parameters,
) -> SurveyFacts:
    """Return the state of the surveys of the subject.

    `plot_reports` are those of `plots`, in the same order.
    """
    parcels = [
        read_reports(parcel.documents, extract.as_of)
        for parcel in extract.subject.parcels
    ]
    filed = [report for reports in (*parcels, *plot_reports) for report in reports]
    surveyed = bool(parcels) and all(has_survey(reports) for reports in parcels)
    relied_on = [latest(reports, SURVEYS) for reports in (*parcels, *plot_reports)]
    dates = [report.dated_on or report.reviewed_on for report in relied_on if report]
    return SurveyFacts(
        reviewed=surveyed or _plots_cover(extract, plots, parameters),
        baseline=any(report.passed for report in filed if _is_baseline(report)),
        dismantling_plan=any(report.kind == "dismantling_plan" for report in filed),
        doubtful=_doubtful(filed),
        fails=tuple(_failed_parcels(parcels)),
        oldest_on=min((day for day in dates if day), default=None),
        undated=any(
            plot.survey_reviewed and latest(reports, SURVEYS) is None
            for plot, reports in zip(plots, plot_reports, strict=True)
        ),
    )


def _plots_cover(
    extract: Extract, plots: Sequence[PlotFacts], parameters: Parameters
) -> bool:
    """Whether every plot on the subject is surveyed, over a large enough share."""
    if not plots or not all(plot.survey_reviewed for plot in plots):
        return False
    return surveyed_share(extract) >= parameters.survey_cover_share_min


def surveyed_share(extract: Extract) -> float:
    """Return the share of the subject under plots of surveyed stages, at most 1.

    Stages are added up: plots that overlap each other can make it too large, never
    plots that do not.
    """
    result = extract.themes.get("plot")
    categories = result.categories if result else ()
    return min(1.0, sum(c.share for c in categories if c.category in SURVEYED))


def _is_baseline(report: Report) -> bool:
    return report.kind == "baseline_survey"


def _doubtful(filed: Iterable[Report]) -> Truth:
    found = tuple(
        report.evidence
        for report in filed
        if report.doubtful and report.kind in SOIL_REPORTS
    )
    return Truth(True, evidence=found) if found else NO


def _failed_parcels(
    parcels: Iterable[tuple[Report, ...]],
) -> Iterable[tuple[frozenset[LandClass], Evidence]]:
    for reports in parcels:
        failed = failed_classes(reports)
        last = latest(reports, SOIL_REPORTS)
        if failed and last:
            yield failed, last.evidence
