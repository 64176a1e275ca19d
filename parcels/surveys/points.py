"""Where do the rows of a table lie? (core).

A table gives points by two columns: longitude and latitude, or the survey's X and Y.
In Chinese survey texts X is north and Y is east (verified: axis names of EPSG:4526),
also called 纵坐标 and 横坐标. Programs that think of maps write X for east: then the
values show it, and a person confirms which column is which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from parcels.crs import get_crs
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
_DMS: Final = re.compile(
    r"[NE北东]?(?:纬|经)?[:：]?"
    r"(\d{1,3})[°度º˚]"
    r"(?:(\d{1,2}(?:\.\d+)?)['′’‘分])?"
    r"(?:(\d{1,2}(?:\.\d+)?)(?:[\"″”“]|''|′′|秒))?"
    r"[NE北东]?(?:纬|经)?",
    re.IGNORECASE,
)


class CoordinateFields(NamedTuple):
    """Names of the two columns as the file writes them, east before north."""

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
    value = None if text is None else parse_degrees(text)
    return text if value is None else repr(value)


def parse_degrees(text: str) -> float | None:
    """Return the degrees of a text in degrees, minutes, seconds; None for any other.

    Examples
    --------
    >>> parse_degrees("113°30′36″"), parse_degrees("东经113度15分")
    (113.51, 113.25)
    >>> parse_degrees("34°61′") is None
    True
    """
    match = _DMS.fullmatch("".join(text.split()))
    if match is None:
        return None
    degrees, minutes, seconds = (float(part or 0) for part in match.groups())
    if minutes >= 60 or seconds >= 60:
        return None
    return degrees + minutes / 60 + seconds / 3600
