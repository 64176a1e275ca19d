"""Where does each row of a survey lie? (core).

Rows get their geometry: the file's own, or points made of two coordinate columns. It
is checked in the survey's own plane and brought to the register's coordinates; what
cannot be used is an issue, and its row has none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from shapely import GeometryType

from parcels.area import measure_area, measure_rings
from parcels.crs import get_crs
from parcels.surveys.candidates import Candidates
from parcels.surveys.checks.geometries import (
    check_coordinates,
    check_presence,
    check_readable,
    check_stored,
    check_validity,
)
from parcels.surveys.checks.repairs import CLOSE_RINGS, repair, tell_repair
from parcels.surveys.checks.star_shaped import Turns, find_star_shaped
from parcels.surveys.geometry import close_rings, flatten, from_wkb, to_storage
from parcels.surveys.issues import Issues
from parcels.surveys.points import CoordinateFields, make_points
from parcels.surveys.raw import RawBatch
from parcels.surveys.refusals import FileRefused
from parcels.surveys.simple_polygons import (
    keep_rings,
    make_polygons,
    rings_to_storage,
)
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
    if batch.rings is not None:
        plane[batch.rings.owner] = make_polygons(batch.rings, GeometryType.POLYGON)
        candidates.heights += batch.heights
        # A repair works on geometries; their rings are another's afterwards.
        candidates.rings = None if repairs else batch.rings
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
        turns = _look_at_rings(candidates, plane, srid)
        certain = np.zeros(len(plane), dtype=bool)
        if turns is not None and candidates.rings is not None:
            certain[candidates.rings.owner[turns.certain]] = True
        found += check_validity(plane, rows, srid, certain)
        plane[np.isin(rows, faulty_rows(found))] = None
        candidates.plane = plane
        _store(candidates, turns, srid)
        found += _check_stored(candidates, certain)
    _measure(candidates)
    return found


def _look_at_rings(
    candidates: Candidates, plane: npt.NDArray[Any], srid: int
) -> Turns | None:
    """Tell which rings are valid for certain, leaving out those already faulty."""
    if candidates.rings is None:
        return None
    kept = ~shapely.is_missing(plane[candidates.rings.owner])
    candidates.rings = keep_rings(candidates.rings, kept)
    metric = get_crs(srid).zone is not None
    return find_star_shaped(candidates.rings, metric=metric)


def _store(candidates: Candidates, turns: Turns | None, srid: int) -> None:
    """Bring the usable geometries to the register's coordinates."""
    assert candidates.plane is not None
    rest = candidates.plane
    if candidates.rings is not None and turns is not None:
        kept = ~shapely.is_missing(rest[candidates.rings.owner])
        rings = candidates.rings = keep_rings(candidates.rings, kept)
        clockwise = candidates.clockwise = turns.clockwise[kept]
        stored = rings_to_storage(rings, clockwise, srid)
        candidates.stored_rings = stored
        rest = rest.copy()
        rest[rings.owner] = None
    candidates.stored = to_storage(rest, srid)
    if candidates.stored_rings is not None:
        polygons = make_polygons(candidates.stored_rings, GeometryType.MULTIPOLYGON)
        candidates.stored[candidates.stored_rings.owner] = polygons


def _check_stored(
    candidates: Candidates, certain: npt.NDArray[np.bool_]
) -> Iterator[Issues]:
    assert candidates.stored is not None
    asked = np.flatnonzero(~certain)
    return check_stored(candidates.stored[asked], candidates.rows[asked])


def _measure(candidates: Candidates) -> None:
    """Give the rows their ellipsoidal area; NaN where there is none."""
    assert candidates.stored is not None
    areas = np.full(len(candidates), np.nan)
    areal = shapely.get_dimensions(candidates.stored) == 2
    if candidates.stored_rings is not None:
        rings = candidates.stored_rings
        areas[rings.owner] = measure_rings(rings.coordinates, rings.starts)
        areal[rings.owner] = False
    areas[areal] = measure_area(candidates.stored[areal])
    candidates.mapped_area_m2 = areas
