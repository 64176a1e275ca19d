"""Values of one row that contradict each other; points that may lie elsewhere."""

import numpy as np
import pytest
import shapely

from parcels.register.layers import LAYER_BY_NAME, LAYERS
from parcels.register.possible_values import ALWAYS_POSITIVE, NEVER_NEGATIVE, ORDERED
from parcels.surveys.checks.consistency import OBSERVED, check_consistency
from parcels.surveys.checks.positions import check_positions, check_repeated_points
from tests.survey_files import square_at
from tests.unit.parcels.surveys.candidate_rows import (
    DAY,
    candidates,
    told,
    with_geometry,
)


def check(layer, **columns):
    found, _ = candidates(layer, **columns)
    return told(check_consistency(found, DAY))


def test_attributes_named_here_are_attributes_of_their_layers():
    for layer, pairs in ORDERED.items():
        for name in {one for pair in pairs for one in pair}:
            assert LAYER_BY_NAME[layer].attribute(name)
    for layer, name in OBSERVED.items():
        assert LAYER_BY_NAME[layer].attribute(name)
    known = {one.name for layer in LAYERS for one in layer.attributes}
    assert known >= NEVER_NEGATIVE | ALWAYS_POSITIVE


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("0.2", "0.5", {}), ("0.5", "0.5", {}), ("0.6", "0.5", {"order_reversed": [1]})],
)
def test_upper_depth_is_not_below_the_lower_one(first, second, expected):
    assert check("sample_result", SDS=[first], SDX=[second], SZ=["1"]) == expected


def test_depth_of_a_pollutant_does_not_end_above_its_beginning():
    found = check("plot_pollutant", QSSD=["3", "1"], ZZSD=["1", "3"])
    assert found["order_reversed"] == [1]


def test_report_is_not_reviewed_before_it_is_dated():
    found = check(
        "plot_document",
        BGRQ=["2023-05-02", "2023-05-01"],
        PSRQ=["2023-05-01", "2023-05-01"],
    )
    assert found == {"order_reversed": [1]}


@pytest.mark.parametrize(("value", "told_of"), [("-0.1", True), ("0", False)])
def test_value_is_never_negative(value, told_of):
    assert ("number_too_small" in check("sample_result", SZ=[value])) is told_of


@pytest.mark.parametrize(("limit", "told_of"), [("0", True), ("0.001", False)])
def test_detection_limit_is_positive(limit, told_of):
    found = check("sample_result", SZ=["1"], JCX=[limit])
    assert ("number_too_small" in found) is told_of


def test_result_has_a_value_or_says_non_detect_with_its_limit():
    found = check(
        "sample_result",
        SZ=["1", None, None, None],
        WJC=["0", "0", "1", "1"],
        JCX=[None, None, None, "0.01"],
    )
    assert found == {"result_missing": [2], "detection_limit_missing": [3]}


def test_a_value_that_cannot_be_read_is_not_called_missing_as_well():
    assert check("sample_result", SZ=["0,35", "x"], WJC=["0", "0"]) == {}


def test_sample_taken_after_the_row_holds_is_noted():
    days = ["2024-01-01", "2024-01-02"]
    assert check("sample_result", SZ=["1", "1"], CYRQ=days) == {
        "date_after_validity": [2]
    }


def positions(*geometries, **columns):
    found, _ = candidates("enterprise", **columns)
    return list(check_positions(with_geometry(found, geometries)))


POINT = square_at(0, 0).centroid


def test_web_map_coordinates_are_shown_with_the_ring_they_may_lie_in():
    (issue,) = positions(POINT, POINT, ZBLY=["gnss", "gcj02"])
    assert (issue.kind, issue.rows.tolist()) == ("coordinates_shifted", [2])
    ring = issue.shapes[0]
    west, south, _, north = ring.bounds
    assert (north - south) / 2 * 110_940 == pytest.approx(500, rel=0.01)
    assert ring.contains(shapely.Point((west + ring.bounds[2]) / 2, south + 0.001))


@pytest.mark.parametrize(("accuracy", "told_of"), [("49", True), ("50", False)])
def test_web_map_coordinates_are_not_exact_to_less_than_fifty_metres(accuracy, told_of):
    found = told(positions(POINT, ZBLY=["bd09"], JD_M=[accuracy]))
    assert ("accuracy_implausible" in found) is told_of


def test_point_of_unknown_origin_without_accuracy_is_noted():
    found = positions(
        POINT,
        POINT,
        POINT,
        square_at(0, 0),
        ZBLY=["geocoded", "geocoded", "survey", None],
        JD_M=[None, "100", None, None],
    )
    assert told(found) == {"accuracy_unknown": [1]}


def test_second_row_at_one_point_names_the_first():
    places = np.array([(114.0, 34.0), (114.1, 34.0), (114.0, 34.0), (np.nan, np.nan)])
    (issue,) = check_repeated_points(places, np.array([1, 2, 3, 4], np.int32))
    assert issue.kind == "point_repeated"
    assert (issue.rows.tolist(), issue.details["other_row"].tolist()) == ([3], [1])


@pytest.mark.parametrize(
    ("scheme", "land_use", "built"),
    [
        ("gbt21010_2017", "0701", True),
        ("gbt21010_2017", "1006", False),
        ("ydyh_2023", "0601", False),
        ("ydyh_2023", "1001", True),
        ("gb50137_2011", "R2", False),
    ],
)
def test_unit_of_farmland_is_no_construction_land(scheme, land_use, built):
    found = check("farmland_unit", LBBM=["U"], DLBM=[land_use], DLBZ=[scheme])
    assert found == ({"unit_class_built": [1]} if built else {})
