"""One outline of thousands of vertices over many rows: the plain search's answers."""

import numpy as np
import pytest
import shapely

from parcels.crs import transform_from_storage, transform_to_storage
from parcels.subdivision import PART_VERTICES, PIECE_VERTICES, clip_around, subdivide
from parcels.surveys.checks.invalid_edges import find_invalid_edges
from parcels.surveys.checks.neighbours import Neighbours, check_neighbours
from parcels.surveys.checks.outlines import Frame
from parcels.surveys.ground import Outline
from tests.survey_files import EAST, NORTH, square_at
from tests.unit.parcels.surveys.test_whole_file_checks import grid, overlaps

WITHOUT_PREFIX = 4547
"""The zone of the squares, its eastings without the 38."""


def cells(seed, columns=9, rows=7):
    """Return a tessellation of bent cells about 10 m wide."""
    rng = np.random.default_rng(seed)
    corners = np.stack(np.mgrid[0 : columns + 1, 0 : rows + 1], axis=-1) * 10.0
    corners = np.round(corners + rng.uniform(-2, 2, corners.shape), 3) + (EAST, NORTH)
    return [
        shapely.Polygon(
            [corners[i, j], corners[i + 1, j], corners[i + 1, j + 1], corners[i, j + 1]]
        )
        for i in range(columns)
        for j in range(rows)
    ]


def outline(kind, rows):
    """Return an outline over all rows, of more vertices than are worked on at once."""
    if kind == "dense":
        large = shapely.segmentize(square_at(-3.3, -2.1, 85), 0.05)
    else:
        streets = shapely.buffer(np.array(rows), -1.0, join_style="mitre")
        large = shapely.segmentize(shapely.box(*shapely.total_bounds(rows)), 0.3)
        large = shapely.difference(large, shapely.union_all(streets))
    assert shapely.get_num_coordinates(large) > max(PART_VERTICES, 4 * PIECE_VERTICES)
    return large


