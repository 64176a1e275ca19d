"""Coordinates in every system of section 1, and the ways in which they go wrong."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from parcels.crs import transform_to_storage
from tests.integration.imports.awkward_files import OPEN, Awkward, placed, survey
from tests.integration.imports.import_steps import sheet
from tests.survey_files import (
    PARCEL_FIELDS,
    members,
    parcel_code,
    parcel_row_of_squares,
    parcel_rows,
    square_at,
    zipped,
)
from tests.unit.parcels.surveys.test_coordinate_exchange import HEAD, PLOT
from tests.unit.parcels.surveys.test_stated_crs import (
    BEIJING,
    CGCS2000,
    XIAN,
    projected,
)

ZONE_38 = projected("CGCS2000_3_Degree_GK_Zone_38", CGCS2000, 114, 38_500_000)
MERIDIAN = projected("CGCS2000_3_Degree_GK_CM_114E", CGCS2000, 114, 500_000)
SIX_DEGREE_ZONE = projected("CGCS2000_GK_Zone_19", CGCS2000, 111, 19_500_000)
SIX_DEGREE_MERIDIAN = projected("CGCS2000_GK_CM_111E", CGCS2000, 111, 500_000)
ZONE_39 = projected("CGCS2000_3_Degree_GK_Zone_39", CGCS2000, 117, 39_500_000)
OWN_NAME = projected("国家2000_114", CGCS2000, 114, 500_000)
OTHER_CASE = ZONE_38.replace("False_Easting", "FALSE_EASTING").replace(
    "Central_Meridian", "central_meridian"
)
LOCAL = projected("XX市独立坐标系", CGCS2000, 113.65, 500_000)
POINTS: Mapping[str, Any] = {"layer": "monitoring_point", "filename": "点位.csv"}
TABLE: Mapping[str, Any] = {"declared": {"crs": 4490, "encoding": "utf-8"}}


def mercator():
    """Return three parcels in Web Mercator, by its formula."""
    stored = transform_to_storage(np.array(parcel_row_of_squares(3)), 4526)

    def project(lonlat):
        turned = np.radians(lonlat)
        north = np.log(np.tan(np.pi / 4 + turned[:, 1] / 2))
        return np.column_stack((turned[:, 0], north)) * 6_378_137

    drawn = list(shapely.transform(stored, project))
    return zipped(members(drawn, PARCEL_FIELDS, parcel_rows(3)))


def small():
    """Return three parcels in the units of a drawing."""
    squares = [shapely.box(10 * i + 100, 200, 10 * i + 110, 210) for i in range(3)]
    return zipped(members(squares, PARCEL_FIELDS, parcel_rows(3)))


def points(*rows, head=("DWBM", "MC", "经度", "纬度")):
    return lambda: sheet(head, *rows)


def boundary_points():
    corners = ((0, 0), (10, 0), (10, 10), (0, 10))
    rows = [
        (parcel_code(1), 1, f"J{i}", 3_846_000 + north, 38_500_000 + east)
        for i, (east, north) in enumerate(corners, 1)
    ]
    return sheet(("ZDDM", "圈号", "界址点号", "X", "Y"), *rows)


def named(name, prj, srid, answer="clean"):
    return Awkward(f"prj_{name}", placed(srid, prj=prj), answer, declared=OPEN)


CASES = (
    Awkward(
        "declared_zone_39_for_38",
        placed(4526),
        "refused crs_contradicts_coordinates",
        declared={"crs": 4527},
    ),
    Awkward(
        "declared_xian_1980",
        placed(4526),
        "refused datum_not_convertible",
        declared={"crs": 2362},
    ),
    Awkward(
        "declared_beijing_1954",
        placed(4526),
        "refused datum_not_convertible",
        declared={"crs": 2414},
    ),
    named("zone_38", ZONE_38, 4526),
    named("meridian_114", MERIDIAN, 4547),
    named("six_degree_zone_19", SIX_DEGREE_ZONE, 4497),
    named("six_degree_meridian_111", SIX_DEGREE_MERIDIAN, 4508),
    named(
        "xian_zone",
        projected("Xian_1980_3_Degree_GK_Zone_38", XIAN, 114, 38_500_000),
        4526,
        "refused datum_not_convertible",
    ),
    named(
        "xian_meridian",
        projected("Xian_1980_3_Degree_GK_CM_114E", XIAN, 114, 500_000),
        4547,
        "refused datum_not_convertible",
    ),
    named(
        "beijing_zone",
        projected("Beijing_1954_3_Degree_GK_Zone_38", BEIJING, 114, 38_500_000),
        4526,
        "refused datum_not_convertible",
    ),
    named("of_another_zone", ZONE_39, 4526, "refused crs_contradicts_coordinates"),
    named(
        "of_another_meridian",
        projected("x", CGCS2000, 117, 500_000),
        4547,
        "refused outside_county",
    ),
    named("of_the_offices_own_name", OWN_NAME, 4547),
    named("in_another_case", OTHER_CASE, 4526),
    named("local_meridian", LOCAL, 4547, "refused crs_local"),
    named(
        "without_prefix_but_numbers_with",
        MERIDIAN,
        4526,
        "refused crs_contradicts_coordinates",
    ),
    named("that_says_nothing", "garbage", 4526, "asked crs=4526"),
    named("missing", None, 4526, "asked crs=4526"),
    Awkward(
        "prj_against_the_declaration",
        placed(4526, prj=ZONE_39),
        "told crs_contradicts_file",
    ),
    Awkward("degrees", placed(4490), "asked crs=4490", declared=OPEN),
    Awkward(
        "degrees_swapped",
        placed(4490, swapped=True),
        "refused axes_swapped",
        declared=OPEN,
    ),
    Awkward("three_degrees_prefix", placed(4526), "asked crs=4526", declared=OPEN),
    Awkward("six_degrees_prefix", placed(4497), "asked crs=4497", declared=OPEN),
    Awkward(
        "prefix_swapped",
        placed(4526, swapped=True),
        "refused axes_swapped",
        declared=OPEN,
    ),
    Awkward("no_prefix", placed(4547), "asked crs=4547", declared=OPEN),
    Awkward(
        "no_prefix_swapped",
        placed(4547, swapped=True),
        "refused axes_swapped",
        declared=OPEN,
    ),
    Awkward(
        "web_mercator", mercator, "refused coordinates_web_mercator", declared=OPEN
    ),
    Awkward("drawing_units", small, "refused coordinates_small", declared=OPEN),
    Awkward(
        "far_from_its_meridian",
        placed(4526, east=400_000),
        "refused coordinates_other",
        declared=OPEN,
    ),
    Awkward(
        "in_another_county",
        placed(4526, east=100_000),
        "refused outside_county",
        declared=OPEN,
    ),
    Awkward(
        "swapped_though_declared", placed(4526, swapped=True), "refused axes_swapped"
    ),
    Awkward(
        "one_row_swapped",
        survey(
            square_at(0, 0), shapely.transform(square_at(20, 0), lambda xy: xy[:, ::-1])
        ),
        "told geometry_outside_crs@2",
    ),
    Awkward(
        "gcj_02_points",
        points(
            ("P1", "甲", 114.0, 34.75, "gcj02"),
            head=("DWBM", "MC", "经度", "纬度", "ZBLY"),
        ),
        "told coordinates_shifted@1",
        **POINTS,
        **TABLE,
    ),
    Awkward(
        "points_swapped",
        points(("P1", "甲", 34.75, 114.0)),
        "refused axes_swapped",
        **POINTS,
        **TABLE,
    ),
    Awkward(
        "points_in_dms",
        points(
            ("P1", "甲", "E114°0′36.5″", "N34°45′47.62″"),
            ("P2", "乙", "114°00′36.5″E", "34º45'47.62\"N"),
        ),
        "told point_repeated@2",
        **POINTS,
        **TABLE,
    ),
    Awkward(
        "points_in_dms_not_read",
        points(("P1", "甲", "114°75′", "34°45′")),
        "told number_unreadable@1",
        **POINTS,
        **TABLE,
    ),
    Awkward(
        "points_with_decimal_commas",
        points(("P1", "甲", "114,05", "34,75"), ("P2", "乙", "114.06", "34,76")),
        "told number_comma@1 number_comma@2",
        **POINTS,
        **TABLE,
    ),
    Awkward(
        "points_without_one_coordinate",
        points(("P1", "甲", "114.05", "")),
        "told geometry_missing@1",
        **POINTS,
        **TABLE,
    ),
    Awkward(
        "points_x_is_north",
        points(("P1", "甲", 3_846_000, 38_500_000), head=("DWBM", "MC", "X", "Y")),
        "clean",
        **POINTS,
        declared={"encoding": "utf-8"},
    ),
    Awkward(
        "boundary_points",
        boundary_points,
        "clean",
        filename="界址点.csv",
        declared={"encoding": "utf-8"},
    ),
    Awkward(
        "text_for_the_ministry",
        lambda: (HEAD + PLOT).encode("gbk"),
        "told code_malformed@11 land_use_scheme_missing@11",
        filename="报部.txt",
        declared={"crs": None, "mapping": {"code": "地块编号"}},
    ),
    Awkward("kml", lambda: b"<kml/>", "refused format_kml", filename="a.kml"),
    Awkward("kml_ov", lambda: b"<kml/>", "refused format_kml", filename="a.ovkml"),
    Awkward(
        "vct", lambda: b"DataMark: CNSDTF-VCT", "refused format_vct", filename="a.vct"
    ),
    Awkward("dxf", lambda: b"0\nSECTION", "refused format_dxf", filename="a.dxf"),
    Awkward("dwg", lambda: b"AC1027", "refused format_dxf", filename="a.dwg"),
)
