"""Rows on their way to be checked: valid by default, one thing overridden."""

from datetime import date

import numpy as np
import pyarrow as pa

from parcels.area import measure_area
from parcels.register.layers import LAYER_BY_NAME, Shape
from parcels.surveys.geometry import to_storage
from parcels.surveys.mapping import map_fields
from parcels.surveys.raw import RawBatch, number_rows
from parcels.surveys.request import UploadRequest
from parcels.surveys.row_shapes import RowShapes
from parcels.surveys.understand import understand
from tests.survey_files import parcel_code

DAY = date(2024, 1, 1)


def candidates(layer="parcel", division="999901", **columns):
    """Return candidates of some text columns and what was wrong in understanding."""
    has_geometry = LAYER_BY_NAME[layer].shape is not Shape.NONE
    request = UploadRequest(layer, division, DAY, 4526 if has_geometry else None)
    count = len(next(iter(columns.values())))
    batch = RawBatch(
        number_rows(1, count),
        {name: pa.array(values, pa.string()) for name, values in columns.items()},
    )
    mapping = map_fields(tuple(columns), request)
    return understand(batch, mapping, request.register_layer, division)


def parcels(count=1, **columns):
    """Return candidates of parcels with good codes; issues must be empty."""
    codes = [parcel_code(i + 1) for i in range(count)]
    found, issues = candidates(ZDDM=codes, **columns)
    assert not issues
    return found


def with_geometry(found, plane):
    """Give candidates a geometry in zone 38 with prefix."""
    geometries = np.array(plane, dtype=object)
    stored = to_storage(geometries, 4526)
    found.plane, found.stored = RowShapes(geometries), RowShapes(stored)
    found.mapped_area_m2 = measure_area(stored)
    return found


def told(issues):
    """Return issues as kind → row numbers."""
    return {one.kind: None if one.rows is None else one.rows.tolist() for one in issues}
