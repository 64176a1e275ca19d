"""GEOS's reasons in words: none of its English in a Chinese sentence."""

import json
import math
import re

import pytest
import shapely

from app.geojson import read_geometry
from app.request_errors import InvalidRequest
from parcels.plots.boundary import parse_boundary
from parcels.plots.refusals import BoundaryNotUsable
from parcels.validity import explain

HOLE_IN_HOLE = (
    "POLYGON ((114 34, 115 34, 115 35, 114 35, 114 34),"
    " (114.2 34.2, 114.2 34.8, 114.8 34.8, 114.8 34.2, 114.2 34.2),"
    " (114.4 34.4, 114.4 34.6, 114.6 34.6, 114.6 34.4, 114.4 34.4))"
)
ENGLISH_WORD = re.compile("[A-Za-z]{4,}")


@pytest.mark.parametrize(
    ("wkt", "zh"),
    [
        ("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))", "自相交"),
        (HOLE_IN_HOLE, "洞嵌套"),
    ],
)
def test_reason_of_geos_is_told_in_both_languages(wkt, zh):
    why = explain(shapely.is_valid_reason(shapely.from_wkt(wkt)))
    assert why.zh == zh
    assert not math.isnan(why.x)


def test_reason_without_a_word_of_ours_leaves_no_english_in_chinese():
    why = explain("Something else")
    assert why.zh == "几何结构有误"
    assert math.isnan(why.x)


def test_geometry_of_a_request_is_refused_without_english_in_chinese():
    value = json.loads(shapely.to_geojson(shapely.from_wkt(HOLE_IN_HOLE)))
    with pytest.raises(InvalidRequest) as refused:
        read_geometry(value, ["Polygon"])
    message = refused.value.faults[0].message
    assert message.zh.startswith("几何无效：洞嵌套")
    assert not ENGLISH_WORD.search(message.zh)


def test_boundary_of_a_correction_is_refused_without_english_in_chinese():
    text = shapely.to_geojson(shapely.from_wkt(HOLE_IN_HOLE))
    with pytest.raises(BoundaryNotUsable) as refused:
        parse_boundary(text)
    assert "几何无效：洞嵌套，位于" in refused.value.zh
