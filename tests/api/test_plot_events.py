"""The life of a plot over HTTP: events, timeline, next steps, rights."""

import itertools
from dataclasses import replace

import pytest

from parcels.plots.transitions import TRANSITION_OF
from screening.rule_set import RuleSets
from tests.api.plot_lives import TO_REGISTER, TO_REMOVAL, body_of, happen, record
from tests.plot_builders import DAY


def test_a_whole_life_from_lead_to_aftercare(offices, plot):
    last = happen(offices, plot, *TO_REMOVAL)
    assert last["to_stage"] == "aftercare"
    assert last["lists"] == []
    events = offices.as_("registrar").get(f"{plot}/events").json()["items"]
    assert [one["event"] for one in events] == list(TO_REMOVAL)
    assert all(one["on"] == "2026-03-02" for one in events)
    stages = [(one["from_stage"], one["to_stage"]) for one in events]
    assert all(a[1] == b[0] for a, b in itertools.pairwise(stages))
    shown = offices.as_("registrar").get(plot).json()
    assert (shown["stage"], shown["target_met"]) == ("aftercare", True)


def test_lists_go_along_with_the_stage(offices, plot):
    first = happen(offices, plot, "listed")
    assert (first["lists_entered"], first["lists"]) == (["suspected"], ["suspected"])
    on_register = happen(offices, plot, *TO_REGISTER[1:])
    assert on_register["lists"] == ["contaminated", "rcr"]


def test_a_refusal_names_every_condition_with_its_ground(offices, plot):
    answer = offices.as_("registrar").post(
        f"{plot}/events",
        {"event": "listed", "on": "2026-03-02"},
        headers={"Accept-Language": "en"},
    )
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["type"] == "urn:jingtu:problem:event-not-possible"
    errors = {one["reason"]: one for one in problem["errors"]}
    assert set(errors) == {"document", "ground_named"}
    ground = errors["ground_named"]
    assert ground["pointer"] == "/details/listing_ground"
    assert [one["verification"] for one in ground["legal_basis"]] == [
        "verified",
        "verified",
    ]


def test_a_county_does_not_decide_for_the_province(offices, plot):
    happen(offices, plot, *TO_REGISTER[:-1])
    refused = record(offices, plot, "register_entry", level="city")
    assert refused.status_code == 409
    assert [one["reason"] for one in refused.json()["errors"]] == ["level"]
    assert "省级" in refused.json()["errors"][0]["message"]
    assert record(offices, plot, "register_entry").status_code == 201


@pytest.mark.parametrize("role", ["planner", "surveyor", "auditor", "permit_system"])
def test_only_ecology_officers_record_events(offices, plot, role):
    answer = offices.as_(role).post(f"{plot}/events", body_of("listed"))
    assert answer.status_code == 403


def test_another_county_does_not_know_the_plot(offices, plot):
    other = offices.as_("planner_other_county")
    assert other.get(f"{plot}/events").status_code == 404
    assert other.get(f"{plot}/next-steps").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": "vanished"},
        {"event": "listed", "on": "soon"},
        {"event": "listed", "details": {"colour": "red"}},
        {"event": "listed", "documents": [{"document_type": "poem"}]},
    ],
)
def test_a_malformed_event_is_told(offices, plot, body):
    answer = offices.as_("registrar").post(f"{plot}/events", body)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_paper_that_is_not_on_file_is_not_cited(offices, plot):
    body = body_of("listed", documents=["D-NOWHERE"])
    answer = offices.as_("registrar").post(f"{plot}/events", body)
    assert answer.status_code == 409
    assert answer.json()["reason"] == "document_unknown"


def test_a_paper_on_file_is_cited_by_its_code(offices, plot):
    made = happen(offices, plot, "listed")
    body = body_of("survey_notified")
    body["documents"] = [
        {"document_type": "notice", "code": f"{plot[10:]}-N"},
        *made["documents"],
    ]
    answer = offices.as_("registrar").post(f"{plot}/events", body)
    assert answer.status_code == 201, answer.text
    assert set(answer.json()["documents"]) == {*made["documents"], f"{plot[10:]}-N"}


def test_an_event_is_recorded_once_under_a_key(offices, plot):
    headers = {"Idempotency-Key": plot}
    officer = offices.as_("registrar")
    first = officer.post(f"{plot}/events", body_of("listed"), headers=headers)
    again = officer.post(f"{plot}/events", body_of("listed"), headers=headers)
    assert first.json() == again.json()
    assert len(officer.get(f"{plot}/events").json()["items"]) == 1


