"""Where do the rows of a table lie? (core).

A table gives points by two columns: longitude and latitude, or the survey's X and Y.
In Chinese survey texts X is north and Y is east (verified: axis names of EPSG:4526),
also called 纵坐标 and 横坐标. Programs that think of maps write X for east: then the
values show it, and a person confirms which column is which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from parcels.crs import get_crs
from parcels.degrees import parse_angle, parse_position
from parcels.register.layers import Kind, Layer, Shape
from parcels.surveys.geometry import Geometries
from parcels.surveys.issues import Issues
from parcels.surveys.parsing import INDICES, parse_column, to_text
from parcels.surveys.refusals import FileRefused

_DEGREES: Final = (
    ("LONGITUDE", "LATITUDE"),
    ("LON", "LAT"),
    ("LNG", "LAT"),
    ("经度", "纬度"),
    ("JD", "WD"),
)
_METRES: Final = (
    ("EAST", "NORTH"),
    ("东坐标", "北坐标"),
    ("横坐标", "纵坐标"),
    ("DZB", "BZB"),
)
_AXES: Final = (
    ("Y", "X"),
    ("Y坐标", "X坐标"),
    ("Y坐标(M)", "X坐标(M)"),
    ("YZB", "XZB"),
    ("Y_COORD", "X_COORD"),
)
_TOGETHER: Final = (
    "中心点坐标",
    "中心坐标",
    "中心点经纬度",
    "经纬度",
    "地理坐标",
    "坐标",
    "COORDINATES",
    "POSITION",
)
"""Columns that give both in one text, as published lists do."""


class CoordinateFields(NamedTuple):
    """Names of the two columns as the file writes them, east before north.

    One column that holds both in a text stands for either.
    """

    east: str
    north: str


def choose_coordinates(
    fields: Sequence[str], taken: Mapping[str, str], layer: Layer, srid: int | None
) -> CoordinateFields:
    """Return the columns that hold the coordinates.

    Parameters
    ----------
    taken
        Columns that fill an attribute of the layer are none: ``JD`` is the stage of a
        plot.
    srid
        Tells degrees from metres; None looks for either, degrees first.

    Raises
    ------
    FileRefused
        If there are none, or the layer holds lines.
    """
    found = find_coordinates(fields, taken, srid)
    if found is None:
        areas = layer.shape is Shape.AREA
        raise FileRefused("no_boundary_points" if areas else "no_coordinates")
    if layer.shape is Shape.LINE:
        raise FileRefused("geometry_in_table", layer=layer.name)
    return found


def find_coordinates(
    fields: Sequence[str], taken: Mapping[str, str], srid: int | None
) -> CoordinateFields | None:
    """Return the columns that hold the coordinates, None where there are none.

    For the parameters see `choose_coordinates`.
    """
    free = {
        _plain(name): name for name in reversed(fields) if name not in taken.values()
    }
    for pair in _pairs(srid):
        if all(name in free for name in pair):
            return CoordinateFields(free[pair[0]], free[pair[1]])
    if srid is None or get_crs(srid).zone is None:
        for name in _TOGETHER:
            if name in free:
                return CoordinateFields(free[name], free[name])
    return None


def _pairs(srid: int | None) -> tuple[tuple[str, str], ...]:
    if srid is None:
        return (*_DEGREES, *_METRES, *_AXES)
    named = _DEGREES if get_crs(srid).zone is None else _METRES
    return (*named, *_AXES)


def _plain(name: str) -> str:
    """Return a column's name without blanks, in upper case, with ASCII brackets."""
    return "".join(name.split()).upper().replace("（", "(").replace("）", ")")


def make_points(
    columns: Mapping[str, pa.Array], rows: np.ndarray, fields: CoordinateFields
) -> tuple[Geometries, list[Issues]]:
    """Return a point a row, None where a coordinate is missing or no number."""
    xy, issues = read_coordinates(columns, rows, fields)
    points: Geometries = np.full(len(xy), None, dtype=object)
    known = np.isfinite(xy).all(axis=1)
    points[known] = shapely.points(xy[known])
    return points, issues


def read_coordinates(
    columns: Mapping[str, pa.Array], rows: np.ndarray, fields: CoordinateFields
) -> tuple[npt.NDArray[np.float64], list[Issues]]:
    """Return `(n, 2) float64`, east before north, NaN where a value is no number.

    Degrees, minutes and seconds are degrees.
    """
    if fields.east == fields.north:
        return _read_together(columns[fields.east], rows, fields.east)
    issues: list[Issues] = []
    numbers = []
    for name in fields:
        column = columns[name]
        values, faults = _parse(column)
        for kind, bad in faults.items():
            shown = to_text(column).take(pa.array(bad)).to_pylist()
            issues.append(Issues(kind, rows[bad], name, shown))
        numbers.append(values)
    return np.column_stack(numbers), issues


def _parse(column: pa.Array) -> tuple[npt.NDArray[np.float64], dict[str, INDICES]]:
    if pa.types.is_string(column.type):
        text = to_text(column)
        marked = pc.fill_null(pc.match_substring_regex(text, "[°度º˚]"), False)
        if pc.any(marked).as_py():
            degrees = [_degrees(one) for one in text.to_pylist()]
            column = pa.array(degrees, pa.string())
    parsed = parse_column(Kind.NUMBER, column)
    return parsed.values.to_numpy(zero_copy_only=False), parsed.faults


def _degrees(text: str | None) -> str | None:
    """Return degrees as a decimal text; what cannot be read stays as it is."""
    angle = None if text is None else parse_angle(text)
    return text if angle is None else repr(angle.degrees)


def _read_together(
    column: pa.Array, rows: np.ndarray, name: str
) -> tuple[npt.NDArray[np.float64], list[Issues]]:
    texts = to_text(column).to_pylist()
    found = [None if text is None else parse_position(text) for text in texts]
    xy = np.array([place or (np.nan, np.nan) for place in found], dtype=np.float64)
    bad = np.flatnonzero(
        [
            text is not None and place is None
            for text, place in zip(texts, found, strict=True)
        ]
    )
    shown = [texts[one] for one in bad.tolist()]
    unreadable = Issues("position_unreadable", rows[bad], name, shown)
    return xy.reshape(-1, 2), [unreadable] if len(bad) else []
