"""The answer for every state of a plot and kind of use: plot_lifecycle.md section 4.

The table says what is allowed; a row's "allow" is met by "allow with conditions" too
where a rule adds conditions (A06 and B04 do, at entry as well).
"""

import pytest

from screening.vocabulary import ALL_STAGES, CONTAM, RCR_STAGES, SUSPECT
from tests.gate_builders import decide_case

HOMES, FACTORY = "ydyh_2023 070101", "ydyh_2023 100101"
DENY, SURVEY, CONSULT = "deny", "require_investigation", "consult"
ALLOWED = {"allow", "allow_with_conditions"}
FIT_FOR_CLASS_2 = {"cleared", "risk_acceptable", "removed", "aftercare"}


def expected(stage: str, use: str) -> str | None:
    """Return the outcome of the table, None for allowed."""
    if stage in CONTAM | RCR_STAGES:
        return CONSULT if use == "entry" else DENY
    if stage in SUSPECT:
        return CONSULT if use == "entry" else SURVEY
    if stage == "candidate":
        return SURVEY if use == "sensitive" else CONSULT
    # Found fit for class 2: homes are beyond the class assessed.
    return SURVEY if use == "sensitive" else None


def ask(stage: str, use: str, transaction: str, **record: object) -> str:
    plot = {
        "stage": stage,
        "evaluated_class": "class_2",
        "aftercare_required": stage == "aftercare",
        "aftercare_breach": False,
        **record,
    }
    given = {"transaction": transaction, "plots": [plot]}
    given["current_use"] = FACTORY
    if use != "entry":
        given["planned_use"] = HOMES if use == "sensitive" else FACTORY
    return decide_case(given).outcome.value


CELLS = [
    (stage, use, transaction)
    for stage in sorted(ALL_STAGES - {"closed_error"})
    for use, transactions in {
        "sensitive": ("grant", "use_change", "land_plan_permit", "works_plan_permit"),
        "other": ("grant", "use_change", "land_plan_permit", "construction_start"),
        "entry": ("take_back", "reserve", "purchase", "acquire"),
    }.items()
    for transaction in transactions
]


@pytest.mark.parametrize(("stage", "use", "transaction"), CELLS)
def test_state_answers_as_the_table_says(
    stage: str, use: str, transaction: str
) -> None:
    outcome = ask(stage, use, transaction)
    wanted = expected(stage, use)
    assert outcome == wanted if wanted else outcome in ALLOWED


@pytest.mark.parametrize("stage", sorted(FIT_FOR_CLASS_2))
def test_plot_fit_for_class_1_may_become_homes(stage: str) -> None:
    assert ask(stage, "sensitive", "grant", evaluated_class="class_1") in ALLOWED


HELD = [
    ("sensitive", "use_change", DENY),
    ("other", "construction_start", DENY),
    ("entry", "take_back", CONSULT),
]


@pytest.mark.parametrize("stage", sorted(CONTAM | RCR_STAGES))
@pytest.mark.parametrize(("use", "transaction", "outcome"), HELD)
def test_held_plot_answers_as_the_table_says(
    stage: str, use: str, transaction: str, outcome: str
) -> None:
    assert ask(stage, use, transaction, held=True) == outcome


@pytest.mark.parametrize("use", ["sensitive", "other"])
def test_plot_closed_as_mistaken_says_nothing(use: str) -> None:
    without = {"transaction": "grant", "current_use": FACTORY, "plots": []}
    without["planned_use"] = HOMES if use == "sensitive" else FACTORY
    wanted = decide_case(without).outcome.value
    assert ask("closed_error", use, "grant") == wanted


def test_held_plot_that_was_cleared_is_not_developed() -> None:
    assert ask("cleared", "other", "construction_start", held=True) == DENY


def test_held_plot_that_is_taken_back_is_asked_about() -> None:
    assert ask("cleared", "entry", "take_back", held=True) == CONSULT


@pytest.mark.parametrize("stage", sorted(SUSPECT | CONTAM))
def test_overdue_plot_is_not_taken_back_in_zhengzhou(stage: str) -> None:
    plot = {"stage": stage, "required_activity_due_on": "2026-02-28"}
    given = {"transaction": "take_back", "current_use": FACTORY, "plots": [plot]}
    assert decide_case(given, "zhengzhou").outcome.value == DENY
