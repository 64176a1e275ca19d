"""A wrong entry of a plot is put right by two persons; nothing of it is lost."""

import itertools
import json

import pytest
import shapely
import sqlalchemy as sa
from pyproj import Geod

from app.migration import sqlalchemy_url
from app.security.keys import create_client
from parcels.plots.proposals import DECISIONS
from tests.api.bodies import OURS, square
from tests.api.plot_lives import TO_REGISTER, decide, happen, propose, record
from tests.persons import link_person
from tests.plot_builders import DAY

_keys = itertools.count()


def reasons(answer):
    """What stood in the way."""
    assert answer.status_code == 409, answer.text
    return {one["reason"] for one in answer.json()["errors"]}


def proposed(api, plot, *args, **more):
    answer = propose(api, plot, *args, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["code"]


def corrections(api, plot):
    return api.as_("registrar").get(f"{plot}/corrections").json()["items"]


def test_a_mistaken_entry_is_withdrawn_by_another_person(offices, plot):
    happen(offices, plot, "listed")
    code = proposed(offices, plot, "entry")
    assert offices.as_("registrar").get(plot).json()["stage"] == "suspected"
    done = decide(offices, plot, "entry_withdrawn", code)
    assert done.status_code == 201, done.text
    assert (done.json()["to_stage"], done.json()["lists"]) == ("closed_error", [])
    (one,) = corrections(offices, plot)
    assert (one["state"], one["reason"]) == ("approved", "登记有误")
    assert (one["proposed_by"], one["decided_by"]) == (
        "registrar county",
        "registrar province",
    )


def test_nobody_approves_what_he_proposed_himself(offices, plot):
    code = proposed(offices, plot, "entry", level="province")
    answer = decide(offices, plot, "entry_withdrawn", code)
    assert reasons(answer) == {"proposed_by_another"}
    assert "另一人" in answer.json()["errors"][0]["message"]
    assert reasons(
        decide(offices, plot, "correction_refused", code, reason="无误")
    ) == {"proposed_by_another"}


@pytest.fixture
def key_of(offices, api_urls):
    """Make a key of the province, linked to a person or to nobody; return its role."""
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)

    def make(name, person=None):
        role = f"registrar-{name}-{next(_keys)}"
        with engine.begin() as owner:
            known = role if name == "own" else name
            offices.keys[role] = create_client(
                owner, name=known, role="registrar", scope=OURS[:2]
            )[1]
            if person:
                link_person(owner, known, person)
        return role.removeprefix("registrar-")

    return make


def test_one_person_with_two_keys_of_two_names_is_one(offices, plot, key_of):
    first, second = key_of("own", "zhang"), key_of("own", "zhang")
    code = proposed(offices, plot, "entry", level=first)
    answer = decide(offices, plot, "entry_withdrawn", code, level=second)
    assert reasons(answer) == {"proposed_by_another"}


def test_a_key_of_nobody_beside_a_persons_cannot_be_told_apart(offices, plot, key_of):
    code = proposed(offices, plot, "entry", level=key_of("own", "zhang"))
    refused = decide(offices, plot, "entry_withdrawn", code, level=key_of("own"))
    assert reasons(refused) == {"persons_told_apart"}
    other = key_of("own", "li")
    done = decide(offices, plot, "entry_withdrawn", code, level=other)
    assert done.status_code == 201, done.text


def test_two_keys_of_one_name_that_are_nobodys_are_not_two_persons(
    offices, plot, key_of
):
    code = proposed(offices, plot, "entry", level=key_of("张伟"))
    answer = decide(offices, plot, "entry_withdrawn", code, level=key_of("张伟"))
    assert reasons(answer) == {"persons_told_apart"}


def test_keys_of_nobody_cannot_be_told_apart(offices, plot, key_of):
    code = proposed(offices, plot, "entry", level=key_of("own"))
    answer = decide(offices, plot, "entry_withdrawn", code, level=key_of("own"))
    assert reasons(answer) == {"persons_told_apart"}
    assert "jingtu users" in answer.json()["errors"][0]["message"]


