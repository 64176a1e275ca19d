"""Where are the bytes of a survey kept? (shell).

Content-addressed: a file is stored once under its SHA-256 and never altered, so what a
commit was made from can be read again years later. Beside it lie the tables that the
reading process made of an upload (`staged`) and scratch folders that are always
removed (`scratch`).
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from parcels.durable import sync

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Numbers of the errors that mean that the disk, or a share of it, is full."""

_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file in the archive: its SHA-256 (32 bytes) and length in bytes."""

    sha256: bytes
    size: int


class Archive:
    """The folder of survey files; safe for several processes at once.

    Nobody but the service's own user can look into it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._bytes = folder / "bytes"
        self._staged = folder / "staged"
        self._scratch = folder / "scratch"
        for one in (self._bytes, self._staged, self._scratch):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)

    def keep(self, source: BinaryIO) -> KeptFile:
        """Store the bytes of a stream; the same bytes are stored once.

        They are on the disk, not only in its cache, when this returns.

        Raises
        ------
        OSError
            If the disk is full; nothing is left behind.
        """
        with self.receive() as incoming:
            while block := source.read(_BLOCK):
                incoming.write(block)
            return incoming.keep()

    @contextmanager
    def receive(self) -> Iterator[Incoming]:
        """Take in a file piece by piece; what is not kept by the end is gone."""
        with self.scratch() as folder:
            incoming = Incoming(self, folder / "part")
            try:
                yield incoming
            finally:
                incoming.close()

    def path(self, sha256: bytes) -> Path:
        """Return where the file with that digest is (or would be) kept."""
        name = sha256.hex()
        return self._bytes / name[:2] / name

    def list_kept(self) -> Iterator[Path]:
        """Return every file that is kept, in no order."""
        yield from self._bytes.glob("*/*")

    def list_digests(self) -> Iterator[bytes]:
        """Return the SHA-256 of every file that is kept, in no order."""
        for path in self.list_kept():
            try:
                yield bytes.fromhex(path.name)
            except ValueError:
                continue  # No file of ours.

    def drop_bytes(self, sha256: bytes, kept_since: float) -> None:
        """Remove a file, unless it was kept (again) since a time.

        It is taken aside first: who keeps the same bytes at this moment either has
        marked the file before, or finds none and puts his own in its place.
        """
        path = self.path(sha256)
        with self.scratch() as folder:
            aside = folder / "aside"
            try:
                path.replace(aside)
                if aside.stat().st_mtime >= kept_since:
                    aside.replace(path)
            except FileNotFoundError:
                return

    def list_made(self) -> Iterator[tuple[UUID, float]]:
        """Return the uploads of which tables are kept, and when one was written."""
        for path in sorted(self._staged.iterdir()):
            try:
                yield UUID(path.name.partition(".")[0]), path.stat().st_mtime
            except (FileNotFoundError, ValueError):
                continue  # Removed meanwhile, or no file of ours.

    def count_files(self) -> int:
        """Return how many files and tables are kept."""
        return sum(1 for _ in self.list_kept()) + sum(1 for _ in self._staged.iterdir())

    def staged_path(self, upload_id: UUID) -> Path:
        """Return where the accepted rows of an upload are (or would be) kept."""
        return self._staged / f"{upload_id}.arrow"

    def keep_staged(self, upload_id: UUID, rows: Path) -> None:
        """Move a table of accepted rows, already durable, to its place."""
        _move(rows, self.staged_path(upload_id))

    def rejected_path(self, upload_id: UUID) -> Path:
        """Return where the rows with an error of their own are (or would be) kept."""
        return self._staged / f"{upload_id}.rejected.arrow"

    def shown_path(self, upload_id: UUID) -> Path:
        """Return where it is (or would be) kept where each row lies (`shown_rows`)."""
        return self._staged / f"{upload_id}.shown.arrow"

    def keep_shown(self, upload_id: UUID, rejected: Path, shown: Path) -> None:
        """Move what shows the rows of an upload on a map to its place.

        Nothing is decided on these: what a crash takes of them is read again.
        """
        rejected.replace(self.rejected_path(upload_id))
        shown.replace(self.shown_path(upload_id))

    def drop_staged(self, upload_id: UUID) -> None:
        """Remove the tables of an upload's rows; nothing happens when there is none."""
        for path in (self.shown_path, self.rejected_path, self.staged_path):
            path(upload_id).unlink(missing_ok=True)

    def differences_path(self, upload_id: UUID) -> Path:
        """Return where it is (or would be) kept what an upload changes."""
        return self._staged / f"{upload_id}.differences.arrow"

    def keep_differences(self, upload_id: UUID, differences: Path) -> None:
        """Move a table of what an upload changes to its place."""
        sync(differences)
        _move(differences, self.differences_path(upload_id))

    def drop(self, upload_id: UUID) -> None:
        """Remove all that was made of an upload; its bytes stay."""
        self.drop_staged(upload_id)
        self.differences_path(upload_id).unlink(missing_ok=True)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give a new empty folder, removed at the end however it ends."""
        folder, lock = self._make_scratch()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)

    def _make_scratch(self) -> tuple[Path, int]:
        """Return a new folder and a descriptor whose lock says that it is in use."""
        while True:
            folder = Path(tempfile.mkdtemp(dir=self._scratch))
            try:
                lock = os.open(folder, os.O_RDONLY)
            except FileNotFoundError:
                continue  # Swept in the moment before it was locked.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.exists():
                return folder, lock
            os.close(lock)

    def sweep(self) -> None:
        """Remove scratch folders of processes that were killed.

        Those in use are locked; the lock of a dead process is gone.
        """
        for folder in self._scratch.iterdir():
            try:
                lock = os.open(folder, os.O_RDONLY)
            except FileNotFoundError:
                continue
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            except BlockingIOError:
                continue
            finally:
                os.close(lock)


def digest_of(path: Path) -> bytes:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def make_durable(path: Path) -> bytes:
    """Have a file on the disk, not only in its cache; return its SHA-256."""
    sync(path)
    return digest_of(path)


class Incoming:
    """A file on its way into the archive: nobody finds it before `keep`.

    Attributes
    ----------
    size
        Bytes written so far.
    """

    def __init__(self, archive: Archive, part: Path) -> None:
        self._archive = archive
        self._part = part
        self._file = part.open("wb")
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, block: bytes | memoryview) -> None:
        """Append bytes; raises `OSError` when the disk is full."""
        self._digest.update(block)
        self._file.write(block)
        self.size += len(block)

    @property
    def sha256(self) -> bytes:
        """Digest of what was written so far."""
        return self._digest.digest()

    def settle(self) -> Path:
        """Have everything written on the disk; return where it lies until `keep`."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
        return self._part

    def keep(self) -> KeptFile:
        """Store the bytes under their digest, durably; the same bytes once."""
        self.settle()
        self._file.close()
        target = self._archive.path(self.sha256)
        try:
            # Whoever removes what nobody has use for sees that it was kept again.
            os.utime(target)
        except FileNotFoundError:
            target.parent.mkdir(exist_ok=True)
            self._part.chmod(0o440)
            _move(self._part, target)
        return KeptFile(self.sha256, self.size)

    def close(self) -> None:
        """Close the file; what could not be flushed is given up."""
        try:
            self._file.close()
        except OSError:
            pass  # The disk is full: the bytes go with the folder.


def _move(source: Path, target: Path) -> None:
    """Rename within the archive, durably: also the folder's entry is on the disk."""
    source.replace(target)
    for folder in (target.parent, target.parent.parent):
        sync(folder)
