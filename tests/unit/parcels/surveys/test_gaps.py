"""Gaps between squares of 10 m, and in tessellations against a plain union."""

import numpy as np
import pytest
import shapely
from shapely import Polygon

from parcels.surveys.checks.gaps import check_gaps, find_cover, list_beside
from parcels.surveys.checks.overlaps import find_overlaps
from tests.survey_files import EAST, NORTH, combs, square_at
from tests.unit.parcels.surveys.drawn_rows import always, view_drawn


def gaps(plane, srid=4526, tiling=False):
    """Return (kind, row, other rows, area) of each gap."""
    count = len(plane)
    rows = np.arange(1, count + 1, dtype=np.int32)
    codes = np.array([f"c{row}" for row in rows], dtype=object)
    coverage = view_drawn(plane, srid)
    overlaps = find_overlaps(coverage, always(count))
    return [
        (one.kind, int(row), tuple(others), area)
        for one in check_gaps(
            coverage, find_cover(coverage), overlaps, rows, codes, tiling=tiling
        )
        for row, others, area in zip(
            one.rows, one.details["other_rows"], one.details["area_m2"], strict=True
        )
    ]


def frame(hole=10.0):
    """Return the eight squares around a square, the middle ones cut back to a hole."""
    west, south = EAST + 15 - hole / 2, NORTH + 15 - hole / 2
    cut = shapely.box(west, south, west + hole, south + hole)
    squares = [square_at(10 * i, 10 * j) for i in range(3) for j in range(3)]
    return [shapely.difference(one, cut) for one in squares if not one.within(cut)]


def test_neighbours_that_share_their_boundary_leave_no_gap():
    squares = [square_at(10 * i, 10 * j) for i in range(4) for j in range(4)]
    assert gaps(squares, tiling=True) == []


def test_missing_square_is_a_gap_where_the_layer_covers_its_ground():
    ((kind, row, others, area),) = gaps(frame(), tiling=True)
    assert (kind, row, others) == ("gap", 1, (2, 3, 4, 5, 6, 7, 8))
    assert area == pytest.approx(100, abs=0.05)
    assert gaps(frame()) == []


def moved_within_a_grid(by):
    """Return a grid where four squares meet in each point, one of them moved.

    Two corners are missing: the outermost squares are two rows that touch in points.
    """
    squares = [square_at(10 * i, 10 * j) for i in range(6) for j in range(6)]
    squares[14] = shapely.transform(squares[14], lambda xy: xy + by)
    return squares[1:-1]


@pytest.mark.parametrize(
    ("by", "kind", "area"), [(0.05, "gap_narrow", 0.9975), (0.5, "gap", 9.75)]
)
def test_ground_that_a_moved_square_leaves_is_told_once(by, kind, area):
    ((found, _, _, measured),) = gaps(moved_within_a_grid(by), tiling=True)
    assert (found, measured) == (kind, pytest.approx(area, abs=0.005))


def test_hole_of_an_island_in_a_hole_is_told_once():
    yard = shapely.difference(square_at(0, 0, 100), square_at(10, 10, 80))
    island = shapely.difference(square_at(30, 30, 40), square_at(40, 40))
    areas = sorted(area for *_, area in gaps([yard, island], tiling=True))
    assert areas == pytest.approx([100, 6400 - 1600], rel=1e-3)


@pytest.mark.parametrize(
    ("side", "kind"), [(0.99, "gap_narrow"), (1.01, "gap"), (0.05, "gap_narrow")]
)
def test_gap_below_a_square_metre_is_narrow(side, kind):
    ring = shapely.difference(square_at(0, 0, 30), square_at(10, 10))
    inner = shapely.difference(square_at(10, 10), square_at(12, 12, side))
    found = gaps([ring, inner], tiling=True)
    # The inner square is a hole of row 2 alone: what it leaves belongs to nobody.
    assert [(one[0], one[1], one[2]) for one in found] == [(kind, 2, ())]


