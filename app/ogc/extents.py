"""Where do a county's features lie? Remembered: every description tells it (shell)."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

from app.database import Database
from app.security.principals import Principal
from parcels.codes import COUNTY_DIGITS
from parcels.register.county_box import find_county_box
from parcels.register.selecting import Box

KEPT_S: Final = 60.0
"""Seconds for which a box is told without asking again; a project default.

Outlines of counties move once in years; asking takes longer than all else that a
description needs.
"""


class Extents:
    """Boxes around counties, asked under the rights of the callers they are told to."""

    def __init__(self, clock_s: Callable[[], float] = monotonic) -> None:
        self._clock_s = clock_s
        self._kept: dict[str, tuple[float, Box | None]] = {}

    def find(self, database: Database, asker: Principal) -> Box | None:
        """Return a box around everything of the caller's county.

        West, south, east, north in degrees, EPSG:4490. None for a caller of more or
        less than a county, and where the county is not drawn.
        """
        county = asker.scope
        if len(county) != COUNTY_DIGITS:
            return None
        now_s = self._clock_s()
        until_s, box = self._kept.get(county, (now_s, None))
        if until_s <= now_s:
            with database.transaction(asker, read_only=True) as connection:
                box = find_county_box(connection, county)
            self._kept[county] = (now_s + KEPT_S, box)
        return box
