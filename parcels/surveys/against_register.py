"""What does the register say against the rows of a file? (shell).

The rows are compared inside the database, in the transaction of their examination: what
they share ground with, codes that are taken elsewhere or have ended, references to
nothing. Every question first asks whether the register holds anything that could
answer; a first survey of a county costs nothing here.

The caller sees what his role and division let him see, here as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import sqlalchemy as sa

from parcels.register import tables
from parcels.register.leads import find_others
from parcels.surveys.checks.land_classes import BUILT, CULTIVATED
from parcels.surveys.checks.neighbours import check_neighbours, check_said
from parcels.surveys.comparing import in_division
from parcels.surveys.issues import Issues
from parcels.surveys.listed_ground import find_on_listed
from parcels.surveys.paper_history import find_kept_papers
from parcels.surveys.plot_entries import find_plot_faults, read_plot_rows
from parcels.surveys.plot_history import find_rewritten
from parcels.surveys.plot_proposals import read_guarded, tell_guarded
from parcels.surveys.register_codes import (
    find_ended_codes,
    find_lost_references,
    find_taken_codes,
    place_rows_of,
)
from parcels.surveys.register_pairs import gather_pairs
from parcels.surveys.request import UploadRequest
from parcels.surveys.sample_media import check_media
from parcels.surveys.staged_file import find_accepted
from parcels.surveys.staging import Staging, add_rows, stage_rows
from parcels.surveys.wide_results import name_places

ALONE_LAYERS: Final = frozenset({"parcel", "farmland_unit"})
"""Layers whose objects share no ground with others of the layer."""

_OTHERS: Final = {"restriction_area": ("parcel",), "farmland_unit": ("parcel",)}
"""Layers whose objects may contradict a row, beside its own."""


def check_against_register(
    connection: sa.Connection,
    request: UploadRequest,
    srid: int | None,
    files: Sequence[Path],
    fields: Mapping[str, str | None],
) -> list[Issues]:
    """Return what the register says against rows.

    Parameters
    ----------
    srid
        EPSG number of the survey, as declared or found out; None without coordinates.
    files
        Rows as they are staged: the accepted ones, and those with faults of their own
        that can be asked all the same.
    fields
        Attribute, or ``code`` → field of the file.
    """
    barred = find_others(connection, request.register_layer)
    if not (barred or _may_have_answers(connection, request, fields)):
        return []
    staging = _stage(connection, request, files)
    found = [
        *_neighbours(connection, request, srid, staging),
        *find_taken_codes(connection, staging, fields),
        *find_ended_codes(connection, staging, fields),
        *find_lost_references(connection, staging, fields),
        *_logic(connection, request, srid, staging),
        *check_media(connection, staging, fields),
        *_plots(connection, staging, fields),
        *find_on_listed(connection, staging, fields),
        *tell_guarded(read_guarded(connection, staging), fields),
        *find_rewritten(connection, staging, fields),
        *find_kept_papers(connection, staging, fields),
        *_themes_of_others(connection, staging, barred, fields),
    ]
    return name_places(found, staging.per_line, ())


def _may_have_answers(
    connection: sa.Connection,
    request: UploadRequest,
    fields: Mapping[str, str | None],
) -> bool:
    """Tell whether rows refer to others, or the register holds anything to ask."""
    if request.layer == "plot":
        return True
    if any(
        one.name in fields for one in request.register_layer.attributes if one.reference
    ):
        return True
    asked = {request.layer, *_OTHERS.get(request.layer, ())}
    return any(_holds(connection, name) for name in sorted(asked))


def _holds(connection: sa.Connection, layer: str) -> bool:
    table = tables.TABLES[layer]
    held = sa.select(table.c.version_id).where(table.c.closed_by.is_(None))
    return bool(connection.scalar(sa.select(held.exists())))


def _stage(
    connection: sa.Connection, request: UploadRequest, files: Sequence[Path]
) -> Staging:
    first, *others = files
    layer, day = request.register_layer, request.valid_from
    staging = stage_rows(connection, layer, find_accepted(first), day)
    for path in others:
        add_rows(connection, staging, path)
    return staging


def _neighbours(
    connection: sa.Connection,
    request: UploadRequest,
    srid: int | None,
    staging: Staging,
) -> Iterator[Issues]:
    """Compare with objects of the same layer that are not in the file.

    Those a whole update ends are left out: they make room for the file's.
    """
    if request.layer not in ALONE_LAYERS:
        return
    layer, rows = tables.TABLES[request.layer], staging.table
    # The planner knows nothing of a register that was just filled and would compare
    # every version with every row. Codes are compared byte by byte, as they are there.
    connection.execute(
        sa.text(
            "create index if not exists staged_rows_code on pg_temp.staged_rows"
            ' (code collate "C")'
        )
    )
    named = sa.select(rows.c.row_number).where(
        rows.c.code == layer.c.code, rows.c.division_code == layer.c.division_code
    )
    stays = ~named.exists()
    if request.update == "whole":
        stays &= ~in_division(layer, request.division_code)
    said = sa.cast(sa.null(), sa.Text)
    for pairs in gather_pairs(connection, staging, layer, stays, said, sa.true()):
        yield from check_neighbours(pairs, srid)


def _logic(
    connection: sa.Connection,
    request: UploadRequest,
    srid: int | None,
    staging: Staging,
) -> Iterator[Issues]:
    """Compare with parcels whose class contradicts the row (逻辑一致性)."""
    parcel, rows = tables.TABLES["parcel"], staging.table
    if request.layer == "restriction_area" and "theme" in rows.c:
        kind, patterns, negated = "basic_farmland_not_cultivated", CULTIVATED, True
        chosen = rows.c.theme == "permanent_basic_farmland"
    elif request.layer == "farmland_unit":
        kind, patterns, negated = "unit_on_built_land", BUILT, False
        chosen = sa.true()
    else:
        return
    contradicts = sa.or_(
        *(
            sa.and_(
                parcel.c.land_use_scheme == scheme,
                parcel.c.land_use_code.is_not(None),
                parcel.c.land_use_code.regexp_match(pattern) != negated,
            )
            for scheme, pattern in patterns.items()
        )
    )
    said = parcel.c.land_use_code
    for pairs in gather_pairs(connection, staging, parcel, contradicts, said, chosen):
        yield from check_said(pairs, kind, srid)


def _themes_of_others(
    connection: sa.Connection,
    staging: Staging,
    barred: Sequence[str],
    fields: Mapping[str, str | None],
) -> Iterator[Issues]:
    """Tell rows of themes that the caller's role may not write."""
    if not barred or "theme" not in staging.table.c:
        return
    rows = staging.table.c
    found = connection.execute(
        sa.select(rows.row_number, rows.theme)
        .where(rows.theme.in_(barred))
        .order_by(rows.row_number)
    ).all()
    if found:
        numbers = np.array([row for row, _ in found], np.int32)
        values = [theme for _, theme in found]
        places = place_rows_of(connection, staging, numbers)
        yield Issues(
            "theme_of_others", numbers, fields.get("theme"), values, {}, places
        )


def _plots(
    connection: sa.Connection, staging: Staging, fields: Mapping[str, str | None]
) -> Iterator[Issues]:
    """Tell stages of plots that nothing explains, and ends that a file gives."""
    faults = list(find_plot_faults(read_plot_rows(connection, staging)))
    for kind in sorted({one.kind for one in faults}):
        alike = [one for one in faults if one.kind == kind]
        rows = np.array([one.row for one in alike], np.int32)
        details = {
            name: [one.details[name] for one in alike] for name in alike[0].details
        }
        field = fields.get("valid_to" if kind == "plot_end_by_event" else "stage")
        values = [one.value for one in alike]
        yield Issues(
            kind, rows, field, values, details, place_rows_of(connection, staging, rows)
        )
