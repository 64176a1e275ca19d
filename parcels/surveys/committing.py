"""How do the checked rows of an upload become versions of the register? (service).

In one transaction, all or nothing, as one change. Writers of a county wait for each
other; who finds that the register has moved since the check is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from parcels.register import tables
from parcels.register.county_ground import check_counties
from parcels.register.filling import begin_filling, end_filling
from parcels.register.history import Change, number_change, open_change
from parcels.register.layers import (
    DIVISION,
    PLOT,
    PLOT_DOCUMENT,
    PLOT_EVENT,
    PLOT_LIST_MEMBERSHIP,
)
from parcels.register.leads import refuse_others
from parcels.surveys import repository
from parcels.surveys.archive import Archive, digest_of
from parcels.surveys.comparing import (
    Comparison,
    all_new,
    compare,
    holds_nothing,
    in_division,
)
from parcels.surveys.errors import RegisterMovedSince, StagedRowsLost, UploadNotReady
from parcels.surveys.lineage import find_lineage, write_lineage
from parcels.surveys.orders import check_terms, warnings_of
from parcels.surveys.paper_history import find_kept_papers
from parcels.surveys.plot_entries import read_plot_rows, write_plot_entries
from parcels.surveys.plot_history import find_rewritten
from parcels.surveys.plot_proposals import withhold, write_proposals
from parcels.surveys.reports import list_faulty_rows
from parcels.surveys.repository import NO_ORDER, Upload
from parcels.surveys.staged_file import AcceptedRows, find_accepted
from parcels.surveys.staging import Staging, stage_rows
from parcels.surveys.writing import fill_layer, write_versions

HELD_AGAINST_OTHERS: Final = (
    DIVISION,
    PLOT,
    PLOT_DOCUMENT,
    PLOT_EVENT,
    PLOT_LIST_MEMBERSHIP,
)
"""Layers whose rows are held against others, or bring rows of others with them."""


def commit_upload(
    connection: sa.Connection,
    archive: Archive,
    upload_id: UUID,
    *,
    actor: str,
    terms: Mapping[str, Any] | None = None,
) -> Upload:
    """Write the accepted rows of an upload into the register.

    Rows that the register already says are not touched. When there is anything to
    write, it is one change, numbered by this function's last statement: the caller
    commits and does nothing else before.

    Parameters
    ----------
    terms
        What the person says to warnings and faulty rows (`orders.order_commit`); None
        when nothing needs a word.

    Raises
    ------
    UploadNotReady
        If it is neither ``staged`` nor ``checked`` with its faulty rows set aside.
    FaultsOfWholeFile, WarningsNotAccepted
    RegisterMovedSince
        If the layer changed in that division after the upload was checked.
    StagedRowsLost
        If the accepted rows are not what was checked.
    CountyInUse
        If objects of a county would be left without its ground.
    ThemeOfOthers
        If it was checked for another role, which leads a theme of it.
    """
    said = terms or {}
    upload = repository.get_upload(connection, upload_id, lock=True)
    if upload.state not in ("checked", "staged"):
        raise UploadNotReady(upload.id, upload.state, upload.error_count)
    check_terms(upload, said)
    acceptance = _accept(upload, said, actor)
    faulty = list_faulty_rows(connection, upload) if upload.error_count else None
    with _as_checked(archive, upload) as path:
        rows = find_accepted(path, faulty)
        _lock_counties(connection, upload, rows)
        refuse_if_moved(connection, upload)
        _refuse_others(connection, upload, rows)
        write = _fill if _may_fill(connection, upload, rows) else _write
        comparison, change = write(connection, upload, rows, acceptance)
    number = None if change is None else change.id
    committed = _committed(connection, upload, comparison, number, acceptance)
    if change is not None:
        number_change(connection, change)
    return committed


@contextmanager
def _as_checked(archive: Archive, upload: Upload) -> Iterator[Path]:
    """Give the file of accepted rows; raise in the end if it is not what was checked.

    Its digest is formed beside what is done with it. Whatever a damaged file leads to,
    this is what is told of it.
    """
    path = archive.staged_path(upload.id)
    if not path.exists():
        raise StagedRowsLost(upload.id)
    with ThreadPoolExecutor(1) as beside:
        digest = beside.submit(digest_of, path)
        try:
            yield path
        finally:
            if digest.result() != upload.staged_sha256:
                raise StagedRowsLost(upload.id)


def _may_fill(connection: sa.Connection, upload: Upload, rows: AcceptedRows) -> bool:
    """Take the layer for these many rows alone; no, if it holds anything at all."""
    layer = upload.request.register_layer
    if layer in HELD_AGAINST_OTHERS:
        return False
    return begin_filling(connection, tables.TABLES[layer.name], rows.count)


def _fill(
    connection: sa.Connection,
    upload: Upload,
    rows: AcceptedRows,
    acceptance: Mapping[str, Any],
) -> tuple[Comparison, Change]:
    """Write rows into the layer taken for them: every one is new."""
    change = _open_change(connection, upload, acceptance)
    fill_layer(connection, change, rows, upload.request, upload.survey_srid)
    end_filling(connection, tables.TABLES[upload.request.layer])
    return all_new(rows.count), change


def _write(
    connection: sa.Connection,
    upload: Upload,
    rows: AcceptedRows,
    acceptance: Mapping[str, Any],
) -> tuple[Comparison, Change | None]:
    """Write what rows say otherwise than the register; no change if that is nothing."""
    request = upload.request
    staging = stage_rows(
        connection,
        request.register_layer,
        rows,
        request.valid_from,
        counted=not holds_nothing(connection, request),
    )
    _refuse_if_relied_on(connection, upload, staging)
    guarded = withhold(connection, staging)
    comparison = compare(connection, staging, request)
    find_lineage(connection, staging, comparison)
    if comparison.changes_nothing and not guarded:
        return comparison, None
    plots = read_plot_rows(connection, staging)
    change = _open_change(connection, upload, acceptance)
    write_versions(connection, change, staging, comparison, upload.survey_srid)
    write_lineage(connection, change)
    write_plot_entries(connection, change, plots)
    source = f"upload {upload.id}, {upload.filename}"
    reason = acceptance["reason"] or source
    write_proposals(connection, change, guarded, reason, source)
    if request.register_layer is DIVISION:
        check_counties(connection, change)
    return comparison, change


def _open_change(
    connection: sa.Connection, upload: Upload, acceptance: Mapping[str, Any]
) -> Change:
    return open_change(
        connection,
        actor=acceptance["actor"],
        division_code=upload.division_code,
        upload_id=upload.id,
        reason=acceptance["reason"],
    )


def _accept(upload: Upload, terms: Mapping[str, Any], actor: str) -> dict[str, Any]:
    """Return what was accepted, by whom and why, as the upload keeps it."""
    rows, accepted = upload.row_count or 0, upload.accepted_count or 0
    return {
        "actor": actor,
        "reason": terms.get("reason"),
        "warnings": warnings_of(upload),
        "rows_set_aside": rows - accepted,
    }


def _lock_counties(
    connection: sa.Connection, upload: Upload, rows: AcceptedRows
) -> None:
    """Wait for other writers of these counties; later statements see what they did.

    The same locks as the register's own (`registry.check_opened`), in the same order.
    """
    counties = {division[:6] for division in rows.values_of("division_code")}
    if upload.request.update == "whole":
        layer = tables.TABLES[upload.request.layer]
        held = sa.select(sa.func.left(layer.c.division_code, 6)).where(
            layer.c.closed_by.is_(None), in_division(layer, upload.division_code)
        )
        counties.update(connection.scalars(held.distinct()))
    for one in sorted(map(int, counties)):
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(726001, one)))


def refuse_if_moved(connection: sa.Connection, upload: Upload) -> None:
    """Refuse an upload whose layer changed in its division since it was checked.

    Raises
    ------
    RegisterMovedSince
    """
    since = connection.scalars(
        sa.select(tables.change.c.id).where(tables.change.c.number > upload.seen_change)
    ).all()
    if not since:
        return
    layer = tables.TABLES[upload.request.layer]
    touched = sa.select(layer.c.version_id).where(
        in_division(layer, upload.division_code),
        sa.or_(layer.c.opened_by.in_(since), layer.c.closed_by.in_(since)),
    )
    if connection.scalar(sa.select(touched.exists())):
        raise RegisterMovedSince(upload.id)


def _refuse_if_relied_on(
    connection: sa.Connection, upload: Upload, staging: Staging
) -> None:
    """Refuse what became another layer's matter since: an event, and what it rests on.

    Raises
    ------
    RegisterMovedSince
    """
    rewritten = find_rewritten(connection, staging, {})
    kept = find_kept_papers(connection, staging, {})
    if next(chain(rewritten, kept), None) is not None:
        raise RegisterMovedSince(upload.id)


def _refuse_others(
    connection: sa.Connection, upload: Upload, rows: AcceptedRows
) -> None:
    if "theme" in rows.schema.names:
        themes = rows.values_of("theme")
        refuse_others(connection, upload.request.register_layer, themes)


def _committed(
    connection: sa.Connection,
    upload: Upload,
    comparison: Comparison,
    change_id: int | None,
    acceptance: Mapping[str, Any],
) -> Upload:
    return repository.move_upload(
        connection,
        upload.id,
        "committed",
        comparison={**(upload.comparison or {}), **comparison.as_json()},
        change_id=change_id,
        acceptance=dict(acceptance),
        refusal=None,
        **NO_ORDER,
    )
