"""Proofs hold for every tree and entry, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels.ledger.merkle import (
    EMPTY_TREE,
    Frontier,
    Node,
    consistency_proof,
    consistency_ranges,
    inclusion_proof,
    inclusion_ranges,
    join_nodes,
    leaf_hash,
    node_hash,
    nodes_of,
    tree_hash,
    verify_consistency,
    verify_inclusion,
)

# Entries and heads of the test tree published with the reference implementation of
# Certificate Transparency (RFC 6962).
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
HEADS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
SIZES = st.integers(1, 70)


def leaves_of(size):
    return [leaf_hash(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize("size", range(1, 9))
def test_heads_are_those_of_the_published_tree(size):
    leaves = [leaf_hash(entry) for entry in ENTRIES[:size]]
    assert tree_hash(leaves).hex() == HEADS[size - 1]


def test_tree_without_leaves_has_the_hash_of_nothing():
    assert tree_hash([]) == EMPTY_TREE


@given(SIZES, st.data())
def test_every_entry_can_be_proved(size, data):
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    path = inclusion_proof(leaves, index)
    assert verify_inclusion(leaves[index], index, size, path, tree_hash(leaves))


@given(SIZES, st.data())
def test_no_other_entry_can_be_proved_by_that_path(size, data):
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    path = inclusion_proof(leaves, index)
    head = tree_hash(leaves)
    assert not verify_inclusion(leaf_hash(b"other"), index, size, path, head)
    assert not verify_inclusion(leaves[index], index, size, [*path, head], head)
    if size > 1:
        moved = (index + 1) % size
        assert not verify_inclusion(leaves[index], moved, size, path, head)


@given(SIZES, st.data())
def test_longer_log_continues_every_shorter_one(size, data):
    earlier = data.draw(st.integers(1, size))
    leaves = leaves_of(size)
    proof = consistency_proof(leaves, earlier)
    old, new = tree_hash(leaves[:earlier]), tree_hash(leaves)
    assert verify_consistency(earlier, size, old, new, proof)


@given(st.integers(2, 70), st.data())
def test_rewritten_history_is_not_a_continuation(size, data):
    earlier = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, earlier - 1))
    leaves = leaves_of(size)
    old = tree_hash(leaves[:earlier])
    leaves[changed] = leaf_hash(b"rewritten")
    proof = consistency_proof(leaves, earlier)
    assert not verify_consistency(earlier, size, old, tree_hash(leaves), proof)


def test_inner_node_cannot_stand_for_an_entry():
    one, two = leaf_hash(b"1"), leaf_hash(b"2")
    assert leaf_hash(one + two) != node_hash(one, two)


@pytest.mark.parametrize("index", [-1, 3])
def test_entry_that_is_not_there_has_no_path(index):
    with pytest.raises(IndexError):
        inclusion_proof(leaves_of(3), index)


@pytest.mark.parametrize("earlier", [0, 4])
def test_tree_that_never_was_has_no_proof(earlier):
    with pytest.raises(IndexError):
        consistency_proof(leaves_of(3), earlier)


def stored_nodes(leaves):
    """Return every complete subtree's hash, as the sealer stores them."""
    tree, stored = Frontier(), {}
    for number, leaf in enumerate(leaves):
        stored[Node(0, number)] = leaf
        stored |= dict(tree.append(leaf))
    return tree, stored


@given(st.integers(0, 70))
def test_tree_that_grows_leaf_by_leaf_has_the_same_head(size):
    tree, stored = stored_nodes(leaves_of(size))
    assert tree.root() == tree_hash(leaves_of(size))
    assert len(stored) == sum(size >> level for level in range(8))


@given(st.integers(0, 70), st.integers(0, 70))
def test_tree_goes_on_from_what_is_stored_of_it(first, more):
    _, stored = stored_nodes(leaves_of(first))
    tree = Frontier(first, [stored[node] for node in nodes_of((0, first))])
    for leaf in leaves_of(first + more)[first:]:
        tree.append(leaf)
    assert tree.root() == tree_hash(leaves_of(first + more))


@given(SIZES, st.data())
def test_proofs_are_made_from_few_stored_hashes(size, data):
    leaves = leaves_of(size)
    _, stored = stored_nodes(leaves)
    index = data.draw(st.integers(0, size - 1))
    earlier = data.draw(st.integers(1, size))
    for ranges, proof in (
        (inclusion_ranges(index, size), inclusion_proof(leaves, index)),
        (consistency_ranges(earlier, size), consistency_proof(leaves, earlier)),
    ):
        nodes = [nodes_of(each) for each in ranges]
        assert [join_nodes([stored[n] for n in each]) for each in nodes] == proof
        assert sum(map(len, nodes)) <= 2 * size.bit_length()
