"""GeoJSON in: read, converted, refused with its place."""

import orjson
import pytest
import shapely

from app.geojson import POLYGONS, read_geometry, write_geometry
from app.request_errors import InvalidRequest
from parcels.crs import transform_from_storage

RING = [[114.0, 34.6], [114.001, 34.6], [114.001, 34.601], [114.0, 34.6]]
SQUARE = {"type": "Polygon", "coordinates": [RING]}


def fault_of(value, **more):
    with pytest.raises(InvalidRequest) as refusal:
        read_geometry(value, POLYGONS, **more)
    (fault,) = refusal.value.faults
    return fault


def test_a_polygon_becomes_a_multipolygon_of_one():
    found = read_geometry(SQUARE, POLYGONS)
    assert found.geom_type == "MultiPolygon" and len(found.geoms) == 1


def test_altitudes_are_dropped():
    ring = [[x, y, 100.0] for x, y in RING]
    found = read_geometry({"type": "Polygon", "coordinates": [ring]}, POLYGONS)
    assert not found.has_z


def test_numbers_are_kept_to_the_last_digit():
    place = [114.123456789012345, 34.123456789012345]
    point = {"type": "Point", "coordinates": place}
    found = read_geometry(point, ("Point",))
    assert list(found.coords[0]) == place
    assert b"114.12345678901235" in orjson.dumps(write_geometry(found))


@pytest.mark.parametrize("crs", [4526, "4526", "EPSG:4526", "epsg:4547"])
def test_zones_are_converted_with_and_without_prefix(crs):
    srid = int(str(crs)[-4:])
    drawn = shapely.Polygon(RING)
    ring = [list(p) for p in transform_from_storage(drawn, srid).exterior.coords]
    value = {"type": "Polygon", "coordinates": [ring]}
    found = read_geometry(value, POLYGONS, crs=crs)
    assert found.equals_exact(shapely.MultiPolygon([drawn]), 1e-9)


@pytest.mark.parametrize("crs", ["mars", 1.5, True, [4526], "EPSG:", "45260000"])
def test_what_is_no_epsg_number_is_refused(crs):
    assert fault_of(SQUARE, crs=crs).where == "/crs"


def test_the_second_position_of_the_third_ring_is_named():
    value = {
        "type": "MultiPolygon",
        "coordinates": [[RING], [RING], [[[114, 34.6], ["x", 1], [0, 0], [0, 0]]]],
    }
    assert fault_of(value).where == "/geometry/coordinates/2/0/1"


def test_a_reference_system_inside_the_geometry_is_told_where_it_belongs():
    named = {**SQUARE, "crs": {"type": "name", "properties": {"name": "EPSG:4547"}}}
    fault = fault_of(named)
    assert fault.where.endswith("/crs")
    assert "`crs` beside it" in fault.message.en


def test_a_ring_that_does_not_close_is_named():
    open_ring = RING[:3] + [[114.0, 34.602]]
    fault = fault_of({"type": "Polygon", "coordinates": [open_ring]})
    assert fault.reason == "ring_not_closed"


def test_a_crossing_is_named_by_its_coordinate():
    bow_tie = [[114, 34.6], [114.002, 34.602], [114.002, 34.6], [114, 34.602]]
    fault = fault_of({"type": "Polygon", "coordinates": [[*bow_tie, bow_tie[0]]]})
    assert "114.001, 34.601" in fault.message.en


def test_latitude_first_is_told_so():
    ring = [[y, x] for x, y in RING]
    fault = fault_of({"type": "Polygon", "coordinates": [ring]})
    assert "longitude before latitude" in fault.message.en


def test_the_place_of_a_subject_is_its_own():
    fault = fault_of(None, place=("subject", "geometry"))
    assert fault.where == "/subject/geometry"


def rings(count, length):
    """Closed rings of so many positions each, far too many to be built."""
    ring = [[114 + i * 1e-9, 34.6] for i in range(length - 1)]
    return [[*ring, ring[0]] for _ in range(count)]


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("Polygon", rings(3, 70_000)),
        ("MultiPolygon", [rings(1, 70_000), rings(2, 70_000)]),
    ],
)
def test_vertices_of_all_rings_count_together(kind, coordinates):
    with pytest.raises(InvalidRequest) as refused:
        read_geometry({"type": kind, "coordinates": coordinates}, POLYGONS)
    (fault,) = refused.value.faults
    assert (fault.where, fault.reason) == (
        "/geometry/coordinates",
        "too_many_vertices",
    )
    assert "210000 vertices" in fault.message.en


def test_vertices_are_counted_before_anything_is_built_of_them():
    """A ring that is not closed would be told first if it were built."""
    unclosed = {"type": "Polygon", "coordinates": [RING[:3] + RING[:2]]}
    assert fault_of(unclosed, most_vertices=5).reason == "ring_not_closed"
    assert fault_of(unclosed, most_vertices=4).reason == "too_many_vertices"


def test_a_height_beside_positions_without_one_is_dropped():
    ring = [[114, 34.6, 12.5], [114.001, 34.6], [114.001, 34.601], [114, 34.6]]
    found = read_geometry({"type": "Polygon", "coordinates": [ring]}, POLYGONS)
    assert not found.has_z
    assert shapely.get_coordinates(found)[0].tolist() == [114, 34.6]


@pytest.mark.parametrize(
    "wrong", [[114.0, True], ["114", 34.6], [114.0], [1, 2, 3, 4], {"x": 1}, None, 7]
)
def test_the_first_of_many_that_is_no_position_is_named(wrong):
    ring = [[114, 34.6], [114.001, 34.6], wrong, [114.001, 34.601], [], [114, 34.6]]
    with pytest.raises(InvalidRequest) as refused:
        read_geometry({"type": "Polygon", "coordinates": [ring]}, POLYGONS)
    assert refused.value.faults[0].where == "/geometry/coordinates/0/2"