def test_a_key_linked_after_the_proposal_counts(offices, plot, key_of, api_urls):
    mine = key_of("own")
    code = proposed(offices, plot, "entry", level=mine)
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)
    with engine.begin() as owner:
        link_person(owner, f"registrar-{mine}", "wang")
    theirs = key_of("own", "zhao")
    done = decide(offices, plot, "entry_withdrawn", code, level=theirs)
    assert done.status_code == 201, done.text


def test_what_nobody_proposed_is_not_approved(offices, plot):
    for code in ("P-NOTHING", happen(offices, plot, "listed")["code"]):
        found = reasons(decide(offices, plot, "entry_withdrawn", code))
        assert found == {"proposal_known"}
    assert "proposal_known" in reasons(record(offices, plot, "entry_withdrawn"))


def test_a_proposal_is_decided_once(offices, plot):
    code = proposed(offices, plot, "entry")
    refused = decide(offices, plot, "correction_refused", code, reason="登记无误")
    assert refused.status_code == 201, refused.text
    assert offices.as_("registrar").get(plot).json()["stage"] == "candidate"
    for event in ("entry_withdrawn", "correction_refused"):
        again = decide(offices, plot, event, code, reason="再议")
        assert reasons(again) == {"proposal_waits"}
    (one,) = corrections(offices, plot)
    assert (one["state"], one["decision_reason"]) == ("refused", "登记无误")


def test_a_proposal_of_one_kind_is_not_approved_as_another(offices, plot):
    code = proposed(
        offices, plot, "field", wrong_field="address", right_value="净土路1号"
    )
    answer = decide(offices, plot, "entry_withdrawn", code)
    assert reasons(answer) == {"proposal_known"}


def decisions(api, plot):
    """What the next steps offer of what decides on a correction."""
    steps = api.as_("registrar").get(f"{plot}/next-steps").json()["steps"]
    return {one["event"] for one in steps} & DECISIONS


def test_a_decision_is_a_next_step_while_a_proposal_waits(offices, plot):
    assert decisions(offices, plot) == set()
    code = proposed(
        offices, plot, "field", wrong_field="address", right_value="净土路1号"
    )
    assert decisions(offices, plot) == {"field_corrected", "correction_refused"}
    done = decide(offices, plot, "correction_refused", code, reason="无误")
    assert done.status_code == 201, done.text
    assert decisions(offices, plot) == set()


def test_a_proposal_needs_reason_and_paper(offices, plot):
    answer = offices.as_("registrar").post(
        f"{plot}/events", {"event": "correction_proposed"}
    )
    assert reasons(answer) == {"document", "reason_given", "correction_named"}


def test_an_event_withdrawn_brings_back_what_was_before_it(offices, plot):
    happen(offices, plot, *TO_REGISTER[:-1])
    officer = offices.as_("registrar")
    before, known = officer.get(plot).json(), officer.get(f"{plot}/next-steps").json()
    made = happen(offices, plot, "register_entry")
    code = proposed(offices, plot, "event", wrong_event=made["code"])
    done = decide(offices, plot, "event_withdrawn", code)
    assert done.status_code == 201, done.text
    assert (done.json()["on"], done.json()["lists_left"]) == ("2026-03-02", ["rcr"])
    after = officer.get(plot).json()
    own = {"version", "recorded_at", "source", "change"}
    changed = {k for k in after if after[k] != before[k]} - own
    assert changed == set()
    assert officer.get(f"{plot}/next-steps").json()["lists"] == known["lists"]
    then = officer.get(plot, params={"known_at": made["change"]}).json()
    assert then["stage"] == "rcr_listed"
    events = officer.get(f"{plot}/events").json()["items"]
    assert [one["event"] for one in events if one["withdrawn"]] == ["register_entry"]


