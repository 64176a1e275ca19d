"""Where do all objects of a county lie? (shell)."""

from __future__ import annotations

import math
from typing import Final

import sqlalchemy as sa

from parcels.register.county_ground import FAR_M
from parcels.register.layers import DIVISION
from parcels.register.selecting import Box
from parcels.register.tables import TABLES

_METRES_A_DEGREE: Final = 110_000.0
"""Less than a degree of latitude has anywhere, so that the margin is not too small."""


def find_county_box(connection: sa.Connection, county: str) -> Box | None:
    """Return west, south, east, north in degrees EPSG:4490 around a county's objects.

    The box of its outlines on record, wider by as much as an object may lie beyond
    them. None where the county is not drawn.
    """
    division = TABLES[DIVISION.name]
    box = sa.func.st_extent(division.c.geom)
    corners = (sa.func.st_xmin, sa.func.st_ymin, sa.func.st_xmax, sa.func.st_ymax)
    statement = sa.select(*(corner(box) for corner in corners)).where(
        division.c.code == county, division.c.closed_by.is_(None)
    )
    found = connection.execute(statement).one()
    if found[0] is None:
        return None
    west, south, east, north = map(float, found)
    up = FAR_M / _METRES_A_DEGREE
    aside = up / math.cos(math.radians(max(abs(south), abs(north)) + up))
    return west - aside, south - up, east + aside, north + up
