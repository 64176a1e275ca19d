"""What was asked to be done with an upload, and may it be? (shell).

Reading, committing and taking back last minutes and are done by a worker. An order
stands in the upload's own row from the moment it is given until it is carried out or
refused; while it stands no other is taken. Each function is part of the caller's
transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from parcels.refusal import Refusal
from parcels.surveys import repository
from parcels.surveys.errors import (
    ConfirmationIncomplete,
    FaultsOfWholeFile,
    LayerNotWritable,
    UploadBusy,
    UploadInOtherState,
    UploadNotReady,
    WarningsNotAccepted,
    WholeNeedsEveryRow,
)
from parcels.surveys.issues import severity_of
from parcels.surveys.repository import NO_ORDER, Upload
from parcels.surveys.request import UploadRequest
from parcels.surveys.tables import upload as upload_table

OrderKind = Literal["examine", "commit", "revert"]


def order_examination(
    connection: sa.Connection, upload: Upload, client_id: UUID
) -> Upload:
    """Have an upload read and checked; what was found before holds until then."""
    return _order(connection, upload, "received", "examine", client_id, {})


def recheck(connection: sa.Connection, upload_id: UUID, client_id: UUID) -> Upload:
    """Have an upload checked again, against the register as it stands now.

    Raises
    ------
    UploadInOtherState, UploadBusy, LayerNotWritable
    """
    upload = _take(connection, upload_id, ("checked", "staged"))
    return order_examination(connection, upload, client_id)


def confirm(
    connection: sa.Connection,
    upload_id: UUID,
    values: Mapping[str, Any],
    client_id: UUID,
) -> Upload:
    """Complete the declaration of an upload that waits, and have it read.

    Parameters
    ----------
    values
        By `proposing.Subject`, what the person says; what he leaves out is what was
        proposed, and must not be among the guesses.

    Raises
    ------
    ConfirmationIncomplete
        If something that was guessed is not among them.
    FileRefused
        If a value cannot be used.
    UploadInOtherState, LayerNotWritable
    """
    upload = _take(connection, upload_id, ("needs_confirmation",))
    proposed = upload.proposed or {}
    missing = [
        name for name in proposed.get("must_confirm", ()) if values.get(name) is None
    ]
    if missing:
        raise ConfirmationIncomplete(missing)
    confirmed = {**(upload.confirmed or {}), **dict(values)}
    # Made once here, so that what cannot be used is refused to who says it.
    UploadRequest.from_json({**upload.request.as_json(), **confirmed})
    upload = repository.move_upload(
        connection, upload.id, upload.state, confirmed=confirmed
    )
    return order_examination(connection, upload, client_id)


def withdraw(connection: sa.Connection, upload_id: UUID) -> Upload:
    """Give an upload up; reading it ends.

    One that was withdrawn already is left as it is.

    Raises
    ------
    UploadInOtherState, UploadBusy, LayerNotWritable
    """
    upload = _lock(connection, upload_id)
    if upload.state == "withdrawn":
        return upload
    _check(upload, repository.OPEN_STATES)
    if upload.order_kind == "commit":
        raise UploadBusy(upload.id, upload.order_kind)
    return repository.move_upload(connection, upload.id, "withdrawn", **NO_ORDER)


def order_commit(
    connection: sa.Connection,
    upload_id: UUID,
    client_id: UUID,
    terms: Mapping[str, Any],
) -> Upload:
    """Have the rows of an upload written into the register.

    An upload that is being committed already is left at it.

    Parameters
    ----------
    terms
        ``reason`` (why warnings are accepted), ``accept`` (their kinds, None for all),
        ``set_aside`` (whether faulty rows stay out).

    Raises
    ------
    UploadNotReady
        If it has errors that are not set aside.
    FaultsOfWholeFile, WholeNeedsEveryRow, WarningsNotAccepted
    UploadInOtherState, UploadBusy, LayerNotWritable
    """
    upload = _lock(connection, upload_id)
    if upload.order_kind == "commit" and upload.order_terms == dict(terms):
        return upload
    _check(upload, ("checked", "staged"))
    _check_idle(upload)
    check_terms(upload, terms)
    return _order(connection, upload, upload.state, "commit", client_id, terms)


def check_terms(upload: Upload, terms: Mapping[str, Any]) -> None:
    """Refuse a commit that leaves errors or warnings without a word.

    Raises
    ------
    UploadNotReady, FaultsOfWholeFile, WholeNeedsEveryRow, WarningsNotAccepted
    """
    if upload.error_count and not terms.get("set_aside"):
        raise UploadNotReady(upload.id, upload.state, upload.error_count)
    if upload.whole_file_errors:
        raise FaultsOfWholeFile(upload.id, upload.whole_file_errors)
    if upload.error_count and upload.request.update == "whole":
        raise WholeNeedsEveryRow(upload.id, upload.error_count)
    if upload.error_count and not upload.accepted_count:
        raise UploadNotReady(
            upload.id, upload.state, upload.error_count, none_left=True
        )
    open_kinds = _not_accepted(upload, terms)
    if open_kinds:
        raise WarningsNotAccepted(upload.id, open_kinds)


def warnings_of(upload: Upload) -> list[str]:
    """Return the kinds of warning an upload has."""
    return sorted(k for k in upload.issue_counts if severity_of(k) == "warning")


def _not_accepted(upload: Upload, terms: Mapping[str, Any]) -> list[str]:
    kinds = warnings_of(upload)
    if not (terms.get("reason") or "").strip():
        return kinds
    accepted = terms.get("accept")
    return [] if accepted is None else [k for k in kinds if k not in accepted]


def order_revert(
    connection: sa.Connection, upload_id: UUID, client_id: UUID, reason: str
) -> Upload:
    """Have a committed upload taken back.

    Raises
    ------
    UploadInOtherState, UploadBusy, LayerNotWritable
    """
    upload = _lock(connection, upload_id)
    if upload.order_kind == "revert":
        return upload
    _check(upload, ("committed",))
    terms = {"reason": reason}
    return _order(connection, upload, upload.state, "revert", client_id, terms)


def begin_reading(connection: sa.Connection, upload_id: UUID) -> Upload | None:
    """Mark an upload as being read; None when nobody wants that any more.

    One that was being read by a worker that died is begun anew.
    """
    upload = repository.get_upload(connection, upload_id, lock=True)
    if upload.order_kind != "examine":
        return None
    return repository.move_upload(connection, upload.id, "reading", progress=None)


def begin(connection: sa.Connection, upload_id: UUID, kind: OrderKind) -> Upload | None:
    """Return an upload, locked, if that is still ordered of it, else None."""
    upload = repository.get_upload(connection, upload_id, lock=True)
    return upload if upload.order_kind == kind else None


def note_progress(
    connection: sa.Connection, upload_id: UUID, progress: Mapping[str, Any]
) -> bool:
    """Say how far reading came; False when nobody wants it any more."""
    statement = (
        sa.update(upload_table)
        .where(upload_table.c.id == upload_id, upload_table.c.state == "reading")
        .values(progress=dict(progress))
    )
    return connection.execute(statement).rowcount == 1


def refuse_order(
    connection: sa.Connection, upload_id: UUID, refusal: Refusal
) -> Upload:
    """Keep why an order was not carried out; the upload's state stays."""
    upload = repository.get_upload(connection, upload_id, lock=True)
    return repository.move_upload(
        connection,
        upload_id,
        upload.state,
        refusal=repository.told(refusal),
        **NO_ORDER,
    )


