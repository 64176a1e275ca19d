"""What do the standards say of the samples and points somebody looks at? (service).

A result is judged by the edition in force on the day it was sampled: soil of farmland
by GB 15618, of development land by GB 36600, produce by GB 2762. A point is judged by
the edition in force on the day asked for: on farmland by its latest topsoil results, on
development land by its latest results of every depth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.analytes import PH
from parcels.register.repository import Moment, Version
from parcels.register.statements import (
    Statements,
    as_known_now,
    as_known_then,
    fetch,
)
from screening.categories.loader import read_settings
from screening.categories.produce import combined
from screening.categories.samples import Result, judge_soil_points, land_of_unit
from screening.categories.settings import Settings
from screening.point_indices import PointIndices, measure_indices
from screening.site_points import judge_site_points
from screening.standards.backgrounds import find_background
from screening.standards.judgement import (
    QC_FAILED,
    Contents,
    Judged,
    judge_development_land,
    judge_farmland,
)
from screening.standards.limits import Family, Limit, NoStandard, Standard
from screening.standards.loader import read_backgrounds, read_standards
from screening.standards.produce import find_produce_limit, judge_produce

_SQL: Final = Statements(Path(__file__).parent / "sql" / "sample_judgement.sql")
_SITES: Final = ("class_1", "class_2")
_SOLID: Final = ("soil", "crop")


@dataclass(frozen=True, slots=True)
class _Place:
    """What is known of a point: its medium and its land."""

    medium: str | None
    land: str | None


_Key = tuple[str, str]


class Coded(Protocol):
    """A point of the register, however it was read."""

    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def division_code(self) -> str: ...  # noqa: D102


def judge_results(
    connection: sa.Connection, versions: Sequence[Version], moment: Moment
) -> list[dict[str, Any] | None]:
    """Return what the standard of its day says of each result; None of pH and water."""
    places = _places(connection, _codes(versions), moment)
    acidity = _acidity(connection, versions, moment)
    return [_judge_result(one, places, acidity) for one in versions]


def _judge_result(
    version: Version,
    places: Mapping[_Key, _Place],
    acidity: Mapping[tuple[str, str, str], float],
) -> dict[str, Any] | None:
    values = version.values
    key = (version.division_code[:6], values["point_code"])
    place = places.get(key, _Place(None, None))
    medium = values["medium"] or place.medium or "soil"
    if values["analyte"] == PH or medium not in _SOLID:
        return None
    day = values["sampled_on"] or version.valid_from
    if medium == "crop":
        return _told("produce", day, values, values["food"], None, key[0])
    family: Family = "development_land" if place.land in _SITES else "farmland"
    ph = acidity.get((*key, _sample(values)))
    return _told(family, day, values, place.land, ph, key[0])


def _told(
    family: Family,
    day: date,
    values: Mapping[str, Any],
    land: str | None,
    ph: float | None,
    county: str,
) -> dict[str, Any]:
    try:
        standard = read_standards().on(family, day)
    except NoStandard:
        return {"standard": None, "class": None, "reason": "no_standard"}
    analyte = values["analyte"]
    judged = _judge(family, analyte, _contents(values, land, ph), standard, county)
    (klass,) = judged.classes.tolist()
    cell = _cell(family, analyte, standard, land, ph)
    return {
        "standard": standard.number,
        "class": klass or None,
        "reason": judged.reasons[0],
        "limit_mg_per_kg": _plain(judged.screening),
        "limit_confidence": None if cell is None else cell.confidence,
        "intervention_mg_per_kg": _plain(judged.intervention),
        "ratio": _plain(judged.ratio),
        "land": land,
        "ph": ph,
    }


def _judge(
    family: Family, analyte: str, contents: Contents, standard: Standard, county: str
) -> Judged:
    if family == "produce":
        return judge_produce(analyte, contents, standard)
    if family == "farmland":
        return judge_farmland(analyte, contents, standard)
    background = _background(analyte, county)
    return judge_development_land(analyte, contents, standard, background)


def _cell(
    family: Family, analyte: str, standard: Standard, land: str | None, ph: float | None
) -> Limit | None:
    """Return the cell that governs, for how sure it is."""
    if family == "produce":
        return find_produce_limit(analyte, land, standard)
    return standard.find(analyte, "screening", land, np.nan if ph is None else ph)


def _background(analyte: str, county: str) -> float:
    """Return the background of a place, NaN where only the country's mean is known.

    A mean of the whole country excuses no plot.
    """
    known = find_background(read_backgrounds(), analyte, county)
    local = known is not None and known.region != "CN"
    return known.mg_per_kg if known is not None and local else float("nan")


def _contents(
    values: Mapping[str, Any], land: str | None, ph: float | None
) -> Contents:
    status = (values["qc_status"] or "").strip().lower()
    return Contents(
        _one(values["value"]),
        np.array([bool(values["non_detect"])]),
        _one(values["detection_limit"]),
        np.array([status not in QC_FAILED]),
        _one(ph),
        np.array([land], dtype=object),
    )


def _one(value: float | None) -> np.ndarray:
    return np.array([np.nan if value is None else value], np.float64)


def _plain(values: np.ndarray) -> float | None:
    (value,) = values.tolist()
    return None if np.isnan(value) else float(value)


def _sample(values: Mapping[str, Any]) -> str:
    """Return what tells samples of a point apart, as the statements do."""
    if values["sample_code"] is not None:
        return str(values["sample_code"])
    parts = [values[n] for n in ("campaign", "sampled_on", "horizon", "depth_from_m")]
    return "|".join(_text(one) for one in parts if one is not None)


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def judge_points(
    connection: sa.Connection, points_asked: Sequence[Coded], moment: Moment
) -> list[dict[str, Any] | None]:
    """Return the class of each soil point by element; None where nothing is known."""
    codes = sorted({one.code for one in points_asked})
    places = _places(connection, codes, moment)
    rows = _fetch(connection, "soil", codes, moment)
    results = [one for row in rows if (one := _result(row, places))]
    on_sites = [one for one in results if one.land in _SITES]
    on_fields = [one for one in results if one.land not in _SITES]
    told = {
        **_tell_fields(on_fields, places, moment.as_of),
        **_tell_sites(on_sites, places, moment.as_of),
    }
    return [told.get(f"{one.division_code[:6]} {one.code}") for one in points_asked]


def _tell_fields(
    results: Sequence[Result], places: Mapping[_Key, _Place], day: date
) -> dict[str, dict[str, Any]]:
    """Return what GB 15618 says of points on farmland, by county and code."""
    settings = read_settings()
    try:
        standard = read_standards().on("farmland", day)
    except NoStandard:
        return {}
    points = judge_soil_points(results, settings, standard)
    measured = _measure(results, settings, standard)
    worst = combined(points.classes).tolist()
    return {
        code: {
            "standard": standard.number,
            "class": worst[place] or None,
            "classes": {
                name: int(one) or None
                for name, one in zip(
                    settings.elements, points.classes[place], strict=True
                )
            },
            "land": places[_split(code)].land,
            "indices": measured.get(code),
        }
        for place, code in enumerate(points.code.tolist())
    }


def _measure(
    results: Sequence[Result], settings: Settings, standard: Standard
) -> dict[str, PointIndices]:
    """Return the indices of points, with the backgrounds of each one's county."""
    by_county: dict[str, list[Result]] = {}
    for one in results:
        by_county.setdefault(_split(one.point)[0], []).append(one)
    measured: dict[str, PointIndices] = {}
    for county, held in by_county.items():
        measured |= measure_indices(
            held, settings, standard, read_backgrounds(), county
        )
    return measured