def test_a_plot_lives_on_after_an_event_was_withdrawn(offices, plot):
    made = happen(offices, plot, "listed")
    code = proposed(offices, plot, "event", wrong_event=made["code"])
    assert decide(offices, plot, "event_withdrawn", code).status_code == 201
    again = happen(offices, plot, "listed", "survey_notified")
    assert (again["to_stage"], again["lists"]) == ("initial_survey", ["suspected"])


def test_a_list_goes_on_as_if_never_left(offices, plot):
    early = DAY.replace(year=2024)
    happen(offices, plot, "listed", on=early)
    happen(offices, plot, "survey_notified", "survey_report_submitted")
    made = happen(offices, plot, "review_found_no_exceedance")
    code = proposed(offices, plot, "event", wrong_event=made["code"])
    assert decide(offices, plot, "event_withdrawn", code).status_code == 201
    (entry,) = offices.as_("registrar").get(f"{plot}/dossier").json()["lists"]
    assert (entry["entered_on"], entry["left_on"]) == (early.isoformat(), None)


@pytest.mark.parametrize("wrong", ["P-NOTHING", None])
def test_an_unknown_event_is_not_withdrawn(offices, plot, wrong):
    answer = propose(offices, plot, "event", wrong_event=wrong)
    assert reasons(answer) == {"wrong_event_named"}


def test_an_event_is_not_withdrawn_under_a_later_one(offices, plot):
    first = happen(offices, plot, "listed")
    happen(offices, plot, "survey_notified")
    answer = propose(offices, plot, "event", wrong_event=first["code"])
    assert reasons(answer) == {"nothing_rests_on_it"}


def test_a_later_event_bars_a_withdrawal_that_was_proposed(offices, plot):
    first = happen(offices, plot, "listed")
    code = proposed(offices, plot, "event", wrong_event=first["code"])
    happen(offices, plot, "survey_notified")
    answer = decide(offices, plot, "event_withdrawn", code)
    assert reasons(answer) == {"nothing_rests_on_it"}


def test_a_wrong_field_is_restated_from_the_day_it_was_wrong(offices, plot):
    answer = propose(
        offices, plot, "field", wrong_field="stated_area_m2", right_value="1200.5"
    )
    on = {"on": "2021-05-01"}
    assert answer.status_code == 201
    body = {
        "event": "correction_proposed",
        **on,
        "documents": [{"document_type": "other"}],
        "details": {
            "correction": "field",
            "reason": "面积有误",
            "wrong_field": "negative_list",
            "right_value": "ydyh_2023:0701;ydyh_2023:0702",
        },
    }
    county = offices.as_("registrar-county")
    code = county.post(f"{plot}/events", body).json()["code"]
    done = decide(offices, plot, "field_corrected", code)
    assert (done.status_code, done.json()["on"]) == (201, "2021-05-01"), done.text
    wanted = ["ydyh_2023:0701", "ydyh_2023:0702"]
    officer = offices.as_("registrar")
    assert officer.get(plot).json()["negative_list"] == wanted
    day = officer.get(plot, params={"as_of": "2021-04-30"}).json()
    assert not day["negative_list"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stage", "cleared"),
        ("held", "true"),
        ("mapped_area_m2", "5"),
        ("colour", "red"),
        ("target_met", "perhaps"),
        ("stated_area_m2", "1e999"),
        ("stage", "null"),
        (None, "x"),
        ("address", None),
    ],
)
def test_what_cannot_be_restated_is_refused(offices, plot, field, value):
    answer = propose(offices, plot, "field", wrong_field=field, right_value=value)
    assert reasons(answer) == {"field_restated"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("risk_grade", "terrible"), ("negative_list", "homes")],
)
def test_a_value_that_is_no_code_is_told(offices, plot, field, value):
    answer = propose(offices, plot, "field", wrong_field=field, right_value=value)
    assert answer.status_code == 422
    assert value in answer.json()["detail"]


def move(api, plot, geometry, **more):
    """Try to let a plot lie elsewhere by an edit of one person."""
    officer = api.as_("registrar")
    shown = officer.get(plot).json()
    sent = {**shown, "geometry": geometry, "valid_from": "2026-03-03", **more}
    return officer.put(plot, sent, headers={"If-Match": "*"})


