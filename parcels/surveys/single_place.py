"""Does an object written by hand lie where a survey may have it? (service).

The checks are those of survey files (`checks.containment`). Only what lies far beyond
its county is held against a single object, as coordinates of another place do: outlines
of counties are drawn roughly, and a file's errors can be set aside for a reason, which
a single object has no place for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from parcels.crs import STORAGE_SRID
from parcels.register.county_ground import FAR_M
from parcels.register.layers import Layer
from parcels.surveys.candidates import Candidates
from parcels.surveys.checks.containment import check_containment
from parcels.surveys.issues import Issue, combine
from parcels.surveys.known_ground import gather_county
from parcels.surveys.row_shapes import RowShapes


def find_misplaced(
    connection: sa.Connection,
    layer: Layer,
    division_code: str,
    geometry: BaseGeometry,
) -> list[Issue]:
    """Return the errors of place of a file with this object alone, beyond `FAR_M`.

    None where the register has not drawn the county.

    Parameters
    ----------
    division_code
        A county or below it, of the object.
    geometry
        EPSG:4490.
    """
    ground = gather_county(connection, division_code)
    candidates = _make_candidates(layer, division_code, geometry)
    found = combine(check_containment(candidates, ground, STORAGE_SRID)).to_pylist()
    issues = [
        _issue(number, row)
        for number, row in enumerate(found, 1)
        if row["severity"] == "error"
    ]
    return [one for one in issues if one.details["distance_m"] > FAR_M]


def _make_candidates(
    layer: Layer, division_code: str, geometry: BaseGeometry
) -> Candidates:
    shapes = np.empty(1, dtype=object)
    shapes[0] = geometry
    return Candidates(
        layer=layer,
        rows=np.ones(1, np.int32),
        fields={},
        raw={},
        values={},
        code=pa.nulls(1, pa.string()),
        division_code=pa.array([division_code], pa.string()),
        valid_from=pa.nulls(1, pa.date32()),
        valid_to=pa.nulls(1, pa.date32()),
        stored=RowShapes(shapes),
    )


def _issue(number: int, row: Mapping[str, Any]) -> Issue:
    """Return an issue that names no row, with a point of what lies beyond."""
    return Issue(
        number=number,
        kind=row["kind"],
        severity=row["severity"],
        row=None,
        field=None,
        value=None,
        details=json.loads(row["details"]),
        geometry=shapely.Point(row["longitude"], row["latitude"]),
    )
