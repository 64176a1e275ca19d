"""Coordinate systems of Chinese surveys, against the EPSG data base of PROJ."""

import math
import threading

import numpy as np
import pyproj
import pytest
import shapely

from parcels.crs import (
    FLATTENING,
    SEMI_MAJOR_AXIS_M,
    STORAGE_SRID,
    CoordinatesOutsideCrs,
    DatumNotConvertible,
    UnknownCrs,
    coordinates_to_storage,
    find_crs,
    get_crs,
    list_crs,
    srid_for_zone,
    transform_from_storage,
    transform_to_storage,
    zone_for,
)

ZONES = [crs for crs in list_crs() if crs.zone is not None]
EXACT_ZONES = [crs for crs in ZONES if crs.way == "exact"]


@pytest.mark.parametrize("crs", ZONES, ids=lambda crs: str(crs.srid))
def test_every_zone_is_what_the_epsg_data_base_says(crs):
    epsg = pyproj.CRS(crs.srid)
    parameters = {p.name: p.value for p in epsg.coordinate_operation.params}
    assert epsg.name.startswith(crs.datum)
    assert parameters["Longitude of natural origin"] == crs.central_meridian
    assert parameters["False easting"] == crs.false_easting_m
    assert parameters["Scale factor at natural origin"] == 1.0
    assert parameters["False northing"] == 0.0


def test_every_degree_system_is_geographic():
    degrees = [crs for crs in list_crs() if crs.zone is None]
    assert [crs.srid for crs in degrees] == [4214, 4326, 4480, 4490, 4610]
    assert all(pyproj.CRS(crs.srid).is_geographic for crs in degrees)


def test_the_ellipsoid_is_that_of_the_storage_system():
    ellipsoid = pyproj.CRS(STORAGE_SRID).ellipsoid
    assert ellipsoid.semi_major_metre == SEMI_MAJOR_AXIS_M
    assert math.isclose(1 / ellipsoid.inverse_flattening, FLATTENING)


@pytest.mark.parametrize(
    ("longitude", "width", "zone"),
    [
        (113.62, 3, 38),
        (113.62, 6, 19),
        (102.27, 3, 34),
        (112.4999, 3, 37),
        (112.5, 3, 38),
        (114.0, 6, 20),
        (113.9999, 6, 19),
        (73.0, 3, 25),
        (135.0, 3, 45),
        (73.0, 6, 13),
        (135.0, 6, 23),
    ],
)
def test_a_longitude_lies_in_its_zone(longitude, width, zone):
    assert zone_for(longitude, width) == zone


@pytest.mark.parametrize("longitude", [70.4, 139.6, -114.0, math.nan])
def test_no_zone_outside_china(longitude):
    with pytest.raises(ValueError, match="outside the zones"):
        zone_for(longitude)


@pytest.mark.parametrize(
    ("zone", "width", "prefixed", "srid"),
    [
        (38, 3, True, 4526),
        (38, 3, False, 4547),
        (34, 3, True, 4522),
        (19, 6, True, 4497),
        (19, 6, False, 4508),
    ],
)
def test_a_zone_has_its_number(zone, width, prefixed, srid):
    assert srid_for_zone(zone, width, prefixed=prefixed) == srid


@pytest.mark.parametrize(("zone", "width"), [(24, 3), (46, 3), (12, 6), (38, 6)])
def test_there_are_no_other_zones(zone, width):
    with pytest.raises(ValueError, match="no .* zone"):
        srid_for_zone(zone, width)


def test_names_say_datum_zone_meridian_and_prefix():
    crs = get_crs(4526)
    assert crs.name_zh == "国家大地坐标系2000 3度带 第38带（中央经线114°，有带号）"
    assert crs.name_en == "CGCS2000 3-degree zone 38 (114°E, with prefix)"
    assert get_crs(4490).name_en == "CGCS2000 longitude, latitude"
    assert "无带号" in get_crs(4547).name_zh


@pytest.mark.parametrize("crs", EXACT_ZONES, ids=lambda crs: str(crs.srid))
def test_the_central_meridian_comes_back_from_every_zone(crs):
    there = np.array([[crs.false_easting_m, 3_846_924.0]])
    assert coordinates_to_storage(there, crs.srid)[0, 0] == pytest.approx(
        crs.central_meridian, abs=1e-12
    )


def test_zhengzhou_has_the_published_coordinates():
    point = transform_from_storage(shapely.Point(113.62, 34.75), 4526)
    assert (round(point.x), round(point.y)) == (38_465_205, 3_846_924)
    back = transform_to_storage(point, 4526)
    assert back.distance(shapely.Point(113.62, 34.75)) < 1e-11


def test_many_geometries_go_at_once_and_lose_their_height():
    solid = shapely.from_wkt("POINT Z (500000 3846924 70)")
    moved = transform_to_storage(np.array([solid, None, shapely.Polygon()]), 4547)
    assert moved[0].x == pytest.approx(114.0)
    assert not moved[0].has_z
    assert moved[1] is None
    assert moved[2].is_empty


@pytest.mark.parametrize("srid", [4490, 4326])
def test_degrees_stay_as_they_are(srid):
    point = shapely.Point(113.62, 34.75)
    assert transform_to_storage(point, srid).equals(point)
    assert transform_from_storage(point, srid).equals(point)


@pytest.mark.parametrize("srid", [2362, 2383, 2414, 4610, 4214, 21473])
def test_older_datums_are_recognised_and_refused(srid):
    assert find_crs(srid) is not None
    for transform in (transform_to_storage, transform_from_storage):
        with pytest.raises(DatumNotConvertible) as refusal:
            transform(shapely.Point(114, 34), srid)
        assert str(srid) in refusal.value.zh
        assert str(srid) in refusal.value.en


def test_proj_itself_has_no_real_operation_from_the_older_datums():
    for srid in (4610, 4214):
        with pytest.raises(pyproj.exceptions.ProjError):
            pyproj.Transformer.from_crs(srid, STORAGE_SRID, allow_ballpark=False)


@pytest.mark.parametrize("srid", [3857, 0, 4527 + 100])
def test_other_systems_are_unknown(srid):
    assert find_crs(srid) is None
    with pytest.raises(UnknownCrs, match=str(srid)):
        transform_to_storage(shapely.Point(0, 0), srid)


def test_a_coordinate_without_a_place_is_named():
    line = shapely.LineString([(500_000, 3_846_924), (1e30, 1e30)])
    with pytest.raises(CoordinatesOutsideCrs, match="Coordinate 2") as refusal:
        transform_to_storage(line, 4547)
    assert refusal.value.index == 1
    assert "(1e+30, 1e+30)" in refusal.value.en


def test_nan_stays_nan():
    moved = coordinates_to_storage(np.array([[np.nan, 3.8e6], [5e5, 3.8e6]]), 4547)
    assert np.isnan(moved[0]).all()
    assert np.isfinite(moved[1]).all()


def test_threads_share_a_transformer_without_mixing_results():
    rng = np.random.default_rng(5)
    xy = np.column_stack((rng.uniform(4e5, 6e5, 500), rng.uniform(2e6, 5e6, 500)))
    expected = coordinates_to_storage(xy, 4547)
    wrong = []

    def work():
        for _ in range(20):
            if not np.array_equal(coordinates_to_storage(xy, 4547), expected):
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
