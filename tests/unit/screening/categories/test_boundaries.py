"""How long a boundary areas share, on ground of some hundred metres."""

import numpy as np
import pytest
import shapely

from screening.categories.boundaries import shared_lengths
from screening.categories.cells import thiessen_cells
from screening.categories.material import plane_at

PLANE = plane_at(34.6)
ORIGIN = np.array([114.0 * PLANE.east_m, 34.6 * PLANE.north_m])


def ground(*corners):
    """A polygon of metres from a corner, in degrees."""
    flat = shapely.polygons(np.array(corners, np.float64) + ORIGIN)
    return PLANE.to_degrees(flat)


def box(west, south, east, north):
    return ground((west, south), (east, south), (east, north), (west, north))


def shared(geometries, wanted=None):
    listed = np.array(geometries, dtype=object)
    every = np.arange(len(listed)) if wanted is None else np.array(wanted)
    found = shared_lengths(listed, every, PLANE)
    return {
        (a, b): round(length, 2)
        for a, b, length in zip(*(one.tolist() for one in found), strict=True)
    }


def rows(side=5):
    return [
        box(100 * x, 50 * y, 100 * (x + 1), 50 * (y + 1))
        for y in range(side)
        for x in range(side)
    ]


def test_a_pair_is_told_from_both_sides_and_a_corner_is_nothing():
    two = [box(0, 0, 100, 50), box(100, 0, 200, 50), box(200, 50, 300, 100)]
    assert shared(two) == {(0, 1): 50.0, (1, 0): 50.0}
    assert shared(two, wanted=[1]) == {(1, 0): 50.0}


def test_matching_edges_gives_what_laying_shapes_on_each_other_gives():
    found = shared(rows())
    assert found[0, 1] == 50.0 and found[0, 5] == 100.0
    assert (0, 6) not in found
    assert len(found) == 2 * (4 * 5 + 5 * 4)


def test_an_edge_with_a_corner_on_it_is_measured_in_parts():
    # Fifteen boxes, and one along the north of the first three of the last row.
    land = [*rows()[:15], box(0, 150, 250, 200)]
    found = shared(land)
    assert [found[15, n] for n in (10, 11, 12)] == [100.0, 100.0, 50.0]


def test_a_hole_and_several_parts_share_their_boundaries_too():
    inner = box(20, 20, 40, 40)
    ring = shapely.difference(box(0, 0, 60, 60), inner)
    far = shapely.union_all([inner, box(60, 0, 100, 60)])
    assert shared([ring, far])[0, 1] == pytest.approx(80 + 60, abs=0.01)
    land = [ring, far, *(box(200 + 50 * n, 0, 250 + 50 * n, 50) for n in range(12))]
    assert shared(land)[0, 1] == pytest.approx(80 + 60, abs=0.01)


@pytest.mark.parametrize("seed", range(4))
def test_beside_a_cut_unit_no_boundary_is_lost(seed):
    """Where a cut meets a neighbour's slanting edge its end is off by a rounding."""
    rng = np.random.default_rng(seed)
    corners = np.stack(np.meshgrid(range(6), range(6)), axis=-1) * 150.0
    corners += rng.uniform(-30, 30, corners.shape)
    land = [
        ground(
            *(
                corners[y, x]
                for y, x in ((j, i), (j, i + 1), (j + 1, i + 1), (j + 1, i))
            )
        )
        for j in range(5)
        for i in range(5)
    ]
    middle, east, north = land[12], land[13], land[17]
    inside = shapely.get_coordinates(shapely.centroid(middle)) + rng.uniform(
        -3e-4, 3e-4, (4, 2)
    )
    cells = thiessen_cells(middle, inside, PLANE)
    cut = [*land[:12], *land[13:], *cells]
    pairs = shared_lengths(np.array(cut, dtype=object), np.arange(len(cut)), PLANE)
    for unit, place in ((east, 12), (north, 16)):
        assert cut[place] is unit
        perimeter = shapely.length(PLANE.to_plane(unit))
        told = pairs.lengths[pairs.first == place].sum()
        assert told == pytest.approx(perimeter, rel=1e-4)


def test_a_cell_thinner_than_the_grid_still_has_its_neighbours():
    thin = [box(0, 0, 100, 50), box(100, 0, 100.0002, 50), box(100.0002, 0, 200, 50)]
    found = shared(thin)
    assert found[0, 1] == found[1, 2] == 50.0


def test_edges_of_land_that_overlaps_are_not_counted_twice():
    twice = [*rows(), box(0, 0, 100, 50)]
    found = shared(twice)
    assert found[0, 1] == 50.0 and found[0, 25] == 300.0
