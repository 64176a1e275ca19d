"""Where does each row of a survey lie? (core).

Rows get their geometry: the file's own, or points made of two coordinate columns. It
is checked in the survey's own plane and brought to the register's coordinates; what
cannot be used is an issue, and its row has none.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from parcels.area import measure_area
from parcels.surveys.candidates import Candidates
from parcels.surveys.checks.geometries import (
    check_plane,
    check_presence,
    check_stored,
)
from parcels.surveys.geometry import flatten, from_wkb, to_storage
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
) -> list[Issues]:
    """Give the rows their geometry and area; return what is wrong with it.

    Parameters
    ----------
    srid
        EPSG number of the file's coordinates; None only where no row has any.
    place
        The coordinate columns of a table without geometry.

    Raises
    ------
    FileRefused
        If there are coordinates and nobody said of what system.
    """
    unreadable: npt.NDArray[np.int64] = np.empty(0, np.int64)
    issues: list[Issues] = []
    if place is not None:
        plane, issues = make_points(batch.columns, batch.rows, place)
    elif batch.geometry is not None:
        plane, unreadable = from_wkb(batch.geometry)
    else:
        plane = np.full(len(batch), None, dtype=object)
    plane, candidates.heights = flatten(plane)
    issues += check_presence(plane, unreadable, batch.rows, candidates.layer.shape)
    issues += _to_register(candidates, plane, srid)
    return issues


def _to_register(
    candidates: Candidates, plane: npt.NDArray[Any], srid: int | None
) -> list[Issues]:
    found: list[Issues] = []
    if srid is None:
        if not shapely.is_missing(plane).all():
            raise FileRefused("crs_not_declared")
        candidates.plane = candidates.stored = plane
    else:
        found += check_plane(plane, candidates.rows, candidates.layer.shape, srid)
        plane[np.isin(candidates.rows, faulty_rows(found))] = None
        candidates.plane, candidates.stored = plane, to_storage(plane, srid)
        found += check_stored(candidates.stored, candidates.rows)
    areas = measure_area(candidates.stored)
    areas[shapely.get_dimensions(candidates.stored) != 2] = np.nan
    candidates.mapped_area_m2 = areas
    return found