def test_a_lead_is_drawn_anew_by_one_person(offices, plot):
    assert move(offices, plot, square(114.05, 34.65)).status_code == 200


@pytest.mark.parametrize(
    "change", [{"geometry": square(114.06, 34.65)}, {"accuracy_m": 1.0}]
)
def test_where_a_listed_plot_lies_is_not_edited(offices, plot, change):
    happen(offices, plot, "listed")
    shown = offices.as_("registrar").get(plot).json()
    answer = move(offices, plot, **{"geometry": shown["geometry"], **change})
    assert answer.status_code == 409, answer.text
    problem = answer.json()
    assert problem["reason"] == "boundary_by_correction"
    (name,) = change
    assert name in problem["detail"] and "correction_proposed" in problem["detail"]


def test_a_listed_plot_sent_as_it_was_is_no_move(offices, plot):
    happen(offices, plot, "listed")
    shown = offices.as_("registrar").get(plot).json()
    answer = move(offices, plot, shown["geometry"], name="净土地块")
    assert (answer.status_code, answer.json()["name"]) == (200, "净土地块")


def test_a_boundary_is_corrected_by_two_and_measured(offices, plot):
    happen(offices, plot, "listed")
    wanted = square(114.06, 34.65)
    code = proposed(
        offices, plot, "field", wrong_field="geometry", right_value=json.dumps(wanted)
    )
    officer = offices.as_("registrar")
    assert officer.get(plot).json()["geometry"]["type"] == "Point"
    done = decide(offices, plot, "field_corrected", code)
    assert done.status_code == 201, done.text
    found = officer.get(plot).json()
    drawn = shapely.from_geojson(json.dumps(found["geometry"]))
    assert drawn.equals(shapely.from_geojson(json.dumps(wanted)))
    expected = abs(Geod(ellps="GRS80").geometry_area_perimeter(drawn)[0])
    assert found["mapped_area_m2"] == pytest.approx(expected, rel=1e-6)
    (one,) = corrections(offices, plot)
    assert one["wrong_field_text"] == "边界或位置"


def test_a_place_is_corrected_by_degrees_minutes_and_seconds(offices, plot):
    happen(offices, plot, "listed")
    code = proposed(
        offices,
        plot,
        "field",
        wrong_field="geometry",
        right_value="34°39′00″ N, 114°03′36″ E",
    )
    assert decide(offices, plot, "field_corrected", code).status_code == 201
    place = offices.as_("registrar").get(plot).json()["geometry"]
    assert place["coordinates"] == pytest.approx([114.06, 34.65], abs=1e-12)


@pytest.mark.parametrize(
    "value",
    [
        "null",
        "{}",
        '{"type": "Polygon", "coordinates": []}',
        '{"type": "Point", "coordinates": [34.65, 114.06]}',
        '{"type": "Point", "coordinates": [1e999, 34.65]}',
        '{"type": "LineString", "coordinates": [[114, 34], [115, 34]]}',
        '{"type": "Polygon", "coordinates":'
        " [[[114, 34], [115, 35], [115, 34], [114, 35], [114, 34]]]}",
    ],
)
def test_a_boundary_that_is_none_is_told(offices, plot, value):
    answer = propose(offices, plot, "field", wrong_field="geometry", right_value=value)
    assert answer.status_code == 422, answer.text
    assert answer.json()["reason"] == "boundary_not_usable"


def test_a_plot_is_not_moved_far_beyond_its_county(offices, plot):
    field = {"wrong_field": "geometry", "right_value": "34°39′00″ N, 113°00′00″ E"}
    answer = propose(offices, plot, "field", **field)
    assert answer.status_code == 422, answer.text
    assert "超出 县999901（999901）界线" in answer.json()["detail"]


