"""In which rules does one decision differ from another? (core)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from screening.record import LANGUAGES

BESIDE: Final = ("outcome", "missing_facts", "conditions", "notes", "differences")
"""Members of a decision other than its findings."""


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """A rule that came to something else.

    `recorded`, `replayed` are the findings as records hold them; None where the rule
    was not asked. `members` names what differs: `status`, `evidence`, or a text.
    """

    rule: str
    recorded: Mapping[str, Any] | None
    replayed: Mapping[str, Any] | None
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between a recorded and a replayed decision."""

    rules: tuple[RuleDifference, ...]
    members: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs, texts included."""
        return not self.rules and not self.members


def compare_decisions(
    recorded: Mapping[str, Any], replayed: Mapping[str, Any]
) -> Comparison:
    """Compare the member `decision` of two records."""
    ours = {finding["rule"]: finding for finding in recorded["findings"]}
    theirs = {finding["rule"]: finding for finding in replayed["findings"]}
    rules = tuple(
        RuleDifference(rule, ours.get(rule), theirs.get(rule), members)
        for rule in sorted(ours.keys() | theirs.keys())
        if (members := _differing(ours.get(rule), theirs.get(rule)))
    )
    members = tuple(name for name in BESIDE if recorded.get(name) != replayed.get(name))
    return Comparison(rules, members)


def _differing(
    one: Mapping[str, Any] | None, other: Mapping[str, Any] | None
) -> tuple[str, ...]:
    if one is None or other is None:
        return ("status",) if one is not other else ()
    found = {
        name for name in ("status", "evidence") if one.get(name) != other.get(name)
    }
    for language in LANGUAGES:
        found |= set(list_differing(one[language], other[language]))
    return tuple(sorted(found))


def list_differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return the names under which two objects hold different values."""
    names = sorted(one.keys() | other.keys())
    return [name for name in names if one.get(name) != other.get(name)]
