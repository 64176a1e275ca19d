"""Facts: what each is when found, when its layer is silent, and when nothing is known.

One class for each row of section 8 of the rule table.
"""

from dataclasses import replace
from datetime import date

import pytest

from parcels.tasks.terms import add_months
from screening.facts import derive_facts
from screening.facts.catalogue import FACTS, effect_on
from screening.land_use import is_residential_or_public
from screening.rules import RULES
from screening.truth import Truth
from screening.vocabulary import Outcome
from tests.gate_builders import (
    DAY,
    decide_case,
    extract_of,
    facts_of,
    request_of,
    rules_in_force,
)

HOMES, FACTORY, FIELD = "ydyh_2023 070101", "ydyh_2023 100101", "ydyh_2023 0103"
REVIEWED = {"reviewed_on": "2026-03-01", "review_outcome": "passed"}


def facts(**given: object):
    return facts_of({"transaction": "grant", "planned_use": HOMES, **given})


def causes(value: Truth) -> set[tuple[str, str, str | None]]:
    return {(m.fact, m.cause, m.theme) for m in value.missing}


class TestPlots:
    def test_covered_and_nothing_found_is_no_plot(self) -> None:
        assert facts().plots == ()
        assert facts().other_plots.is_false

    def test_no_coverage_is_unknown(self) -> None:
        silent = facts(no_coverage=["plot"]).other_plots
        assert causes(silent) == {("plot_stage", "no_coverage", "plot")}

    def test_stale_layer_is_a_negative_that_rests_on_old_data(self) -> None:
        stale = facts(stale=["plot"]).other_plots
        assert stale.is_false
        assert [m.theme for m in stale.stale] == ["plot"]

    def test_theme_the_extract_does_not_answer_is_not_covered(self) -> None:
        extract = extract_of({"current_use": HOMES})
        del extract.themes["plot"]  # type: ignore[attr-defined]
        request = request_of({"transaction": "grant"})
        derived = derive_facts(extract, request, rules_in_force().parameters)
        assert derived.other_plots.is_unknown

    def test_plot_of_another_division_names_whom_to_ask(self) -> None:
        across = facts(border=[{"theme": "plot"}]).other_plots
        assert across.missing[0].division_code == "999902"
        assert across.evidence[0].feature is None
        assert across.evidence[0].division_code == "999902"

    def test_slivers_neighbours_and_points_are_not_on_the_parcel(self) -> None:
        relations = ("sliver", "adjoining", "within", "imprecise")
        plots = [{"stage": "rcr_listed", "relation": r} for r in relations]
        assert facts(plots=plots).plots == ()

    def test_stage_nobody_knows_leaves_the_plot_unknown(self) -> None:
        odd = facts(plots=[{"stage": "under_discussion"}])
        assert odd.plots == ()
        assert odd.other_plots.is_unknown

    @pytest.mark.parametrize(
        ("lists", "on_register"),
        [
            ([], False),
            (None, False),
            ([{"list": "rcr", "from": "2026-03-01", "to": None}], True),
            ([{"list": "rcr", "from": "2026-03-02", "to": None}], False),
            ([{"list": "rcr", "from": "2020-01-01", "to": "2026-03-01"}], False),
            ([{"list": "rcr", "from": None, "to": "2026-03-02"}], True),
            ([{"list": "contaminated", "from": "2020-01-01"}], False),
        ],
    )
    def test_membership_counts_on_the_days_it_is_open(
        self, lists: list | None, on_register: bool
    ) -> None:
        (plot,) = facts(plots=[{"stage": "contaminated", "lists": lists}]).plots
        assert plot.on_rcr_register is on_register

    @pytest.mark.parametrize(
        ("recorded", "documents", "met"),
        [
            (None, [], False),
            (True, [], True),
            (
                None,
                [{"document_type": "effect_evaluation", "soil_standard": "met"}],
                True,
            ),
            (
                False,
                [{"document_type": "effect_evaluation", "soil_standard": "met"}],
                False,
            ),
            (
                None,
                [{"document_type": "initial_survey", "soil_standard": "met"}],
                False,
            ),
        ],
    )
    def test_target_is_met_by_record_or_reviewed_evaluation(
        self, recorded: bool | None, documents: list, met: bool
    ) -> None:
        filed = [document | REVIEWED for document in documents]
        record = {"stage": "remediation", "target_met": recorded, "documents": filed}
        assert facts(plots=[record]).plots[0].target_met is met


