"""The folder in which a backup is made, beside its file (shell).

Gone when the backup is written or fails. One that was killed leaves it, with as much in
it as the register has: the next backup of the same register into that folder clears it
away. To tell such a folder from one in use, a register is backed up once at a time.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from app.backup_file import FULL, BackupUnusable
from app.cluster.place import digest_of
from app.refusals import CannotRun, DiskFull

_LOCK: Final = "backup-lock"


@contextmanager
def working_folder(data_dir: Path, target: Path) -> Iterator[Path]:
    """Give a new folder beside `target` for the length of a block.

    Raises
    ------
    BackupUnusable
        If it cannot be made, or another backup of that data directory is being made.
    DiskFull
        If there is no room for it.
    """
    prefix = f".backup-{digest_of(data_dir)}-"
    with _lock(data_dir, target):
        for left in target.parent.glob(f"{prefix}*"):
            shutil.rmtree(left, ignore_errors=True)
        try:
            folder = tempfile.TemporaryDirectory(dir=target.parent, prefix=prefix)
        except OSError as error:
            raise cannot_write(target, error) from error
        with folder as name:
            yield Path(name)


def _lock(data_dir: Path, target: Path) -> IO[str]:
    """Return the register's lock file, locked until it is closed."""
    try:
        file = (data_dir / _LOCK).open("a")
    except OSError as error:
        raise cannot_write(target, error) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise BackupUnusable(
            f"Another backup of the register in {data_dir} is being made. Wait for its"
            " end."
        ) from error
    return file


def cannot_write(target: Path, error: OSError) -> CannotRun:
    """Return in plain words why a backup cannot be written."""
    if error.errno in FULL:
        return DiskFull(
            f"The disk that holds {target.parent} is full. While it is made, a backup"
            " needs room for the database twice and for the archives once."
        )
    return BackupUnusable(f"The backup {target} cannot be written: {error}")
