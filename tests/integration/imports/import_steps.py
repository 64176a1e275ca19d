"""What the tests of imports share: declarations, and looks at the register."""

import csv
import io
from datetime import date

import shapely
import sqlalchemy as sa

from parcels.register import tables
from parcels.surveys.imports import receive_upload
from parcels.surveys.request import UploadRequest
from parcels.surveys.simple_polygons import make_polygons
from tests.survey_files import parcel_code

FIRST, SECOND = date(2024, 1, 1), date(2025, 1, 1)
CODE = parcel_code(1)


def request(valid_from=FIRST, layer="parcel", division="999901", **more):
    """Return the declaration of a shapefile of parcels, one thing overridden."""
    declared = {"crs": 4526, "encoding": "gbk"} | more
    return UploadRequest(layer, division, valid_from, **declared)


def sheet(*lines):
    """Return a CSV file."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(lines)
    return buffer.getvalue().encode()


def versions(connection, layer="parcel"):
    """Return every version of a layer, by code and in the order they were opened."""
    table = tables.TABLES[layer]
    order = (table.c.code, table.c.version_id)
    return connection.execute(sa.select(table).order_by(*order)).all()


def open_versions(connection, layer="parcel"):
    """Return the versions that are still what we know."""
    return [one for one in versions(connection, layer) if one.closed_by is None]


def kinds(upload):
    """Return kind of issue → number."""
    return dict(upload.issue_counts)


def receive(connection, archive, data, declared=None):
    """Receive bytes as an upload."""
    source = io.BytesIO(data)
    declared = declared or request()
    return receive_upload(connection, archive, source, "宗地.zip", declared, actor="a")


def values(batch):
    """Return the columns of raw rows as lists."""
    return {name: column.to_pylist() for name, column in batch.columns.items()}


def wkb(batch):
    """Return the geometries of raw rows."""
    geometries = shapely.from_wkb(batch.geometry.to_numpy(zero_copy_only=False))
    if batch.rings is not None:
        polygons = make_polygons(batch.rings, shapely.GeometryType.POLYGON)
        geometries[batch.rings.owner] = polygons
    return geometries.tolist()
