"""Polygons cut out of a .shp are those that GDAL reads from it."""

import struct

import numpy as np
import pyogrio
import pytest
import shapely
from shapely import GeometryType

from parcels.surveys.shp import ShpFile
from parcels.surveys.simple_polygons import make_polygons
from tests.survey_files import NORTH, shapes, square_at

HOLED = shapely.Polygon(
    square_at(0, 0, 50.0).exterior.coords, [square_at(10, 10).exterior.coords]
)
TWO_PARTS = shapely.MultiPolygon([square_at(0, 0), square_at(30, 0)])
TRIANGLE = shapely.Polygon(list(square_at(0, 0).exterior.coords)[:3])
MIXED = [square_at(0, 0), None, HOLED, TRIANGLE, TWO_PARTS, square_at(90, 0)]


@pytest.fixture
def open_shp(tmp_path):
    """Write .shp and .shx; give the opened file and GDAL's view of it."""

    def run(shp, shx):
        path = tmp_path / "layer.shp"
        path.write_bytes(shp)
        path.with_suffix(".shx").write_bytes(shx)
        places = np.frombuffer(shx, ">i4", offset=100).astype(np.int64) * 2
        _, _, wkb, _ = pyogrio.raw.read(path, columns=[])
        return ShpFile(path, places[0::2], places[1::2]), shapely.from_wkb(
            wkb, on_invalid="ignore"
        )

    return run


def everything(found):
    """Return the geometry of each record."""
    geometries = shapely.from_wkb(found.others.to_numpy(zero_copy_only=False))
    geometries[found.rings.owner] = make_polygons(found.rings, GeometryType.POLYGON)
    return geometries


def same(one, other):
    """Tell whether geometries are equal to the last vertex, or both missing."""
    missing = shapely.is_missing(one) & shapely.is_missing(other)
    return (missing | shapely.equals_identical(one, other)).all()


def with_extra(record_kind, tail):
    """Return .shp and .shx of a square whose record has another type and a tail."""
    shp, _ = shapes([square_at(0, 0)])
    content = struct.pack("<i", record_kind) + shp[112:] + tail
    words = len(content) // 2
    body = struct.pack(">ii", 1, words) + content
    index = struct.pack(">ii", 50, words)
    return _headed(shp, record_kind, body), _headed(shp, record_kind, index)


def _headed(like, kind, body):
    """Return a body behind a header for its length and type."""
    words = struct.pack(">i", (100 + len(body)) // 2)
    return (
        like[:24] + words + like[28:32] + struct.pack("<i", kind) + like[36:100] + body
    )


def test_single_rings_are_cut_out_and_the_rest_is_gdals(open_shp):
    file, by_gdal = open_shp(*shapes(MIXED))
    found = file.read(0, len(MIXED))
    assert found.rings.owner.tolist() == [0, 3, 5]
    assert found.others.is_null().to_pylist() == [True, True, False, True, False, True]
    assert same(everything(found), by_gdal)


def test_records_are_read_from_anywhere(open_shp):
    file, by_gdal = open_shp(*shapes(MIXED))
    assert same(everything(file.read(2, 5)), by_gdal[2:5])


@pytest.mark.parametrize(
    ("kind", "numbers"), [(15, 7), (15, 14), (25, 7)], ids=["Z", "Z and M", "M"]
)
def test_heights_and_measures_are_counted_and_left(open_shp, kind, numbers):
    file, _ = open_shp(*with_extra(kind, struct.pack(f"<{numbers}d", *[3.0] * numbers)))
    found = file.read(0, 1)
    assert found.heights == 1
    (square,) = make_polygons(found.rings, GeometryType.POLYGON)
    assert square.normalize() == square_at(0, 0).normalize()


def test_unclosed_ring_is_left_to_gdal(open_shp):
    shp, shx = shapes([square_at(0, 0), square_at(20, 0)])
    file, _ = open_shp(shp[:-8] + struct.pack("<d", NORTH + 1.0), shx)
    assert file.read(0, 2).rings.owner.tolist() == [0]


def test_records_out_of_order_are_left_to_gdal(open_shp):
    shp, shx = shapes([square_at(0, 0), square_at(20, 0)])
    file, by_gdal = open_shp(shp, shx[:100] + shx[108:116] + shx[100:108])
    found = file.read(0, 2)
    assert len(found.rings.owner) == 0
    assert same(everything(found), by_gdal)


@pytest.mark.parametrize("lone", [shapely.Point(38_500_000, NORTH), None])
def test_one_record_without_a_ring_is_read(open_shp, lone):
    shp, found = open_shp(*shapes([lone]))
    assert same(everything(shp.read(0, 1)), found)
