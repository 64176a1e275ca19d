"""A paper that rules or events rest on is changed by two persons, and never by one."""

import itertools
import json

import pytest

from tests.api.bodies import OURS
from tests.api.plot_lives import decide, happen, propose
from tests.api.survey_uploads import Bureau, send

_numbers = itertools.count(1)
DAY = "2026-03-05"


@pytest.fixture
def bureau(offices, worker):
    """The county's office, with a worker at hand."""
    return Bureau(offices.as_("registrar-county"), worker, OURS)


def file_paper(api, plot=None, **more):
    """Enter a survey report that passed its review; return its path."""
    code = f"PAPER-{next(_numbers)}"
    body = {
        "code": code,
        "division_code": OURS,
        "plot_code": plot and plot.rpartition("/")[2],
        "document_type": "initial_survey",
        "dated_on": "2026-01-05",
        "reviewed_on": "2026-02-01",
        "review_outcome": "passed",
        "assessed_class": "class_1",
        "soil_standard": "not_met",
        "valid_from": "2026-02-02",
        **more,
    }
    api.create("/v1/plot-documents", body, "registrar")
    return f"/v1/plot-documents/{code}"


def shown(api, paper, **query):
    return api.as_("registrar").get(paper, params=query).json()


def edit(api, paper, **more):
    """Let a paper say otherwise, by an edit of one person."""
    sent = {**shown(api, paper), "valid_from": DAY, **more}
    return api.as_("registrar").put(paper, sent, headers={"If-Match": "*"})


def end(api, paper):
    body = {"on": DAY, "reason": "误登"}
    return api.as_("registrar").post(f"{paper}/end", body, headers={"If-Match": "*"})


def speak_of(paper, **more):
    return {"wrong_document": paper.rpartition("/")[2], **more}


def reasons(answer):
    assert answer.status_code == 409, answer.text
    return {one["reason"] for one in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("soil_standard", "met"),
        ("soil_standard", None),
        ("review_outcome", "returned"),
        ("review_outcome", None),
        ("document_type", "other"),
        ("assessed_class", "class_2"),
        ("reviewed_on", "2026-03-01"),
        ("dated_on", None),
        ("firm", "净土勘察院"),
        ("plot_code", "P-ELSEWHERE"),
        ("plot_code", None),
    ],
)
def test_what_a_reviewed_report_shows_is_not_edited_by_one(offices, plot, name, value):
    paper = file_paper(offices, plot)
    before = shown(offices, paper)
    answer = edit(offices, paper, **{name: value})
    assert answer.status_code == 409, answer.text
    problem = answer.json()
    assert problem["reason"] == "paper_by_correction"
    assert problem["type"].endswith("paper-by-correction")
    assert name in problem["detail"] and f"{plot}/events" in problem["detail"]
    assert shown(offices, paper) == before


def test_a_reviewed_report_is_not_ended_by_one(offices, plot):
    paper = file_paper(offices, plot)
    answer = end(offices, paper)
    assert (answer.status_code, answer.json()["reason"]) == (409, "paper_by_correction")
    assert shown(offices, paper)["valid_to"] is None


def test_what_no_rule_reads_is_edited_by_one(offices, plot):
    paper = file_paper(offices, plot)
    said = {"opinion": "同意", "published_from": "2026-03-01", "signatories": ["甲"]}
    answer = edit(offices, paper, **said)
    assert answer.status_code == 200, answer.text
    assert {name: answer.json()[name] for name in said} == said


def test_one_person_doubts_a_report_and_two_lift_the_doubt(offices, plot):
    paper = file_paper(offices, plot)
    assert edit(offices, paper, flagged_false=True).status_code == 200
    lifted = edit(offices, paper, flagged_false=False)
    assert lifted.status_code == 409
    assert "flagged_false" in lifted.json()["detail"]


@pytest.mark.parametrize("outcome", [None, "returned"])
def test_a_report_without_a_passed_review_is_edited_and_ended(offices, plot, outcome):
    paper = file_paper(offices, plot, review_outcome=outcome)
    assert edit(offices, paper, soil_standard="met").status_code == 200
    assert end(offices, paper).status_code == 200


def test_a_paper_that_an_event_cites_is_kept_until_the_event_is_withdrawn(
    offices, plot
):
    made = happen(offices, plot, "listed")
    (code,) = made["documents"]
    paper = f"/v1/plot-documents/{code}"
    refused = edit(offices, paper, dated_on="2026-01-01")
    assert refused.status_code == 409 and "dated_on" in refused.json()["detail"]
    assert end(offices, paper).status_code == 409
    asked = propose(offices, plot, "event", wrong_event=made["code"])
    done = decide(offices, plot, "event_withdrawn", asked.json()["code"])
    assert done.status_code == 201, done.text
    assert edit(offices, paper, dated_on="2026-01-01").status_code == 200


