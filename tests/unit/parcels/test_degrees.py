"""Degrees, minutes and seconds are read in every way that lists write them."""

import pytest

from parcels.degrees import parse_angle, parse_position

KAIFENG = (114.31015555555555, 34.76322777777778)
"""34°45′47.62″ N, 114°18′36.56″ E, by hand: 45/60 + 47.62/3600, 18/60 + 36.56/3600."""


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("113°37′12″", 113.62),
        ("113°37'12\"", 113.62),
        ("113度37分12秒", 113.62),
        ("东经113°37′12″", 113.62),
        ("E113°37′12″", 113.62),
        ("113°37′12″E", 113.62),
        ("113 ° 37 ′ 12.0 ″", 113.62),
        ("113º37’12”", 113.62),
        ("１１３°３７′１２″", 113.62),
        ("113°37.2′", 113.62),
        ("113.62°", 113.62),
        ("34°", 34.0),
        ("34°60′", None),
        ("34°10′60″", None),
        ("34.5°10′", None),
        ("西经113°37′", None),
        ("34°10′S", None),
        ("N34°10′E", None),
        ("113.62", None),
        ("°", None),
    ],
)
def test_one_coordinate_is_read(text, degrees):
    found = parse_angle(text)
    if degrees is None:
        assert found is None
    else:
        assert found.degrees == pytest.approx(degrees, abs=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "34°45′47.62″ N, 114°18′36.56″ E",
        "34°45′47.62″N，114°18′36.56″E",
        "114°18′36.56″E 34°45′47.62″N",
        "N34°45'47.62\" E114°18'36.56\"",
        "北纬34度45分47.62秒，东经114度18分36.56秒",
        "东经：114°18′36.56″；北纬：34°45′47.62″",
        "３４°４５′４７．６２″Ｎ，１１４°１８′３６．５６″Ｅ",
        "34°45''47.62N,114°18''36.56''E".replace("45''", "45'").replace("18''", "18'"),
        "34º45’47.62” 、114º18’36.56”",
        "34°45′47.62″114°18′36.56″",
        "34°45′47.62″N114°18′36.56″E",
        " 34°45′47.62″ 114°18′36.56″ ",
    ],
)
def test_a_place_is_read_however_it_is_written(text):
    assert parse_position(text) == pytest.approx(KAIFENG, abs=1e-12)


def test_minutes_alone_will_do():
    assert parse_position("34°45′ 114°18′") == pytest.approx((114.3, 34.75))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "34°45′",
        "34.76, 114.31",
        "34°45′ N, 114°18′ N",
        "34°45′ S, 114°18′ E",
        "34°45′ E, 114°18′ N",
        "1°2′, 3°4′",
        "114°18′34°45′12",
        "9" * 10_000,
    ],
)
def test_what_is_no_place_in_china_is_none(text):
    assert parse_position(text) is None