def _order(
    connection: sa.Connection,
    upload: Upload,
    state: str,
    kind: OrderKind,
    client_id: UUID,
    terms: Mapping[str, Any],
) -> Upload:
    return repository.move_upload(
        connection,
        upload.id,
        state,
        order_kind=kind,
        order_terms=dict(terms),
        ordered_by=client_id,
        ordered_at=sa.func.clock_timestamp(),
        refusal=None,
        progress=None,
    )


def _take(connection: sa.Connection, upload_id: UUID, states: Sequence[str]) -> Upload:
    upload = _lock(connection, upload_id)
    _check(upload, states)
    _check_idle(upload)
    return upload


def _lock(connection: sa.Connection, upload_id: UUID) -> Upload:
    """Return an upload the caller may write; nobody else moves it on meanwhile."""
    # Row-level security hides from a lock what the role may not write: ask first.
    layer = repository.get_upload(connection, upload_id).request.layer
    if not connection.scalar(sa.select(sa.func.registry.may_write(layer))):
        raise LayerNotWritable(layer)
    return repository.get_upload(connection, upload_id, lock=True)


def _check_idle(upload: Upload) -> None:
    if upload.order_kind is not None:
        raise UploadBusy(upload.id, upload.order_kind)


def _check(upload: Upload, states: Sequence[str]) -> None:
    if upload.state not in states:
        raise UploadInOtherState(upload.id, upload.state, states)
