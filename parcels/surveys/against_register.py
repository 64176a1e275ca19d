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
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY

from parcels.crs import STORAGE_SRID
from parcels.register import tables
from parcels.register.layers import LAYER_BY_NAME, Shape
from parcels.surveys.checks.land_classes import BUILT, CULTIVATED
from parcels.surveys.checks.neighbours import Neighbours, check_neighbours, check_said
from parcels.surveys.comparing import in_division
from parcels.surveys.issues import Issues
from parcels.surveys.plot_entries import find_plot_faults, read_plot_rows
from parcels.surveys.request import UploadRequest
from parcels.surveys.sample_media import check_media
from parcels.surveys.staging import Staging, add_rows, stage_rows
from parcels.surveys.wide_results import name_places

ALONE_LAYERS: Final = frozenset({"parcel", "farmland_unit"})
"""Layers whose objects share no ground with others of the layer."""

REFERENCES: Final[dict[str, str]] = {
    "plot_code": "plot",
    "parcel_code": "parcel",
    "predecessor_code": "parcel",
    "successor_code": "parcel",
    "enterprise_code": "enterprise",
    "source_code": "water_source",
    "point_code": "monitoring_point",
    "downstream_code": "river",
    "unit_code": "farmland_unit",
}
"""Attribute that holds the code of another object → the layer that has it."""
_MAY_BE_OLDER: Final = frozenset({"predecessor_code", "successor_code"})
"""References that may go back to a time before the register."""

_NEAR_DEGREES: Final = 6e-7
"""More than the tolerance of edges (5 cm) in any direction in China."""
_PAIRS: Final = 5_000
_SHAPE: Final = Geometry()
_ROWS: Final = ARRAY(sa.Integer())
_OTHERS: Final = {"restriction_area": ("parcel",), "farmland_unit": ("parcel",)}
"""Layers whose objects may contradict a row, beside its own."""