def test_a_report_is_corrected_by_two_from_a_day_on(offices, plot):
    paper = file_paper(offices, plot)
    named = speak_of(paper, wrong_field="soil_standard", right_value="met")
    asked = propose(offices, plot, "document", on="2026-03-01", **named)
    assert asked.status_code == 201, asked.text
    assert shown(offices, paper)["soil_standard"] == "not_met"
    code = asked.json()["code"]
    (waiting,) = offices.as_("registrar").get(f"{plot}/corrections").json()["items"]
    assert waiting["approved_by_event"] == "document_corrected"
    assert waiting["wrong_document"] == paper.rpartition("/")[2]
    assert waiting["wrong_field_text"] == "土壤质量结论"
    assert reasons(decide(offices, plot, "document_corrected", code, "county")) >= {
        "proposed_by_another"
    }
    done = decide(offices, plot, "document_corrected", code)
    assert done.status_code == 201, done.text
    assert shown(offices, paper)["soil_standard"] == "met"
    assert shown(offices, paper, as_of="2026-02-28")["soil_standard"] == "not_met"
    before = shown(offices, paper, known_at=asked.json()["change"])
    assert before["soil_standard"] == "not_met"


def test_a_refused_correction_leaves_the_paper(offices, plot):
    paper = file_paper(offices, plot)
    named = speak_of(paper, wrong_field="soil_standard", right_value="met")
    asked = propose(offices, plot, "document", **named).json()["code"]
    done = decide(offices, plot, "correction_refused", asked, reason="报告无误")
    assert done.status_code == 201, done.text
    assert shown(offices, paper)["soil_standard"] == "not_met"


def test_a_paper_that_no_event_cites_is_taken_back_by_two(offices, plot):
    paper = file_paper(offices, plot)
    named = speak_of(paper, right_value="null")
    asked = propose(offices, plot, "document", on=DAY, **named)
    done = decide(offices, plot, "document_corrected", asked.json()["code"])
    assert done.status_code == 201, done.text
    assert offices.as_("registrar").get(paper).status_code == 404
    assert shown(offices, paper, as_of="2026-03-04")["review_outcome"] == "passed"


@pytest.mark.parametrize(
    "more",
    [
        {"right_value": "null"},
        {"wrong_field": "document_type", "right_value": "notice"},
        {"wrong_field": "review_outcome", "right_value": "null"},
    ],
)
def test_what_an_event_asked_of_its_paper_stays_under_the_event(offices, plot, more):
    (code,) = happen(offices, plot, "listed")["documents"]
    answer = propose(offices, plot, "document", **speak_of(code, **more))
    assert reasons(answer) == {"no_event_rests_on_it"}


def test_a_listed_firm_is_marked_when_a_correction_names_it(offices, plot):
    listing = {
        "firm": "更正所见失信公司",
        "reason": "假报告",
        "source": "通报",
        "listed_on": "2026-01-01",
    }
    assert offices.as_("registrar").post("/v1/firm-listings", listing).is_success
    paper = file_paper(offices, plot, firm="净土勘察院")
    named = speak_of(paper, wrong_field="firm", right_value=listing["firm"])
    asked = propose(offices, plot, "document", **named).json()["code"]
    assert decide(offices, plot, "document_corrected", asked).status_code == 201
    assert shown(offices, paper)["firm_on_negative_list"] is True


@pytest.mark.parametrize(
    "more",
    [
        {"wrong_field": "soil_standard", "right_value": "perhaps"},
        {"wrong_field": "dated_on", "right_value": "yesterday"},
        {"wrong_field": "document_type", "right_value": "null"},
        {"wrong_field": "parcel_code", "right_value": "12345"},
        {"wrong_field": "opinion", "right_value": "同意"},
        {"wrong_field": "plot_code", "right_value": "P-ELSEWHERE"},
        {"wrong_field": "stage", "right_value": "cleared"},
        {"wrong_field": "soil_standard"},
        {"right_value": "met"},
        {},
        {"wrong_document": "PAPER-NONE", "right_value": "null"},
    ],
)
def test_what_a_paper_cannot_be_made_to_say_is_refused(offices, plot, more):
    named = {**speak_of(file_paper(offices, plot)), **more}
    assert reasons(propose(offices, plot, "document", **named)) == {"paper_restated"}


def test_a_paper_of_another_plot_or_of_a_later_day_is_not_corrected(offices, plot):
    other, later = file_paper(offices, None), file_paper(offices, plot)
    value = {"wrong_field": "soil_standard", "right_value": "met"}
    answer = propose(offices, plot, "document", **speak_of(other, **value))
    assert reasons(answer) == {"paper_restated"}
    early = speak_of(later, **value)
    answer = propose(offices, plot, "document", on="2026-02-01", **early)
    assert reasons(answer) == {"paper_restated"}


def test_a_parcels_report_is_corrected_once_it_belongs_to_a_lead(offices, plot):
    paper = file_paper(offices, None, parcel_code="513401001001GB00077")
    refused = edit(offices, paper, soil_standard="met")
    assert refused.status_code == 409
    assert "plot_code" in refused.json()["detail"]
    joined = edit(offices, paper, plot_code=plot.rpartition("/")[2])
    assert joined.status_code == 200, joined.text
    named = speak_of(paper, wrong_field="soil_standard", right_value="met")
    asked = propose(offices, plot, "document", **named).json()["code"]
    assert decide(offices, plot, "document_corrected", asked).status_code == 201
    assert shown(offices, paper)["soil_standard"] == "met"