class TestOverdue:
    def overdue(self, stage: str = "initial_survey", **record: object) -> bool:
        return facts(plots=[{"stage": stage, **record}]).plots[0].activity_overdue

    def test_no_date_no_term(self) -> None:
        assert not self.overdue()

    def test_silent_activity_of_a_suspected_plot_is_the_initial_survey(self) -> None:
        assert self.overdue(required_activity_served_on="2025-08-01")

    def test_of_a_contaminated_plot_it_is_not(self) -> None:
        served = "2025-08-01"
        assert not self.overdue("contaminated", required_activity_served_on=served)

    def test_done_in_time_or_late_it_is_done(self) -> None:
        for done in ("2025-09-01", "2026-03-01"):
            dates = {"required_activity_due_on": "2026-01-01"}
            assert not self.overdue(required_activity_done_on=done, **dates)

    def test_done_tomorrow_is_not_done(self) -> None:
        dates = {"required_activity_due_on": "2026-01-01"}
        assert self.overdue(required_activity_done_on="2026-03-02", **dates)

    @pytest.mark.parametrize(
        ("served", "due"),
        [
            (date(2025, 9, 1), date(2026, 3, 1)),
            (date(2025, 8, 31), date(2026, 2, 28)),
            (date(2023, 8, 31), date(2024, 2, 29)),
            (date(2025, 12, 31), date(2026, 6, 30)),
        ],
    )
    def test_term_ends_on_the_same_day_or_the_last_of_the_month(
        self, served: date, due: date
    ) -> None:
        assert add_months(served, 6) == due


class TestSoilStandard:
    """`fails`: classes for which the soil is shown not to meet the standard."""

    def fails(self, **record: object) -> set[str]:
        return set(facts(plots=[record]).plots[0].fails)

    def test_silence_is_not_assessed(self) -> None:
        assert self.fails(stage="contaminated") == set()

    @pytest.mark.parametrize(
        ("assessed", "failed"),
        [
            ("class_1", {"class_1"}),
            ("class_2", {"class_1", "class_2"}),
            (None, {"class_1", "class_2"}),
        ],
    )
    def test_failed_class_2_fails_class_1_too(
        self, assessed: str | None, failed: set[str]
    ) -> None:
        record = {"soil_standard": "not_met", "evaluated_class": assessed}
        assert self.fails(stage="contaminated", **record) == failed

    @pytest.mark.parametrize(
        "stage", ["cleared", "risk_acceptable", "removed", "aftercare"]
    )
    def test_plot_found_fit_fails_nothing(self, stage: str) -> None:
        assert self.fails(stage=stage, soil_standard="not_met") == set()

    def test_latest_review_governs(self) -> None:
        old = {"document_type": "initial_survey", "soil_standard": "not_met"}
        new = {"document_type": "detailed_survey", "soil_standard": "met"}
        filed = [
            new | {"reviewed_on": "2025-01-01", "review_outcome": "passed"},
            old | {"reviewed_on": "2024-01-01", "review_outcome": "passed"},
        ]
        assert self.fails(stage="suspected", documents=filed) == set()


class TestControlArea:
    def area(self, **given: object) -> Truth:
        return facts(**given).in_control_area

    def test_found(self) -> None:
        found = self.area(overlaps=["control_area"])
        assert found.is_true
        assert found.evidence[0].theme == "control_area"

    def test_held_plot_makes_one(self) -> None:
        held = self.area(plots=[{"stage": "contaminated", "held": True}])
        assert held.evidence[0].theme == "plot"

    def test_covered_and_nothing_found(self) -> None:
        near = [{"stage": "contaminated", "relation": "adjoining"}]
        assert self.area(plots=near).is_false

    @pytest.mark.parametrize(
        ("given", "value"),
        [
            ({}, False),
            ({"plots": [{"stage": "rcr_listed", "relation": "sliver"}]}, None),
            ({"plots": [{"stage": "contaminated", "relation": "imprecise"}]}, None),
            ({"plots": [{"stage": "cleared", "relation": "adjoining"}]}, False),
            ({"border": [{"theme": "plot", "relation": "within"}]}, None),
            ({"no_coverage": ["control_area", "plot"]}, None),
        ],
    )
    def test_silent_layer_is_inferred_from_plots(
        self, given: dict, value: bool | None
    ) -> None:
        assert self.area(**{"no_coverage": ["control_area"], **given}).value is value

    def test_stale_layer_is_backed_by_fresh_plots(self) -> None:
        assert self.area(stale=["control_area"]).stale == ()

    def test_inference_from_stale_plots_rests_on_them(self) -> None:
        rested = self.area(no_coverage=["control_area"], stale=["plot"])
        assert [m.theme for m in rested.stale] == ["plot"]


