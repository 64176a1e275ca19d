"""Does the unit of a result fit what was sampled at its point? (shell).

Soil and produce are given by mass (mg/kg), waters by volume (mg/L). The medium is the
row's own, which is looked at where its unit is read (`laboratory`), else that of the
point in the register: that is asked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import sqlalchemy as sa

from parcels.concentrations import CANONICAL, FAMILY_OF_MEDIUM
from parcels.register import tables
from parcels.register.layers import SAMPLE_RESULT
from parcels.surveys.issues import Issues
from parcels.surveys.staging import Staging


def check_media(
    connection: sa.Connection, staging: Staging, fields: Mapping[str, str | None]
) -> Iterator[Issues]:
    """Give an issue for each result whose unit does not fit its point's medium."""
    rows = staging.table
    needed = {"point_code", "unit"}
    if staging.layer is not SAMPLE_RESULT or not needed <= set(staging.given):
        return
    point = tables.TABLES["monitoring_point"]
    own = rows.c.medium if "medium" in rows.c else sa.cast(sa.null(), sa.Text)
    family = sa.case(FAMILY_OF_MEDIUM, value=point.c.medium)
    here = sa.and_(point.c.code == rows.c.point_code, point.c.closed_by.is_(None))
    query = (
        sa.select(rows.c.row_number, rows.c.unit)
        .join_from(rows, point, here)
        .where(
            own.is_(None),
            sa.or_(
                sa.and_(family == "in_solids", rows.c.unit == CANONICAL["in_water"]),
                sa.and_(family == "in_water", rows.c.unit == CANONICAL["in_solids"]),
            ),
        )
        .distinct()
        .order_by(rows.c.row_number)
    )
    found = connection.execute(query).all()
    if found:
        numbers = np.array([row for row, _ in found], np.int32)
        units = [unit for _, unit in found]
        yield Issues("unit_unfit", numbers, fields.get("unit"), units)
