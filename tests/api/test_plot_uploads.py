"""A file changes of a plot on record only what one person may change."""

import json

import pytest

from tests.api.conftest import OURS
from tests.api.plot_lives import TO_REGISTER, decide, happen
from tests.api.survey_uploads import Bureau

PLACE = [114.05, 34.65]
REVIEWED = (*TO_REGISTER[:3], "review_found_no_exceedance")


@pytest.fixture
def bureau(offices, worker):
    """The county's office, with a worker at hand."""
    return Bureau(offices.as_("registrar-county"), worker, OURS)


def code_of(plot):
    return plot.rpartition("/")[2]


def file_of(plot, place=PLACE, **values):
    """One plot as GeoJSON, its fields named as the interface names them."""
    properties = {"plot_code": code_of(plot), **values}
    geometry = {"type": "Point", "coordinates": place}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def declared(*names, **more):
    fields = {"code": "plot_code", **{name: name for name in names}}
    return {
        "name": "地块.geojson",
        "layer": "plots",
        "crs": "4490",
        "encoding": "UTF-8",
        "valid_from": "2026-03-03",
        "mapping": json.dumps(fields),
        **more,
    }


def sent(bureau, plot, place=PLACE, on="2026-03-03", **values):
    """Send a file that says these values of a plot; return the checked upload."""
    said = declared(*values, valid_from=on)
    return bureau.upload(file_of(plot, place, **values), **said)


def waiting(api, plot):
    items = api.as_("registrar").get(f"{plot}/corrections").json()["items"]
    return [one for one in items if one["state"] == "proposed"]


def shown(api, plot):
    return api.as_("registrar").get(plot).json()


def test_a_finding_of_a_review_is_proposed_and_approved_by_another(
    bureau, offices, plot
):
    happen(offices, plot, *REVIEWED)
    before = shown(offices, plot)
    stage = before["stage"]
    upload = sent(
        bureau, plot, stage=stage, evaluated_class="class_1", address="净土路1号"
    )
    assert upload["issue_counts"]["plot_correction"] == 1
    (change,) = bureau.diff(upload)["items"]
    assert change["changed"] == ["address"]
    done = bureau.order(upload, "commit", reason="复核后有误")
    assert done["state"] == "committed", done
    after = shown(offices, plot)
    assert (after["address"], after["evaluated_class"]) == (
        "净土路1号",
        before["evaluated_class"],
    )
    (proposal,) = waiting(offices, plot)
    assert proposal["reason"] == "复核后有误"
    refused = decide(offices, plot, "field_corrected", proposal["code"], "county")
    assert refused.status_code == 409, refused.text
    approved = decide(offices, plot, "field_corrected", proposal["code"])
    assert approved.status_code == 201, approved.text
    assert shown(offices, plot)["evaluated_class"] == "class_1"
    assert shown(offices, plot)["address"] == "净土路1号"


def test_a_file_that_only_proposes_changes_nothing_until_approved(
    bureau, offices, plot
):
    happen(offices, plot, *REVIEWED)
    before = shown(offices, plot)
    upload = sent(bureau, plot, stage=before["stage"], evaluated_class="class_1")
    assert upload["comparison"]["identical"] == 1
    assert bureau.order(upload, "commit", reason="复核")["state"] == "committed"
    assert shown(offices, plot) == before
    assert len(waiting(offices, plot)) == 1


def test_the_same_file_again_proposes_nothing_twice(bureau, offices, plot):
    happen(offices, plot, *REVIEWED)
    stage = shown(offices, plot)["stage"]
    for place in ("甲", "乙"):
        said = {"stage": stage, "evaluated_class": "class_1", "address": place}
        upload = sent(bureau, plot, **said)
        bureau.order(upload, "commit", reason="复核")
    assert len(waiting(offices, plot)) == 1


def test_a_plot_of_a_list_is_not_moved_by_a_file(bureau, offices, plot):
    happen(offices, plot, "listed")
    upload = sent(bureau, plot, [114.06, 34.66], stage="suspected")
    assert upload["issue_counts"]["plot_correction"] == 1
    bureau.order(upload, "commit", reason="重测")
    assert shown(offices, plot)["geometry"]["coordinates"] == PLACE
    (proposal,) = waiting(offices, plot)
    assert decide(offices, plot, "field_corrected", proposal["code"]).status_code == 201
    assert shown(offices, plot)["geometry"]["coordinates"] == [114.06, 34.66]


def test_a_lead_and_what_no_event_brought_are_changed_as_before(bureau, offices, plot):
    upload = sent(
        bureau, plot, [114.06, 34.66], stage="candidate", evaluated_class="class_1"
    )
    assert "plot_correction" not in upload["issue_counts"]
    bureau.order(upload, "commit", reason="重测")
    after = shown(offices, plot)
    assert after["geometry"]["coordinates"] == [114.06, 34.66]
    assert after["evaluated_class"] == "class_1"
    assert waiting(offices, plot) == []


def test_an_emptied_finding_is_proposed_as_null(bureau, offices, plot):
    happen(offices, plot, *REVIEWED)
    stage = shown(offices, plot)["stage"]
    found = shown(offices, plot)["soil_standard"]
    upload = sent(bureau, plot, stage=stage, soil_standard="")
    bureau.order(upload, "commit", reason="误填")
    assert shown(offices, plot)["soil_standard"] == found
    (proposal,) = waiting(offices, plot)
    assert decide(offices, plot, "field_corrected", proposal["code"]).status_code == 201
    assert shown(offices, plot)["soil_standard"] is None


def test_a_reverted_file_takes_its_proposals_back(bureau, offices, plot):
    happen(offices, plot, *REVIEWED)
    before = shown(offices, plot)
    upload = sent(bureau, plot, stage=before["stage"], evaluated_class="class_1")
    bureau.order(upload, "commit", reason="复核")
    assert bureau.order(upload, "revert", reason="误传")["state"] == "reverted"
    assert waiting(offices, plot) == []


def test_a_file_is_not_taken_back_once_its_proposal_was_decided(bureau, offices, plot):
    happen(offices, plot, *REVIEWED)
    before = shown(offices, plot)
    upload = sent(bureau, plot, stage=before["stage"], evaluated_class="class_1")
    bureau.order(upload, "commit", reason="复核")
    (proposal,) = waiting(offices, plot)
    assert decide(offices, plot, "field_corrected", proposal["code"]).status_code == 201
    kept = bureau.order(upload, "revert", reason="误传")
    assert kept["state"] == "committed"
    assert code_of(plot) in kept["refusal"]["message"]


def test_a_mistaken_entry_is_not_changed_by_file(bureau, offices, plot):
    happen(offices, plot, *REVIEWED)
    answer = offices.as_("registrar-county").post(
        f"{plot}/events",
        {
            "event": "correction_proposed",
            "documents": [{"document_type": "other"}],
            "details": {"correction": "entry", "reason": "误列"},
        },
    )
    code = answer.json()["code"]
    assert decide(offices, plot, "entry_withdrawn", code).status_code == 201
    closed = {"stage": "closed_error", "evaluated_class": "class_1"}
    upload = sent(bureau, plot, on=shown(offices, plot)["valid_from"], **closed)
    assert upload["state"] == "checked"
    assert upload["issue_counts"]["plot_kept"] == 1
