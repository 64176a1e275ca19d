"""Which plots are on a list on a day? Registers as an office reads them (shell)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from parcels.register.layers import PLOT, PLOT_LIST_MEMBERSHIP
from parcels.register.repository import (
    Moment,
    PageKey,
    Version,
    list_versions,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A plot on a list: its membership, and the plot as it stands on that day.

    `plot` is None where a list names a plot that the register does not hold then.
    """

    membership: Version
    plot: Version | None


def list_register(
    connection: sa.Connection,
    listed: str,
    moment: Moment,
    *,
    division: str | None = None,
    after: PageKey | None = None,
    limit: int = 100,
) -> list[Entry]:
    """Return a page of a register, in the order of division and membership code."""
    members = list_versions(
        connection,
        PLOT_LIST_MEMBERSHIP,
        moment,
        division=division,
        equals=(("list", listed),),
        after=after,
        limit=limit,
    )
    plots = _plots_of(connection, members, moment)
    return [
        Entry(one, plots.get((one.division_code, one.values["plot_code"])))
        for one in members
    ]


def _plots_of(
    connection: sa.Connection, members: Sequence[Version], moment: Moment
) -> dict[tuple[str, str], Version]:
    codes = sorted({one.values["plot_code"] for one in members})
    if not codes:
        return {}
    found = list_versions(connection, PLOT, moment, codes=codes, limit=len(members) * 4)
    return {(one.division_code, one.code): one for one in found}