def sent(bureau, paper, update="partial", **values):
    """Send a file that says these values of a paper; return the examined upload."""
    row = {"ZLBH": paper.rpartition("/")[2], **values}
    lines = [",".join(row), ",".join(row.values())]
    declared = {
        "name": "资料.csv",
        "layer": "plot-documents",
        "crs": None,
        "encoding": "UTF-8",
        "valid_from": DAY,
        "mapping": json.dumps({"code": "ZLBH"}),
        "update": update,
    }
    return bureau.upload("\n".join(lines).encode(), **declared)


REPORT = {"ZLLX": "initial_survey", "PSJL": "passed", "TRJL": "not_met"}


def test_a_file_does_not_make_a_reviewed_report_say_otherwise(bureau, offices, plot):
    paper = file_paper(offices, plot)
    upload = sent(bureau, paper, **{**REPORT, "TRJL": "met", "PSJL": "returned"})
    assert upload["state"] == "checked", upload
    assert upload["issue_counts"] == {"paper_kept": 2}
    path = f"/v1/uploads/{upload['id']}/issues"
    told = offices.as_("registrar-county").get(path).json()["items"]
    assert {(one["field"], one["value"]) for one in told} == {
        ("TRJL", "met"),
        ("PSJL", "returned"),
    }
    assert any("土壤质量结论" in one["message"] for one in told)


def test_a_file_does_not_end_a_reviewed_report(bureau, offices, plot):
    paper = file_paper(offices, plot)
    upload = sent(bureau, paper, **REPORT, valid_to="2026-06-01")
    assert upload["issue_counts"] == {"paper_end": 1}


def test_a_file_that_says_what_is_on_record_or_doubts_it_is_taken(
    bureau, offices, plot
):
    paper = file_paper(offices, plot)
    assert sent(bureau, paper, **REPORT)["state"] == "staged"
    upload = sent(bureau, paper, **REPORT, SS="true", PSYJ="存疑")
    assert bureau.order(upload, "commit")["state"] == "committed"
    said = shown(offices, paper)
    assert (said["flagged_false"], said["opinion"]) == (True, "存疑")


def test_papers_are_never_updated_as_a_whole(offices, plot, bureau):
    declared = {"layer": "plot-documents", "update": "whole", "crs": None}
    answer = send(bureau.api, b"ZLBH\nX", division=OURS, **declared)
    assert answer.status_code == 422
    assert "资料" in answer.json()["detail"]


def test_what_an_event_came_to_rest_on_since_the_check_is_not_committed(
    bureau, offices, plot
):
    paper = file_paper(offices, plot, document_type="listing_form", review_outcome=None)
    upload = sent(bureau, paper, ZLLX="notice")
    assert upload["state"] == "staged", upload
    event = {
        "event": "listed",
        "documents": [paper.rpartition("/")[2]],
        "details": {"listing_ground": "former_listed_industry"},
    }
    answer = offices.as_("registrar-county").post(f"{plot}/events", event)
    assert answer.status_code == 201, answer.text
    kept = bureau.order(upload, "commit")
    assert kept["state"] == "staged"
    assert kept["refusal"]["reason"] == "register_moved"
    assert shown(offices, paper)["document_type"] == "listing_form"


def test_reviewed_reports_of_a_file_are_taken_back_by_another_person(
    bureau, offices, plot
):
    code = f"PAPER-{next(_numbers)}"
    plot_code = plot.rpartition("/")[2]
    upload = sent(bureau, code, **REPORT, DKBM=plot_code, PSRQ="2026-02-01")
    assert bureau.order(upload, "commit")["state"] == "committed"
    kept = bureau.order(upload, "revert", reason="误传")
    assert kept["state"] == "committed"
    assert kept["refusal"]["reason"] == "revert_by_another"
    other = Bureau(offices.as_("registrar-city"), bureau.worker, OURS)
    assert other.order(upload, "revert", reason="误传")["state"] == "reverted"


def test_a_report_that_an_event_cites_is_not_taken_back_with_its_file(
    bureau, offices, plot
):
    code = f"PAPER-{next(_numbers)}"
    form = {"ZLLX": "listing_form", "DKBM": plot.rpartition("/")[2]}
    upload = sent(bureau, code, **form)
    assert bureau.order(upload, "commit")["state"] == "committed"
    event = {
        "event": "listed",
        "documents": [code],
        "details": {"listing_ground": "former_listed_industry"},
    }
    answer = offices.as_("registrar-county").post(f"{plot}/events", event)
    assert answer.status_code == 201, answer.text
    kept = bureau.order(upload, "revert", reason="误传")
    assert kept["refusal"]["reason"] == "revert_refused"
    assert code in kept["refusal"]["message"]
