"""Of what class are the points, by their latest samples? (core): 点位评价.

For each point and element the latest topsoil result that quality control passed counts,
with the pH of the same sample; of several in one sample the highest (proposed). Newer
results replace older ones (recalled, medium). Soil is judged by the edition in force on
the day of the division, produce by the edition of the day it was sampled, else of the
division.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from parcels.analytes import PH
from screening.categories.material import UNKNOWN, Points
from screening.categories.settings import Settings
from screening.standards.judgement import QC_FAILED, Contents, judge_farmland
from screening.standards.limits import NoStandard, Standard, Standards
from screening.standards.produce import judge_produce

TOPSOIL_WORDS: Final = frozenset(
    {"表层", "表土", "耕层", "surface", "topsoil", "0-20cm"}
)
_SLACK_M: Final = 1e-6
_PART_OF: Final = {"As": "iAs"}
"""Element → item that is limited in its stead in rice."""


class Result(NamedTuple):
    """One result at a point, as the register has it.

    `land` is the land of the point for soil, the food for produce; `sample` tells
    samples of a point apart.
    """

    point: str
    longitude: float
    latitude: float
    land: str | None
    sample: str
    sampled_on: date | None
    depth_from_m: float | None
    depth_to_m: float | None
    horizon: str | None
    analyte: str
    value: float | None
    non_detect: bool
    detection_limit: float | None
    qc_status: str | None


def is_topsoil(result: Result, settings: Settings) -> bool:
    """Whether a result is of the topsoil; one that tells no depth counts as such."""
    if result.horizon and result.horizon.strip().lower() not in TOPSOIL_WORDS:
        return False
    deep = settings.topsoil_to_m + _SLACK_M
    begins, ends = result.depth_from_m or 0.0, result.depth_to_m
    return begins < deep and (ends is None or ends <= deep)


def judge_soil_points(
    results: Iterable[Result], settings: Settings, standard: Standard
) -> Points:
    """Return the soil points with their class in each element."""
    top = [one for one in results if is_topsoil(one, settings)]
    acidity = acidity_of(top)

    def judge(element: str, chosen: Sequence[Result]) -> list[int]:
        ph = [acidity.get((one.point, one.sample), np.nan) for one in chosen]
        contents = contents_of(chosen, ph)
        return [int(c) for c in judge_farmland(element, contents, standard).classes]

    return _judge(top, settings, judge)


def acidity_of(results: Iterable[Result]) -> dict[tuple[str, str], float]:
    """Return the pH of each sample of each point, where quality control passed it."""
    return {
        (one.point, one.sample): one.value
        for one in results
        if one.analyte == PH and one.value is not None and has_passed(one)
    }


def judge_produce_points(
    results: Sequence[Result], settings: Settings, standards: Standards, day: date
) -> Points:
    """Return the produce points with their class in each element."""
    thresholds = settings.produce_class_1_to, settings.produce_class_2_to

    def judge(element: str, chosen: Sequence[Result]) -> list[int]:
        found = [UNKNOWN] * len(chosen)
        for standard, places in _by_edition(chosen, standards, day):
            contents = contents_of([chosen[place] for place in places], None)
            judged = judge_produce(element, contents, standard, thresholds)
            for place, klass in zip(places, judged.classes.tolist(), strict=True):
                found[place] = klass
        return found

    whole = _judge(results, settings, judge)
    for element, part in _PART_OF.items():
        if element in settings.elements:
            _prefer_part(whole, results, settings, judge, element, part)
    return whole


def _prefer_part(
    whole: Points,
    results: Sequence[Result],
    settings: Settings,
    judge: Callable[[str, Sequence[Result]], list[int]],
    element: str,
    part: str,
) -> None:
    """Let what is limited itself (inorganic arsenic) go before the total."""
    latest = latest_of(results, part)
    places = {code: place for place, code in enumerate(whole.code.tolist())}
    column = settings.elements.index(element)
    chosen = list(latest.values())
    for one, klass in zip(chosen, judge(part, chosen), strict=True):
        if klass != UNKNOWN:
            whole.classes[places[one.point], column] = klass


def _judge(
    results: Sequence[Result],
    settings: Settings,
    judge: Callable[[str, Sequence[Result]], list[int]],
) -> Points:
    places: dict[str, tuple[float, float]] = {}
    for one in results:
        places.setdefault(one.point, (one.longitude, one.latitude))
    codes = sorted(places)
    index = {code: place for place, code in enumerate(codes)}
    classes = np.zeros((len(codes), len(settings.elements)), np.int8)
    for column, element in enumerate(settings.elements):
        chosen = list(latest_of(results, element).values())
        for one, klass in zip(chosen, judge(element, chosen), strict=True):
            classes[index[one.point], column] = klass
    lonlat = np.array([places[code] for code in codes], np.float64).reshape(-1, 2)
    return Points(np.array(codes, dtype=object), lonlat, classes)


class Measured(NamedTuple):
    """What was measured at a point last: mg/kg, or pH; half the limit of a non-detect.

    Half the lowest detection limit for statistics: HJ/T 166-2004, 11.3 (recalled).
    """

    sampled_on: date
    value: float
    non_detect: bool


def measure_points(
    results: Iterable[Result], analyte: str, settings: Settings
) -> dict[str, Measured]:
    """Return, by point, the latest topsoil result of an item; the highest of a day.

    Non-detects without a limit and what failed quality control are left out.
    """
    latest: dict[str, Measured] = {}
    for one in results:
        value = one.value
        if one.non_detect:
            limit = one.detection_limit
            value = None if limit is None else limit / 2
        wanted = (
            one.analyte == analyte and has_passed(one) and is_topsoil(one, settings)
        )
        if wanted and value is not None:
            said = Measured(one.sampled_on or date.min, value, one.non_detect)
            latest[one.point] = max(latest.get(one.point, said), said)
    return latest


def latest_of(results: Iterable[Result], analyte: str) -> dict[str, Result]:
    """Return, by point, the latest result of an item; of one sample the highest."""
    latest: dict[str, Result] = {}
    for one in results:
        if one.analyte == analyte and has_passed(one):
            held = latest.get(one.point)
            if held is None or _rank(one) > _rank(held):
                latest[one.point] = one
    return latest


def _rank(one: Result) -> tuple[date, str, float]:
    floor = (one.detection_limit or 0.0) if one.non_detect else 0.0
    value = floor if one.value is None else one.value
    return one.sampled_on or date.min, one.sample, value


def has_passed(one: Result) -> bool:
    """Whether quality control lets a result count."""
    return (one.qc_status or "").strip().lower() not in QC_FAILED


def contents_of(chosen: Sequence[Result], ph: Sequence[float] | None) -> Contents:
    """Return results of one item as they are judged; `ph` of their samples."""
    count = len(chosen)
    return Contents(
        value=np.array([_number(one.value) for one in chosen], np.float64),
        non_detect=np.array([one.non_detect for one in chosen], bool),
        detection_limit=np.array(
            [_number(one.detection_limit) for one in chosen], np.float64
        ),
        usable=np.ones(count, bool),
        ph=np.full(count, np.nan) if ph is None else np.array(ph, np.float64),
        land=np.array([one.land for one in chosen], dtype=object),
    )


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _by_edition(
    chosen: Sequence[Result], standards: Standards, day: date
) -> list[tuple[Standard, list[int]]]:
    """Group results by the edition that held when they were sampled."""
    groups: dict[str, tuple[Standard, list[int]]] = {}
    for place, one in enumerate(chosen):
        try:
            standard = standards.on("produce", one.sampled_on or day)
        except NoStandard:
            continue
        groups.setdefault(standard.id, (standard, []))[1].append(place)
    return list(groups.values())


def land_of_unit(land_use: str | None) -> str | None:
    """Return the land a code of land use stands for in GB 15618, None for no farmland.

    The codes of GB/T 21010-2017 and of the 2023 guide agree here: 0101 paddy field,
    other 01 irrigated and dry land, 02 orchards.

    Examples
    --------
    >>> [land_of_unit(one) for one in ("0101", "0103", "0201", "0701", None)]
    ['paddy', 'dry_land', 'orchard', None, None]
    """
    if not land_use:
        return None
    if land_use.startswith("0101"):
        return "paddy"
    return {"01": "dry_land", "02": "orchard"}.get(land_use[:2])
