"""Tables give points by two columns; X is north where the survey says so."""

import numpy as np
import pyarrow as pa
import pytest
from shapely import Point

from parcels.register.layers import LAYER_BY_NAME
from parcels.surveys.points import (
    choose_coordinates,
    make_points,
)
from parcels.surveys.refusals import FileRefused

POINT_LAYER = LAYER_BY_NAME["monitoring_point"]


def test_longitude_and_latitude_are_found_in_both_languages():
    for names in (("经度", "纬度"), ("lon", "lat"), ("JD", "WD")):
        found = choose_coordinates(names, {}, POINT_LAYER, 4490)
        assert found == names


def test_x_is_north_in_a_survey():
    assert choose_coordinates(("X", "Y"), {}, POINT_LAYER, 4526) == ("Y", "X")


def test_named_degrees_come_before_x_and_y():
    fields = ("X", "Y", "经度", "纬度")
    assert choose_coordinates(fields, {}, POINT_LAYER, 4490) == ("经度", "纬度")
    assert choose_coordinates(fields, {}, POINT_LAYER, None) == ("经度", "纬度")
    assert choose_coordinates(fields, {}, POINT_LAYER, 4526) == ("Y", "X")


def test_table_without_coordinates_is_refused():
    with pytest.raises(FileRefused) as refused:
        choose_coordinates(("DWBM", "经度"), {}, POINT_LAYER, None)
    assert refused.value.reason == "no_coordinates"


def test_table_may_mix_decimals_with_minutes_and_tells_what_is_neither():
    columns = {
        "lon": pa.array(["113°37′12″", "113.62", "113°77′"]),
        "lat": pa.array(["34.75", "34°45′", "34.75"]),
    }
    fields = choose_coordinates(("lon", "lat"), {}, POINT_LAYER, 4490)
    points, issues = make_points(columns, np.array([1, 2, 3], np.int32), fields)
    assert [one and one.distance(Point(113.62, 34.75)) < 1e-9 for one in points] == [
        True,
        True,
        None,
    ]
    told = [(one.kind, one.values) for one in issues if len(one.rows)]
    assert told == [("number_unreadable", ["113°77′"])]


def test_column_that_fills_an_attribute_is_no_coordinate():
    plot = LAYER_BY_NAME["plot"]
    found = choose_coordinates(
        ("JD", "WD", "经度", "纬度"), {"stage": "JD"}, plot, 4490
    )
    assert found == ("经度", "纬度")


@pytest.mark.parametrize(
    ("layer", "fields", "reason"),
    [
        ("river", ("经度", "纬度"), "geometry_in_table"),
        ("parcel", ("ZDDM", "ZL"), "no_boundary_points"),
    ],
)
def test_table_that_cannot_draw_the_layer_is_refused(layer, fields, reason):
    with pytest.raises(FileRefused) as refused:
        choose_coordinates(fields, {}, LAYER_BY_NAME[layer], 4490)
    assert refused.value.reason == reason


def test_point_without_a_number_is_missing_and_told():
    columns = {"lon": pa.array(["114.0", "x", None]), "lat": pa.array(["34.0"] * 3)}
    fields = choose_coordinates(("lon", "lat"), {}, POINT_LAYER, 4490)
    points, issues = make_points(columns, np.array([1, 2, 3], np.int32), fields)
    assert points.tolist() == [Point(114, 34), None, None]
    told = [(one.kind, one.rows.tolist()) for one in issues if len(one.rows)]
    assert told == [("number_unreadable", [2])]


def test_one_column_may_give_both_in_degrees_minutes_and_seconds():
    column = pa.array(["34°45′47.62″ N, 114°18′36.56″ E", "34.7, 114.3", None])
    fields = choose_coordinates(("DKMC", "中心坐标"), {}, POINT_LAYER, None)
    assert fields == ("中心坐标", "中心坐标")
    rows = np.array([1, 2, 3], np.int32)
    points, (issue,) = make_points({"中心坐标": column}, rows, fields)
    assert points[0].distance(Point(114.3101556, 34.7632278)) < 1e-7
    assert points[1:].tolist() == [None, None]
    assert (issue.kind, issue.rows.tolist()) == ("position_unreadable", [2])