def test_strip_open_at_both_ends_is_found_and_measured():
    ((kind, row, others, area),) = gaps([square_at(0, 0), square_at(10.05, 0)])
    assert (kind, row, others) == ("gap_narrow", 1, (2,))
    assert area == pytest.approx(0.5, abs=0.001)


@pytest.mark.parametrize(("distance", "count"), [(0.09, 1), (0.11, 0), (0.0005, 0)])
def test_strip_counts_up_to_ten_centimetres_and_from_a_millimetre(distance, count):
    assert len(gaps([square_at(0, 0), square_at(10 + distance, 0)])) == count


def test_boundaries_that_cross_leave_gaps_and_overlaps_in_turn():
    zigzag = [(10, 0), (10.02, 2.5), (10, 5), (9.98, 7.5), (10, 10)]
    other = [(10, 0), (9.98, 2.5), (10, 5), (10.02, 7.5), (10, 10)]
    west = Polygon([(EAST + x, NORTH + y) for x, y in [(0, 0), *zigzag, (0, 10)]])
    east = Polygon([(EAST + x, NORTH + y) for x, y in [(20, 0), *other, (20, 10)]])
    ((kind, row, others, area),) = gaps([west, east])
    assert (kind, row, others) == ("gap_narrow", 1, (2,))
    assert area == pytest.approx(0.04 * 5 / 2, abs=0.001)


def test_corners_that_cross_leave_no_gap():
    assert gaps([square_at(0, 0), square_at(9.5, 5)]) == []


def test_vertex_missing_on_a_neighbours_edge_is_no_gap():
    wide = shapely.box(EAST + 10, NORTH - 5, EAST + 20, NORTH + 15)
    assert gaps([square_at(0, 0), wide]) == []


def test_roads_between_blocks_are_no_gaps_of_parcels():
    blocks = [square_at(30 * i, 30 * j, 24) for i in range(3) for j in range(3)]
    assert gaps(blocks) == []
    assert gaps(blocks, tiling=True) == []


def voronoi(rng, count):
    """Return the cells of random points in a square of 1 km, sharing all vertices."""
    points = shapely.MultiPoint(rng.uniform(0, 1000, (count, 2)) + (EAST, NORTH))
    frame = shapely.box(EAST, NORTH, EAST + 1000, NORTH + 1000)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    return shapely.set_precision(shapely.intersection(cells, frame), 1e-3)


@pytest.mark.parametrize("seed", range(6))
def test_cells_left_out_of_a_tessellation_are_the_holes_of_a_plain_union(seed):
    rng = np.random.default_rng(seed)
    cells = voronoi(rng, 150)
    kept = cells[rng.uniform(size=len(cells)) > 0.12]
    rings = shapely.get_parts(shapely.union_all(kept))
    expected = sorted(
        shapely.area(Polygon(hole))
        for part in rings
        for hole in part.interiors
        if Polygon(hole).area > 1
    )
    found = sorted(area for kind, *_, area in gaps(kept, tiling=True) if kind == "gap")
    assert len(expected) > 3
    assert found == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("seed", range(4))
def test_cells_drawn_back_by_three_centimetres_leave_a_narrow_gap_all_round(seed):
    rng = np.random.default_rng(seed)
    cells = voronoi(rng, 60)
    inner = [i for i in range(len(cells)) if not cells[i].touches(EDGE)]
    chosen = rng.choice(inner)
    lost = cells[chosen].length * 0.03
    cells[chosen] = shapely.buffer(cells[chosen], -0.03, join_style="mitre")
    found = gaps(cells)
    assert {kind for kind, *_ in found} == {"gap_narrow"}
    assert sum(area for *_, area in found) == pytest.approx(lost, rel=0.05)


EDGE = shapely.box(EAST, NORTH, EAST + 1000, NORTH + 1000).exterior


