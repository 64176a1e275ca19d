"""Polygons as plain arrays give what geometries give."""

import numpy as np
import shapely
from shapely import GeometryType

from parcels.area import measure_area, measure_rings
from parcels.surveys.checks.rings import list_rings
from parcels.surveys.geometry import to_storage, to_wkb
from parcels.surveys.simple_polygons import (
    box_rings,
    keep_rings,
    make_polygons,
    rings_to_storage,
    rings_to_wkb,
)
from tests.survey_files import EAST, NORTH, square_at


def polygons():
    """Return a square, a triangle the other way round and a long strip."""
    west, south = EAST, NORTH
    corners = [(west, south), (west + 9.0, south + 90.0), (west + 50.0, south)]
    strip = shapely.box(west, south, west + 15_000.0, south + 3.0)
    return np.array([square_at(0, 0), shapely.Polygon(corners), strip], dtype=object)


def stored():
    """Return rings in EPSG:4490 and the same made by way of geometries."""
    rings = list_rings(polygons())
    clockwise = ~shapely.is_ccw(shapely.get_exterior_ring(polygons()))
    return rings_to_storage(rings, clockwise, 4526), to_storage(polygons(), 4526)


def test_coordinates_and_direction_are_those_of_geometries():
    rings, geometries = stored()
    made = make_polygons(rings, GeometryType.MULTIPOLYGON)
    assert shapely.equals_identical(made, geometries).all()


def test_wkb_is_that_of_geometries():
    rings, geometries = stored()
    assert rings_to_wkb(rings).equals(to_wkb(geometries))


def test_areas_are_those_of_geometries_also_with_long_edges():
    rings, geometries = stored()
    areas = measure_rings(rings.coordinates, rings.starts)
    assert areas.tolist() == measure_area(geometries).tolist()


def test_areas_do_not_depend_on_the_block():
    rings = list_rings(np.array([shapely.box(114, 34, 114.001, 34.001)] * 20_000))
    areas = measure_rings(rings.coordinates, rings.starts)
    assert len(areas) == 20_000
    assert np.unique(areas).tolist() == [
        measure_area(shapely.box(114, 34, 114.001, 34.001))
    ]


def test_no_ring_has_no_area():
    assert measure_rings(np.empty((0, 2)), np.zeros(1, np.int64)).tolist() == []


def test_boxes_are_those_of_geometries():
    assert (box_rings(list_rings(polygons())) == shapely.bounds(polygons())).all()


def test_some_are_kept_with_their_places():
    kept = keep_rings(list_rings(polygons()), np.array([True, False, True]))
    assert kept.owner.tolist() == [0, 2]
    made = make_polygons(kept, GeometryType.POLYGON)
    assert shapely.equals_identical(made, polygons()[[0, 2]]).all()
