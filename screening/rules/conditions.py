"""Which questions do several rules ask in the same words? (core).

Conditions of one plot take the plot, so that a rule which speaks of one plot ("removed
and within its class") never joins facts of two.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from screening.facts import Facts, PlotFacts
from screening.land_use import is_agricultural, land_class
from screening.truth import YES, Truth, truth
from screening.vocabulary import ENTRY, EVALUATED, Transaction

PlotCondition = Callable[[PlotFacts], Truth]

SUPPLY: Final = frozenset(
    {Transaction.GRANT, Transaction.ALLOCATE, Transaction.COLLECTIVE_MARKET}
)
"""Land is supplied for a use (供地)."""

ENTRY_AND_CONVERSION: Final = ENTRY | {Transaction.FARM_CONVERT}

PERMITS: Final = frozenset(
    {
        Transaction.PROJECT_APPROVAL,
        Transaction.LAND_PLAN_PERMIT,
        Transaction.WORKS_PLAN_PERMIT,
    }
)
WORKS: Final = PERMITS | {Transaction.CONSTRUCTION_START}
"""A project is approved, permitted or begun."""

LAND_AND_WORKS: Final = (
    ENTRY | SUPPLY | {Transaction.TRANSFER, Transaction.USE_CHANGE} | WORKS
)
"""Every step from entry to start of works, without plans, EIA and siting."""


def is_remediation(facts: Facts) -> Truth:
    """Tell whether the project is claimed as risk control or remediation."""
    return truth(facts.project.type == "remediation")


def is_new_supply_of_use(facts: Facts) -> Truth:
    """Tell a supply or a change from a transfer that leaves the use as it is."""
    if facts.transaction is not Transaction.TRANSFER:
        return YES
    return facts.use_changes


def enters_without_use(facts: Facts) -> Truth:
    """Tell whether land comes to the government with no planned use named."""
    return truth(facts.transaction in ENTRY and facts.planned_use is None)


def in_stages(stages: frozenset[str]) -> PlotCondition:
    """Make the condition that a plot is in one of these stages."""
    return lambda plot: plot.when(plot.stage in stages)


def fits_class(facts: Facts, plot: PlotFacts) -> Truth:
    """Tell whether the planned class is within the one evaluated, or none is asked."""
    return facts.planned_class_within(plot) | enters_without_use(facts)


def plans_more_than_evaluated(facts: Facts) -> Truth:
    """Tell whether a plot found fit was evaluated for a less sensitive class.

    Nothing but class 1 exceeds any class evaluated, so plots nobody has seen matter
    only then.
    """
    return facts.any_plot(
        lambda plot: (
            plot.when(plot.stage in EVALUATED)
            & facts.planned_use_known
            & ~facts.planned_class_within(plot)
        ),
        unseen=facts.planned(lambda use: land_class(use) == "class_1"),
    )


def survey_missing(facts: Facts) -> Truth:
    """Tell whether no reviewed survey is on file; never unknown."""
    return truth(not facts.survey.reviewed)


def soil_fails(facts: Facts) -> Truth:
    """Tell whether a reviewed report shows the soil fails the planned class."""
    result = facts.other_plots
    for plot in facts.plots:
        result = result | (plot.when(True) & facts.planned_class_in(plot.fails))
    for failed, evidence in facts.survey.fails:
        found = Truth(True, evidence=(evidence,))
        result = result | (found & facts.planned_class_in(failed))
    return result


def planned_construction(facts: Facts) -> Truth:
    """Tell whether the planned use is anything but agricultural."""
    return facts.planned(lambda use: not is_agricultural(use))
