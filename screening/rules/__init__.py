"""The rules of the gate, in legal order (core).

One file for each legal subject; a rule is read, checked and changed there and nowhere
else. `RULES` is every rule the program knows, whichever rule set takes it in.
"""

from __future__ import annotations

from typing import Final

from screening.rules import (
    circulation,
    contaminated_plots,
    data_state,
    farmland,
    polluted_farmland,
    proximity,
    reclamation,
    redline,
    register,
    shorelines,
    siting,
    survey_duty,
    suspected_plots,
    water_zones,
)
from screening.rules.rule import Rule


def _rules_of(*modules: object) -> tuple[Rule, ...]:
    """Return the rules of these modules, by number."""
    found = [v for m in modules for v in vars(m).values() if isinstance(v, Rule)]
    return tuple(sorted(found, key=lambda rule: rule.id))


RULES: Final = _rules_of(
    register,
    contaminated_plots,
    suspected_plots,
    survey_duty,
    farmland,
    circulation,
    polluted_farmland,
    reclamation,
    siting,
    shorelines,
    redline,
    water_zones,
    proximity,
    data_state,
)
"""Every rule, by number: A register, B contaminated plots, C suspected plots and the
duty to survey, D farmland, E siting, F ecological redline, G drinking water, H what
lies around, I state of the data, Z99."""
