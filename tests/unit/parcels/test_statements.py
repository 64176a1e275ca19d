"""Geometries as bound parameters."""

import shapely

from parcels.register.statements import box_ewkb, ewkb


def test_a_box_is_written_as_the_polygon_of_it_is():
    bounds = (113.99, -34.25, 114.5, 34.0)
    assert box_ewkb(bounds) == ewkb(shapely.box(*bounds))


def test_a_box_of_one_point_keeps_its_place():
    read = shapely.from_wkb(box_ewkb((114.0, 34.0, 114.0, 34.0)))
    assert read.bounds == (114.0, 34.0, 114.0, 34.0)
    assert shapely.get_srid(read) == 4490
