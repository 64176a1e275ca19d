"""Where does each row of a survey lie? (core).

Rows get their geometry: the file's own, or points made of two coordinate columns. It
is checked in the survey's own plane and brought to the register's coordinates; what
cannot be used is an issue, and its row has none.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from parcels.area import measure_area
from parcels.surveys.candidates import Candidates
from parcels.surveys.checks.geometries import (
    check_coordinates,
    check_presence,
    check_readable,
    check_stored,
    check_validity,
)
from parcels.surveys.checks.repairs import CLOSE_RINGS, repair, tell_repair
from parcels.surveys.geometry import close_rings, flatten, from_wkb, to_storage
from parcels.surveys.issues import Issues
from parcels.surveys.points import CoordinateFields, make_points
from parcels.surveys.raw import RawBatch
from parcels.surveys.refusals import FileRefused
from parcels.surveys.understand import faulty_rows


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
    unreadable: npt.NDArray[np.int64] = np.empty(0, np.int64)
    closed = np.empty(0, np.int64)
    issues: list[Issues] = []
    if place is not None:
        plane, issues = make_points(batch.columns, batch.rows, place)
    elif batch.geometry is not None:
        plane, unreadable = from_wkb(batch.geometry)
        if len(unreadable):
            wkb = batch.geometry.take(pa.array(unreadable)).to_numpy(False)
            if CLOSE_RINGS in repairs:
                closed = unreadable[_close_rings(plane, unreadable, wkb)]
            lost = ~np.isin(unreadable, closed)
            issues += check_readable(wkb[lost], batch.rows[unreadable[lost]])
    else:
        plane = np.full(len(batch), None, dtype=object)
    plane, candidates.heights = flatten(plane)
    issues += check_presence(plane, unreadable, batch.rows, candidates.layer.shape)
    issues += _to_register(candidates, plane, srid, repairs, closed)
    return issues


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
    plane: npt.NDArray[Any],
    srid: int | None,
    repairs: Collection[str],
    closed: npt.NDArray[np.int64],
) -> list[Issues]:
    rows = candidates.rows
    found: list[Issues] = []
    if srid is None:
        if not shapely.is_missing(plane).all():
            raise FileRefused("crs_not_declared")
        candidates.plane = candidates.stored = plane
    else:
        found += check_coordinates(plane, rows, candidates.layer.shape, srid)
        plane[np.isin(rows, faulty_rows(found))] = None
        closed = closed[~shapely.is_missing(plane[closed])]
        if len(closed):
            after = plane[closed]
            kind = "repaired_rings_closed"
            found.append(tell_repair(kind, after, after, rows[closed], srid))
        if repairs:
            found += repair(plane, rows, srid, repairs)
        found += check_validity(plane, rows, srid)
        plane[np.isin(rows, faulty_rows(found))] = None
        candidates.plane, candidates.stored = plane, to_storage(plane, srid)
        found += check_stored(candidates.stored, rows)
    areas = measure_area(candidates.stored)
    areas[shapely.get_dimensions(candidates.stored) != 2] = np.nan
    candidates.mapped_area_m2 = areas
    return found
