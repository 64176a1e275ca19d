"""Does a candidate lie on a plot that is listed already? (shell).

线索地块与在册地块重叠. One piece of ground with two codes has two lives; whoever enters
the second is told the first. Nothing is refused: the ground may have been divided, or
the new code be the right one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import sqlalchemy as sa

from parcels.plots.entries import FIRST_STAGE
from parcels.register import tables
from parcels.surveys.issues import Issues
from parcels.surveys.register_codes import tell_found
from parcels.surveys.staging import Staging

_NOT_LISTED: Final = (FIRST_STAGE, "closed_error")
"""Stages without a register: a lead that waits, and a mistaken entry."""
_MOST: Final = 0.5
"""Share of a candidate's ground on the listed plot from which it is the same ground; a
project default."""


def find_on_listed(
    connection: sa.Connection, staging: Staging, fields: Mapping[str, str | None]
) -> Iterator[Issues]:
    """Tell candidates of which half or more lies on a listed plot of another code.

    A point lies on a plot when it meets it, as a plot known as a point does.
    """
    rows, plot = staging.table, tables.TABLES["plot"]
    if "stage" not in rows.c or staging.layer.name != "plot":
        return
    ground = sa.func.st_setsrid(rows.c.geom, sa.func.st_srid(plot.c.geom))
    areal = sa.and_(
        sa.func.st_dimension(ground) == 2, sa.func.st_dimension(plot.c.geom) == 2
    )
    sound = sa.and_(sa.func.st_isvalid(ground), sa.func.st_isvalid(plot.c.geom))
    shared = sa.func.st_area(sa.func.st_intersection(ground, plot.c.geom))
    on = sa.case(
        (sa.not_(sound), False),
        (areal, shared >= _MOST * sa.func.st_area(ground)),
        else_=True,
    )
    met = sa.and_(
        plot.c.geom.op("&&", is_comparison=True)(ground),
        sa.func.st_intersects(ground, plot.c.geom),
        tables.in_force_on(plot, staging.day),
        plot.c.code != rows.c.code,
        plot.c.stage.not_in(_NOT_LISTED),
        on,
    )
    named = sa.func.string_agg(
        plot.c.code, sa.literal_column("', ' order by plot.code")
    )
    query = (
        sa.select(rows.c.row_number, rows.c.code, named)
        .join_from(rows, plot, met)
        .where(rows.c.stage == FIRST_STAGE)
        .group_by(rows.c.row_number, rows.c.code)
    )
    found, field = connection.execute(query).all(), fields.get("code")
    yield from tell_found(connection, staging, "plot_on_listed", found, field, "others")