@pytest.mark.parametrize("seed", range(6))
def test_gaps_of_outlines_drawn_back_are_those_a_plain_closing_fills(seed):
    rng = np.random.default_rng(seed)
    cells = voronoi(rng, 50)
    chosen = rng.choice(len(cells), 12, replace=False)
    joined = shapely.buffer(shapely.union_all(cells[chosen]), -0.03, join_style="mitre")
    kept = np.concatenate((np.delete(cells, chosen), shapely.get_parts(joined)))
    near = shapely.transform(kept, lambda xy: xy - (EAST, NORTH))
    expected = closing(shapely.union_all(near, grid_size=1e-6))
    assert len(expected) > 3
    assert sum(area for *_, area in gaps(kept)) == pytest.approx(
        shapely.area(expected).sum(), rel=0.02
    )


def closing(ground, width=0.1):
    """Return the narrow ground that growing and shrinking again fills."""
    mitre = {"join_style": "mitre", "mitre_limit": 1.5}
    filled = ground.buffer(width / 2, **mitre).buffer(-width / 2, **mitre)
    pieces = shapely.get_parts(filled.difference(ground))
    return pieces[shapely.area(pieces) > 0.01]


def test_outlines_of_many_vertices_have_a_strip_at_each_tooth():
    found = gaps(combs(1000))
    assert {one[:3] for one in found} == {("gap_narrow", 1, (2,))}
    assert [area for *_, area in found] == pytest.approx([0.05 * 9.5] * 1000, rel=1e-3)


def test_one_strip_along_many_vertices_is_one_gap():
    teeth, gap, length = 1000, 0.05, 10.0
    ((kind, row, others, area),) = gaps(combs(teeth, gap, gap, length))
    assert (kind, row, others) == ("gap_narrow", 1, (2,))
    around = 2 * teeth * (length + 1)
    assert area == pytest.approx(gap * around, rel=0.01)


def test_rows_round_a_yard_of_nobody_are_told_of_the_strip_beside_it():
    yard = square_at(15, 5)
    strip = box_at(20, 0, 0.05, 3)
    east = square_at(20, 0, 20).difference(yard).difference(strip)
    west = shapely.difference(square_at(0, 0, 20), yard)
    ((kind, row, others, area),) = gaps([west, east])
    assert (kind, row, others) == ("gap_narrow", 1, (2,))
    assert area == pytest.approx(0.05 * 3, abs=0.001)


def box_at(east_m, north_m, wide_m, high_m):
    west, south = EAST + east_m, NORTH + north_m
    return shapely.box(west, south, west + wide_m, south + high_m)


def test_ground_off_all_rows_by_a_rounding_is_told_with_the_nearest():
    coverage = view_drawn([square_at(0, 0), square_at(20, 0)])
    off = shapely.box(10.0001, 2, 10.05, 8)
    rows = np.array([1, 2], np.int32)
    (beside,) = list_beside(np.array([off]), coverage, rows)
    assert beside.tolist() == []
    (beside,) = list_beside(np.array([off]), coverage, rows, or_nearest=True)
    assert beside.tolist() == [0]


def test_gaps_in_degrees_are_measured_in_metres():
    step = 0.05 / 91_290
    west = shapely.box(114.0, 34.75, 114.001, 34.751)
    east = shapely.box(114.001 + step, 34.75, 114.002, 34.751)
    ((kind, _, _, area),) = gaps([west, east], srid=4490)
    assert kind == "gap_narrow"
    assert area == pytest.approx(0.05 * 110.94, rel=0.02)


def test_file_drawn_apart_as_a_whole_shows_the_edges(monkeypatch):
    monkeypatch.setattr("parcels.surveys.checks.gaps._MOST_PAIRS", 0)
    coverage = view_drawn([square_at(0, 0), square_at(10.05, 0)])
    rows = np.array([1, 2], np.int32)
    overlaps = find_overlaps(coverage, always(2))
    (issue,) = check_gaps(
        coverage,
        find_cover(coverage),
        overlaps,
        rows,
        rows.astype(object),
        tiling=False,
    )
    assert (issue.kind, issue.rows.tolist()) == ("boundary_not_shared", [1, 2])
    assert [one.geom_type for one in issue.shapes] == ["LineString"] * 2