@pytest.mark.parametrize("kind", ["dense", "streets"])
@pytest.mark.parametrize("prefix", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_a_large_outline_overlaps_what_it_overlaps_uncut(kind, prefix, seed):
    rows = cells(seed)
    rows = [*rows, outline(kind, rows), *grid(2, 2, 41.5, 33.5)]
    shown = np.array(rows, dtype=object)
    if not prefix:
        shown = shapely.transform(shown, lambda xy: xy - (38_000_000.0, 0.0))
    found = overlaps(shown, 4526 if prefix else WITHOUT_PREFIX)
    first, second = np.triu_indices(len(rows), 1)
    shared = shapely.area(shapely.intersection(shown[first], shown[second]))
    expected = {
        (i + 1, j + 1): area
        for i, j, area in zip(first, second, shared, strict=True)
        if area > 0.01
    }
    areas = {pair: area for pair, (_, area) in found.items() if area > 0.005}
    # The plane stretches areas by less than a thousandth here.
    assert areas == pytest.approx(expected, rel=1e-3, abs=0.006)


def test_a_row_inside_a_large_outline_is_told_as_such():
    large = shapely.segmentize(square_at(0, 0, 100), 0.1)
    assert overlaps([large, square_at(50, 50)])[1, 2][0] == "overlap"


def test_an_overlap_is_found_however_long_the_boundary_beside_it():
    # 2 km of boundary drawn twice, 0.4 mm apart, then once, and an overlap of 1 m² at
    # its end: on average the shared ground is 0.9 mm wide.
    road = shapely.box(EAST, NORTH, EAST + 2000, NORTH + 10)
    north = NORTH + 10 - 0.0004
    field = shapely.Polygon(
        [
            (EAST, north),
            (EAST + 1998, north),
            (EAST + 1998.5, NORTH + 10),
            (EAST + 1999, NORTH + 10),
            (EAST + 1999, north - 1),
            (EAST + 2000, north - 1),
            (EAST + 2000, north + 50),
            (EAST, north + 50),
        ]
    )
    ((kind, area),) = overlaps([road, field]).values()
    assert area == pytest.approx(1.0, abs=0.01)
    assert kind.startswith("overlap")


def test_a_boundary_drawn_twice_within_the_millimetre_is_no_overlap_however_long():
    road = shapely.box(EAST, NORTH, EAST + 2000, NORTH + 10)
    field = shapely.box(EAST, NORTH + 10 - 0.0004, EAST + 2000, NORTH + 60)
    assert overlaps([road, field]) == {}


@pytest.mark.parametrize("kind", ["dense", "streets"])
@pytest.mark.parametrize("seed", range(3))
def test_edges_that_do_not_fit_are_those_of_a_search_over_all(kind, seed):
    rows = cells(seed, columns=17, rows=11)
    large = outline(kind, rows)
    polygons = np.array([*rows[:50], large, *rows[50:], *grid(3, 3, 200)])
    expected = shapely.coverage_invalid_edges(polygons, gap_width=0.1)
    found = find_invalid_edges(polygons, 0.1)
    assert shapely.equals(found, expected).all()
    assert not shapely.is_empty(found).all()


def test_what_is_clipped_around_rows_is_all_there_is_near_them():
    rows = np.array(grid(20, 20))
    large = shapely.segmentize(shapely.Point(EAST + 90, NORTH + 90).buffer(95), 0.2)
    seen = []
    for group, near in clip_around(rows, np.array([large]), 0.5):
        seen += group.tolist()
        around = shapely.buffer(rows[group], 0.5, join_style="mitre")
        shown = shapely.union_all(near)
        there, expected = (
            shapely.area(shapely.intersection(around, one)) for one in (shown, large)
        )
        assert there == pytest.approx(expected, abs=1e-6)
        assert shapely.get_num_coordinates(shown) <= shapely.get_num_coordinates(large)
    assert sorted(seen) == list(range(400))


def test_how_far_rows_reach_beyond_an_outline_of_many_vertices():
    county = shapely.segmentize(square_at(0, 0, 1000), 0.5)
    frame = Frame(
        Outline("999901", "某地", "Somewhere", transform_to_storage(county, 4526)), 4526
    )
    rows = np.array([square_at(500, 500), square_at(995, 5), square_at(1300, 1390)])
    reach = frame.measure_reach(rows)
    # 300 + 10 m east and 390 + 10 m north of the corner.
    assert reach == pytest.approx([0, 5, np.hypot(310, 400)], abs=1e-3)
    beyond = frame.find_beyond(transform_to_storage(rows, 4526))
    area = shapely.area(transform_from_storage(beyond, 4526))
    assert area == pytest.approx([0, 50, 100], abs=1e-3)


def as_pairs(rows, objects):
    """Return every row with every object."""
    rows, objects = (
        transform_to_storage(np.array(one), 4526) for one in (rows, objects)
    )
    mine, other = (one.ravel() for one in np.indices((len(rows), len(objects))))
    return Neighbours(
        (mine + 1).astype(np.int32),
        np.array([f"r{one}" for one in mine], dtype=object),
        np.array([f"o{one}" for one in other], dtype=object),
        np.full(len(mine), None),
        mine,
        other,
        rows,
        objects,
    )


def test_a_large_object_of_the_register_meets_every_row_it_overlaps():
    rows = cells(4)
    large = outline("streets", rows)
    found = check_neighbours(as_pairs(rows, [large]), 4526)
    area = {
        int(row): area
        for one in found
        if one.kind == "register_overlap"
        for row, area in zip(one.rows, one.details["area_m2"], strict=True)
    }
    shared = shapely.area(shapely.intersection(np.array(rows), large))
    expected = {row + 1: one for row, one in enumerate(shared) if one > 1}
    assert area == pytest.approx(expected, rel=1e-3, abs=0.006)


def test_vertices_beside_a_large_object_are_counted_once():
    # 3 cm off along its edge: the two vertices of the row, and those of the object
    # that lie between them, one each 2 m.
    large = shapely.segmentize(square_at(0, 0, 1000), 2.0)
    row = square_at(1000.03, 501, 6)
    (issue,) = check_neighbours(as_pairs([row], [large]), 4526)
    assert issue.kind == "register_edge_not_matched"
    assert issue.details["count"].tolist() == [2 + 3]
    assert issue.details["distance_m"] == [0.03]


def test_pieces_of_a_subdivided_outline_are_small_and_make_it_up():
    large = outline("streets", cells(5))
    pieces = subdivide(large, PIECE_VERTICES)
    assert shapely.get_num_coordinates(pieces).max() <= PIECE_VERTICES
    assert shapely.area(pieces).sum() == pytest.approx(large.area)
