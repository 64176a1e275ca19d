"""Which lists is a plot on, and do they agree with its stage? (core).

One list and two registers (一名单二名录), and the list of priority supervised plots.
Stage and memberships are separate facts; section 1 of `plot_lifecycle.md` says which go
together. The contaminated register and the risk-control register may hold a plot at the
same time.
"""

from __future__ import annotations

from typing import Final

from parcels.plots.occurrence import Level
from parcels.texts import Text

LIST_NAMES: Final[dict[str, Text]] = {
    "suspected": Text("疑似污染地块名单", "list of suspected plots"),
    "contaminated": Text("污染地块名录", "register of contaminated plots"),
    "rcr": Text(
        "建设用地土壤污染风险管控和修复名录", "risk-control and remediation register"
    ),
    "priority_supervised": Text("优先监管地块名录", "list of priority supervision"),
}

_KEEPERS: Final[dict[str, Level]] = {
    "priority_supervised": "county",
    "suspected": "county",
    "contaminated": "city",
    "rcr": "province",
}
SUSPECT: Final = frozenset({"suspected", "initial_survey", "initial_review"})
"""Stages of plots on the county's list of suspected plots (疑似污染地块)."""
CONTAMINATED: Final = frozenset({"contaminated", "detailed_survey", "risk_assessment"})
"""Stages of plots that are confirmed, risk not yet assessed (污染地块)."""
REGISTERED: Final = frozenset(
    {
        "rcr_listed",
        "risk_control",
        "remediation",
        "effect_evaluation",
        "target_not_met",
    }
)
"""Stages of plots on the risk-control and remediation register (风险管控和修复名录)."""


def keeper_level(lists: frozenset[str]) -> Level:
    """Return the level of the office that keeps the highest of a plot's lists.

    A plot on no list is the county's.

    Examples
    --------
    >>> keeper_level(frozenset({"contaminated", "rcr"})), keeper_level(frozenset())
    ('province', 'county')
    """
    for name in ("rcr", "contaminated"):
        if name in lists:
            return _KEEPERS[name]
    return "county"


def required_lists(stage: str, *, key_unit: bool = False) -> frozenset[str]:
    """Return the lists a plot in that stage is on.

    A key unit's land is surveyed without a suspected entry (Law Art. 67): `key_unit`.
    """
    if stage in SUSPECT:
        return frozenset() if key_unit else frozenset({"suspected"})
    if stage in CONTAMINATED:
        return frozenset({"contaminated"})
    if stage in REGISTERED:
        return frozenset({"rcr"})
    return frozenset()


def allowed_lists(stage: str, *, key_unit: bool = False) -> frozenset[str]:
    """Return the lists a plot in that stage may be on.

    The contaminated register and the risk-control register can hold a plot at the same
    time; many provinces have stopped publishing the former (recalled).
    """
    if stage == "closed_error":
        return frozenset()
    wanted = required_lists(stage, key_unit=key_unit) | {"priority_supervised"}
    return wanted | {"contaminated"} if stage in REGISTERED else wanted


def disagreements(
    stage: str, lists: frozenset[str], *, key_unit: bool = False
) -> tuple[Text, ...]:
    """Return where lists and stage do not go together; empty when they do.

    What was imported from older lists may disagree; events keep both in step.

    Examples
    --------
    >>> disagreements("cleared", frozenset({"suspected"}))[0].en
    'stage cleared, but on the list of suspected plots'
    """
    wanted = required_lists(stage, key_unit=key_unit)
    missing = tuple(
        Text(
            f"阶段为 {stage}，但不在{LIST_NAMES[name].zh}中",
            f"stage {stage}, but not on the {LIST_NAMES[name].en}",
        )
        for name in sorted(wanted - lists)
    )
    surplus = tuple(
        Text(
            f"阶段为 {stage}，但仍在{LIST_NAMES[name].zh}中",
            f"stage {stage}, but on the {LIST_NAMES[name].en}",
        )
        for name in sorted(lists - allowed_lists(stage, key_unit=key_unit))
    )
    return missing + surplus
