"""How findings become an answer: section 8 of the rule table, and what always holds."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcels.texts import Text
from screening.decide import Decision, decide, evaluate, judge
from screening.facts import derive_facts
from screening.opinion import Opinion
from screening.request_fields import FIELDS_BY_TRANSACTION
from screening.rules.rule import Finding
from screening.truth import Missing
from screening.vocabulary import (
    ALL_STAGES,
    SEVERITY,
    Outcome,
    Status,
    Transaction,
)
from tests.gate_builders import (
    DIVISIONS,
    decide_case,
    extract_of,
    facts_of,
    request_of,
    rules_in_force,
)

RULES = {rule.id: rule for rules in rules_in_force().asked.values() for rule in rules}
PLAIN = facts_of({"transaction": "grant", "current_use": "ydyh_2023 1101"})
BLOCKS, WARNS = (
    Missing("plot_stage", "border", "plot", "999902"),
    Missing("aftercare_breach", "not_on_record"),
)


def matched(rule_id: str) -> Finding:
    return Finding(RULES[rule_id], Status.MATCHED)


def waiting(rule_id: str, *missing: Missing) -> Finding:
    return Finding(RULES[rule_id], Status.UNKNOWN, missing=missing)


def outcome_of(*findings: Finding) -> Outcome:
    return decide(findings, PLAIN, rules_in_force().rule_set).outcome


def test_order_of_severity() -> None:
    assert sorted(Outcome, key=SEVERITY.__getitem__, reverse=True) == [
        Outcome.DENY,
        Outcome.REQUIRE_INVESTIGATION,
        Outcome.INSUFFICIENT_DATA,
        Outcome.CONSULT,
        Outcome.ALLOW_WITH_CONDITIONS,
        Outcome.ALLOW,
    ]


def test_worst_matched_rule_governs_and_all_are_returned() -> None:
    decision = decide(
        [matched("A06"), matched("D01"), matched("C04")],
        PLAIN,
        rules_in_force().rule_set,
    )
    assert decision.outcome is Outcome.DENY
    assert len(decision.findings) == 3


def test_nothing_matched_is_allowed() -> None:
    assert outcome_of() is Outcome.ALLOW


def test_unknown_rule_worse_than_the_rest_blocks() -> None:
    assert outcome_of(matched("A05"), waiting("A01", BLOCKS)) == "insufficient_data"
    assert outcome_of(matched("A06"), waiting("A05", BLOCKS)) == "insufficient_data"


def test_unknown_rule_no_worse_than_the_rest_changes_nothing() -> None:
    assert outcome_of(matched("D01"), waiting("A01", BLOCKS)) is Outcome.DENY
    assert outcome_of(matched("A05"), waiting("A08", BLOCKS)) is Outcome.CONSULT


def test_insufficient_data_does_not_hide_a_matched_rule_that_is_worse() -> None:
    survey = matched("C04")
    assert outcome_of(survey, waiting("A01", BLOCKS)) == "require_investigation"


def test_unknown_rule_that_waits_for_warning_facts_only_adds_a_condition() -> None:
    decision = decide([waiting("A08", WARNS)], PLAIN, rules_in_force().rule_set)
    assert decision.outcome is Outcome.ALLOW_WITH_CONDITIONS
    assert [c.fact for c in decision.conditions] == ["aftercare_breach"]
    assert decision.conditions[0].text.en == "Confirm: after-care not kept."


def test_one_blocking_fact_among_warning_ones_blocks() -> None:
    assert outcome_of(waiting("A08", WARNS, BLOCKS)) is Outcome.INSUFFICIENT_DATA


def test_unknown_rule_that_would_only_add_conditions_never_blocks() -> None:
    assert outcome_of(waiting("A06", BLOCKS)) is Outcome.ALLOW_WITH_CONDITIONS


def test_missing_facts_are_named_once_with_the_rules_that_wait() -> None:
    decision = decide(
        [waiting("A01", BLOCKS), waiting("A04", BLOCKS), waiting("A06", BLOCKS)],
        PLAIN,
        rules_in_force().rule_set,
    )
    (missing,) = decision.missing_facts
    assert missing.effect == "blocks"
    assert missing.rules == ("A01", "A04", "A06")
    assert missing.texts("zh")["division_code"] == "999902"
    assert missing.texts("en")["name"] == "plot stage and list memberships"


def test_facts_of_rules_that_do_not_count_are_not_named() -> None:
    decision = decide(
        [matched("D01"), waiting("A01", BLOCKS)], PLAIN, rules_in_force().rule_set
    )
    assert decision.missing_facts == ()
    assert decision.findings[1].status is Status.UNKNOWN


def test_conditions_come_from_the_rules_that_allow_with_conditions() -> None:
    plots = [{"stage": "removed", "evaluated_class": "class_2"}]
    record = {"aftercare_required": False}
    decision = decide_case(
        {
            "transaction": "grant",
            "planned_use": "ydyh_2023 1101",
            "current_use": "ydyh_2023 1101",
            "plots": [plots[0] | record],
        }
    )
    (condition,) = decision.conditions
    assert condition.rule == "A06"
    assert condition.texts("zh")["required_documents"][0] == "移出名录公告"


def test_i01_is_evaluated_after_the_others_and_shown_in_its_place() -> None:
    decision = decide_case({"transaction": "detailed_plan", "no_coverage": ["plot"]})
    ids = [finding.rule.id for finding in decision.findings]
    assert ids == sorted(ids)
    assert ids.index("I01") < ids.index("I02") < ids.index("Z99")


def test_i01_names_the_layers_and_counties() -> None:
    decision = decide_case(
        {"transaction": "transfer", "no_coverage": ["plot"], "stale": ["control_area"]}
    )
    (i01,) = [f for f in decision.findings if f.rule.id == "I01"]
    layers = {(e.theme, e.relation, e.division_code) for e in i01.evidence}
    assert ("plot", "no_coverage", "999901") in layers


def agreed(given: dict[str, Any], *rules: str) -> Decision:
    """Return the decision once both departments agree on these rules."""
    opinions = [
        Opinion("1", "2", each, "agree", rules, "", (), (), "x", date(2026, 3, 2))
        for each in ("EE", "NR")
    ]
    return judge(facts_of(given), rules_in_force(), opinions)


@pytest.mark.parametrize(
    ("theme", "transaction", "waits"),
    [
        ("ecological_redline", "transfer", "F02"),
        ("enterprise", "grant", "H01"),
        ("facility", "grant", "H03"),
    ],
)
def test_agreement_on_a_missing_layer_makes_nothing_worse(
    theme: str, transaction: str, waits: str
) -> None:
    """Section 8, "I01": the rule stays unknown and can make nothing worse."""
    given = {
        "transaction": transaction,
        "planned_use": "ydyh_2023 070101",
        "current_use": "ydyh_2023 070101",
        "no_coverage": [theme],
    }
    assert decide_case(given).outcome is Outcome.CONSULT
    decision = agreed(given, "I01")
    found = {finding.rule.id: finding.status for finding in decision.findings}
    assert found[waits] is Status.UNKNOWN
    assert decision.outcome is Outcome.ALLOW_WITH_CONDITIONS
    assert not decision.missing_facts


def test_agreement_on_a_missing_layer_supplies_no_fact_that_blocks() -> None:
    """Without the layer of plots A01 could bar the sale; nobody can agree that away."""
    given = {
        "transaction": "grant",
        "planned_use": "ydyh_2023 070101",
        "current_use": "ydyh_2023 070101",
        "no_coverage": ["plot"],
    }
    decision = agreed(given, "I01")
    assert decision.outcome is Outcome.INSUFFICIENT_DATA
    assert {one.missing.fact for one in decision.missing_facts} >= {"plot_stage"}


def test_findings_carry_what_they_rest_on() -> None:
    plots = [{"stage": "rcr_listed"}, {"stage": "cleared"}, {"stage": "remediation"}]
    decision = decide_case({"transaction": "take_back", "plots": plots})
    (a05,) = [f for f in decision.findings if f.rule.id == "A05"]
    assert [e.feature for e in a05.evidence] == ["plot-1", "plot-3"]


def test_decision_names_the_rule_set_it_was_made_by() -> None:
    decision = decide_case({"transaction": "transfer"}, "liangshan")
    assert decision.rule_set.id == "liangshan"
    assert len(decision.rule_set.sha256) == 64


def test_same_facts_give_the_same_decision() -> None:
    assert judge(PLAIN, rules_in_force()) == judge(PLAIN, rules_in_force())


# ---- What always holds --------------------------------------------------------------

USES = ("ydyh_2023 070101", "ydyh_2023 100101", "ydyh_2023 0103", "gbt21010_2017 0805")
THEMES = ("plot", "control_area", "key_unit", "enterprise", "former_use") + (
    "farmland_unit",
    "permanent_basic_farmland",
)
PLOTS = st.fixed_dictionaries(
    {"stage": st.sampled_from(sorted(ALL_STAGES))},
    optional={
        "relation": st.sampled_from(["on", "sliver", "within", "imprecise"]),
        "target_met": st.booleans(),
        "evaluated_class": st.sampled_from(["class_1", "class_2"]),
        "soil_standard": st.sampled_from(["met", "not_met"]),
        "held": st.booleans(),
        "aftercare_required": st.booleans(),
        "aftercare_breach": st.booleans(),
        "required_activity_due_on": st.sampled_from(["2026-02-28", "2026-03-01"]),
        "lists": st.just([{"list": "rcr", "from": "2020-01-01"}]),
    },
)
UNITS = st.fixed_dictionaries(
    {"category": st.sampled_from(["priority_protection", "safe_use", "strict_control"])}
)
CASES = st.fixed_dictionaries(
    {"transaction": st.sampled_from([t.value for t in Transaction])},
    optional={
        "planned_use": st.sampled_from(USES),
        "current_use": st.sampled_from(USES),
        "plots": st.lists(PLOTS, max_size=3),
        "farmland": st.lists(UNITS, max_size=2),
        "key_units": st.lists(st.just({"years": [2020]}), max_size=1),
        "former_uses": st.lists(
            st.fixed_dictionaries({"industry_code": st.sampled_from(["2614", "1411"])}),
            max_size=2,
        ),
        "overlaps": st.lists(
            st.sampled_from(["permanent_basic_farmland", "control_area"]), unique=True
        ),
        "no_coverage": st.lists(st.sampled_from(THEMES), unique=True),
        "stale": st.lists(st.sampled_from(THEMES), unique=True, max_size=2),
    },
)
PLACES = st.sampled_from(sorted(DIVISIONS))
PROJECTS = st.sampled_from([{}, {"approved": False}, {"national_key_project": True}])


def severity(case: dict[str, Any], place: str) -> int:
    return SEVERITY[decide_case(case, place).outcome]


@settings(max_examples=150, deadline=None)
@given(case=CASES, place=PLACES, order=st.randoms(use_true_random=False))
def test_order_of_things_and_rules_changes_nothing(
    case: dict[str, Any], place: str, order: Any
) -> None:
    rules = rules_in_force(place)
    extract = extract_of(case, DIVISIONS[place])
    themes = {
        name: result._replace(items=tuple(reversed(result.items)))
        for name, result in reversed(list(extract.themes.items()))
    }
    turned = replace(extract, themes=themes)
    asked = list(rules.asked[Transaction(case["transaction"])])
    order.shuffle(asked)
    shuffled = replace(
        rules, asked={**rules.asked, Transaction(case["transaction"]): tuple(asked)}
    )
    request = request_of(case)
    one = judge(derive_facts(extract, request, rules.parameters), rules)
    two = judge(derive_facts(turned, request, rules.parameters), shuffled)
    assert one.outcome == two.outcome
    assert [(f.rule.id, f.status) for f in one.findings] == [
        (f.rule.id, f.status) for f in two.findings
    ]
    assert {(m.missing, m.effect) for m in one.missing_facts} == {
        (m.missing, m.effect) for m in two.missing_facts
    }


# What makes a case no milder: a plot with something still to be done, land that the
# law protects, a key unit, a listed industry.
HITS = st.sampled_from(
    [
        ("plots", {"stage": "suspected"}),
        ("plots", {"stage": "contaminated"}),
        ("plots", {"stage": "rcr_listed"}),
        ("plots", {"stage": "candidate"}),
        ("key_units", {"years": [2021]}),
        ("former_uses", {"industry_code": "2614", "industry_edition": "2017"}),
        ("farmland", {"category": "strict_control"}),
        ("farmland", {"category": "priority_protection"}),
        ("overlaps", "permanent_basic_farmland"),
        ("overlaps", "control_area"),
    ]
)


SURVEYED = {
    "document_type": "initial_survey",
    "reviewed_on": "2026-01-01",
    "review_outcome": "passed",
}


def worst_matched(decision: Decision) -> int:
    outcomes = [f.rule.outcome for f in decision.findings if f.status == "matched"]
    return max(SEVERITY[outcome] for outcome in [*outcomes, Outcome.ALLOW])


@settings(max_examples=150, deadline=None)
@given(case=CASES, place=PLACES, project=PROJECTS, added=HITS)
def test_one_more_hit_never_makes_the_answer_milder(
    case: dict[str, Any], place: str, project: dict[str, bool], added: tuple[str, Any]
) -> None:
    """What a rule found stands; a hit may only settle what could not be told before.

    A plot of a surveyed stage is a reviewed survey by section 8 and may so end the duty
    to survey: every parcel here has been surveyed already.
    """
    name, hit = added
    # A sliver beside a real overlap is part of it and needs no condition of its own.
    plots = [p for p in case.get("plots", ()) if p.get("relation") != "sliver"]
    asked = {**case, "project": project, "documents": [SURVEYED], "plots": plots}
    with_hit = {**asked, name: [*asked.get(name, ()), hit]}
    before, after = decide_case(asked, place), decide_case(with_hit, place)
    assert worst_matched(after) >= worst_matched(before)
    if SEVERITY[after.outcome] < SEVERITY[before.outcome]:
        assert before.outcome is Outcome.INSUFFICIENT_DATA
        assert after.outcome is Outcome.CONSULT


@settings(max_examples=150, deadline=None)
@given(case=CASES, place=PLACES, theme=st.sampled_from(THEMES))
def test_layer_that_is_lost_never_makes_the_answer_milder(
    case: dict[str, Any], place: str, theme: str
) -> None:
    """Unknown never passes: what is not covered counts no less than what is clear.

    Where data were missing before, the lost layer may turn the answer to asking: a rule
    that would only ask makes nothing worse once I01 asks.
    """
    covered = {**case, "stale": [], "no_coverage": []}
    lost = {**covered, "no_coverage": [theme]}
    known = severity(covered, place)
    if known == SEVERITY[Outcome.INSUFFICIENT_DATA]:
        known = SEVERITY[Outcome.CONSULT]
    assert severity(lost, place) >= known


@settings(max_examples=150, deadline=None)
@given(case=CASES, place=PLACES)
def test_plots_nobody_has_mapped_do_not_pass(case: dict[str, Any], place: str) -> None:
    """Who was stopped for a plot is not let through because the layer is missing."""
    mapped = {**case, "no_coverage": [], "stale": []}
    unmapped = {**mapped, "plots": [], "no_coverage": ["plot"]}
    without = {**mapped, "plots": []}
    if severity(mapped, place) > severity(without, place):
        stopped = severity(mapped, place) >= SEVERITY[Outcome.CONSULT]
        assert not stopped or severity(unmapped, place) >= SEVERITY[Outcome.CONSULT]


@settings(max_examples=150, deadline=None)
@given(case=CASES, place=PLACES)
def test_allowed_means_that_nothing_stands_open(
    case: dict[str, Any], place: str
) -> None:
    decision = decide_case(case, place)
    open_rules = [
        f for f in decision.findings if f.status in {Status.MATCHED, Status.UNKNOWN}
    ]
    if decision.outcome is Outcome.ALLOW:
        assert [f.rule.id for f in open_rules] == ["Z99"]


@settings(max_examples=100, deadline=None)
@given(case=CASES, place=PLACES)
def test_every_rule_of_the_transaction_is_answered_once(
    case: dict[str, Any], place: str
) -> None:
    rules = rules_in_force(place)
    findings = evaluate(facts_of(case, place), rules)
    ids = [finding.rule.id for finding in findings]
    transaction = Transaction(case["transaction"])
    expected = {
        *(rule.id for rule in rules.asked[transaction]),
        *(rule.id for rule in rules.closing),
        *(finding.rule.id for finding in rules.not_applicable[transaction]),
    }
    assert sorted(ids) == ids and set(ids) == expected and len(ids) == len(expected)


def test_finding_names_the_numbers_it_rests_on_with_their_source() -> None:
    decision = decide_case({"transaction": "transfer", "slivers": ["plot"]})
    (i03,) = [f for f in decision.findings if f.rule.id == "I03"]
    shown = {p["id"]: p for p in i03.texts("en")["parameters"]}
    assert shown["sliver_area_m2"]["value"] == "1.0"
    assert shown["sliver_width_m"]["unit"] == "m"
    assert shown["sliver_area_m2"]["confidence"] == "proposed"
    assert "project default" in shown["sliver_area_m2"]["source"]


def test_list_behind_listed_industries_is_shown_with_the_decision() -> None:
    given = {
        "transaction": "take_back",
        "former_uses": [{"industry_code": "2710", "industry_edition": "2017"}],
    }
    decision = decide_case(given, "liangshan")
    (c06,) = [f for f in decision.findings if f.rule.id == "C06"]
    (listed,) = c06.texts("zh")["parameters"]
    assert listed["value"] == "H1+H6"
    assert "H1+H6" in c06.texts("zh")["reason"]


def test_every_answer_says_what_its_rule_set_leaves_out() -> None:
    left_out = Text("尚未判断：甲。", "Not judged yet: A.")
    for place in DIVISIONS:
        rules = replace(rules_in_force(place), not_judged=left_out)
        decision = decide_case({"transaction": "transfer"}, place, rules=rules)
        assert decision.notes[0] == left_out


# Section 9: a caller that sends every field of its row is never told that something it
# should have declared is missing.
EVERYTHING: dict[str, Any] = {
    "project": {
        "type": "other",
        "industry_code": "1411",
        "industry_edition": "2017",
        "facility": "none",
        "build": "new",
        "may_pollute_soil": False,
        "emits_heavy_metals": False,
        "discharges_pollutants": False,
        "heavily_pollutes_water": False,
        "discharge_outlet": False,
        "adds_discharge": False,
        "approved": True,
        "national_key_project": False,
        "serves_water_supply": False,
        "safety_rebuild": False,
    },
    "declared": {
        "current_use": "ydyh_2023 100101",
        "former_use": [],
        "new_supply": False,
        "existing_supplied_land": False,
        "pollutants_at_risk": [],
        "dismantling_event": False,
        "dismantling_plan_filed": False,
        "land_disturbed_since_survey": False,
        "crop": {"name": "水稻", "edible": True},
        "transferee": "household",
    },
}


def row_of(transaction: str) -> dict[str, Any]:
    """Return every field that section 9 names for a transaction, sent."""
    uses = FIELDS_BY_TRANSACTION[Transaction(transaction)]
    sent: dict[str, Any] = {}
    for use in uses:
        section, _, name = use.field.path.partition(".")
        if name in EVERYTHING.get(section, {}):
            sent.setdefault(section, {})[name] = EVERYTHING[section][name]
    return sent


@settings(max_examples=150, deadline=None)
@given(case=CASES, place=PLACES, use=st.sampled_from(USES))
def test_caller_who_sends_his_row_misses_no_declared_fact(
    case: dict[str, Any], place: str, use: str
) -> None:
    given = {**case, "planned_use": use, "current_use": "", "no_coverage": []}
    decision = decide_case({**given, **row_of(case["transaction"])}, place)
    missing = {m.missing for m in decision.missing_facts}
    assert not {m.fact for m in missing if m.cause == "not_declared"}
