"""Which bytes belong to no document? Removed (shell)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Final

import sqlalchemy as sa

from parcels.documents.repository import digest_lock
from parcels.surveys.archive import Archive

YOUNGEST_S: Final = 24 * 3600
"""Bytes younger than this are left alone; a project default."""


def remove_orphans(
    archive: Archive,
    transaction: Callable[[], AbstractContextManager[sa.Connection]],
    *,
    youngest_s: float = YOUNGEST_S,
) -> int:
    """Remove bytes that no row speaks of; return how many files.

    A transfer of the same bytes holds the lock of their digest from before they are in
    their place until its row is committed; those are passed over.
    """
    removed = 0
    for digest in _list_old(archive, youngest_s):
        with transaction() as connection:
            removed += _remove(connection, archive, digest)
    return removed


def _list_old(archive: Archive, youngest_s: float) -> Iterator[bytes]:
    now = time.time()
    for path in archive.list_kept():
        try:
            if now - path.stat().st_mtime >= youngest_s:
                yield bytes.fromhex(path.name)
        except (FileNotFoundError, ValueError):
            continue  # Removed meanwhile, or no file of ours.


def _remove(connection: sa.Connection, archive: Archive, digest: bytes) -> bool:
    lock = sa.func.pg_try_advisory_xact_lock(digest_lock(digest))
    if not connection.execute(sa.select(lock)).scalar_one():
        return False
    # A statement of its own: one that also locks would not see what was committed
    # while it waited.
    kept = sa.func.registry.keeps_document(digest)
    if connection.execute(sa.select(kept)).scalar_one():
        return False
    archive.path(digest).unlink(missing_ok=True)
    return True
