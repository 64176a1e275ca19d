"""Which objects of the register lie near the rows of a file? (shell).

They are found by the box around the file once, then row by row inside the database, in
the transaction of an examination.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY

from parcels.crs import STORAGE_SRID
from parcels.surveys.checks.neighbours import Geometries, Neighbours
from parcels.surveys.staging import Staging

_NEAR_DEGREES: Final = 6e-7
"""More than the tolerance of edges (5 cm) in any direction in China."""
_PAIRS: Final = 5_000
_SHAPE: Final = Geometry()

_BESIDE = sa.Table(
    "register_beside",
    sa.MetaData(),
    sa.Column("version_id", sa.BigInteger),
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
        beside.c.version_id,
        beside.c.code,
        beside.c.said,
    ).join_from(beside, rows, near)
    options = {"stream_results": True, "yield_per": _PAIRS}
    for part in connection.execute(query, execution_options=options).partitions():
        yield _as_pairs(connection, staging, part)


def _as_pairs(
    connection: sa.Connection,
    staging: Staging,
    part: Sequence[sa.Row[Any, Any, Any, Any, Any]],
) -> Neighbours:
    """Return pairs with their shapes, each read once though it be near every row."""
    rows, own, objects, codes, said = (np.array(one) for one in zip(*part, strict=True))
    row_numbers, mine = np.unique(rows, return_inverse=True)
    versions, other = np.unique(objects, return_inverse=True)
    table = staging.table.c
    return Neighbours(
        rows.astype(np.int32),
        own.astype(object),
        codes.astype(object),
        said.astype(object),
        mine,
        other,
        _read_shapes(connection, table.row_number, table.geom, row_numbers),
        _read_shapes(connection, _BESIDE.c.version_id, _BESIDE.c.geom, versions),
    )


def _read_shapes(
    connection: sa.Connection,
    key: sa.ColumnElement[int],
    geometry: sa.ColumnElement[Any],
    asked: npt.NDArray[np.int64],
) -> Geometries:
    """Return the geometries of keys, each of them there, in ascending order."""
    query = (
        sa.select(sa.func.st_asbinary(geometry))
        .where(key == sa.any_(sa.cast(asked.tolist(), ARRAY(key.type))))
        .order_by(key)
    )
    shapes: Geometries = shapely.from_wkb(
        [bytes(one) for one in connection.scalars(query)]
    )
    return shapes


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
        layer.c.version_id,
        layer.c.code,
        said,
        layer.c.valid_from,
        layer.c.valid_to,
        layer.c.geom,
    ).where(
        layer.c.closed_by.is_(None),
        layer.c.geom.op("&&", is_comparison=True)(ground),
        objects,
    )
    names = [column.name for column in _BESIDE.columns]
    insert = sa.insert(_BESIDE).from_select(names, found)
    counted = insert.execution_options(preserve_rowcount=True)
    if not connection.execute(counted).rowcount:
        return False
    connection.execute(
        sa.text(
            "create index if not exists staged_rows_geom on pg_temp.staged_rows"
            " using gist (geom)"
        )
    )
    connection.execute(sa.text("analyze pg_temp.register_beside (code)"))
    return True
