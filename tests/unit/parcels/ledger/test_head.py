"""A head is read back as it was signed, and as nothing else."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from parcels.ledger.head import Head, NotAHead, SignedHead, parse_head, read_head

HEAD = Head(
    UUID(int=1),
    7,
    b"\1" * 32,
    datetime(2026, 11, 22, 12, tzinfo=UTC),
    b"\2" * 32,
)
SIGNED = SignedHead(HEAD, HEAD.content(), b"\3" * 64)


def test_a_head_names_its_algorithms_and_reads_back():
    shown = SIGNED.shown()
    assert (shown["hash"], shown["signature"]) == ("SHA-256", "Ed25519")
    assert read_head(shown) == SIGNED
    assert parse_head(SIGNED.content, SIGNED.signature) == SIGNED


@pytest.mark.parametrize(
    "change",
    [
        {"hash": "MD5"},
        {"signature": "none"},
        {"format": "jingtu-tree-head/2"},
        {"size": "seven"},
        {"root": "xyz"},
        {"log": "1"},
        {"more": 1},
        {"signed_at": "yesterday"},
        {"signed": None},
    ],
)
def test_what_is_no_head_of_ours_is_refused(change):
    with pytest.raises(NotAHead):
        read_head(SIGNED.shown() | change)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", SIGNED.content + b" "])
def test_other_bytes_are_no_head(content):
    with pytest.raises(NotAHead):
        parse_head(content, SIGNED.signature)
