"""Leaves that changed places are told from leaves that were changed."""

from itertools import combinations

import pytest

from parcels.ledger.merkle import leaf_hash, node_hash
from parcels.ledger.order import BadPair, find_exchanged, match_swapped

LEAVES = [leaf_hash(str(number).encode()) for number in range(8)]


def bad_pairs(now):
    """Return the pairs of leaves over which the stored hash does not fit."""
    pairs = [
        BadPair(
            number,
            (now[2 * number], now[2 * number + 1]),
            node_hash(LEAVES[2 * number], LEAVES[2 * number + 1]),
        )
        for number in range(len(LEAVES) // 2)
    ]
    return [pair for pair in pairs if node_hash(*pair.leaves) != pair.stored]


@pytest.mark.parametrize(("one", "other"), list(combinations(range(8), 2)))
def test_two_exchanged_leaves_are_found(one, other):
    now = list(LEAVES)
    now[one], now[other] = now[other], now[one]
    assert find_exchanged(bad_pairs(now)) == {one: other}


def test_two_exchanges_at_once_are_both_found():
    now = list(LEAVES)
    now[0], now[5] = now[5], now[0]
    now[2], now[7] = now[7], now[2]
    assert find_exchanged(bad_pairs(now)) == {0: 5, 2: 7}


def test_a_changed_leaf_is_no_exchange():
    now = list(LEAVES)
    now[3] = leaf_hash(b"other")
    assert len(bad_pairs(now)) == 1
    assert find_exchanged(bad_pairs(now)) == {}


def test_what_stands_in_each_others_place_is_matched():
    sealed = [(1, LEAVES[1]), (4, LEAVES[4]), (6, LEAVES[6])]
    now = [(1, LEAVES[4]), (4, LEAVES[1]), (6, leaf_hash(b"other"))]
    assert list(match_swapped(sealed, now)) == [(1, 4)]