def test_backdated_event_keeps_both_times(offices, plot):
    day = DAY.replace(year=2024)
    made = happen(offices, plot, "listed", on=day)
    officer = offices.as_("registrar")
    known_before = {"known_at": made["change"] - 1}
    on_that_day = {"as_of": day.isoformat()}
    assert officer.get(plot, params=on_that_day).json()["stage"] == "suspected"
    past = officer.get(plot, params={**on_that_day, **known_before}).json()
    assert past["stage"] == "candidate"
    (event,) = officer.get(f"{plot}/events").json()["items"]
    assert event["on"] == day.isoformat() and event["recorded_at"] > "2026"
    hidden = officer.get(f"{plot}/events", params=known_before).json()
    assert hidden["items"] == []


def test_backdated_event_is_refused_where_a_later_one_depends_on_it(offices, plot):
    happen(offices, plot, "listed", "survey_notified")
    refused = record(offices, plot, "key_unit_survey_began", on=DAY.replace(year=2025))
    assert refused.status_code == 409
    (error,) = [x for x in refused.json()["errors"] if x["reason"] == "later_event"]
    assert error["reason"] == "later_event"
    assert "-E01" in error["message"]


def test_next_steps_say_what_each_event_needs(offices, plot):
    answer = offices.as_("registrar").get(f"{plot}/next-steps").json()
    steps = {one["event"]: one for one in answer["steps"]}
    assert set(steps) == {
        "listed",
        "key_unit_survey_began",
        "correction_proposed",
        "priority_supervision_began",
        "priority_supervision_ended",
    }
    listed = steps["listed"]
    assert (listed["to_stage"], listed["may_record"]) == ("suspected", True)
    assert listed["documents"] == [["listing_form"]]
    assert listed["conditions"][0]["details"] == ["listing_ground"]
    assert listed["conditions"][0]["basis"][0]["verification_text"] == "已核对"


def test_the_survey_is_due_by_the_rule_set_in_force(offices, plot, monkeypatch):
    gate = offices.client.app.state.services.gate
    monkeypatch.setattr(gate, "rule_sets", with_survey_term(gate.rule_sets, 3))
    happen(offices, plot, "listed")
    answer = offices.as_("registrar").get(f"{plot}/next-steps").json()
    (step,) = [one for one in answer["steps"] if one["event"] == "survey_notified"]
    assert step["deadlines"] == ["自通知送达起3个月内完成初步调查"]
    (deadline,) = happen(offices, plot, "survey_notified")["deadlines"]
    assert deadline["what"] == step["deadlines"][0]
    assert deadline["due_on"] == "2026-06-02"


def with_survey_term(rule_sets, months):
    """Rule sets that give the initial survey other months."""

    def changed(span):
        parameters = replace(span.parameters, initial_survey_term_months=months)
        return replace(span, parameters=parameters)

    return RuleSets(
        tuple(
            replace(one, spans=tuple(map(changed, one.spans))) for one in rule_sets.sets
        )
    )


def test_next_steps_say_who_may_record_them(offices, plot):
    happen(offices, plot, *TO_REGISTER[:-1])
    steps = {
        level: {
            one["event"]: one["may_record"]
            for one in offices.as_(f"registrar-{level}")
            .get(f"{plot}/next-steps")
            .json()["steps"]
        }
        for level in ("county", "city", "province")
    }
    found = [steps[level]["register_entry"] for level in ("county", "city", "province")]
    assert found == [False, False, True]


def test_every_event_of_the_table_can_be_sent(offices):
    document = offices.get("/openapi.json").json()
    schema = document["components"]["schemas"]["PlotEventRequest"]
    assert schema["properties"]["event"]["enum"] == list(TRANSITION_OF)


@pytest.mark.parametrize("change", [{"stage": "cleared"}, {"held": True}])
def test_an_edit_does_not_change_the_stage(offices, plot, change):
    officer = offices.as_("registrar")
    shown = officer.get(plot).json()
    body = {**shown, "valid_from": "2026-03-02"}
    kept = {**body, "name": "示例地块"}
    assert officer.put(plot, kept, headers={"If-Match": "*"}).status_code == 200
    answer = officer.put(plot, {**body, **change}, headers={"If-Match": "*"})
    assert answer.status_code == 409
    assert answer.json()["reason"] == "stage_by_event"