class TestKeyUnit:
    def key_unit(self, **given: object) -> Truth:
        return facts(**given).is_key_supervised_unit_land

    def test_found_in_any_year_that_counts(self) -> None:
        assert self.key_unit(key_units=[{"years": [2018, 2022]}]).is_true

    @pytest.mark.parametrize("years", [[2018], [2027], [], None])
    def test_other_years_do_not_count(self, years: list | None) -> None:
        assert self.key_unit(key_units=[{"years": years}]).is_false

    @pytest.mark.parametrize("theme", ["key_unit", "enterprise"])
    def test_both_layers_must_be_covered(self, theme: str) -> None:
        silent = self.key_unit(current_use=FACTORY, no_coverage=[theme])
        assert causes(silent) == {("is_key_supervised_unit_land", "no_coverage", theme)}

    @pytest.mark.parametrize("use", [HOMES, FIELD])
    def test_recorded_homes_and_fields_are_none(self, use: str) -> None:
        silent = {"no_coverage": ["key_unit", "enterprise"]}
        assert self.key_unit(current_use=use, **silent).is_false

    def test_one_parcel_without_a_record_leaves_it_open(self) -> None:
        parcels = [{"use": HOMES}, {"use": ""}]
        assert self.key_unit(parcels=parcels, no_coverage=["key_unit"]).is_unknown


class TestFormerIndustry:
    def industries(self, **given: object) -> list[str | None]:
        return [f.industry.code for f in facts(**given).former_industries]

    def other(self, **given: object) -> Truth:
        return facts(**given).other_former_industries

    def test_all_sources_are_read(self) -> None:
        given = {
            "former_uses": [{"industry_code": "2614"}],
            "plots": [{"stage": "candidate", "former_industries": ["2017:3360"]}],
            "enterprises": [{"industry_code": "1411", "status": "closed"}],
        }
        assert self.industries(**given) == ["2614", "3360", "1411"]

    def test_statement_fills_a_gap(self) -> None:
        stated = {"former_use": [{"industry_code": "2614"}]}
        given = {"declared": stated, "no_coverage": ["former_use"]}
        assert self.industries(**given) == ["2614"]
        assert self.other(**given).is_false

    def test_statement_does_not_override_a_covered_history(self) -> None:
        stated = facts(declared={"former_use": [{"industry_code": "2614"}]})
        assert stated.former_industries == ()
        assert [d.fact for d in stated.differences] == ["former_industry"]

    @pytest.mark.parametrize(
        ("given", "value"),
        [
            ({"current_use": FIELD}, False),
            ({"current_use": HOMES}, False),
            ({"current_use": FACTORY}, None),
            ({"current_use": ""}, None),
            ({"current_use": FIELD, "points": ["enterprise"]}, None),
            ({"current_use": FIELD, "border": [{"theme": "enterprise"}]}, None),
            (
                {
                    "current_use": FIELD,
                    "enterprises": [{"relation": "within", "distance_m": 3.0}],
                },
                False,
            ),
        ],
    )
    def test_silent_history_is_inferred_from_use_and_plants(
        self, given: dict, value: bool | None
    ) -> None:
        assert self.other(no_coverage=["former_use"], **given).value is value


