"""Which firms may not be relied on, since when, and who says so? (shell).

Lists of firms with broken trust (失信) or on another negative list are published by
provinces and by the nation; an office enters what it finds, with source and days. A
county is shown the listings of its own division, of those above it and of the country.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from parcels.documents import tables
from parcels.documents.firm_names import firm_key
from parcels.refusal import Refusal

_LISTING: Final = tables.firm_listing


class ListingNotFound(LookupError):
    """There is no such listing that the caller may end."""


class ListingEnded(Refusal):
    """The listing has ended already, or would end before it began."""

    def __init__(self, listed_on: date, ended_on: date | None) -> None:
        super().__init__(
            "listing_ended",
            f"该记录自 {listed_on} 列入，移出日期 {ended_on or '未登记'}；"
            "只能移出一次，且不早于列入日期。",
            f"Listed on {listed_on}, ended on {ended_on}; it ends once, and not before"
            " it began.",
        )


@dataclass(frozen=True, slots=True)
class NewListing:
    """A firm on a negative list, as an office enters it."""

    division_code: str
    firm: str
    firm_code: str | None
    reason: str
    source: str
    listed_on: date


@dataclass(frozen=True, slots=True)
class Listing:
    """A firm on a negative list; from `listed_on`, `ended_on` not included."""

    id: UUID
    division_code: str
    firm: str
    firm_key: str
    firm_code: str | None
    reason: str
    source: str
    listed_on: date
    ended_on: date | None
    actor: str
    ended_by: str | None
    recorded_at: datetime


def list_firm(connection: sa.Connection, new: NewListing, *, actor: str) -> Listing:
    """Enter a firm that is on a negative list."""
    values = {name: getattr(new, name) for name in NewListing.__dataclass_fields__}
    row = connection.execute(
        sa.insert(_LISTING)
        .values(actor=actor, firm_key=firm_key(new.firm), **values)
        .returning(_LISTING)
    )
    return Listing(**row.mappings().one())


def end_listing(
    connection: sa.Connection, listing_id: UUID, on: date, *, actor: str
) -> Listing:
    """Say that a firm left the list on a day.

    Raises
    ------
    ListingNotFound, ListingEnded
    """
    named = _LISTING.c.id == listing_id
    row = connection.execute(sa.select(_LISTING).where(named).with_for_update())
    found = row.mappings().one_or_none()
    if found is None:
        raise ListingNotFound(str(listing_id))
    if found["ended_on"] is not None or on < found["listed_on"]:
        raise ListingEnded(found["listed_on"], found["ended_on"])
    ended = connection.execute(
        sa.update(_LISTING)
        .where(named)
        .values(ended_on=on, ended_by=actor)
        .returning(_LISTING)
    )
    return Listing(**ended.mappings().one())


def find_listings(
    connection: sa.Connection,
    *,
    firm: str | None = None,
    firm_code: str | None = None,
    on: date | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int,
) -> list[Listing]:
    """Return the listings a caller is shown, the latest first.

    Parameters
    ----------
    firm, firm_code
        Either names the firm; both None is every firm.
    on
        Only those that hold on that day.
    """
    statement = sa.select(_LISTING).order_by(
        _LISTING.c.listed_on.desc(), _LISTING.c.id.desc()
    )
    named = _names(firm, firm_code)
    if named is not None:
        statement = statement.where(named)
    if on is not None:
        statement = statement.where(_holds(on))
    if after is not None:
        day, number = after
        statement = statement.where(
            sa.tuple_(_LISTING.c.listed_on, _LISTING.c.id)
            < sa.tuple_(sa.literal(day), sa.literal(number, _LISTING.c.id.type))
        )
    rows = connection.execute(statement.limit(limit)).mappings()
    return [Listing(**row) for row in rows]


def is_listed(
    connection: sa.Connection, firm: str | None, firm_code: str | None, on: date
) -> bool:
    """Whether a firm is on a negative list on a day, as the caller is shown it."""
    named = _names(firm, firm_code)
    if named is None:
        return False
    found = sa.exists().where(named, _holds(on))
    return bool(connection.execute(sa.select(found)).scalar_one())


def _names(firm: str | None, firm_code: str | None) -> sa.ColumnElement[bool] | None:
    named: list[sa.ColumnElement[bool]] = []
    if firm and firm_key(firm):
        named.append(_LISTING.c.firm_key == firm_key(firm))
    if firm_code:
        named.append(_LISTING.c.firm_code == firm_code)
    return sa.or_(*named) if named else None


def _holds(on: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        _LISTING.c.listed_on <= on,
        sa.or_(_LISTING.c.ended_on.is_(None), _LISTING.c.ended_on > on),
    )
