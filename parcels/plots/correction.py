"""What is wrong in the record of a plot, and who said so? (core)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Correction = Literal["entry", "event", "field", "document"]
"""What is wrong: the plot's entry, an event on record, one field, a paper."""


Hands = Literal["one", "two", "unknown"]
"""Whether two acts are of one person, of two, or whether that cannot be told."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction that was proposed (更正申请).

    Attributes
    ----------
    hands
        Whether who proposed it and who reports now are one person or two.
    on
        Day from which it shall hold.
    decided_by
        Code of the event that approved or refused it; None while it waits.
    """

    code: str
    correction: Correction
    hands: Hands
    on: date
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class WrongEvent:
    """An event on record that may be withdrawn, and what held before it.

    Attributes
    ----------
    followed_by
        Code of an event that came after it and still counts.
    withdrawn
        Whether it was withdrawn already.
    enters, leaves
        Lists the plot comes to and leaves when it no longer counts.
    values
        Columns as they were before it, where they still are as it left them.
    """

    code: str
    on: date
    stage: str
    held: bool
    followed_by: str | None = None
    withdrawn: bool = False
    enters: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrongPaper:
    """A paper on record, and what it shall say instead.

    Attributes
    ----------
    values
        Columns restated; None where the paper shall no longer be on record.
    rested_on
        Code of an event that cites it and stands in the way.
    """

    code: str
    values: Mapping[str, Any] | None
    rested_on: str | None = None
