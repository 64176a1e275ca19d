"""Which objects of the register lie near the rows of a file? (shell).

They are found by the box around the file once, then row by row inside the database, in
the transaction of an examination.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import shapely
import sqlalchemy as sa
from geoalchemy2 import Geometry

from parcels.crs import STORAGE_SRID
from parcels.surveys.checks.neighbours import Neighbours
from parcels.surveys.staging import Staging

_NEAR_DEGREES: Final = 6e-7
"""More than the tolerance of edges (5 cm) in any direction in China."""
_PAIRS: Final = 5_000
_SHAPE: Final = Geometry()

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


def gather_pairs(
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
