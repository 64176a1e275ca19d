"""The file of a backup: a tar of known parts, and last the SHA-256 of each (shell)."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
import tarfile
import time
from pathlib import Path
from typing import IO, Any, Final

from app.refusals import CannotRun, DiskFull

FORMAT: Final = "jingtu-backup/2"
_WITHOUT_SUMS: Final = "jingtu-backup/1"
"""Form of older backups: their parts cannot be compared with anything."""
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
"""Last part: a line a part, as `sha256sum` writes and checks it."""
DUMP: Final = "database.dump"
LEDGER: Final = "ledger"
FOLDERS: Final = (LEDGER, "uploads", "documents")
"""Folders of the data directory of which files are in a backup."""
FULL: Final = (errno.ENOSPC, errno.EDQUOT)


class BackupUnusable(CannotRun):
    """A backup cannot be written or read; the text says why and what to do."""

    exit_code = 8


class _Summing:
    """Reads a stream and keeps the SHA-256 of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        content = self._source.read(size)
        self._sha256.update(content)
        return content

    def sum(self) -> str:
        """Return the SHA-256 so far, in hexadecimal digits."""
        return self._sha256.hexdigest()


class Parts:
    """Adds the parts of a backup and keeps their sums."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._sums: dict[str, str] = {}

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add a part that is at hand."""
        self._add(name, len(content), io.BytesIO(content))

    def add_file(self, name: str, path: Path) -> int:
        """Add a file; return how many were added.

        0 when it is gone: what was withdrawn is cleared away while we read.
        """
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return 0
        with file:
            self._add(name, os.fstat(file.fileno()).st_size, file)
        return 1

    def sums(self) -> bytes:
        """Return the lines of `SUMS`."""
        lines = [f"{digest}  {name}\n" for name, digest in self._sums.items()]
        return "".join(lines).encode()

    def _add(self, name: str, size: int, content: IO[bytes]) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, 0o600, int(time.time())
        summing = _Summing(content)
        self._tar.addfile(entry, summing)
        self._sums[name] = summing.sum()


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup; return its manifest. Names that lead elsewhere are refused."""
    try:
        found: dict[str, str] = {}
        with tarfile.open(source, "r:") as tar:
            for entry in tar:
                found[entry.name] = _unpack_file(tar, entry, folder)
        manifest = dict(json.loads((folder / MANIFEST).read_bytes()))
        _check_parts(manifest["format"], found, folder)
        return manifest
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull(f"The disk that holds {folder.parent} is full.") from error
        raise _no_backup(source, error) from error
    except (tarfile.TarError, ValueError, KeyError) as error:
        raise _no_backup(source, error) from error


def _no_backup(source: Path, error: Exception) -> BackupUnusable:
    return BackupUnusable(f"{source} is no whole backup of Jingtu ({error}).")


def _check_parts(form: str, found: dict[str, str], folder: Path) -> None:
    """Refuse a backup whose parts are not those that were written."""
    if form not in (FORMAT, _WITHOUT_SUMS):
        raise ValueError(f"it is of the form {form}, which a newer version may read")
    if DUMP not in found:
        raise ValueError(f"{DUMP} is missing")
    if form == _WITHOUT_SUMS:
        return
    if found.pop(SUMS, None) is None:
        raise ValueError(f"{SUMS} is missing: the end was cut off")
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    written = {name: digest for digest, _, name in (x.partition("  ") for x in lines)}
    for name in sorted(written.keys() | found.keys()):
        if written.get(name) != found.get(name):
            raise ValueError(f"{name} is not what was written")


def _unpack_file(tar: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> str:
    """Write one file of a backup where it belongs, for its owner alone.

    Return the SHA-256 of it.
    """
    parts = entry.name.split("/")
    known = entry.name in (MANIFEST, DUMP, SUMS) or parts[0] in FOLDERS
    content = tar.extractfile(entry) if entry.isfile() else None
    if content is None or not known or {"", ".", ".."} & set(parts):
        raise ValueError(f"unexpected entry {entry.name!r}")
    path = folder.joinpath(*parts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    summing = _Summing(content)
    with content, open(path, "xb", opener=_for_owner_alone) as file:
        shutil.copyfileobj(summing, file)
    return summing.sum()


def _for_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
