"""Which files of an upload has nobody use for any more? Removed (shell).

Accepted rows are needed until an upload is committed or given up, its differences as
long as somebody may read what it changed, its bytes for good. What ends an upload
removes what it leaves; a process that is killed in between cannot, so the same is asked
of everything that lies there from time to time. A state that ends an upload is never
left again: what is asked once holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from parcels.surveys.archive import Archive

YOUNGEST_S: Final = 24 * 3600
"""Files of uploads that nobody knows of are left alone until they are so old: their
transaction may not have ended. A project default."""

Transaction = Callable[[], AbstractContextManager[sa.Connection]]


def remove_unneeded(archive: Archive, connection: sa.Connection, upload: UUID) -> bool:
    """Remove what is not needed of an upload; whether there is such an upload."""
    needs = connection.scalar(sa.select(sa.func.registry.upload_needs(upload)))
    if needs == "nothing":
        archive.drop(upload)
    elif needs == "differences":
        archive.drop_staged(upload)
    return needs is not None


def remove_leftovers(
    archive: Archive, transaction: Transaction, *, youngest_s: float = YOUNGEST_S
) -> int:
    """Remove what is left of ended uploads, and of those that were never recorded.

    Returns how many files.
    """
    before = archive.count_files()
    old = time.time() - youngest_s
    for upload, changed_at in archive.list_made():
        with transaction() as connection:
            known = remove_unneeded(archive, connection, upload)
        if not known and changed_at < old:
            archive.drop(upload)
    for digest in archive.list_digests():
        with transaction() as connection:
            kept = connection.scalar(sa.select(sa.func.registry.keeps_survey(digest)))
        if not kept:
            archive.drop_bytes(digest, old)
    return before - archive.count_files()
