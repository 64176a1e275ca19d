"""Every fault and trap of the survey conventions as a file that an office might send.

Each has one thing wrong. `answer` is all there is to tell of it: ``clean``, or
``told KIND@ROW …`` (every issue, the row where it is one's), ``asked NAME=VALUE …``
(what a person must confirm, and what is proposed), or ``refused REASON``. Which fault
of which section they stand for says `conventions.toml`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from parcels.crs import transform_from_storage, transform_to_storage
from parcels.surveys.ground import make_ground
from tests.survey_files import (
    PARCEL_FIELDS,
    members,
    parcel_row_of_squares,
    parcel_rows,
    parcels_zip,
    square_at,
    zipped,
)

COUNTY = shapely.box(113.9, 34.6, 114.1, 34.9)
GROUND = make_ground([("999901", "净土县", None, shapely.to_wkb(COUNTY))])


@dataclass(frozen=True)
class Awkward:
    """A file with one thing wrong, how it is sent, and the answer it must get."""

    name: str
    data: Callable[[], bytes]
    answer: str
    filename: str = "宗地.zip"
    layer: str = "parcel"
    declared: Mapping[str, Any] = field(default_factory=dict)


def survey(*geometries, **more):
    """Return a maker of a zipped shapefile of parcels with these geometries."""
    return lambda: parcels_zip(list(geometries), **more)


def changed(suffix, change, geometries=None):
    """Return a maker of a good survey, one of its members changed."""

    def make():
        drawn = parcel_row_of_squares(3) if geometries is None else geometries
        files = members(drawn, PARCEL_FIELDS, parcel_rows(len(drawn)))
        name = f"宗地{suffix}"
        return zipped(files | {name: change(files.get(name, b""))})

    return make


def attributes(fields, *rows, encoding="gbk", side=10.0, **more):
    """Return a maker of squares side by side with these attributes."""

    def make():
        squares = [square_at(side * i, 0, side) for i in range(len(rows))]
        return zipped(members(squares, fields, rows, encoding, **more))

    return make


def placed(srid, *, swapped=False, prj=None, east=0.0):
    """Return a maker of three parcels drawn in another system, at the same place."""

    def make():
        stored = transform_to_storage(np.array(parcel_row_of_squares(3)), 4526)
        drawn = transform_from_storage(stored, srid)
        moved = shapely.transform(
            drawn, lambda xy: xy[:, ::-1] if swapped else xy + (east, 0.0)
        )
        return zipped(members(list(moved), PARCEL_FIELDS, parcel_rows(3), prj=prj))

    return make


OPEN: Mapping[str, Any] = {"crs": None}
"""Coordinate system left open, so that it has to be found out."""
