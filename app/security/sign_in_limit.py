"""How often may one address fail to sign in? (shell).

Keys cannot be guessed; the limit keeps one address from keeping the database busy.
It is kept in the process: with several processes an address has as many attempts in
each.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from typing import Final

from app.request_errors import TooManySignIns

FAILURES_ALLOWED: Final = 10
"""Failed attempts from one address within `WINDOW_S`; a project default."""
WINDOW_S: Final = 60.0
_MOST_ADDRESSES: Final = 10_000


class SignInLimit:
    """Counts attempts by address; remembers `_MOST_ADDRESSES` at most."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def count_attempt(self, address: str) -> None:
        """Count an attempt before it is tried.

        Raises
        ------
        TooManySignIns
            If the address has no attempt left in its window.
        """
        name, now = network_of(address), self._clock()
        began, count = self._windows.get(name, (now, 0))
        if now - began >= WINDOW_S:
            began, count = now, 0
        if count >= FAILURES_ALLOWED:
            raise TooManySignIns(max(1, ceil(began + WINDOW_S - now)))
        self._windows[name] = (began, count + 1)
        while len(self._windows) > _MOST_ADDRESSES:
            self._windows.popitem(last=False)

    def forget(self, address: str) -> None:
        """Forget the attempts of an address that has signed in."""
        self._windows.pop(network_of(address), None)


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv4 address, an IPv6 network of 64 bits.

    Examples
    --------
    >>> network_of("192.0.2.7"), network_of("2001:db8::7")
    ('192.0.2.7', '2001:db8::/64')
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
