"""What a convex mask covers of a polygon, without the shape of it."""

import numpy as np
import pytest
import shapely

from parcels.area import measure_area
from parcels.subdivision import PART_VERTICES
from screening.convex_cut import ConvexMasks
from screening.overlay_layers import Layer, join_pairs, overlay_layers

WEST, SOUTH = 114.0, 34.0
STEP = 1e-4
"""Some ten metres."""


def box(west, south, east, north):
    return shapely.box(*_place(west, south), *_place(east, north))


def polygon(*corners, holes=()):
    return shapely.Polygon(
        [_place(*one) for one in corners],
        [[_place(*one) for one in hole] for hole in holes],
    )


def _place(x, y):
    return WEST + x * STEP, SOUTH + y * STEP


def shares(shapes, mask):
    masks = ConvexMasks.of(np.array([mask]))
    assert masks.convex.tolist() == [True]
    found = masks.measure_common(np.array(shapes), np.zeros(len(shapes), np.int64))
    return found / measure_area(np.array(shapes), edges="drawn")


SQUARE = box(0, 0, 10, 10)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (box(5, 0, 15, 10), 0.5),
        (box(0, 2, 4, 4), 1.0),
        (box(-10, -10, 20, 20), 1 / 9),
        (box(10, 0, 20, 10), 0.0),
        (box(0, 0, 10, 10), 1.0),
        (box(-1, 10, 5, 12), 0.0),
        # A U whose legs alone reach into the mask.
        (
            polygon((2, 8), (2, 14), (8, 14), (8, 8), (6, 8), (6, 12), (4, 12), (4, 8)),
            8 / 28,
        ),
        # A ring around the middle of its eastern edge: half of it.
        (
            polygon(
                (8, 3),
                (12, 3),
                (12, 7),
                (8, 7),
                holes=[[(9, 4), (11, 4), (11, 6), (9, 6)]],
            ),
            0.5,
        ),
        (shapely.union_all([box(1, 1, 2, 2), box(11, 1, 12, 2)]), 0.5),
    ],
)
@pytest.mark.parametrize("turn", [False, True])
def test_a_share_is_what_one_sees_on_squared_paper(shape, expected, turn):
    mask = shapely.reverse(SQUARE) if turn else SQUARE
    assert shares([shape], mask)[0] == pytest.approx(expected, abs=2e-6)


@pytest.mark.parametrize(
    "mask",
    [
        polygon((0, 0), (10, 0), (10, 10), (7, 4)),
        polygon((0, 0), (9, 0), (9, 9), holes=[[(6, 1), (8, 1), (8, 3)]]),
        shapely.union_all([box(0, 0, 1, 1), box(5, 5, 6, 6)]),
        shapely.Point(WEST, SOUTH).buffer(STEP, quad_segs=PART_VERTICES),
        shapely.Polygon(),
    ],
    ids=["bent inwards", "with a hole", "in two parts", "too many vertices", "empty"],
)
def test_other_masks_are_left_to_the_general_cut(mask):
    assert ConvexMasks.of(np.array([SQUARE, mask])).convex.tolist() == [True, False]


def test_masks_with_many_vertices_on_one_line_are_convex():
    mask = shapely.segmentize(SQUARE, STEP)
    assert shares([box(5, 0, 15, 10)], mask)[0] == pytest.approx(0.5, abs=1e-6)


def star(random, centre, radius):
    """A polygon with bays, valid as it is seen whole from its centre."""
    turn = np.sort(random.uniform(0, 2 * np.pi, 12))
    reach = radius * random.uniform(0.2, 1.0, 12)
    corners = np.column_stack((np.cos(turn), np.sin(turn))) * reach[:, None]
    found = shapely.Polygon(corners + centre)
    return found if shapely.is_valid(found) else found.buffer(0)


def layers(seed):
    """Stars, and boxes edge on edge, beside round and straight masks on their grid."""
    random = np.random.default_rng(seed)
    places = random.uniform(0, 40, (300, 2)) * STEP + (WEST, SOUTH)
    stars = [star(random, place, 4 * STEP) for place in places]
    boxes = [box(x, y, x + 2, y + 2) for x in range(0, 40, 2) for y in range(0, 40, 2)]
    rounds = [
        shapely.Point(place).buffer(radius * STEP)
        for place, radius in zip(places[:30], random.uniform(1, 9, 30), strict=True)
    ]
    aligned = [box(x, x, x + 6, x + 4) for x in range(0, 36, 4)]
    hulls = [shapely.convex_hull(star(random, one, 9 * STEP)) for one in places[30:50]]
    masks = [
        *rounds,
        *aligned,
        *hulls,
        *(star(random, one, 9 * STEP) for one in places[:9]),
    ]
    return np.array([*stars, *boxes]), np.array(masks)


@pytest.mark.parametrize("seed", range(4))
def test_shares_are_those_of_the_pieces(seed):
    shapes, masks = layers(seed)
    left, right = Layer.of(shapes), Layer.of(masks)
    quick = join_pairs(overlay_layers(left, right))
    whole = join_pairs(overlay_layers(left, right, keep_pieces=True))
    assert len(quick) > 1500
    assert np.array_equal(quick.left, whole.left)
    assert np.array_equal(quick.right, whole.right)
    assert np.array_equal(quick.relations, whole.relations)
    assert np.abs(quick.areas_m2 - whole.areas_m2).max() < 1e-6
    pieces = shapely.intersection(shapes[quick.left], masks[quick.right])
    expected = measure_area(pieces, edges="drawn")
    drawn = measure_area(shapes[quick.left], edges="drawn")
    assert np.abs(quick.shares - expected / drawn).max() < 1e-9
