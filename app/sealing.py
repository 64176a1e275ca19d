"""The ledger is sealed from time to time: in the worker, away from every request.

Every few seconds what was committed gets its numbers and a signed head; the head is
then kept in the data directory too. An entry is acknowledged before it is sealed, so a
sealer that is late costs nobody anything but a proof that says `pending`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.database import Database
from app.rounds import Rounds
from app.settings import Settings
from app.worker_state import leave_state
from parcels.ledger.head import NotAHead, SignedHead
from parcels.ledger.kept import HEADS_FILE, KeptHeads, UnreadableHeads
from parcels.ledger.keys import (
    KEY_FILE,
    KeyLost,
    KeyReplaced,
    SigningKey,
    UnusableKey,
    read_or_make_key,
)
from parcels.ledger.seal import MOST, LedgerContradicted, seal
from parcels.ledger.tree import TreeIncomplete, latest_head, list_heads_after

_EXPLAINED: Final = (
    LedgerContradicted,
    NotAHead,
    TreeIncomplete,
    UnreadableHeads,
    UnusableKey,
    OSError,
)


def find_ledger_folder(settings: Settings) -> Path:
    """Return where the signing key and the kept heads lie."""
    return settings.data_dir / "ledger"


def find_public_key(settings: Settings) -> bytes | None:
    """Return the public half of this deployment's key; None when it has none yet."""
    folder = find_ledger_folder(settings)
    if not (folder / KEY_FILE).exists():
        return None
    return read_or_make_key(folder).public_key


class Sealer:
    """Seals the ledger of one database and keeps its heads in one folder."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._heads = KeptHeads(folder / HEADS_FILE)
        self._caught_up = False

    def seal_all(self, most: int = MOST) -> int:
        """Seal what waits; return the number of heads signed.

        What is entered meanwhile waits for the next time, for as long as a head takes
        all: under load something always waits, and each head costs the same.

        Raises
        ------
        LedgerContradicted, TreeIncomplete
            If the database does not continue what was sealed before.
        KeyLost, KeyReplaced
            If the key that signed so far is not there, and no other made on purpose.
        UnusableKey, UnreadableHeads
            If a file of the folder cannot be used.
        """
        signed = 0
        while taken := self._seal_once(most):
            signed += 1
            if taken < most:
                break
        return signed

    def _seal_once(self, most: int) -> int:
        """Return how many entries a head was signed for that no kept one counts."""
        kept = self._heads.last()
        size = 0 if kept is None else kept.head.size
        with self._database.transaction(None) as connection:
            key = self._find_key(latest_head(connection) or kept)
            sealed = seal(connection, key, kept, most=most)
        if sealed is not None or not self._caught_up:
            self._keep_heads(size)
        return 0 if sealed is None else sealed.head.size - size

    def _find_key(self, last: SignedHead | None) -> SigningKey:
        """Return the key that goes on after the last head; made only before the first.

        The head is the database's: the folder may be lost with all that is in it.
        """
        path = self._folder / KEY_FILE
        if last is not None and not path.exists():
            raise KeyLost(path)
        key = read_or_make_key(self._folder)
        if last is not None and not key.may_follow(last):
            raise KeyReplaced(path, last.head.public_key)
        return key

    def _keep_heads(self, size: int) -> None:
        """Keep every head that is committed and not kept: a kill may come between."""
        self._caught_up = False
        with self._database.transaction(None, read_only=True) as connection:
            while heads := list_heads_after(connection, size, MOST):
                self._heads.append(heads)
                size = heads[-1].head.size
        self._caught_up = True


def sealing_rounds(database: Database, folder: Path) -> Rounds:
    """Return what seals the ledger all the time, and leaves word of how it went."""
    sealer = Sealer(database, folder)

    def seal() -> None:
        try:
            sealer.seal_all()
        except Exception as error:
            leave_state(folder.parent, str(error))
            raise
        leave_state(folder.parent, None)

    return Rounds("the ledger cannot be sealed", seal, _EXPLAINED)