def _tell_sites(
    results: Sequence[Result], places: Mapping[_Key, _Place], day: date
) -> dict[str, dict[str, Any]]:
    """Return what GB 36600 says of points on development land."""
    try:
        standard = read_standards().on("development_land", day)
    except NoStandard:
        return {}
    judged = judge_site_points(
        results, standard, lambda analyte, name: _background(analyte, _split(name)[0])
    )
    return {
        name: {
            "standard": standard.number,
            "class": max(classes.values()) or None,
            "classes": {item: one or None for item, one in sorted(classes.items())},
            "land": places[_split(name)].land,
        }
        for name, classes in judged.items()
    }


def _split(name: str) -> _Key:
    county, _, code = name.partition(" ")
    return county, code


def _result(row: Sequence[Any], places: Mapping[_Key, _Place]) -> Result | None:
    county, code, *rest = row
    place = places.get((county, code))
    if place is None or (place.medium or "soil") != "soil":
        return None
    return Result(f"{county} {code}", 0.0, 0.0, place.land, *rest)


def _places(
    connection: sa.Connection, codes: list[str], moment: Moment
) -> dict[_Key, _Place]:
    rows = _fetch(connection, "points", codes, moment)
    return {
        (county, code): _Place(medium, land or land_of_unit(land_use))
        for county, code, medium, land, land_use in rows
    }


def _acidity(
    connection: sa.Connection, versions: Sequence[Version], moment: Moment
) -> dict[tuple[str, str, str], float]:
    rows = _fetch(connection, "acidity", _codes(versions), moment)
    return {(county, point, sample): ph for county, point, sample, ph in rows}


def _codes(results: Sequence[Version]) -> list[str]:
    """Return the points of results."""
    return sorted({one.values["point_code"] for one in results})


def _fetch(
    connection: sa.Connection, name: str, codes: list[str], moment: Moment
) -> list[Any]:
    known = as_known_now if moment.known_at is None else as_known_then
    values = {"codes": codes, "as_of": moment.as_of, "known_at": moment.known_at}
    return fetch(connection, known(_SQL[name]), values, tuple_row)
