"""Rows on the ground of very many others: all named, counted, few pairs told."""

import geopandas
import numpy as np
import pytest
import shapely

from parcels.surveys.checks import crowds
from parcels.surveys.checks.gaps import check_gaps, find_cover
from parcels.surveys.checks.overlaps import check_overlaps, find_overlaps
from parcels.surveys.issues import Issue
from tests.survey_files import square_at
from tests.unit.parcels.surveys.drawn_rows import always, view_drawn
from tests.unit.parcels.surveys.test_whole_file_checks import grid


def look(plane, periods=None):
    """Return told pairs (from 0), row → (count, exact), and kinds of gaps."""
    count = len(plane)
    rows = np.arange(count, dtype=np.int32)
    codes = np.array([f"c{row}" for row in rows], dtype=object)
    coverage = view_drawn(plane)
    found = find_overlaps(coverage, always(count) if periods is None else periods)
    pairs, many = set(), {}
    for one in check_overlaps(coverage, found, rows, codes):
        if one.kind == "overlap_many":
            about = [not told for told in one.details["about_en"]]
            numbers = zip(one.details["count"].tolist(), about, strict=True)
            many |= dict(zip(one.rows.tolist(), numbers, strict=True))
        else:
            others = one.details["other_row"]
            pairs |= set(zip(others, one.rows.tolist(), strict=True))
    gaps = check_gaps(coverage, find_cover(coverage), found, rows, codes, tiling=True)
    return pairs, many, [one.kind for one in gaps]


def partners(plane):
    """Return the pairs of rows that share ground, by an overlay of another program."""
    frame = geopandas.GeoDataFrame({"row": range(len(plane))}, geometry=list(plane))
    shared = geopandas.overlay(frame, frame, keep_geom_type=True)
    pairs = shared.loc[shared.area > 0.001, ["row_1", "row_2"]]
    return {(a, b) for a, b in pairs.itertuples(index=False) if a < b}


def jittered(count, seed=0, wide=8.0):
    """Return squares of 10 m that lie over each other."""
    rng = np.random.default_rng(seed)
    return [square_at(*xy) for xy in rng.uniform(0, wide, (count, 2)).round(2)]


def test_each_row_of_a_stack_is_told_with_some_and_how_many_it_overlaps():
    stack = jittered(300) + grid(3, 3, 100)
    pairs, many, gaps = look(stack)
    expected = partners(stack)
    assert pairs <= expected and len(pairs) <= 5 * 300
    assert {row for pair in pairs for row in pair} == set(range(300))
    counts = np.bincount(np.array(sorted(expected)).ravel(), minlength=300)
    assert many == {row: (counts[row], True) for row in range(300)}
    assert gaps == []


def test_an_outline_over_thousands_is_counted_and_every_row_below_is_told():
    fields = grid(30, 30)
    pairs, many, gaps = look([*fields[:400], square_at(-5, -5, 310), *fields[400:]])
    below = [row for row in range(901) if row != 400]
    assert pairs == {(min(row, 400), max(row, 400)) for row in below}
    assert many == {400: (900, True)}
    # That fields lie beside each other below it is no fault of theirs.
    assert gaps == []


def test_rows_of_many_surveys_over_each_other_are_all_found():
    sheets = [
        cell
        for sheet in range(70)
        for cell in grid(4, 3, east=0.11 * sheet, north=0.07 * sheet)
    ]
    pairs, many, _ = look(sheets)
    expected = partners(sheets)
    assert pairs <= expected
    named = {row for pair in pairs for row in pair}
    assert named == {row for pair in expected for row in pair}
    assert len(many) > 500


def test_strips_that_cross_hundreds_are_all_found():
    east = [shapely.box(0, 2 * i, 200, 2 * i + 1) for i in range(100)]
    north = [shapely.box(2 * i, 0, 2 * i + 1, 200) for i in range(100)]
    west, south = square_at(0, 0).bounds[:2]
    strips = shapely.transform(np.array(east + north), lambda xy: xy + (west, south))
    pairs, many, _ = look(strips)
    assert many == dict.fromkeys(range(200), (100, True))
    assert {row for pair in pairs for row in pair} == set(range(200))
    assert all(first < 100 <= second for first, second in pairs)


def test_what_is_too_much_to_count_is_told_as_about(monkeypatch):
    monkeypatch.setattr(crowds, "_PAIRS_COUNTED", 0)
    _, many, _ = look(jittered(3000, wide=5.0))
    assert len(many) == 3000
    for count, exact in many.values():
        assert not exact and count == pytest.approx(2999, rel=0.2)


def test_rows_that_hold_on_different_days_are_no_crowd():
    days = np.array([(day, day + 1) for day in range(120)])
    assert look(jittered(120), days)[:2] == (set(), {})
    days[7] = (0, 120)
    pairs, many, _ = look(jittered(120), days)
    assert pairs == {(min(row, 7), max(row, 7)) for row in range(120) if row != 7}
    assert many == {7: (119, True)}


def test_where_a_crowd_lies_no_gap_is_told_and_elsewhere_it_is():
    fields = grid(6, 6)
    del fields[28]
    filled = fields.pop(7)
    west, south = (np.array(filled.bounds[:2]) + 1.0).tolist()
    rng = np.random.default_rng(1)
    stack = [
        shapely.box(west + x, south + y, west + x + 5, south + y + 5)
        for x, y in rng.uniform(0, 2, (80, 2))
    ]
    pairs, _, gaps = look([*fields, *stack])
    assert gaps == ["gap"]
    assert {row for pair in pairs for row in pair} == set(range(34, 114))


def test_the_sentence_says_how_many_rows_and_how_many_pairs_are_told():
    details = {"code": "a", "count": 3000, "about_zh": "约", "about_en": "about "}
    issue = Issue(
        1, "overlap_many", "error", 7, None, None, details | {"told": 5}, None
    )
    assert "a overlaps about 3000 other rows (5 of the pairs" in issue.message("en")
    assert "a 与约 3000 行重叠（报告逐对列出其中 5 对）" in issue.message("zh")
