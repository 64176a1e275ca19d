"""By which rule sets does this installation judge? (shell).

What no law fixes (distances, terms, switches) is for an office to set, and a province
or city has its own dates. A folder of the office's own takes the place of the rule sets
shipped; one that cannot be used stops the program before it answers anything.
"""

from __future__ import annotations

from app.refusals import InvalidSettings
from app.settings import Settings
from screening.rule_set import InvalidRuleSet, RuleSets
from screening.rule_sets import read_rule_sets

_SETTING = "JINGTU_RULE_SETS"


def find_rule_sets(settings: Settings) -> RuleSets:
    """Return the rule sets of the installation, or those shipped.

    Raises
    ------
    InvalidSettings
        If the office's folder holds none that can be used; it says which and why.
    """
    if settings.rule_sets is None:
        return read_rule_sets()
    try:
        found = read_rule_sets(settings.rule_sets)
        found.find([])
    except InvalidRuleSet as error:
        raise InvalidSettings(f"{_SETTING}: {error}") from error
    return found
