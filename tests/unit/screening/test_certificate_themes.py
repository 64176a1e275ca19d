"""The table of themes on certificates and extracts."""

import pytest

from app.pages.i18n import read_catalogue
from screening.certificate.saying import Sayer
from screening.certificate.themes import Known, Theme, write_themes

OURS, THEIRS = "999901", "999902"
NAMES = {OURS: f"净土示范县 {OURS}", THEIRS: f"邻界示范县 {THEIRS}"}
FRESH = Known(OURS, "2025-12-20", part=False)


def written(*themes, language="zh"):
    return write_themes(themes, Sayer(read_catalogue(language), language, NAMES))


def theme(*known, status="clear", share=0.0, near=False, name="plot"):
    return Theme(name, status, share, known, near)


def test_a_single_county_is_named_once():
    table = written(theme(FRESH), theme(FRESH, name="river"))
    assert table["of"] == f"数据区划：净土示范县 {OURS}。"
    assert table["heads"] == ["数据日期"]
    assert [line["known"] for line in table["lines"]] == 2 * [["2025-12-20"]]


def test_of_several_counties_each_has_a_column_of_its_code():
    table = written(theme(FRESH), theme(FRESH, Known(THEIRS, None, part=False)))
    assert all(name in table["of"] for name in NAMES.values())
    assert table["heads"] == [OURS, THEIRS]
    first, second = (line["known"] for line in table["lines"])
    assert first == ["2025-12-20", ""]
    assert second == ["2025-12-20", "无数据"]


def test_what_holds_for_a_part_is_called_so():
    parts = [Known(OURS, "2025-12-20", part=True), Known(OURS, None, part=True)]
    (line,) = written(theme(*parts))["lines"]
    assert line["known"] == ["2025-12-20（部分）、无数据（部分）"]


def test_ground_in_no_county_is_marked_where_it_was_asked_for():
    outside = Known("", None, part=True)
    table = written(theme(FRESH, outside), theme(FRESH))
    assert [line["status_title"] for line in table["lines"]] == [
        "未涉及\N{NO-BREAK SPACE}*",
        "未涉及",
    ]
    assert "标 * 的专题" in table["of"]
    assert "*" not in written(theme(FRESH))["of"]


def test_land_in_no_county_at_all_has_no_data():
    table = written(theme(Known("", None, part=False), status="no_coverage"))
    assert table["of"] == ""
    assert table["lines"][0]["known"] == ["无数据"]
    assert table["lines"][0]["status_title"] == "无数据"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("clear", "Clear on the land, found near it"),
        ("stale", "Out of date on the land, found near it"),
        ("no_coverage", "No data on the land, found near it"),
        ("concerned", "Concerned"),
        ("imprecise", "Imprecise"),
    ],
)
def test_a_thing_beside_the_land_does_not_contradict_its_theme(status, said):
    (line,) = written(theme(FRESH, status=status, near=True), language="en")["lines"]
    assert line["status_title"] == said


def test_a_share_is_told_where_there_is_one():
    lines = written(theme(FRESH, share=0.12087), theme(FRESH))["lines"]
    assert [line["share"] for line in lines] == ["12.09\N{NO-BREAK SPACE}%", ""]