def test_corrections_of_a_plot_are_read_page_by_page(offices, plot):
    for place in range(3):
        right = f"净土路{place}号"
        proposed(offices, plot, "field", wrong_field="address", right_value=right)
    officer, found, after = offices.as_("registrar"), [], None
    for _ in range(3):
        asked = {"limit": 1} | ({"after": after} if after else {})
        page = officer.get(f"{plot}/corrections", params=asked).json()
        found += [one["right_value"] for one in page["items"]]
        after = page["next"]
    assert (sorted(found), after) == ([f"净土路{x}号" for x in range(3)], None)


def test_a_corrected_field_is_called_by_its_name(offices, plot):
    proposed(offices, plot, "field", wrong_field="address", right_value="净土路1号")
    english = offices.as_("registrar", **{"Accept-Language": "en"})
    (one,) = english.get(f"{plot}/corrections").json()["items"]
    assert (one["wrong_field"], one["wrong_field_text"]) == ("address", "Address")


def test_a_field_is_emptied_by_the_word_null(offices, plot):
    officer = offices.as_("registrar")
    shown = officer.get(plot).json()
    sent = {**shown, "address": "错误地址", "valid_from": "2024-01-01"}
    assert officer.put(plot, sent, headers={"If-Match": "*"}).status_code == 200
    code = proposed(offices, plot, "field", wrong_field="address", right_value="null")
    assert decide(offices, plot, "field_corrected", code).status_code == 201
    assert officer.get(plot).json()["address"] is None


def test_what_a_review_found_is_not_edited_but_corrected(offices, plot):
    happen(offices, plot, *TO_REGISTER[:3], "review_found_no_exceedance")
    officer = offices.as_("registrar")
    sent = {**officer.get(plot).json(), "valid_from": "2026-03-02"}
    sent["evaluated_class"] = "class_1"
    answer = officer.put(plot, sent, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["reason"]) == (
        409,
        "finding_by_correction",
    )
    code = proposed(
        offices, plot, "field", wrong_field="evaluated_class", right_value="class_1"
    )
    refused = decide(offices, plot, "field_corrected", code, level="county")
    assert reasons(refused) == {"level", "proposed_by_another"}
    assert decide(offices, plot, "field_corrected", code).status_code == 201
    assert officer.get(plot).json()["evaluated_class"] == "class_1"


def test_a_county_does_not_undo_what_its_province_decided(offices, plot):
    made = happen(offices, plot, *TO_REGISTER)
    code = proposed(offices, plot, "event", wrong_event=made["code"])
    answer = decide(offices, plot, "event_withdrawn", code, level="city")
    assert reasons(answer) == {"level"}


def test_a_correction_holds_from_the_day_proposed(offices, plot):
    code = proposed(offices, plot, "entry")
    body = {
        "event": "entry_withdrawn",
        "on": "2024-01-01",
        "documents": [{"document_type": "correction_approval"}],
        "details": {"proposal": code},
    }
    answer = offices.as_("registrar-province").post(f"{plot}/events", body)
    assert reasons(answer) == {"on_the_day_proposed"}


def test_what_waits_is_listed_for_those_who_see_the_plot(offices, plot):
    code = proposed(offices, plot, "entry")
    wanted = {"state": "proposed", "limit": 1000}

    def seen(who):
        answer = offices.as_(who).get("/v1/plot-corrections", params=wanted)
        assert answer.status_code == 200, answer.text
        return {one["code"] for one in answer.json()["items"]}

    assert code in seen("registrar-city") and code in seen("planner")
    assert code not in seen("planner_other_county")
    other = offices.as_("planner_other_county")
    assert other.get(f"{plot}/corrections").status_code == 404


def test_the_list_of_corrections_goes_on_page_by_page(offices, plot):
    codes = [proposed(offices, plot, "entry") for _ in range(3)]
    officer, found, after = offices.as_("registrar"), [], None
    while True:
        asked = {"limit": 2} | ({"after": after} if after else {})
        page = officer.get("/v1/plot-corrections", params=asked).json()
        found += [one["code"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(found) == len(set(found)) and set(codes) <= set(found)