_BESIDE = sa.Table(
    "register_beside",
    sa.MetaData(),
    sa.Column("code", sa.Text),
    sa.Column("said", sa.Text),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date),
    sa.Column("geom", Geometry(srid=STORAGE_SRID, spatial_index=False)),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""Objects of the register on the ground of a file, by the box around it."""


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
    if not _may_have_answers(connection, request, fields):
        return []
    staging = _stage(connection, request, files)
    found = [
        *_neighbours(connection, request, srid, staging),
        *_taken_codes(connection, staging, fields),
        *_ended_codes(connection, staging, fields),
        *_references(connection, staging, fields),
        *_logic(connection, request, srid, staging),
        *check_media(connection, staging, fields),
        *_plots(connection, staging, fields),
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
    staging = stage_rows(connection, layer, first, day)
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
    for pairs in _pairs(connection, staging, layer, stays, said, sa.true()):
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
    for pairs in _pairs(connection, staging, parcel, contradicts, said, chosen):
        yield from check_said(pairs, kind, srid)


def _pairs(
    connection: sa.Connection,
    staging: Staging,
    layer: sa.Table,
    objects: sa.ColumnElement[bool],
    said: sa.ColumnElement[Any],
    chosen: sa.ColumnElement[bool],
) -> Iterator[Neighbours]:
    """Give rows with objects of a layer near them, some thousand pairs at a time."""
    if not _find_beside(connection, staging, layer, objects, said):
        return
    rows, beside = staging.table, _BESIDE
    box = sa.func.st_setsrid(sa.func.st_expand(beside.c.geom, _NEAR_DEGREES), 0)
    near = sa.and_(
        rows.c.geom.op("&&", is_comparison=True)(box),
        sa.or_(rows.c.valid_to.is_(None), rows.c.valid_to > beside.c.valid_from),
        sa.or_(beside.c.valid_to.is_(None), beside.c.valid_to > staging.day),
        chosen,
    )
    query = sa.select(
        rows.c.row_number,
        rows.c.code,
        beside.c.code,
        beside.c.said,
        sa.func.st_asbinary(rows.c.geom),
        sa.func.st_asbinary(beside.c.geom),
    ).join_from(beside, rows, near)
    options = {"stream_results": True, "yield_per": _PAIRS}
    for part in connection.execute(query, execution_options=options).partitions():
        yield _as_pairs(part)


def _as_pairs(part: Sequence[sa.Row[Any, Any, Any, Any, Any, Any]]) -> Neighbours:
    rows, own, codes, said, mine, other = zip(*part, strict=True)
    return Neighbours(
        np.array(rows, np.int32),
        np.array(own, dtype=object),
        np.array(codes, dtype=object),
        np.array(said, dtype=object),
        shapely.from_wkb([bytes(one) for one in mine]),
        shapely.from_wkb([bytes(one) for one in other]),
    )


def _find_beside(
    connection: sa.Connection,
    staging: Staging,
    layer: sa.Table,
    objects: sa.ColumnElement[bool],
    said: sa.ColumnElement[Any],
) -> bool:
    """Fill `_BESIDE`; tell whether there is anything in it."""
    rows = staging.table
    extent = connection.scalar(
        sa.select(sa.func.st_asbinary(sa.cast(sa.func.st_extent(rows.c.geom), _SHAPE)))
    )
    if extent is None:
        return False
    ground = sa.func.st_expand(
        sa.func.st_geomfromwkb(bytes(extent), STORAGE_SRID), _NEAR_DEGREES
    )
    connection.execute(sa.text("drop table if exists pg_temp.register_beside"))
    _BESIDE.create(connection)
    found = sa.select(
        layer.c.code, said, layer.c.valid_from, layer.c.valid_to, layer.c.geom
    ).where(
        layer.c.closed_by.is_(None),
        layer.c.geom.op("&&", is_comparison=True)(ground),
        objects,
    )
    names = [column.name for column in _BESIDE.columns]
    result = connection.execute(sa.insert(_BESIDE).from_select(names, found))
    if not result.rowcount:
        return False
    connection.execute(
        sa.text(
            "create index if not exists staged_rows_geom on pg_temp.staged_rows"
            " using gist (geom)"
        )
    )
    connection.execute(sa.text("analyze pg_temp.register_beside (code)"))
    return True


def _taken_codes(
    connection: sa.Connection, staging: Staging, fields: Mapping[str, str | None]
) -> Iterator[Issues]:
    """Tell codes that an object of another division has."""
    rows, layer = staging.table, tables.TABLES[staging.layer.name]
    taken = sa.and_(
        layer.c.code == rows.c.code,
        layer.c.division_code != rows.c.division_code,
        layer.c.closed_by.is_(None),
        sa.or_(layer.c.valid_to.is_(None), layer.c.valid_to > staging.day),
    )
    query = sa.select(
        rows.c.row_number, rows.c.code, sa.func.min(layer.c.division_code)
    ).join_from(rows, layer, taken)
    query = query.group_by(rows.c.row_number, rows.c.code)
    found, field = connection.execute(query).all(), fields.get("code")
    yield from _tell(
        connection, staging, "code_elsewhere", found, field, "other_division"
    )


def _ended_codes(
    connection: sa.Connection, staging: Staging, fields: Mapping[str, str | None]
) -> Iterator[Issues]:
    """Tell codes of objects that had ended when the row begins."""
    rows, layer = staging.table, tables.TABLES[staging.layer.name]
    same = sa.and_(
        layer.c.code == rows.c.code,
        layer.c.division_code == rows.c.division_code,
        layer.c.closed_by.is_(None),
    )
    last = sa.func.max(
        sa.func.coalesce(layer.c.valid_to, sa.literal_column("'infinity'::date"))
    )
    query = (
        sa.select(rows.c.row_number, rows.c.code, sa.cast(last, sa.Text))
        .join_from(rows, layer, same)
        .group_by(rows.c.row_number, rows.c.code, rows.c.valid_from)
        .having(last <= staging.day)
    )
    found, field = connection.execute(query).all(), fields.get("code")
    yield from _tell(connection, staging, "code_ended", found, field, "ended_on")


def _references(
    connection: sa.Connection, staging: Staging, fields: Mapping[str, str | None]
) -> Iterator[Issues]:
    """Tell references to codes that neither the register nor the file has.

    A row with ground of its own (a zone of a source that is not registered yet) stands
    without what it refers to; a sample of no point says nothing of any place.
    """
    grounded = staging.layer.shape is not Shape.NONE
    for one in staging.layer.attributes:
        if one.reference and one.name in staging.given:
            target = REFERENCES[one.name]
            found = connection.execute(_unknown(staging, one.name, target)).all()
            strict = one.required and one.name not in _MAY_BE_OLDER and not grounded
            kind = "reference_unknown" if strict else "reference_unmatched"
            title = LAYER_BY_NAME[target]
            yield from _tell(
                connection,
                staging,
                kind,
                found,
                fields.get(one.name),
                "target",
                target_zh=title.title_zh,
                target_en=title.title_en.lower(),
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
            kind, rows, field, values, details, _places(connection, staging, rows)
        )


def _unknown(staging: Staging, name: str, target: str) -> sa.Select[Any]:
    rows, layer = staging.table, tables.TABLES[target]
    value = rows.c[name]
    held = sa.select(layer.c.version_id).where(
        layer.c.code == value, layer.c.closed_by.is_(None)
    )
    unknown = [value.is_not(None), ~held.exists()]
    if target == staging.layer.name:
        own = rows.alias("own")
        unknown.append(~sa.select(own.c.row_number).where(own.c.code == value).exists())
    return sa.select(rows.c.row_number, value, sa.literal(target)).where(*unknown)


def _tell(
    connection: sa.Connection,
    staging: Staging,
    kind: str,
    found: Sequence[sa.Row[Any, Any, Any]],
    field: str | None,
    detail: str,
    **details: Any,
) -> Iterator[Issues]:
    """Return the issue of rows of (row number, value, detail), each where it lies."""
    if not found:
        return
    ordered = sorted(found, key=lambda row: int(row[0]))
    details[detail] = [row[2] for row in ordered]
    rows = np.array([row[0] for row in ordered], np.int32)
    values = [row[1] for row in ordered]
    lonlat = _places(connection, staging, rows)
    yield Issues(kind, rows, field, values, details, lonlat)


def _places(
    connection: sa.Connection, staging: Staging, rows: npt.NDArray[np.int32]
) -> npt.NDArray[np.float64] | None:
    """Return a point of each row in EPSG:4490, NaN where it has no geometry."""
    if staging.geometry is None:
        return None
    table = staging.table
    inner = sa.func.st_pointonsurface(table.c.geom)
    query = sa.select(
        table.c.row_number, sa.func.st_x(inner), sa.func.st_y(inner)
    ).where(table.c.row_number == sa.any_(sa.literal(rows.tolist(), _ROWS)))
    known = {row: (x, y) for row, x, y in connection.execute(query) if x is not None}
    return np.array([known.get(row, (np.nan, np.nan)) for row in rows.tolist()])
