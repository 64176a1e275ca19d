"""Which files are on record, and whose? (shell).

The bytes come first and the row after them, in one transaction under a lock of their
digest: a process that is killed leaves at most bytes without a row, which
`orphans.remove_orphans` takes away under the same lock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from parcels.codes import division_contains
from parcels.documents import tables
from parcels.documents.content import MediaType
from parcels.documents.refusals import DocumentNotFound, FileNotStored

_DOCUMENT: Final = tables.document


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A file on record; columns of `registry.document`."""

    id: UUID
    division_code: str
    sha256: bytes
    size_bytes: int
    media_type: MediaType
    filename: str
    scanned: bool
    actor: str
    client_id: UUID | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class NewFile:
    """What is known of a file that has arrived."""

    division_code: str
    sha256: bytes
    size_bytes: int
    media_type: MediaType
    filename: str
    scanned: bool


def digest_lock(sha256: bytes) -> sa.Function[int]:
    """Return the key of the lock under which bytes of a digest come and go."""
    return sa.func.hashtextextended(f"document {sha256.hex()}", 0)


def store_document(
    connection: sa.Connection,
    file: NewFile,
    keep: Callable[[], object],
    *,
    actor: str,
    client_id: UUID | None,
) -> tuple[StoredDocument, bool]:
    """Keep a file's bytes, then its row; return it and whether it is new.

    The same bytes of one division are one document.

    Parameters
    ----------
    keep
        Puts the bytes in their place, durably.
    """
    connection.execute(
        sa.select(sa.func.pg_advisory_xact_lock(digest_lock(file.sha256)))
    )
    keep()
    earlier = _find(
        connection,
        _DOCUMENT.c.division_code == file.division_code,
        _DOCUMENT.c.sha256 == file.sha256,
    )
    if earlier is not None:
        return earlier, False
    values = {name: getattr(file, name) for name in NewFile.__dataclass_fields__}
    row = connection.execute(
        sa.insert(_DOCUMENT)
        .values(actor=actor, client_id=client_id, **values)
        .returning(_DOCUMENT)
    )
    return StoredDocument(**row.mappings().one()), True


def get_document(connection: sa.Connection, document_id: UUID) -> StoredDocument:
    """Return a document of the caller's divisions; raises `DocumentNotFound`."""
    found = _find(connection, _DOCUMENT.c.id == document_id)
    if found is None:
        raise DocumentNotFound(str(document_id))
    return found


def check_stored(connection: sa.Connection, file_id: str, division_code: str) -> None:
    """Refuse the id of a file that neither a division nor one below it has.

    Raises
    ------
    FileNotStored
        Also where the file is another division's: whoever may see what names the file
        must be able to see the file.
    """
    try:
        number = UUID(file_id)
    except ValueError:
        raise FileNotStored(file_id, division_code) from None
    found = _find(connection, _DOCUMENT.c.id == number)
    if found is None or not division_contains(division_code, found.division_code):
        raise FileNotStored(file_id, division_code)


def _find(
    connection: sa.Connection, *conditions: sa.ColumnElement[bool]
) -> StoredDocument | None:
    row = connection.execute(sa.select(_DOCUMENT).where(*conditions)).mappings()
    found = row.one_or_none()
    return None if found is None else StoredDocument(**found)
