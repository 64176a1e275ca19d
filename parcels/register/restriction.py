"""How does a bureau limit approvals of new projects in a county? (service).

环评限批: the ecology-environment bureau decides it, among others where priority
protection shrank (R-C19), and lifts it. It is the county's own row (`restricted`), so
that the gate reads it with the county it knows anyway; boundary and names stay whoever
keeps them. Reason and document stand with the change, and are told from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from parcels.codes import WHOLE_COUNTRY
from parcels.refusal import Refusal
from parcels.register import history
from parcels.register.edit import find_objects, lock_county
from parcels.register.layers import DIVISION
from parcels.register.repository import Moment, Version
from parcels.register.statements import Statements, fetch

_SQL: Final = Statements(Path(__file__).parent / "sql" / "restriction.sql")
_SAID: Final = {
    True: "approvals limited: ",
    False: "approvals no longer limited: ",
}
"""How the reason of a change begins that limits approvals, or frees them."""


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
    change = history.open_change(
        connection,
        actor=actor,
        division_code=county,
        reason=f"{_SAID[order.restricted]}{order.reason} ({order.document})",
    )
    values = {"restricted": order.restricted}
    history.replace_version(connection, change, DIVISION, county, values, order.on)
    history.number_change(connection, change)
    (found,) = find_objects(connection, DIVISION, county, Moment(order.on), county)
    return found


def list_restrictions(connection: sa.Connection, division: str) -> list[dict[str, Any]]:
    """Return when approvals of a division's counties were limited or freed, and why.

    The latest day first. Counties that were never limited are not in it. Where the mark
    came with the county itself, the reason is that of its upload, or None.
    """
    prefix = "" if division == WHOLE_COUNTRY else division
    entries = [
        dict(row) for row in fetch(connection, _SQL["entries"], {"division": prefix})
    ]
    for one in entries:
        if one["reason"] is not None:
            one["reason"] = one["reason"].removeprefix(_SAID[one["restricted"]])
    return entries
