"""What does the register know of the codes that rows have and refer to? (shell).

Codes that another division has, codes of objects that had ended, references to nothing.
Asked inside the database, of the staged rows of an examination.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from parcels.register import tables
from parcels.register.layers import LAYER_BY_NAME, Shape
from parcels.surveys.issues import Issues
from parcels.surveys.staging import Staging

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

_ROWS: Final = ARRAY(sa.Integer())


def find_taken_codes(
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
    yield from tell_found(
        connection, staging, "code_elsewhere", found, field, "other_division"
    )


def find_ended_codes(
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
    yield from tell_found(connection, staging, "code_ended", found, field, "ended_on")


def find_lost_references(
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
            yield from tell_found(
                connection,
                staging,
                kind,
                found,
                fields.get(one.name),
                "target",
                target_zh=title.title_zh,
                target_en=title.title_en.lower(),
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


def tell_found(
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
    lonlat = place_rows_of(connection, staging, rows)
    yield Issues(kind, rows, field, values, details, lonlat)


def place_rows_of(
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