class TestSurvey:
    def test_silence_is_no_survey(self) -> None:
        survey = facts(no_coverage=["plot"]).survey
        assert not survey.reviewed and not survey.baseline

    @pytest.mark.parametrize(
        ("kind", "counts"),
        [
            ("initial_survey", True),
            ("detailed_survey", True),
            ("key_unit_survey", True),
            ("risk_assessment", True),
            ("baseline_survey", False),
            ("effect_evaluation", False),
            ("remediation_plan", False),
            ("other", False),
        ],
    )
    def test_kinds_of_report_that_are_a_survey(self, kind: str, counts: bool) -> None:
        filed = facts(documents=[{"document_type": kind, **REVIEWED}])
        assert filed.survey.reviewed is counts

    @pytest.mark.parametrize(
        "stage", ["suspected", "initial_survey", "initial_review", "candidate"]
    )
    def test_early_stages_are_not_surveyed(self, stage: str) -> None:
        assert not facts(plots=[{"stage": stage}]).survey.reviewed

    def test_one_plot_of_two_is_not_enough(self) -> None:
        plots = [{"stage": "cleared"}, {"stage": "suspected"}]
        assert not facts(plots=plots).survey.reviewed

    def test_officer_is_told_when_plots_cover_a_part_only(self) -> None:
        part = facts(plots=[{"stage": "cleared", "part": "west half"}])
        assert part.survey.reviewed
        assert "50%" in part.notes[0].zh

    def test_deployment_may_ask_for_a_larger_part(self) -> None:
        rules = rules_in_force()
        strict = replace(
            rules, parameters=replace(rules.parameters, survey_cover_share_min=0.9)
        )
        given = {"transaction": "grant", "planned_use": HOMES, "current_use": FACTORY}
        half = {"stage": "cleared", "evaluated_class": "class_1", "part": "west half"}
        whole = {**half, "part": "whole"}
        outcomes = [
            decide_case({**given, "plots": [plot]}, rules=strict).outcome
            for plot in (half, whole)
        ]
        assert outcomes == [Outcome.REQUIRE_INVESTIGATION, Outcome.ALLOW]


class TestUse:
    def test_transfer_goes_on_with_the_current_use(self) -> None:
        resale = facts_of({"transaction": "transfer", "current_use": HOMES})
        assert str(resale.planned_use) == HOMES
        assert resale.use_changes.is_false

    def test_of_several_current_uses_the_most_sensitive_is_compared(self) -> None:
        parcels = [{"use": FACTORY}, {"use": HOMES}, {"use": FIELD}]
        resale = facts_of({"transaction": "transfer", "parcels": parcels})
        assert str(resale.planned_use) == HOMES

    @pytest.mark.parametrize(
        ("transaction", "value"),
        [("acquire", False), ("grant", None), ("siting", None)],
    )
    def test_missing_planned_use_is_unknown_only_where_it_is_required(
        self, transaction: str, value: bool | None
    ) -> None:
        asked = facts_of({"transaction": transaction})
        assert asked.planned(is_residential_or_public).value is value

    def test_record_and_statement_that_differ_are_shown(self) -> None:
        differing = facts(current_use=FACTORY, declared={"current_use": HOMES})
        (difference,) = differing.differences
        assert (difference.recorded, difference.declared) == (FACTORY, HOMES)
        assert [str(use) for use in differing.current_uses] == [FACTORY]

    def test_statement_fills_the_gap_of_one_parcel(self) -> None:
        parcels = [{"use": FACTORY}, {"use": ""}]
        filled = facts(parcels=parcels, declared={"current_use": HOMES})
        assert [str(use) for use in filled.current_uses] == [FACTORY, HOMES]
        assert filled.other_current_use.is_false

    @pytest.mark.parametrize(
        ("recorded", "declared", "supplied"),
        [(True, False, True), (False, True, False), (None, True, True)]
        + [(None, None, False)],
    )
    def test_supply_on_record_goes_before_the_statement(
        self, recorded: bool | None, declared: bool | None, supplied: bool
    ) -> None:
        stated = {} if declared is None else {"existing_supplied_land": declared}
        given = facts(supplied=recorded, declared=stated)
        assert given.existing_supplied_land is supplied


