"""How do the checked rows of an upload become versions of the register? (service).

In one transaction, all or nothing, as one change. Writers of a county wait for each
other; who finds that the register has moved since the check is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from parcels.register import tables
from parcels.register.county_ground import check_counties
from parcels.register.history import Change, number_change, open_change
from parcels.register.layers import DIVISION
from parcels.register.leads import refuse_others
from parcels.surveys import repository
from parcels.surveys.archive import Archive, digest_of
from parcels.surveys.comparing import (
    Comparison,
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
from parcels.surveys.staging import Staging, stage_rows
from parcels.surveys.writing import write_versions


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
    staging = _stage(connection, archive, upload)
    _lock_counties(connection, upload, staging)
    _refuse_if_changed(connection, upload, staging)
    guarded = withhold(connection, staging)
    comparison = compare(connection, staging, upload.request)
    find_lineage(connection, staging, comparison)
    acceptance = _accept(upload, said, actor)
    if comparison.changes_nothing and not guarded:
        return _committed(connection, upload, comparison, None, acceptance)
    change = open_change(
        connection,
        actor=actor,
        division_code=upload.division_code,
        upload_id=upload.id,
        reason=said.get("reason"),
    )
    _write(connection, change, upload, staging, comparison)
    source = f"upload {upload.id}, {upload.filename}"
    write_proposals(connection, change, guarded, said.get("reason") or source, source)
    if upload.request.register_layer is DIVISION:
        check_counties(connection, change)
    committed = _committed(connection, upload, comparison, change.id, acceptance)
    number_change(connection, change)
    return committed


def _write(
    connection: sa.Connection,
    change: Change,
    upload: Upload,
    staging: Staging,
    comparison: Comparison,
) -> None:
    """Write the staged rows under the open change, and what follows from them."""
    plots = read_plot_rows(connection, staging)
    write_versions(connection, change, staging, comparison, upload.survey_srid)
    write_lineage(connection, change)
    write_plot_entries(connection, change, plots)


def _accept(upload: Upload, terms: Mapping[str, Any], actor: str) -> dict[str, Any]:
    """Return what was accepted, by whom and why, as the upload keeps it."""
    rows, accepted = upload.row_count or 0, upload.accepted_count or 0
    return {
        "actor": actor,
        "reason": terms.get("reason"),
        "warnings": warnings_of(upload),
        "rows_set_aside": rows - accepted,
    }


def _stage(connection: sa.Connection, archive: Archive, upload: Upload) -> Staging:
    rows = archive.staged_path(upload.id)
    if not rows.exists() or digest_of(rows) != upload.staged_sha256:
        raise StagedRowsLost(upload.id)
    request = upload.request
    faulty = list_faulty_rows(connection, upload) if upload.error_count else None
    return stage_rows(
        connection,
        request.register_layer,
        rows,
        request.valid_from,
        faulty,
        counted=not holds_nothing(connection, request),
    )


def _lock_counties(connection: sa.Connection, upload: Upload, staging: Staging) -> None:
    """Wait for other writers of these counties; later statements see what they did.

    The same locks as the register's own (`registry.check_opened`), in the same order.
    """
    counties = {division[:6] for division in staging.divisions}
    if upload.request.update == "whole":
        layer = tables.TABLES[upload.request.layer]
        held = sa.select(sa.func.left(layer.c.division_code, 6)).where(
            layer.c.closed_by.is_(None), in_division(layer, upload.division_code)
        )
        counties.update(connection.scalars(held.distinct()))
    for one in sorted(map(int, counties)):
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(726001, one)))


def _refuse_if_changed(
    connection: sa.Connection, upload: Upload, staging: Staging
) -> None:
    """Refuse what is no longer as it was checked, or not the writer's to write."""
    refuse_if_moved(connection, upload)
    _refuse_if_relied_on(connection, upload, staging)
    _refuse_others(connection, staging)


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


def _refuse_others(connection: sa.Connection, staging: Staging) -> None:
    if "theme" in staging.table.c:
        themes = sa.select(staging.table.c.theme).distinct()
        refuse_others(connection, staging.layer, connection.scalars(themes))


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
