"""Which decisions did not see what a change of the register says? (shell).

A decision carries the number of the last change it saw. One that was made on a day on
which the changed rows already held in law, before they were known here, may have to be
made again: its parcels were changed, or its land lies where something was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from parcels.register import tables

MOST: Final = 1000
"""Decisions that are named at most, the latest."""

_decision = sa.Table(
    "decision",
    sa.MetaData(schema="registry"),
    sa.Column("id", sa.Uuid),
    sa.Column("certificate_number", sa.Text),
    sa.Column("outcome", sa.Text),
    sa.Column("parcel_codes", sa.ARRAY(sa.Text)),
    sa.Column("change_number", sa.BigInteger),
    sa.Column("recorded_at", sa.DateTime(timezone=True)),
    sa.Column("geom", sa.types.NullType()),
)


def list_affected(
    connection: sa.Connection, layer: str, change_ids: Sequence[int]
) -> list[dict[str, Any]]:
    """Return decisions that did not see what changes said, the latest first.

    Parameters
    ----------
    layer
        Name of the layer that was changed.
    change_ids
        Ids of changes (`change.id`); none gives none.
    """
    if not change_ids:
        return []
    table, change = tables.TABLES[layer], tables.change
    touched = (
        sa.select(
            change.c.number,
            sa.func.min(table.c.valid_from).over(partition_by=change.c.id).label("day"),
            table.c.code,
            (table.c.geom if "geom" in table.c else sa.null()).label("geom"),
        )
        .join_from(
            change,
            table,
            sa.or_(table.c.opened_by == change.c.id, table.c.closed_by == change.c.id),
        )
        .where(change.c.id.in_(change_ids))
        .cte("touched")
    )
    return _decisions(connection, layer, touched)


def _decisions(
    connection: sa.Connection, layer: str, touched: sa.CTE
) -> list[dict[str, Any]]:
    made = _decision.c
    since = sa.func.timezone("Asia/Shanghai", sa.cast(touched.c.day, sa.DateTime))
    meets = sa.and_(
        made.geom.op("&&")(touched.c.geom),
        sa.func.st_intersects(made.geom, touched.c.geom),
    )
    if layer == "parcel":
        meets = sa.or_(touched.c.code == sa.any_(made.parcel_codes), meets)
    unseen = (
        sa.select(touched.c.code)
        .where(made.change_number < touched.c.number, made.recorded_at >= since, meets)
        .exists()
    )
    columns = (
        made.id,
        made.certificate_number,
        made.outcome,
        made.recorded_at,
        made.parcel_codes,
    )
    rows = connection.execute(
        sa.select(*columns)
        .where(unseen)
        .order_by(made.recorded_at.desc(), made.id)
        .limit(MOST)
    )
    names = [column.name for column in columns]
    # Plain text as keys: a column's name is a kind of text that JSON writers refuse.
    return [dict(zip(map(str, names), row, strict=True)) for row in rows]
