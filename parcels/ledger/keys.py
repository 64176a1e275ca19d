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
ANOTHER_FILE: Final = "new-keys"
"""Public keys, a line each, that may go on where another key has signed."""


class UnusableKey(Exception):
    """The file of the key does not hold an Ed25519 key; the text names the file."""


class KeyLost(UnusableKey):
    """Heads were signed and the key is gone; nobody makes another without a word."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is gone, and the register has been signed with it: nothing more is"
            f" signed. Bring it back from a backup: {_bring_back(path)}. If there is"
            " none, run: jingtu ledger new-key"
        )


class KeyReplaced(UnusableKey):
    """The key is not the one that signed last, and was not made on purpose."""

    def __init__(self, path: Path, last: bytes) -> None:
        super().__init__(
            f"{path} is not the key that has signed the register so far (public key"
            f" {last.hex()}): nothing more is signed. Move it away and bring that one"
            f" back from a backup: {_bring_back(path)}. If there is none, run: jingtu"
            " ledger new-key"
        )


def _bring_back(path: Path) -> str:
    folder = path.parent
    return f"tar -C {folder.parent} -xf BACKUP.tar {folder.name}/{path.name}"


class SigningKey:
    """The key of this deployment.

    Parameters
    ----------
    on_purpose
        Whether it was made to go on where another is lost.
    """

    def __init__(self, private: Ed25519PrivateKey, *, on_purpose: bool = False) -> None:
        self._private = private
        self._on_purpose = on_purpose
        self.public_key = private.public_key().public_bytes_raw()

    def may_follow(self, last: SignedHead) -> bool:
        """Tell whether it may sign what comes after that head."""
        return self._on_purpose or last.head.public_key == self.public_key

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
        _keep(Ed25519PrivateKey.generate(), path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise UnusableKey(f"{path} holds no key: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableKey(f"{path} holds another kind of key than Ed25519")
    public_key = key.public_key().public_bytes_raw().hex()
    return SigningKey(key, on_purpose=public_key in _made_on_purpose(folder))


def make_another_key(folder: Path) -> SigningKey:
    """Make a key that goes on where another has signed and is lost; return it.

    It is noted as such before it is there. A key that is there stays.
    """
    key = Ed25519PrivateKey.generate()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ANOTHER_FILE).open("a", encoding="ascii") as file:
        file.write(f"{key.public_key().public_bytes_raw().hex()}\n")
        file.flush()
        os.fsync(file.fileno())
    _keep(key, folder / KEY_FILE)
    return read_or_make_key(folder)


def _made_on_purpose(folder: Path) -> list[str]:
    try:
        return (folder / ANOTHER_FILE).read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []


def _keep(key: Ed25519PrivateKey, path: Path) -> None:
    """Write a key, whole or not at all; another's that came first stays."""
    written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
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
