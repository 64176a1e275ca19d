"""Is this entry in the log, and is the log of today the log of then, continued? (core).

Merkle tree hashing, inclusion and consistency proofs of RFC 6962 (Certificate
Transparency, 2013), sections 2.1 to 2.1.2, with SHA-256. A leaf hash is taken over
``0x00 ‖ data``, an inner node over ``0x01 ‖ left ‖ right``, so neither can stand for
the other. Trees are sequences of leaf hashes; a subtree hash may come from a store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple

EMPTY_TREE: Final = hashlib.sha256(b"").digest()
"""Hash of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one entry's bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """Return the head of a tree of these leaf hashes.

    Examples
    --------
    >>> one, two = leaf_hash(b"1"), leaf_hash(b"2")
    >>> tree_hash([one, two]) == node_hash(one, two)
    True
    """
    if not leaves:
        return EMPTY_TREE
    level = list(leaves)
    while len(level) > 1:
        paired = [
            node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)
        ]
        # A node without a partner rises as it is: the same shape as splitting at the
        # largest power of two below the size.
        level = paired + level[len(paired) * 2 :]
    return level[0]


class Node(NamedTuple):
    """A complete subtree: 2^level leaves, the first of them number × 2^level."""

    level: int
    number: int


Range = tuple[int, int]
"""Leaves from the first number until before the second."""


def nodes_of(leaves: Range) -> list[Node]:
    """Return the complete subtrees that make up a subtree of RFC 6962, from the left.

    Examples
    --------
    >>> nodes_of((0, 6))
    [Node(level=2, number=0), Node(level=1, number=2)]
    """
    start, end = leaves
    found = []
    for level in reversed(range((end - start).bit_length())):
        if (end - start) >> level & 1:
            found.append(Node(level, start >> level))
            start += 1 << level
    return found


def join_nodes(hashes: Sequence[bytes]) -> bytes:
    """Return the hash of the subtree that these complete ones make up, from the left.

    Complete subtrees that shrink to the right: the smaller ones are joined first.
    """
    if not hashes:
        return EMPTY_TREE
    *rest, joined = hashes
    for left in reversed(rest):
        joined = node_hash(left, joined)
    return joined


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the subtrees whose hashes are a leaf's audit path, from its sibling up.

    Raises
    ------
    IndexError
        If there is no leaf of that index.
    """
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} in a tree of {size}")
    start, end, ranges = 0, size, []
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            ranges.append((split, end))
            end = split
        else:
            ranges.append((start, split))
            start = split
    return ranges[::-1]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of a leaf, from its sibling up.

    Raises
    ------
    IndexError
        If there is no leaf of that index.
    """
    ranges = inclusion_ranges(index, len(leaves))
    return [tree_hash(leaves[start:end]) for start, end in ranges]


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], head: bytes
) -> bool:
    """Tell whether a leaf hash stands at that index in the tree with that head."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node % 2 == 1 or node == last:
            found = node_hash(sibling, found)
            while node % 2 == 0 and node != 0:
                node, last = node // 2, last // 2
        else:
            found = node_hash(found, sibling)
        node, last = node // 2, last // 2
    return last == 0 and found == head


def consistency_ranges(earlier: int, later: int) -> list[Range]:
    """Return the subtrees whose hashes prove that the later tree continues the earlier.

    Raises
    ------
    IndexError
        If `earlier` is not between 1 and `later`.
    """
    if not 0 < earlier <= later:
        raise IndexError(f"no tree of {earlier} in a tree of {later}")
    start, end, ranges = 0, later, []
    while earlier != end:
        split = start + _split(end - start)
        if earlier <= split:
            ranges.append((split, end))
            end = split
        else:
            ranges.append((start, split))
            start = split
    if start > 0:
        # The earlier tree as a whole is known to who asks; a part of it is not.
        ranges.append((start, end))
    return ranges[::-1]


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """Return the proof that the tree's first `earlier` leaves are an older tree.

    Raises
    ------
    IndexError
        If `earlier` is not between 1 and the size.
    """
    ranges = consistency_ranges(earlier, len(leaves))
    return [tree_hash(leaves[start:end]) for start, end in ranges]


def verify_consistency(
    earlier: int,
    later: int,
    earlier_head: bytes,
    later_head: bytes,
    proof: Sequence[bytes],
) -> bool:
    """Tell whether the tree of `later` leaves continues that of `earlier` leaves."""
    if not 0 < earlier <= later:
        return False
    if earlier == later:
        return not proof and earlier_head == later_head
    node, last = earlier - 1, later - 1
    while node % 2 == 1:
        node, last = node // 2, last // 2
    steps = list(proof)
    if node == 0:
        old = new = earlier_head
    elif steps:
        old = new = steps.pop(0)
    else:
        return False
    for sibling in steps:
        if last == 0:
            return False
        if node % 2 == 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while node % 2 == 0 and node != 0:
                node, last = node // 2, last // 2
        else:
            new = node_hash(new, sibling)
        node, last = node // 2, last // 2
    return last == 0 and old == earlier_head and new == later_head


def _split(size: int) -> int:
    """Return the largest power of two below the size (size > 1)."""
    return 1 << ((size - 1).bit_length() - 1)


class Frontier:
    """The right edge of a growing tree: all that is needed to go on.

    Parameters
    ----------
    size
        Leaves so far.
    peaks
        Hashes of `nodes_of((0, size))`.

    Examples
    --------
    >>> tree, one, two = Frontier(), leaf_hash(b"1"), leaf_hash(b"2")
    >>> tree.append(one), [node for node, _ in tree.append(two)]
    ([], [Node(level=1, number=0)])
    >>> tree.root() == tree_hash([one, two])
    True
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        self.size = size
        self._peaks = list(peaks)

    def append(self, leaf: bytes) -> list[tuple[Node, bytes]]:
        """Add a leaf; return the inner nodes that it completes, from below."""
        level, number, found, completed = 0, self.size, leaf, []
        while number % 2 == 1:
            found = node_hash(self._peaks.pop(), found)
            level, number = level + 1, number // 2
            completed.append((Node(level, number), found))
        self._peaks.append(found)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Return the head of the tree as it is now."""
        return join_nodes(self._peaks)
