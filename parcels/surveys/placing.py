"""Where does each row of a survey lie? (core).

Rows get their geometry: the file's own, or points made of two coordinate columns. It
is checked in the survey's own plane and brought to the register's coordinates; what
cannot be used is an issue, and its row has none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from shapely import GeometryType

from parcels.area import measure_area, measure_rings
from parcels.crs import get_crs, transform_to_storage
from parcels.surveys.candidates import Candidates
from parcels.surveys.checks.geometries import (
    check_coordinates,
    check_presence,
    check_readable,
    check_stored,
    check_validity,
)
from parcels.surveys.checks.repairs import CLOSE_RINGS, repair, tell_repair
from parcels.surveys.checks.star_shaped import find_star_shaped
from parcels.surveys.geometry import close_rings, flatten, from_wkb, to_storage
from parcels.surveys.issues import Issues
from parcels.surveys.points import CoordinateFields, make_points
from parcels.surveys.raw import RawBatch
from parcels.surveys.refusals import FileRefused
from parcels.surveys.row_shapes import RowShapes
from parcels.surveys.shp_records import DAMAGED
from parcels.surveys.simple_polygons import rings_to_storage
from parcels.surveys.understand import faulty_rows

_NONE: Final[npt.NDArray[np.int64]] = np.empty(0, np.int64)


def place_rows(
    candidates: Candidates,
    batch: RawBatch,
    srid: int | None,
    place: CoordinateFields | None,
    repairs: Collection[str] = (),
) -> list[Issues]:
    """Give the rows their geometry and area; return what is wrong with it.

    Parameters
    ----------
    srid
        EPSG number of the file's coordinates; None only where no row has any.
    place
        The coordinate columns of a table without geometry.
    repairs
        Kinds of repair that were asked for (`checks.repairs.REPAIRS`).

    Raises
    ------
    FileRefused
        If there are coordinates and nobody said of what system.
    """
    unreadable = closed = _NONE
    issues: list[Issues] = []
    if place is not None:
        plane, issues = make_points(batch.columns, batch.rows, place)
        unreadable = np.flatnonzero(np.isin(batch.rows, faulty_rows(issues)))
    elif batch.geometry is not None:
        plane, unreadable = from_wkb(batch.geometry)
        if len(unreadable):
            wkb = batch.geometry.take(pa.array(unreadable)).to_numpy(False)
            if CLOSE_RINGS in repairs:
                closed = unreadable[_close_rings(plane, unreadable, wkb)]
            lost = ~np.isin(unreadable, closed)
            issues += check_readable(wkb[lost], batch.rows[unreadable[lost]], srid)
    else:
        plane = np.full(len(batch), None, dtype=object)
    plane, candidates.heights = flatten(plane)
    candidates.heights += batch.heights
    shapes = RowShapes(plane, batch.rings)
    told = np.append(unreadable, _find_damaged(batch))
    issues += check_presence(shapes, told, batch.rows, candidates.layer.shape)
    issues += _to_register(candidates, shapes, srid, repairs, closed)
    return issues


def _find_damaged(batch: RawBatch) -> npt.NDArray[np.int64]:
    """Return the places of rows whose geometry could not be read from the file."""
    damaged = [one for one in batch.issues if one.kind == DAMAGED]
    return np.flatnonzero(np.isin(batch.rows, faulty_rows(damaged)))


def _close_rings(
    plane: npt.NDArray[Any],
    unreadable: npt.NDArray[np.int64],
    wkb: npt.NDArray[Any],
) -> npt.NDArray[np.bool_]:
    """Read geometries with rings closed, in place; tell which could be read so."""
    closed = shapely.force_2d(close_rings(wkb))
    good: npt.NDArray[np.bool_] = ~shapely.is_missing(closed)
    plane[unreadable[good]] = closed[good]
    return good


def _to_register(
    candidates: Candidates,
    plane: RowShapes,
    srid: int | None,
    repairs: Collection[str],
    closed: npt.NDArray[np.int64],
) -> list[Issues]:
    rows = candidates.rows
    found: list[Issues] = []
    if srid is None:
        if plane.present.any():
            raise FileRefused("crs_not_declared")
        candidates.plane = candidates.stored = plane
    else:
        found += check_coordinates(plane, rows, candidates.layer.shape, srid)
        plane = plane.without(np.isin(rows, faulty_rows(found)))
        if repairs:
            # Rings that a repair may change are no longer what the file holds.
            geometries = plane[:]
            found += _repair(geometries, rows, srid, repairs, closed)
            plane = RowShapes(geometries)
        turns = find_star_shaped(plane.rings, metric=get_crs(srid).zone is not None)
        certain = np.zeros(len(plane), dtype=bool)
        certain[plane.rings.owner[turns.certain]] = True
        found += check_validity(plane, rows, srid, certain)
        faulty = np.isin(rows, faulty_rows(found))
        places = np.flatnonzero(faulty & plane.present)
        candidates.as_sent = places, transform_to_storage(plane[places], srid)
        candidates.clockwise = turns.clockwise[~faulty[plane.rings.owner]]
        candidates.plane = plane = plane.without(faulty)
        candidates.stored = _store(plane, candidates.clockwise, srid)
        found += check_stored(candidates.stored, rows, certain)
    candidates.mapped_area_m2 = _measure(candidates.stored)
    return found


def _repair(
    plane: npt.NDArray[Any],
    rows: npt.NDArray[np.int32],
    srid: int,
    repairs: Collection[str],
    closed: npt.NDArray[np.int64],
) -> Iterator[Issues]:
    """Tell of rings that were closed, and repair what else was asked for, in place."""
    closed = closed[~shapely.is_missing(plane[closed])]
    if len(closed):
        after = plane[closed]
        yield tell_repair("repaired_rings_closed", after, after, rows[closed], srid)
    yield from repair(plane, rows, srid, repairs)


def _store(plane: RowShapes, clockwise: npt.NDArray[np.bool_], srid: int) -> RowShapes:
    """Bring the usable geometries to the register's coordinates."""
    rings = rings_to_storage(plane.rings, clockwise, srid)
    return RowShapes(to_storage(plane.others, srid), rings, GeometryType.MULTIPOLYGON)


def _measure(stored: RowShapes) -> npt.NDArray[np.float64]:
    """Return the ellipsoidal area of each row; NaN where there is none."""
    areas = np.full(len(stored), np.nan)
    areal = shapely.get_dimensions(stored.others) == 2
    areas[areal] = measure_area(stored.others[areal])
    rings = stored.rings
    if len(rings.owner):
        areas[rings.owner] = measure_rings(rings.coordinates, rings.starts)
    return areas
