"""Which thing does an id in a path name? What is no id names nothing (shell)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID


def read_id(text: str, absent: Callable[[str], Exception]) -> UUID:
    """Return an id of a path; raises `absent` of the text when it is none.

    Examples
    --------
    >>> read_id("7", KeyError)
    Traceback (most recent call last):
    ...
    KeyError: '7'
    """
    try:
        return UUID(text)
    except ValueError:
        raise absent(text) from None
