"""What does the register know of a county's farmland and its samples? (shell)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.codes import WHOLE_COUNTRY
from parcels.register.repository import Moment
from parcels.register.statements import (
    Statements,
    as_known_now,
    as_known_then,
    fetch,
)
from screening.categories.judging import owners
from screening.categories.material import Material, Units
from screening.categories.samples import (
    Result,
    judge_produce_points,
    judge_soil_points,
    land_of_unit,
)
from screening.categories.settings import Settings
from screening.standards.limits import Standards

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "farmland_categories.sql")


def list_counties(
    connection: sa.Connection, moment: Moment, division: str
) -> list[str]:
    """Return the counties below a division that have farmland units."""
    rows = _read(connection, "counties", moment, division)
    return [county for county, _ in rows]


def gather_material(
    connection: sa.Connection,
    moment: Moment,
    county: str,
    settings: Settings,
    standards: Standards,
) -> Material:
    """Return the units of a county with its points judged by the standards."""
    units = _units(_read(connection, "units", moment, county))
    soil = _results(_read(connection, "results", moment, county, medium="soil"))
    produce = _results(_read(connection, "results", moment, county, medium="crop"))
    farmland = standards.on("farmland", moment.as_of)
    return Material(
        units,
        judge_soil_points(_with_land(soil, units), settings, farmland),
        judge_produce_points(produce, settings, standards, moment.as_of),
        _geometries(row[0] for row in _read(connection, "patches", moment, county)),
    )


def gather_rounds(
    connection: sa.Connection, moment: Moment, county: str
) -> tuple[Units, list[tuple[str, Result]]]:
    """Return the units of a county, and its soil results with their survey round."""
    units = _units(_read(connection, "units", moment, county))
    rows = _read(connection, "rounds", moment, county)
    results = _with_land([Result(*row[1:]) for row in rows], units)
    return units, list(zip((row[0] for row in rows), results, strict=True))


def _read(
    connection: sa.Connection, name: str, moment: Moment, division: str, **more: Any
) -> list[Any]:
    known = as_known_now if moment.known_at is None else as_known_then
    values = {
        "division": "" if division == WHOLE_COUNTRY else division,
        "as_of": moment.as_of,
        "known_at": moment.known_at,
        **more,
    }
    return fetch(connection, known(_SQL[name]), values, tuple_row)


def _units(rows: Sequence[Any]) -> Units:
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    code, geometry, area, division, township, category, land_use = columns
    return Units(
        _objects(code),
        _geometries(geometry),
        np.array(area, np.float64),
        _objects(division),
        _objects(township),
        _objects(category),
        _objects(land_use),
    )


def _objects(values: Sequence[Any]) -> np.ndarray:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def _geometries(values: Any) -> np.ndarray:
    written = [bytes(one) for one in values]
    made: np.ndarray = np.asarray(shapely.from_wkb(written), dtype=object)
    return made.reshape(len(written))


def _results(rows: Sequence[Any]) -> list[Result]:
    return [Result(*row) for row in rows]


def _with_land(results: list[Result], units: Units) -> list[Result]:
    """Give results whose point names no land that of the unit they lie in."""
    silent = [place for place, one in enumerate(results) if one.land is None]
    lonlat = [(results[i].longitude, results[i].latitude) for i in silent]
    found = owners(units.geometry, np.array(lonlat, np.float64).reshape(-1, 2))
    for place, unit in zip(silent, found.tolist(), strict=True):
        if unit >= 0:
            land = land_of_unit(units.land_use[unit])
            results[place] = results[place]._replace(land=land)
    return results


def with_parameters(settings: Settings, given: dict[str, Any]) -> Settings:
    """Return settings with what a run was asked with put in place of the defaults."""
    own = {name: value for name, value in given.items() if name in _ASKED}
    if "least_produce_points" in own:
        own["least_produce_points"] = int(own["least_produce_points"])
    if "elements" in own:
        order = settings.elements
        own["elements"] = tuple(one for one in order if one in own["elements"])
    return replace(settings, **own)


_ASKED: Final = frozenset(
    {
        "dominant_share",
        "split_by",
        "isolate_class_3",
        "produce_rule",
        "least_produce_points",
        "produce_compliant_share",
        "sliver_m2",
        "elements",
    }
)
"""Settings that a run may be asked with."""
