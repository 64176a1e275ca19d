"""The ground a file is for travels to the reading process and back."""

import shapely
from shapely.geometry import box

from parcels.surveys.ground import Ground, make_ground

COUNTY, TOWNSHIP = box(113, 34, 114, 35), box(113, 34, 113.5, 35)
ROWS = [
    ("999901100", "甲镇", None, shapely.to_wkb(TOWNSHIP)),
    ("999901", "虚构县", "Invented County", shapely.to_wkb(COUNTY)),
]


def test_ground_is_told_apart_by_the_length_of_codes():
    ground = make_ground(ROWS)
    assert [one.code for one in ground.counties] == ["999901"]
    assert [one.name_zh for one in ground.townships] == ["甲镇"]


def test_ground_comes_back_as_it_was():
    ground = Ground.from_bytes(make_ground(ROWS).to_bytes())
    assert ground.find("999901").geometry.equals(COUNTY)
    assert ground.find("999901").name_en == "Invented County"
    assert ground.find("999901100").geometry.equals(TOWNSHIP)


def test_without_an_english_name_the_chinese_one_is_said():
    assert make_ground(ROWS).find("999901100").name_en == "甲镇"


def test_nothing_known_is_an_empty_ground():
    ground = Ground.from_bytes(Ground().to_bytes())
    assert ground.counties == ground.townships == ()
    assert ground.find("999901") is None
