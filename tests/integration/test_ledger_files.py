"""The signing key and the heads kept in the data directory."""

from dataclasses import replace

import pytest

from parcels.ledger.head import SignedHead
from parcels.ledger.kept import KeptHeads, UnreadableHeads
from parcels.ledger.keys import KEY_FILE, UnusableKey, read_or_make_key, signature_holds
from tests.unit.parcels.ledger.test_head import HEAD, SIGNED


def test_a_signature_holds_for_the_signed_head_alone(tmp_path):
    key = read_or_make_key(tmp_path)
    signed = key.sign(replace(HEAD, public_key=key.public_key))
    assert signature_holds(signed)
    other = replace(signed.head, size=8)
    assert not signature_holds(SignedHead(other, other.content(), signed.signature))
    assert not signature_holds(SIGNED)


def test_a_key_is_made_once_and_never_replaced(tmp_path):
    assert (
        read_or_make_key(tmp_path).public_key == read_or_make_key(tmp_path).public_key
    )
    (tmp_path / KEY_FILE).write_bytes(b"damaged")
    with pytest.raises(UnusableKey):
        read_or_make_key(tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == b"damaged"


def test_kept_heads_are_appended_once_and_a_torn_line_is_cut_off(tmp_path):
    kept = KeptHeads(tmp_path / "folder" / "heads.jsonl")
    assert kept.last() is None
    kept.append([SIGNED])
    with kept.path.open("ab") as file:
        file.write(b'{"format": "jing')
    assert kept.last() == SIGNED
    later = replace(HEAD, size=8)
    kept.append([SIGNED, SignedHead(later, later.content(), b"")])
    assert [signed.head.size for signed in kept] == [7, 8]


def test_a_line_that_is_no_head_is_named(tmp_path):
    kept = KeptHeads(tmp_path / "heads.jsonl")
    kept.append([SIGNED])
    with kept.path.open("ab") as file:
        file.write(b"null\n")
    with pytest.raises(UnreadableHeads, match="line 2"):
        list(kept)
