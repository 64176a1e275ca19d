"""May a plot come into the register with this stage? (core).

A plot begins as a lead (线索). Every other stage rests on a decision somebody took: an
event of this system, whose guards are asked, or a register that a bureau has published
(一名单二名录), named by list, batch, document and day. Which stages a list can show is
`plot_lifecycle.md` section 1; that a published register is taken at its word is the
project's own choice: it was decided elsewhere, under the law of its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from parcels.plots.lists import allowed_lists
from parcels.texts import Text

ENTRY_EVENT: Final = "published_entry"
"""Event under which such a stage stands in the plot's timeline; it has no step."""
ENTRY_TITLE: Final = Text("从已公布名录录入", "taken over from a published register")
FIRST_STAGE: Final = "candidate"
ENTRY_FIELDS: Final = (
    "entry_list",
    "entry_batch",
    "entry_source",
    "entry_published_on",
)

STAGES_OF_LIST: Final[Mapping[str, frozenset[str]]] = {
    "priority_supervised": frozenset({"candidate", "closed_error"}),
    "suspected": frozenset(
        {"suspected", "initial_survey", "initial_review", "cleared", "closed_error"}
    ),
    "contaminated": frozenset(
        {
            *("contaminated", "detailed_survey", "risk_assessment"),
            *("risk_acceptable", "closed_error"),
        }
    ),
    "rcr": frozenset(
        {
            *("rcr_listed", "risk_control", "remediation", "effect_evaluation"),
            *("target_not_met", "removed", "aftercare", "closed_error"),
        }
    ),
}
"""Stages a published register shows, those of plots it has let go among them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The published register that a stage was taken over from (来源名录)."""

    list: str
    batch: str
    source: str
    published_on: date

    def details(self) -> dict[str, str]:
        """Return it as the event keeps it."""
        return {
            "list": self.list,
            "batch": self.batch,
            "source": self.source,
            "published_on": self.published_on.isoformat(),
        }


def needs_entry(
    stage: str, held: bool | None, before: Mapping[str, Any] | None
) -> bool:
    """Whether a row brings a stage or flag that an event or a register must explain.

    Parameters
    ----------
    before
        The version in force on the row's day; None for a plot that is new.
    """
    if before is None:
        return stage != FIRST_STAGE or bool(held)
    kept = held is None or bool(held) == bool(before["held"])
    return stage != before["stage"] or not kept


def missing_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns of the entry that a row leaves empty."""
    return tuple(name for name in ENTRY_FIELDS if not values.get(name))


def goes_with(listed: str, stage: str) -> bool:
    """Whether a published register shows plots of that stage.

    Examples
    --------
    >>> goes_with("rcr", "removed"), goes_with("suspected", "removed")
    (True, False)
    """
    return stage in STAGES_OF_LIST[listed]


def lists_after(entry: Entry, stage: str, lists: frozenset[str]) -> frozenset[str]:
    """Return the lists a plot is on after an entry.

    The named list, where plots of that stage are still on it; of those it was on
    before, the ones that go with the stage.

    Examples
    --------
    >>> published = Entry("rcr", "1", "x", date(2024, 1, 1))
    >>> sorted(lists_after(published, "rcr_listed", frozenset({"suspected"})))
    ['rcr']
    >>> lists_after(published, "removed", frozenset({"rcr", "contaminated"}))
    frozenset()
    """
    wanted = allowed_lists(stage)
    on = {entry.list} & wanted
    return frozenset(on | (lists & wanted))
