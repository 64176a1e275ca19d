"""Have entries of the tree changed places? (core).

A hash over two leaves that no longer fits says that one of them is another than it
was. If leaves that stand elsewhere make it fit again, they were exchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from parcels.ledger.merkle import node_hash

MOST: Final = 100
"""Pairs that are tried against each other; more are not told apart."""

Children = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class BadPair:
    """Leaves 2 × number and the one after it, whose stored hash is another."""

    number: int
    leaves: Children
    stored: bytes


def find_exchanged(pairs: Sequence[BadPair]) -> dict[int, int]:
    """Return leaf number → number it was exchanged with, the smaller one first."""
    found: dict[int, int] = {}
    for pair in pairs:
        left, right = pair.leaves
        if node_hash(right, left) == pair.stored:
            found[2 * pair.number] = 2 * pair.number + 1
    open_pairs = [pair for pair in pairs[:MOST] if 2 * pair.number not in found]
    for one, other in combinations(open_pairs, 2):
        found.update(_exchanged_between(one, other))
    return found


def _exchanged_between(one: BadPair, other: BadPair) -> Iterable[tuple[int, int]]:
    for here in (0, 1):
        for there in (0, 1):
            mine = _with(one.leaves, here, other.leaves[there])
            yours = _with(other.leaves, there, one.leaves[here])
            if node_hash(*mine) == one.stored and node_hash(*yours) == other.stored:
                yield 2 * one.number + here, 2 * other.number + there


def _with(leaves: Children, place: int, leaf: bytes) -> Children:
    return (leaf, leaves[1]) if place == 0 else (leaves[0], leaf)


def match_swapped(
    stored: Sequence[tuple[int, bytes]], found: Sequence[tuple[int, bytes]]
) -> Iterator[tuple[int, int]]:
    """Yield numbers whose entries stand in each other's place.

    `stored` and `found` give for the same numbers the hash that was sealed and the
    hash of what stands there now.
    """
    sealed_at = {sealed: number for number, sealed in stored}
    sealed = dict(stored)
    now = dict(found)
    for number, hash_now in found:
        other = sealed_at.get(hash_now)
        if other is not None and number < other and now[other] == sealed[number]:
            yield number, other
