"""What is a signed head of the ledger, and where does it contradict another? (core).

A head (树头) says how many entries the ledger had at a time and the hash of their tree.
Whoever keeps one outside the database can show later whether what it stood for is
still there, unchanged and in its order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import orjson

from parcels.ledger.canonical import canonical_bytes
from parcels.ledger.entry import HASH, write_time

FORMAT: Final = "jingtu-tree-head/1"
SIGNATURE: Final = "Ed25519"
"""Name of the signature's algorithm (RFC 8032); SM2 could follow."""


class NotAHead(Exception):
    """These bytes are no head that this program understands."""


@dataclass(frozen=True, slots=True)
class Head:
    """A head of the ledger, before or without its signature.

    Attributes
    ----------
    log
        Which ledger: given once when the database is made.
    size, root
        Number of entries, and the hash of their tree (32 bytes).
    public_key
        32 bytes of the key that signs.
    """

    log: UUID
    size: int
    root: bytes
    signed_at: datetime
    public_key: bytes

    def content(self) -> bytes:
        """Return the canonical bytes that are signed."""
        return canonical_bytes(
            {
                "format": FORMAT,
                "hash": HASH,
                "signature": SIGNATURE,
                "log": str(self.log),
                "size": self.size,
                "root": self.root.hex(),
                "signed_at": write_time(self.signed_at),
                "public_key": self.public_key.hex(),
            }
        )


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with the exact bytes that were signed and their signature."""

    head: Head
    content: bytes
    signature: bytes

    def shown(self) -> dict[str, Any]:
        """Return it as an object of texts and numbers: answers, files, certificates."""
        return {**orjson.loads(self.content), "signed": self.signature.hex()}


@lru_cache(maxsize=64)
def parse_head(content: bytes, signature: bytes) -> SignedHead:
    """Return the head that these stored bytes are; the signature is not looked at.

    The latest is asked for with every decision, and is read once.

    Raises
    ------
    NotAHead
        If they are not the canonical bytes of a head of this format.
    """
    try:
        signed = read_head({**orjson.loads(content), "signed": signature.hex()})
    except (orjson.JSONDecodeError, TypeError) as error:
        raise NotAHead(str(error)) from error
    if signed.content != content:
        raise NotAHead("its bytes are not the canonical ones")
    return signed


def read_head(shown: Mapping[str, Any]) -> SignedHead:
    """Return the head from the object that `SignedHead.shown` made.

    Raises
    ------
    NotAHead
        If it is another format or algorithm, or a part is missing or misshapen.
    """
    try:
        head = Head(
            UUID(shown["log"]),
            int(shown["size"]),
            bytes.fromhex(shown["root"]),
            datetime.fromisoformat(shown["signed_at"]),
            bytes.fromhex(shown["public_key"]),
        )
        signature = bytes.fromhex(shown["signed"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotAHead(f"{type(error).__name__}: {error}") from error
    names = (shown.get("format"), shown.get("hash"), shown.get("signature"))
    if names != (FORMAT, HASH, SIGNATURE):
        raise NotAHead(f"format and algorithms are {names}")
    content = head.content()
    stated = {name: value for name, value in shown.items() if name != "signed"}
    if canonical_bytes(stated) != content:
        raise NotAHead("it says more or other than a head does")
    return SignedHead(head, content, signature)
