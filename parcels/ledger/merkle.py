"""Is this entry in the log, and is the log of today the log of then, continued? (core).

Merkle tree hashing, inclusion and consistency proofs of RFC 6962 (Certificate
Transparency, 2013), sections 2.1 to 2.1.2, with SHA-256. A leaf hash is taken over
``0x00 ‖ data``, an inner node over ``0x01 ‖ left ‖ right``, so neither can stand for
the other. Trees are sequences of leaf hashes; a subtree hash may come from a store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

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


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of a leaf, from its sibling up.

    Raises
    ------
    IndexError
        If there is no leaf of that index.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} in a tree of {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        path = inclusion_proof(leaves[:split], index)
        return [*path, tree_hash(leaves[split:])]
    return [
        *inclusion_proof(leaves[split:], index - split),
        tree_hash(leaves[:split]),
    ]


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


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """Return the proof that the tree's first `earlier` leaves are an older tree.

    Raises
    ------
    IndexError
        If `earlier` is not between 1 and the size.
    """
    if not 0 < earlier <= len(leaves):
        raise IndexError(f"no tree of {earlier} in a tree of {len(leaves)}")
    return _subproof(leaves, earlier, whole=True)


def _subproof(leaves: Sequence[bytes], earlier: int, *, whole: bool) -> list[bytes]:
    if earlier == len(leaves):
        return [] if whole else [tree_hash(leaves)]
    split = _split(len(leaves))
    if earlier <= split:
        proof = _subproof(leaves[:split], earlier, whole=whole)
        return [*proof, tree_hash(leaves[split:])]
    proof = _subproof(leaves[split:], earlier - split, whole=False)
    return [*proof, tree_hash(leaves[:split])]


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