class TestFarmland:
    def category(self, name: str, **given: object) -> bool | None:
        return facts(**given).farmland_includes(name).value

    def test_all_categories_found_count(self) -> None:
        units = [{"category": "safe_use"}, {"category": "strict_control"}]
        given = {"farmland": units, "current_use": FIELD}
        assert self.category("safe_use", **given)
        assert self.category("strict_control", **given)
        assert self.category("unclassified", **given) is False

    @pytest.mark.parametrize(
        ("use", "value"), [(FIELD, True), (FACTORY, False), ("", True)]
    )
    def test_nothing_found_is_unclassified_on_farmland(
        self, use: str, value: bool
    ) -> None:
        assert self.category("unclassified", current_use=use) is value

    @pytest.mark.parametrize(
        ("use", "value"), [(FIELD, None), (FACTORY, False), ("", None)]
    )
    def test_without_coverage_built_land_is_no_farmland(
        self, use: str, value: bool | None
    ) -> None:
        silent = {"no_coverage": ["farmland_unit"], "current_use": use}
        assert self.category("priority_protection", **silent) is value

    def test_unit_of_another_division_on_built_land_is_asked_about(self) -> None:
        given = {"border": [{"theme": "farmland_unit"}], "current_use": FACTORY}
        assert self.category("priority_protection", **given) is None

    @pytest.mark.parametrize(
        ("basic", "value"),
        [([], True), (["whole"], False), (["west half"], True)],
    )
    def test_part_outside_basic_farmland(self, basic: list, value: bool) -> None:
        overlaps = [{"theme": "permanent_basic_farmland", "part": p} for p in basic]
        given = facts(farmland=[{"category": "priority_protection"}], overlaps=overlaps)
        assert given.farmland.priority_outside_pbf.value is value

    def test_part_outside_an_uncovered_layer_cannot_be_told(self) -> None:
        given = facts(
            farmland=[{"category": "priority_protection"}],
            no_coverage=["permanent_basic_farmland"],
        )
        assert given.farmland.priority_outside_pbf.is_unknown


class TestOtherFacts:
    def test_restriction_of_another_county_does_not_count(self) -> None:
        assert facts(restricted=True).county_restricted
        assert not facts().county_restricted

    def test_plot_without_a_negative_list_is_noted(self) -> None:
        noted = facts(plots=[{"stage": "contaminated"}, {"stage": "suspected"}]).notes
        lists = [note.en for note in noted if "negative list" in note.en]
        assert lists == ["No negative list is on file for plot plot-1."]

    def test_open_plot_outside_zones_is_noted_as_not_judged_upstream(self) -> None:
        zone = {"code": "Z1", "area_m2": 50.0, "width_m": 5.0}
        stages = ("suspected", "cleared")
        plots = [{"stage": stage} for stage in stages]
        plots.append({"stage": "suspected", "water_zones": [zone]})
        assert [note.en for note in facts(plots=plots).notes] == [
            "Whether plot plot-1 lies upstream of a drinking-water source is not "
            "judged."
        ]

    def test_sliver_beside_an_overlap_is_no_sliver(self) -> None:
        plots = [{"stage": "cleared"}, {"stage": "cleared", "relation": "sliver"}]
        assert facts(plots=plots).slivers == {}
        assert set(facts(slivers=["plot"]).slivers) == {"plot"}


class TestCatalogue:
    def test_every_fact_is_described_in_both_languages(self) -> None:
        for fact in FACTS.values():
            assert fact.name.zh and fact.name.en
            assert fact.source.zh and fact.source.en
            assert fact.silent.zh and fact.silent.en

    def test_rules_that_only_warn_are_rules(self) -> None:
        later = {"D07", "D08", "D10"}
        warned = {rule for fact in FACTS.values() for rule in fact.warns_for}
        assert warned - later <= {rule.id for rule in RULES}

    @pytest.mark.parametrize(
        ("fact", "rule", "outcome", "effect"),
        [
            ("plot_stage", "A01", Outcome.DENY, "blocks"),
            ("evaluated_class", "A07", Outcome.REQUIRE_INVESTIGATION, "blocks"),
            ("aftercare_breach", "A08", Outcome.CONSULT, "warns"),
            ("farmland_category", "D03", Outcome.DENY, "blocks"),
            ("farmland_category", "D04", Outcome.ALLOW_WITH_CONDITIONS, "warns"),
            ("current_use", "C04", Outcome.REQUIRE_INVESTIGATION, "blocks"),
            ("new_supply", "C10", Outcome.REQUIRE_INVESTIGATION, "blocks"),
            ("permanent_basic_farmland", "D02", Outcome.ALLOW_WITH_CONDITIONS, "warns"),
        ],
    )
    def test_effects_of_the_last_column(
        self, fact: str, rule: str, outcome: Outcome, effect: str
    ) -> None:
        assert effect_on(fact, rule, outcome) == effect


def test_day_of_the_cases_is_the_day_of_the_facts() -> None:
    assert facts().as_of == DAY
