"""Which part of the country does a caller's map begin with? (shell)."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from app.database import Database
from app.security.principals import Principal

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees, EPSG:4490."""

COUNTRY: Final[Bounds] = (73.5, 18.0, 135.1, 53.6)
"""Frame of the map for a caller whose divisions have no boundary on record."""

_EXTENT: Final = sa.text(
    "select st_xmin(box), st_ymin(box), st_xmax(box), st_ymax(box)"
    " from (select st_extent(v.geom) as box from registry.division v"
    " where v.closed_by is null and length(v.code) <= 6"
    " and registry.in_scope(v.division_code)) as extent"
)


def home_bounds(database: Database, principal: Principal) -> Bounds:
    """Return the box around the caller's counties; `COUNTRY` when none is known."""
    with database.transaction(principal, read_only=True) as connection:
        west, south, east, north = connection.execute(_EXTENT).one()
    return COUNTRY if west is None else (west, south, east, north)
