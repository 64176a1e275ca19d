"""A database to work on, for commands that may run beside the service or without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.cluster.lock import DataDirectoryLock
from app.cluster.place import make_data_directory
from app.cluster.server import Cluster
from app.cluster.urls import ClusterUrls, database_urls
from app.refusals import AlreadyRunning
from app.settings import Settings


@contextmanager
def running_database(
    settings: Settings, say: Callable[[str], None] = lambda line: None
) -> Iterator[ClusterUrls]:
    """Give the database of these settings for the length of a block.

    The one of `JINGTU_DATABASE_URL`; else that of the service when it runs; else the
    private cluster is started for the block and stopped after it.

    Raises
    ------
    CannotRun
        If there is no database to be had; the text says why.
    """
    if not settings.has_own_cluster:
        yield database_urls(settings)
        return
    make_data_directory(settings.data_dir)
    lock = DataDirectoryLock(settings.data_dir)
    try:
        lock.acquire()
    except AlreadyRunning:
        yield database_urls(settings)
        return
    with lock:
        cluster = Cluster(settings.data_dir, say=say)
        try:
            yield cluster.start()
        finally:
            cluster.stop()
