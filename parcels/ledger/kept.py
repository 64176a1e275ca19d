"""Which heads of the ledger are kept outside the database? (shell).

A file of one head a line (JSON), only ever appended to. Inside one database a history
that was rewritten whole cannot be told from the true one; against a head kept
elsewhere it can. Copies of the file belong on another machine.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import orjson

from parcels.durable import sync
from parcels.ledger.head import NotAHead, SignedHead, read_head

HEADS_FILE: Final = "heads.jsonl"
_LONGEST_LINE: Final = 4096


class UnreadableHeads(Exception):
    """A line of the file is no head; the text names file, line and what is wrong."""


class KeptHeads:
    """The file of kept heads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, heads: Sequence[SignedHead]) -> None:
        """Add heads that are not kept yet; they are on the disk when this returns.

        One writer at a time; heads that another has kept meanwhile are left out.
        """
        if not heads:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._mend()
            kept = self.last()
            size = 0 if kept is None else kept.head.size
            new = [head for head in heads if head.head.size > size]
            file.write(b"".join(orjson.dumps(each.shown()) + b"\n" for each in new))
            file.flush()
            os.fsync(file.fileno())
        if kept is None:
            sync(self.path.parent)

    def last(self) -> SignedHead | None:
        """Return the head that was kept last; None when there is none.

        Raises
        ------
        UnreadableHeads
            If the last line is no head.
        """
        try:
            with self.path.open("rb") as file:
                end = file.seek(0, os.SEEK_END)
                file.seek(max(0, end - 2 * _LONGEST_LINE))
                lines = file.read().split(b"\n")
        except FileNotFoundError:
            return None
        # What follows the last line end was cut off while it was written.
        whole = [line for line in lines[:-1] if line]
        return self._parse(whole[-1], "last line") if whole else None

    def __iter__(self) -> Iterator[SignedHead]:
        """Yield every head in the order kept; raises `UnreadableHeads`."""
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.endswith(b"\n") and line.strip():
                    yield self._parse(line, f"line {number}")

    def _parse(self, line: bytes, place: str) -> SignedHead:
        try:
            return read_head(orjson.loads(line))
        except (orjson.JSONDecodeError, NotAHead, AttributeError) as error:
            raise UnreadableHeads(
                f"{self.path}, {place} is not a head of a ledger: {error}"
            ) from error

    def _mend(self) -> None:
        """Cut off a line that was never written whole (power loss, kill)."""
        with self.path.open("rb+") as file:
            end = file.seek(0, os.SEEK_END)
            start = max(0, end - _LONGEST_LINE)
            file.seek(start)
            tail = file.read()
            if tail and not tail.endswith(b"\n"):
                file.truncate(start + tail.rfind(b"\n") + 1)
