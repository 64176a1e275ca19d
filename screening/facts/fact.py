"""What is told of a fact of the rule table? (core).

One record a fact; the facts themselves are in `catalogue` and beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from parcels.texts import Text

Effect = Literal["blocks", "warns"]
"""Unknown stops the transaction, or adds the condition to confirm the fact."""

UNKNOWN: Final = Text("未知", "unknown")
DECLARED: Final = Text("申报", "declared")
ABSENT: Final = Text("", "")
NO_OVERLAP: Final = Text("不重叠", "no overlap")
NOTHING_NEAR: Final = Text("周边没有", "none around")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the rule table (事实).

    Attributes
    ----------
    source
        Theme, record or field of the request it is read from.
    nothing_found
        What it is when its source is covered and holds nothing; empty if that cannot
        be.
    silent
        What it is without coverage, record or statement.
    effect
        What an unknown value does to the answer.
    warns_for
        Rules for which it only warns although it blocks others.
    warns_uncovered
        It only warns where its layer does not cover the place; what another division
        keeps there still blocks.
    """

    id: str
    name: Text
    source: Text
    nothing_found: Text
    silent: Text
    effect: Effect = "blocks"
    warns_for: frozenset[str] = frozenset()
    warns_uncovered: bool = False
