"""Which thing does an id in a path name? What is no id names nothing (shell)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final
from uuid import UUID

from app.request_errors import NotFound

no_decision: Final = partial(NotFound, ("核查意见", "Decision"))
"""Given what was asked for: no decision of the caller's divisions is that."""


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


def read_decision_id(text: str) -> UUID:
    """Return the id of a decision; what is none is not found."""
    return read_id(text, no_decision)
