"""Has this been counted already on the same state of the register? (service).

Pages of rows are read one after another; each would count a whole county again. What
the figures rest on is numbered: changes of the register, steps of tasks, the day. While
none of them has moved the last counts are the answer. They are kept in the process
alone.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any, Final

import sqlalchemy as sa

from parcels.register.statements import fetch
from screening.indicators.account import Account
from screening.indicators.gather import SQL
from screening.indicators.periods import Period
from screening.indicators.snapshots import account_for

_MOST: Final = 4
"""Counts kept at once; a county of 100,000 units takes some 100 MB."""


class RecentAccounts:
    """The last counts of a process, by division, period and state of the register."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._held: OrderedDict[tuple[Any, ...], Account] = OrderedDict()

    def account_for(
        self, connection: sa.Connection, division: str, period: Period
    ) -> Account:
        """Return the figures of a division and period; they must not be altered.

        The caller must see the division whole, in one snapshot.

        Raises
        ------
        PeriodNotBegun
            If it lies in the future.
        """
        state = fetch(connection, SQL["state"], {})[0]
        key = (division, period.name, *state.values())
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = account_for(connection, division, period)
        with self._lock:
            self._held[key] = made
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return made
