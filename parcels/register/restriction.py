"""How does a bureau limit approvals of new projects in a county? (service).

环评限批: the ecology-environment bureau decides it, among others where priority
protection shrank (R-C19), and lifts it. It is the county's own row (`restricted`), so
that the gate reads it with the county it knows anyway; boundary and names stay whoever
keeps them. Reason and document stand with the change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from parcels.refusal import Refusal
from parcels.register import history
from parcels.register.edit import find_objects, lock_county
from parcels.register.layers import DIVISION
from parcels.register.repository import Moment, Version


class RestrictionNotPossible(Refusal):
    """Approvals cannot be limited, or freed, as asked; it says why."""


@dataclass(frozen=True, slots=True)
class RestrictionOrder:
    """From when approvals are limited or free again, and on what ground."""

    restricted: bool
    on: date
    reason: str
    document: str


def restrict_approvals(
    connection: sa.Connection, county: str, order: RestrictionOrder, *, actor: str
) -> Version:
    """Limit approvals in a county from a day on, or lift the limit; one change.

    Raises
    ------
    NotInForce
        If there is no such county on that day.
    RestrictionNotPossible
        If that is how it stands already, or a later day has been entered before.
    """
    lock_county(connection, county)
    versions = history.open_versions(connection, DIVISION, county)
    here = [one for one in versions if one["valid_from"] <= order.on]
    if not here or (here[-1]["valid_to"] or date.max) <= order.on:
        raise history.NotInForce(county)
    if len(here) < len(versions):
        raise RestrictionNotPossible(
            "later_on_record",
            f"{county} 在 {order.on} 之后已有登记；请取更晚的日期。",
            f"{county} has entries after {order.on}; take a later day.",
        )
    if bool(here[-1]["restricted"]) == order.restricted:
        raise RestrictionNotPossible(
            "stands_already",
            f"{county} 在 {order.on} 已是所报状态。",
            f"that is how {county} stands on {order.on} already.",
        )
    word = "limited" if order.restricted else "no longer limited"
    change = history.open_change(
        connection,
        actor=actor,
        division_code=county,
        reason=f"approvals {word}: {order.reason} ({order.document})",
    )
    values = {"restricted": order.restricted}
    history.replace_version(connection, change, DIVISION, county, values, order.on)
    history.number_change(connection, change)
    (found,) = find_objects(connection, DIVISION, county, Moment(order.on), county)
    return found
