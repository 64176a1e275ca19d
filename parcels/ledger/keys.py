"""Which key signs the heads of the ledger, and does a signature hold? (shell).

Ed25519 (RFC 8032). The key lies in the data directory, readable by its owner alone,
and never in the database: who can rewrite rows cannot sign what he wrote.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from parcels.ledger.head import Head, SignedHead

KEY_FILE: Final = "signing-key.pem"


class UnusableKey(Exception):
    """The file of the key does not hold an Ed25519 key; the text names the file."""


class KeyLost(UnusableKey):
    """Heads were signed and the key is gone; nobody makes another without a word."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is gone. Bring it back from a backup; if there is none, run:"
            " jingtu ledger new-key"
        )


class SigningKey:
    """The key of this deployment."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public_key = private.public_key().public_bytes_raw()

    def sign(self, head: Head) -> SignedHead:
        """Return the head with its signature over its canonical bytes."""
        content = head.content()
        return SignedHead(head, content, self._private.sign(content))


def read_or_make_key(folder: Path) -> SigningKey:
    """Return the key of a folder; made there, mode 600, when there is none.

    Raises
    ------
    UnusableKey
        If the file holds something else. It is left as it is: a new key would hide
        that the old one is lost.
    """
    path = folder / KEY_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise UnusableKey(f"{path} holds no key: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableKey(f"{path} holds another kind of key than Ed25519")
    return SigningKey(key)


def _make(path: Path) -> None:
    """Write a new key, whole or not at all; another's that came first stays."""
    written = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".pem")  # mode 600
    with os.fdopen(descriptor, "wb") as file:
        file.write(written)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(name, path)
    except FileExistsError:
        return
    finally:
        os.unlink(name)


def signature_holds(signed: SignedHead) -> bool:
    """Tell whether the head was signed by the key it names."""
    try:
        public = Ed25519PublicKey.from_public_bytes(signed.head.public_key)
        public.verify(signed.signature, signed.content)
    except (InvalidSignature, ValueError):
        return False
    return True
