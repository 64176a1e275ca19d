"""Where do the rows of a table lie? (core).

A table gives points by two columns: longitude and latitude, or the survey's X and Y.
In Chinese survey texts X is north and Y is east (verified: axis names of EPSG:4526),
so in a projected system column X is the northing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import shapely

from parcels.crs import get_crs
from parcels.register.layers import Kind, Layer, Shape
from parcels.surveys.geometry import Geometries
from parcels.surveys.issues import Issues
from parcels.surveys.parsing import parse_column, to_text
from parcels.surveys.refusals import FileRefused

_DEGREES: Final = (
    ("LONGITUDE", "LATITUDE"),
    ("LON", "LAT"),
    ("经度", "纬度"),
    ("JD", "WD"),
)
_METRES: Final = (
    ("EAST", "NORTH"),
    ("东坐标", "北坐标"),
    ("DZB", "BZB"),
    ("Y", "X"),
)


class CoordinateFields(NamedTuple):
    """Names of the two columns as the file writes them, east before north."""

    east: str
    north: str


def choose_coordinates(
    fields: Sequence[str], taken: Mapping[str, str], layer: Layer, srid: int
) -> CoordinateFields:
    """Return the columns that hold the coordinates.

    A column that fills an attribute of the layer (`taken`) is none of them: ``JD`` is
    the stage of a plot.

    Raises
    ------
    FileRefused
        If there are none, or the layer needs areas.
    """
    if layer.shape not in (Shape.POINT, Shape.PLACE):
        raise FileRefused("geometry_in_table", layer=layer.name)
    free = {name.upper(): name for name in fields if name not in taken.values()}
    for pair in _DEGREES if get_crs(srid).zone is None else _METRES:
        if all(name in free for name in pair):
            return CoordinateFields(free[pair[0]], free[pair[1]])
    raise FileRefused("no_coordinates")


def make_points(
    columns: Mapping[str, pa.Array], rows: np.ndarray, fields: CoordinateFields
) -> tuple[Geometries, list[Issues]]:
    """Return a point a row, None where a coordinate is missing or no number."""
    issues: list[Issues] = []
    numbers = []
    for name in fields:
        column = columns[name]
        parsed = parse_column(Kind.NUMBER, column)
        for kind, bad in parsed.faults.items():
            shown = to_text(column).take(pa.array(bad)).to_pylist()
            issues.append(Issues(kind, rows[bad], name, shown))
        numbers.append(parsed.values.to_numpy(zero_copy_only=False))
    xy = np.column_stack(numbers)
    points: Geometries = np.full(len(xy), None, dtype=object)
    known = np.isfinite(xy).all(axis=1)
    points[known] = shapely.points(xy[known])
    return points, issues
