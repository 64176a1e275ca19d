"""May a county end, with what belongs to it? (shell).

Without its outline no drawn question there has an answer. So a county with objects in
force ends only where others take its ground: a new division of the country enters the
new counties from a day, and then ends the old one on that day.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import shapely
import sqlalchemy as sa

from parcels.area import measure_area
from parcels.codes import COUNTY_DIGITS
from parcels.crs import STORAGE_SRID
from parcels.refusal import Refusal
from parcels.register.layers import DIVISION, LAYERS, Layer, Shape
from parcels.register.repository import Version
from parcels.register.tables import TABLES, in_force_on

_LEFT_SHARE: Final = 0.001
"""Share of a county's ground that no other one need take: outlines of two that were
drawn apart do not fit to a hair. A project default."""


class CountyInUse(Refusal):
    """Objects in force belong to a county, and no other one takes its ground."""

    def __init__(self, county: str, on: date, left: dict[Layer, int]) -> None:
        zh = "、".join(f"{layer.title_zh} {count}" for layer, count in left.items())
        en = ", ".join(
            f"{layer.title_en.lower()} {count}" for layer, count in left.items()
        )
        super().__init__(
            "county_in_use",
            f"{county} 在 {on} 仍有有效对象（{zh}），且其范围没有其他有效的县覆盖，"
            "不能失效；区划调整请先登记自该日起生效的新县，否则请先终止这些对象。",
            f"{county} still has objects in force on {on} ({en}), and no other county"
            " takes its ground; it cannot end. Enter the counties that follow it from"
            " that day, or end the objects first.",
        )


def check_division_end(connection: sa.Connection, found: Version, on: date) -> None:
    """Refuse the end of a county that would leave objects in no county.

    Divisions below a county end freely: questions are placed by county.

    Parameters
    ----------
    on
        First day on which it no longer holds.

    Raises
    ------
    CountyInUse
    """
    if len(found.code) != COUNTY_DIGITS or _is_taken(connection, found, on):
        return
    left = {
        layer: count
        for layer in LAYERS
        if layer.shape is not Shape.NONE
        and (count := _count_left(connection, layer, found, on))
    }
    if left:
        raise CountyInUse(found.code, on, left)


def _is_taken(connection: sa.Connection, found: Version, on: date) -> bool:
    """Whether other counties in force on a day cover a county's ground."""
    ground = found.geometry
    assert ground is not None
    division = TABLES[DIVISION.name].c
    here = sa.func.ST_GeomFromWKB(shapely.to_wkb(ground), STORAGE_SRID)
    # Not by `list_touching`: it reads changes, and those of other counties are hidden.
    others = connection.scalars(
        sa.select(sa.func.ST_AsBinary(division.geom)).where(
            sa.func.length(division.code) == COUNTY_DIGITS,
            division.code != found.code,
            in_force_on(TABLES[DIVISION.name], on),
            division.geom.op("&&")(here),
        )
    )
    taken = shapely.union_all([shapely.from_wkb(bytes(one)) for one in others])
    rest = shapely.difference(ground, taken)
    left_m2: float = measure_area(rest)
    whole_m2: float = measure_area(ground)
    return left_m2 <= _LEFT_SHARE * whole_m2


def _count_left(
    connection: sa.Connection, layer: Layer, found: Version, on: date
) -> int:
    """Count the objects of a county that are in force on a day, or come later."""
    table = TABLES[layer.name]
    statement = sa.select(sa.func.count(table.c.object_id.distinct())).where(
        table.c.division_code.startswith(found.code, autoescape=True),
        table.c.closed_by.is_(None),
        sa.or_(table.c.valid_to.is_(None), table.c.valid_to > on),
        table.c.object_id != found.object_id,
    )
    return int(connection.execute(statement).scalar_one())
