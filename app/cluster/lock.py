"""One supervisor for one data directory, also after a kill -9."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from app.refusals import AlreadyRunning, CannotRun


class DataDirectoryLock:
    """Hold the data directory for as long as this process lives.

    The kernel drops the lock with the process, however it ends. The file keeps the
    holder's process number for messages.
    """

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "lock"
        self.last_was_killed = False
        """Whether the holder before us ended without giving it free."""
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock; nothing happens when it is held already.

        Raises
        ------
        AlreadyRunning
            If another process holds it.
        CannotRun
            If the lock file cannot be written.
        """
        if self._descriptor is not None:
            return
        try:
            descriptor = os.open(
                self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
        except OSError as error:
            raise CannotRun(f"{self.path}: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = _holder(descriptor)
            os.close(descriptor)
            raise AlreadyRunning(
                f"Jingtu already runs on the data directory {self.path.parent}"
                f" (process {holder or 'unknown'}). Stop that one first, or choose"
                " another folder with JINGTU_DATA_DIR."
            ) from error
        self.last_was_killed = _holder(descriptor) != ""
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def is_held(self) -> bool:
        """Whether a process holds it at this moment. Changes nothing."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def release(self) -> None:
        """Give the data directory free; harmless when not held."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> DataDirectoryLock:
        """Take the lock."""
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give it free."""
        self.release()


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
