"""What a .prj says, by its parameters and not by its name."""

import pytest

from parcels.crs import get_crs
from parcels.surveys.refusals import FileRefused
from parcels.surveys.stated_crs import (
    find_declared_srid,
    read_crs_words,
    same_plane,
)

CGCS2000 = ("GCS_China_Geodetic_Coordinate_System_2000", "D_China_2000", "CGCS2000")
XIAN = ("GCS_Xian_1980", "D_Xian_1980", "Xian_1980")
BEIJING = ("GCS_Beijing_1954", "D_Beijing_1954", "Krasovsky_1940")
SHAPES = {
    CGCS2000: (6378137.0, 298.257222101),
    XIAN: (6378140.0, 298.257),
    BEIJING: (6378245.0, 298.3),
}


def geographic(words, shape):
    system, datum, ellipsoid = words
    axis, flattening = shape
    return (
        f'GEOGCS["{system}",DATUM["{datum}",SPHEROID["{ellipsoid}",{axis},{flattening}'
        ']],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
    )


def projected(name, words, meridian, easting, **more):
    """Return a .prj as ArcGIS writes it."""
    shape = more.get("shape") or SHAPES[words]
    return (
        f'PROJCS["{name}",{geographic(words, shape)},'
        f'PROJECTION["{more.get("projection", "Gauss_Kruger")}"],'
        f'PARAMETER["False_Easting",{easting}],PARAMETER["False_Northing",0.0],'
        f'PARAMETER["Central_Meridian",{meridian}],'
        f'PARAMETER["Scale_Factor",{more.get("scale", 1.0)}],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


@pytest.mark.parametrize(
    ("name", "words", "meridian", "easting", "srid"),
    [
        ("CGCS2000_3_Degree_GK_Zone_38", CGCS2000, 114, 38_500_000, 4526),
        ("CGCS2000_3_Degree_GK_CM_114E", CGCS2000, 114, 500_000, 4547),
        ("CGCS2000_GK_Zone_19", CGCS2000, 111, 19_500_000, 4497),
        ("Xian_1980_3_Degree_GK_Zone_38", XIAN, 114, 38_500_000, 2362),
        ("Xian_1980_3_Degree_GK_CM_114E", XIAN, 114, 500_000, 2383),
        ("Beijing_1954_3_Degree_GK_Zone_38", BEIJING, 114, 38_500_000, 2414),
    ],
)
def test_names_of_arcgis_are_understood(name, words, meridian, easting, srid):
    stated = read_crs_words(projected(name, words, meridian, easting))
    assert (stated.crs.srid, stated.standing, stated.name) == (srid, "named", name)


def test_six_degree_meridian_that_is_also_a_three_degree_one_is_the_same_plane():
    stated = read_crs_words(projected("CGCS2000_GK_CM_111E", CGCS2000, 111, 500_000))
    assert stated.crs.srid == 4546  # 4508 has the same meridian and false easting.


@pytest.mark.parametrize("projection", ["Gauss_Kruger", "Transverse_Mercator"])
def test_name_of_the_offices_own_is_known_by_its_parameters(projection):
    words = projected("国家2000_114", CGCS2000, 114, 500_000, projection=projection)
    stated = read_crs_words(words)
    assert (stated.crs.srid, stated.standing) == (4547, "named")
    assert stated.name == "国家2000_114"


def test_name_that_lies_about_its_zone_is_not_believed():
    words = projected("CGCS2000_3_Degree_GK_Zone_38", CGCS2000, 117, 39_500_000)
    assert read_crs_words(words).crs.srid == 4527


def test_datum_without_a_name_is_not_sure():
    unknown = ("GCS_User_Defined", "D_unknown", "GRS_1980")
    shape = SHAPES[CGCS2000]
    stated = read_crs_words(projected("x", unknown, 114, 38_500_000, shape=shape))
    assert (stated.crs.srid, stated.standing) == (4526, "unnamed_datum")


def test_wgs_84_under_a_gauss_krueger_zone_is_not_sure():
    wgs = ("GCS_WGS_1984", "D_WGS_1984", "WGS_1984")
    shape = (6378137.0, 298.257223563)
    stated = read_crs_words(projected("x", wgs, 114, 500_000, shape=shape))
    assert (stated.crs.srid, stated.standing) == (4547, "unnamed_datum")


@pytest.mark.parametrize(
    ("meridian", "easting", "scale"),
    [(113.5, 500_000, 1.0), (114, 300_000, 1.0), (114, 500_000, 0.9996)],
)
def test_local_system_is_none_of_ours(meridian, easting, scale):
    words = projected("城市独立坐标系", CGCS2000, meridian, easting, scale=scale)
    stated = read_crs_words(words)
    assert (stated.crs, stated.standing) == (None, "local")
    assert (stated.central_meridian, stated.false_easting_m) == (meridian, easting)


@pytest.mark.parametrize(
    ("words", "srid"),
    [
        (geographic(CGCS2000, SHAPES[CGCS2000]), 4490),
        (geographic(XIAN, SHAPES[XIAN]), 4610),
        (geographic(BEIJING, SHAPES[BEIJING]), 4214),
        ("EPSG:4490", 4490),
        ("EPSG:4326", 4326),
        ("OGC:CRS84", 4326),
        ("EPSG:4526", 4526),
    ],
)
def test_systems_in_degrees_and_codes_are_understood(words, srid):
    assert read_crs_words(words).crs.srid == srid


@pytest.mark.parametrize(
    "words", ["EPSG:3857", "EPSG:26986", "EPSG:4269", "EPSG:4479", "EPSG:32649"]
)
def test_foreign_system_is_none_of_ours(words):
    stated = read_crs_words(words)
    assert (stated.crs, stated.standing) == (None, "foreign")


def test_system_that_says_it_is_unknown():
    undefined = 'LOCAL_CS["Undefined Cartesian SRS",UNIT["metre",1]]'
    assert read_crs_words(undefined).standing == "undefined"


@pytest.mark.parametrize("words", ["", "garbage", "<html>", 'PROJCS["a"', "\x00"])
def test_words_that_are_no_system(words):
    assert read_crs_words(words) is None


@pytest.mark.parametrize(
    ("text", "srid"),
    [
        ("4526", 4526),
        (" EPSG:4526 ", 4526),
        ("urn:ogc:def:crs:EPSG::4490", 4490),
        ("CGCS2000", 4490),
        ("WGS-84", 4326),
        ("2000国家大地坐标系", 4490),
        ("CGCS2000 / 3-degree Gauss-Kruger zone 38", 4526),
        ("3857", 3857),
        ("abc", None),
        ("", None),
    ],
)
def test_system_is_declared_as_people_write_it(text, srid):
    assert find_declared_srid(text) == srid


@pytest.mark.parametrize("text", ["GCJ-02", "gcj02", "BD-09", "bd09ll", "火星坐标系"])
def test_shifted_web_map_coordinates_are_refused_when_declared(text):
    with pytest.raises(FileRefused) as refused:
        find_declared_srid(text)
    assert refused.value.reason == "crs_shifted"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (4490, 4326, True),
        (4508, 4546, True),
        (4526, 4547, False),
        (4526, 4527, False),
        (4526, 2362, False),
        (2362, 2414, False),
        (2362, 2362, True),
    ],
)
def test_systems_that_are_one_plane(one, other, same):
    assert same_plane(get_crs(one), get_crs(other)) is same
