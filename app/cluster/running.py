"""A database to work on, for commands that may run beside the service or without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.cluster.lock import DataDirectoryLock
from app.cluster.place import (
    find_place,
    make_data_directory,
    refuse_half_restored,
)
from app.cluster.server import Cluster
from app.cluster.urls import ClusterUrls, database_urls
from app.refusals import AlreadyRunning, DatabaseUnusable
from app.settings import Settings


class NoRegister(DatabaseUnusable):
    """There is no private database in the data directory."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(
            f"There is no register in {data_dir}. Name its folder with"
            " JINGTU_DATA_DIR; a new one is made by scripts/serve or jingtu db upgrade."
        )


@contextmanager
def running_database(
    settings: Settings,
    say: Callable[[str], None] = lambda line: None,
    *,
    make: bool = False,
) -> Iterator[ClusterUrls]:
    """Give the database of these settings for the length of a block.

    The one of `JINGTU_DATABASE_URL`; else that of the service when it runs; else the
    private cluster is started for the block and stopped after it.

    Parameters
    ----------
    make
        Make a cluster where there is none. Else a command in the wrong folder would
        answer from an empty register, and leave a database behind.

    Raises
    ------
    CannotRun
        If there is no database to be had; the text says why.
    """
    if not settings.has_own_cluster:
        yield database_urls(settings)
        return
    if not make and find_place(settings.data_dir) is None:
        raise NoRegister(settings.data_dir)
    make_data_directory(settings.data_dir)
    lock = DataDirectoryLock(settings.data_dir)
    try:
        lock.acquire()
    except AlreadyRunning:
        yield database_urls(settings)
        return
    with lock:
        refuse_half_restored(settings.data_dir)
        cluster = Cluster(settings.data_dir, say=say)
        try:
            yield cluster.start()
        finally:
            cluster.stop()
