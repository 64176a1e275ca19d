"""The parcels and farmland units tile the ground as a survey should."""

import numpy as np
import shapely
from sample_county.farmland import is_farmland
from sample_county.plane import ellipsoid_area_m2, to_lonlat, to_zone

from parcels.area import measure_area

LONGEST_EDGE_M = 200.0
NEAREST_POINTS_M = 0.1


def shapes(parcels):
    return [parcel.geometry for parcel in parcels]


def of(parcels, county):
    return [parcel for parcel in parcels if parcel.division == county]


def test_there_are_at_least_3000_parcels_in_the_county(county):
    assert len(of(county.parcels, "999901")) >= 3000


def test_each_county_has_two_townships_or_more_and_parcels_in_all(county):
    townships = {parcel.township for parcel in county.parcels}
    assert len([t for t in townships if t.startswith("999901")]) >= 3
    assert len([t for t in townships if t.startswith("999902")]) >= 2
    assert townships == set(county.ground.townships)


def test_neighbouring_parcels_share_every_boundary_point(county):
    assert shapely.coverage_is_valid(shapes(county.parcels))


def test_parcels_fill_their_county_without_gap(county):
    for code, land in county.ground.counties.items():
        area = sum(shape.area for shape in shapes(of(county.parcels, code)))
        assert abs(area - land.area) < 0.001


def test_townships_fill_their_county(county):
    for code, land in county.ground.counties.items():
        parts = [s for c, s in county.ground.townships.items() if c.startswith(code)]
        assert shapely.equals(shapely.coverage_union_all(parts), land)


def test_the_counties_share_a_border(county):
    ours, theirs = county.ground.counties.values()
    assert ours.intersection(theirs).length > 5000
    assert ours.intersection(theirs).area == 0


def test_every_parcel_is_valid_ground(county):
    assert shapely.is_valid(shapes(county.parcels)).all()
    assert min(parcel.geometry.area for parcel in county.parcels) > 100


def test_survey_coordinates_are_whole_millimetres(county):
    points = shapely.get_coordinates([to_zone(s) for s in shapes(county.parcels)])
    assert np.abs(points * 1000 - np.round(points * 1000)).max() < 1e-4


def test_edges_are_shorter_than_200_m_and_points_well_apart(county):
    for shape in shapes(county.parcels):
        for ring in shapely.get_rings(shape):
            points = shapely.get_coordinates(ring)
            lengths = np.hypot(*np.diff(points, axis=0).T)
            assert lengths.max() < LONGEST_EDGE_M
            assert lengths.min() > NEAREST_POINTS_M


def test_some_parcels_have_holes_and_some_have_parts(county):
    holes = [s for s in shapes(county.parcels) if shapely.get_num_interior_rings(s)]
    parts = [s for s in shapes(county.parcels) if shapely.get_num_geometries(s) > 1]
    assert len(holes) >= 3
    assert len(parts) >= 3


def test_the_ground_lies_in_zone_38_at_chinese_coordinates(county):
    lonlat = to_lonlat(shapely.union_all(list(county.ground.counties.values())))
    west, south, east, north = lonlat.bounds
    assert 113.9 < west < east < 114.1
    assert 34.6 < south < north < 34.8


def test_registered_areas_are_ellipsoidal(county):
    for parcel in county.parcels[::97]:
        lonlat = to_lonlat(parcel.geometry)
        registered = ellipsoid_area_m2(parcel.geometry)
        assert abs(registered - measure_area(lonlat)) < 0.02


def test_farmland_units_tile_the_fields(county):
    units = [record.geometry for record in county.layers["farmland_unit"]]
    fields = [p.geometry for p in county.parcels if is_farmland(p)]
    assert shapely.coverage_is_valid(units)
    difference = sum(u.area for u in units) - sum(f.area for f in fields)
    assert abs(difference) < 1.0


def test_every_category_of_farmland_occurs(county):
    categories = {r.values["category"] for r in county.layers["farmland_unit"]}
    assert categories == {
        "priority_protection",
        "safe_use",
        "strict_control",
        "unclassified",
    }


def test_the_line_of_strict_control_cuts_through_fields(county):
    strict = shapely.union_all(
        [
            record.geometry
            for record in county.layers["farmland_unit"]
            if record.values["category"] == "strict_control"
        ]
    )
    shares = [
        parcel.geometry.intersection(strict).area / parcel.geometry.area
        for parcel in county.parcels
        if is_farmland(parcel)
    ]
    assert sum(0.05 < share < 0.95 for share in shares) >= 5


def test_ground_falls_along_every_river(county):
    from sample_county import terrain

    grid = terrain.elevation_grid(county.ground)
    for line in county.ground.rivers.values():
        points = [line.interpolate(d) for d in np.arange(100, line.length - 100, 400)]
        rows = [int((terrain.NORTH - p.y) // terrain.CELL_M) for p in points]
        columns = [int((p.x - terrain.WEST) // terrain.CELL_M) for p in points]
        assert (np.diff(grid[rows, columns]) <= 0.6).all()
        assert grid[rows[-1], columns[-1]] < grid[rows[0], columns[0]]
