"""How strong is the pollution at a point of farmland, by the usual indices? (core).

Of each item of GB 15618 the latest topsoil result that quality control passed, with the
pH of the same sample for its limit and the background of the smallest region on record;
half the detection limit stands in for a non-detect. Descriptive only: no index decides
a category or a question of the gate (notes on indices).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from screening.categories.samples import (
    Result,
    acidity_of,
    has_passed,
    is_topsoil,
    latest_of,
)
from screening.categories.settings import Settings
from screening.standards.backgrounds import Background, find_background
from screening.standards.indices import (
    ACCUMULATION,
    GEO_ACCUMULATION,
    HAKANSON,
    NEMEROW,
    RISK_INDEX,
    SINGLE_FACTOR,
    Grades,
    ecological_risk,
    geo_accumulation,
    mean_is_fair,
    nemerow,
    rescaled_risk_ends,
    single_factor,
    stand_in,
)
from screening.standards.limits import Standard


@dataclass(frozen=True, slots=True)
class Graded:
    """A value of an index, its grade, and how sure the grades are."""

    value: float
    grade: str
    confidence: Literal["verified", "recalled", "proposed"]


@dataclass(frozen=True, slots=True)
class ItemIndices:
    """Indices of one item; None where limit or background is not known."""

    content_mg_per_kg: float
    non_detect: bool
    background: Background | None
    single_factor: Graded | None
    accumulation: Graded | None
    geo_accumulation: Graded | None
    ecological_risk: Graded | None


@dataclass(frozen=True, slots=True)
class PointIndices:
    """Indices of a point.

    Attributes
    ----------
    nemerow
        Of the single factors known; None where most items were not detected.
    risk_index, risk_index_rescaled
        Hakanson's sum, graded by the ends as they were made for eight pollutants, and
        by ends scaled to the elements in the sum (recalled, medium).
    """

    nemerow: Graded | None
    risk_index: Graded | None
    risk_index_rescaled: Graded | None
    items: Mapping[str, ItemIndices]


def measure_indices(
    results: Iterable[Result],
    settings: Settings,
    standard: Standard,
    backgrounds: Sequence[Background],
    division: str,
) -> dict[str, PointIndices]:
    """Return the indices of each point; points without a content are left out."""
    top = [one for one in results if has_passed(one) and is_topsoil(one, settings)]
    acidity = acidity_of(top)
    points: dict[str, dict[str, ItemIndices]] = {}
    for analyte in standard.analytes():
        background = find_background(backgrounds, analyte, division)
        for point, one in latest_of(top, analyte).items():
            ph = acidity.get((point, one.sample), float("nan"))
            found = _item(one, _limit(standard, one, ph), background)
            if found is not None:
                points.setdefault(point, {})[analyte] = found
    return {point: _whole(items) for point, items in points.items()}


def _limit(standard: Standard, one: Result, ph: float) -> float | None:
    cell = standard.find(one.analyte, "screening", one.land, ph)
    return None if cell is None else cell.value_mg_per_kg


def _item(
    one: Result, limit: float | None, background: Background | None
) -> ItemIndices | None:
    content = one.value
    if one.non_detect:
        floor = one.detection_limit
        content = None if floor is None else stand_in(floor)
    if content is None:
        return None
    natural = None if background is None else background.mg_per_kg
    return ItemIndices(
        content,
        one.non_detect,
        background,
        _graded(SINGLE_FACTOR, limit and single_factor(content, limit)),
        _graded(ACCUMULATION, natural and content / natural),
        # The logarithm of nothing is no index.
        _graded(
            GEO_ACCUMULATION,
            geo_accumulation(content, natural) if natural and content > 0 else None,
        ),
        _graded(HAKANSON, natural and ecological_risk(one.analyte, content, natural)),
    )


def _graded(grades: Grades, value: float | None) -> Graded | None:
    if value is None:
        return None
    return Graded(round(value, 4), grades.of(value), grades.confidence)


def _whole(items: Mapping[str, ItemIndices]) -> PointIndices:
    ratios = [i.single_factor.value for i in items.values() if i.single_factor]
    absent = sum(i.non_detect for i in items.values() if i.single_factor)
    fair = mean_is_fair(absent, len(ratios))
    risks = {
        name: item.ecological_risk.value
        for name, item in items.items()
        if item.ecological_risk
    }
    total = sum(risks.values()) if risks else None
    ends = rescaled_risk_ends(list(risks))
    rescaled = replace(RISK_INDEX, upper=ends, confidence="recalled")
    return PointIndices(
        _graded(NEMEROW, nemerow(ratios) if fair else None),
        _graded(RISK_INDEX, total),
        _graded(rescaled, total),
        items,
    )
