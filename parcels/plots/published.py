"""Which plots of a register does the public see, and what of each? (shell).

Read through one function of the database that runs with its owner's rights and tells
flagged fields only; an outsider has no other way to a plot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import sqlalchemy as sa

PublicRegister = Literal["contaminated", "rcr", "negative_list", "soil_quality"]

_PUBLISHED: Final = sa.text(
    "select * from registry.published_plots(:register, :decimals)"
)
_STATE: Final = sa.text(
    "select number, (now() at time zone 'Asia/Shanghai')::date"
    " from registry.change_head"
)


@dataclass(frozen=True, slots=True)
class PublishedPlot:
    """One entry of a published register.

    Attributes
    ----------
    listed_on
        Day it came to the list; None on a negative list or of soil quality.
    fields
        What is flagged public, by name.
    longitude, latitude
        Degrees EPSG:4490, rounded; None where the place is not public.
    """

    division_code: str
    division_zh: str | None
    division_en: str | None
    listed_on: date | None
    published_on: date
    publication_source: str | None
    fields: Mapping[str, Any]
    longitude: float | None
    latitude: float | None


def list_published(
    connection: sa.Connection, register: PublicRegister, decimals: int
) -> list[PublishedPlot]:
    """Return the entries of a register, county by county in the order of listing.

    `decimals` is the number of decimals of degrees that a place is rounded to.
    """
    given = {"register": register, "decimals": decimals}
    rows = connection.execute(_PUBLISHED, given).mappings()
    return [PublishedPlot(**{**row, **_place(dict(row))}) for row in rows]


def _place(row: Mapping[str, Any]) -> dict[str, float | None]:
    return {
        name: None if row[name] is None else float(row[name])
        for name in ("longitude", "latitude")
    }


def state_of_register(connection: sa.Connection) -> tuple[int, date]:
    """Return the last change and the day: what is published follows from both."""
    number, today = connection.execute(_STATE).one()
    return int(number), today
