"""The gate over HTTP: asked, recorded, repeated, read and verified."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import shapely

from tests.api.bodies import THEIRS, parcel_code, square

QUESTION = {"transaction": "transfer", "subject": {"parcel_code": parcel_code(1)}}


def ask(api, body=QUESTION, **headers):
    return api.post("/v1/gate/decisions", body, headers=headers)


def test_a_decision_is_recorded_and_can_be_read(api):
    answer = ask(api)
    assert answer.status_code == 201
    assert api.get(answer.headers["location"]).json() == answer.json()


def test_a_decision_names_its_entry_in_the_ledger(api):
    decision = ask(api).json()
    assert decision["ledger"]["entry"] == decision["id"]
    assert len(bytes.fromhex(decision["ledger"]["leaf_hash"])) == 32


def test_a_decision_names_its_ground(api):
    decision = ask(api).json()
    assert decision["outcome"] == "insufficient_data"
    assert decision["missing_facts"]
    unknown = [f for f in decision["findings"] if f["status"] == "unknown"]
    assert unknown and all(f["reason"] for f in unknown)
    assert len(decision["rule_set"]["sha256"]) == 64


def test_a_decision_speaks_the_language_asked_for(api):
    chinese = ask(api).json()
    path = f"/v1/gate/decisions/{chinese['id']}"
    english = api.get(path, headers={"Accept-Language": "en"}).json()
    assert chinese["outcome_title"] == "资料不足"
    assert english["outcome_title"].isascii()


def test_a_polygon_can_be_asked_about(api):
    body = QUESTION | {"subject": {"geometry": square(114.05, 34.65)}}
    assert ask(api, body).status_code == 201


def test_a_dry_run_is_not_recorded(api):
    before = api.get("/v1/gate/decisions").json()["items"][:1]
    answer = ask(api, QUESTION | {"dry_run": True})
    assert (answer.status_code, answer.json()["id"]) == (200, None)
    assert api.get("/v1/gate/decisions").json()["items"][:1] == before


def test_the_same_request_under_one_key_gets_the_same_answer(api):
    first = ask(api, **{"Idempotency-Key": "same"})
    second = ask(api, **{"Idempotency-Key": "same"})
    assert second.content == first.content
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["location"] == first.headers["location"]


def test_another_request_under_one_key_is_refused(api):
    ask(api, **{"Idempotency-Key": "other"})
    answer = ask(api, QUESTION | {"reference": "2"}, **{"Idempotency-Key": "other"})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("idempotency-key-reused")


def test_keys_of_repetition_belong_to_their_client(api):
    first = ask(api, **{"Idempotency-Key": "mine"})
    second = ask(api.as_("permit_system"), **{"Idempotency-Key": "mine"})
    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]


def test_a_refused_request_leaves_its_key_free(api):
    wrong = QUESTION | {"transaction": "sell"}
    assert ask(api, wrong, **{"Idempotency-Key": "free"}).status_code == 422
    assert ask(api, **{"Idempotency-Key": "free"}).status_code == 201


def test_a_dry_run_leaves_its_key_to_the_decision(api):
    key, trial = {"Idempotency-Key": "tried"}, QUESTION | {"dry_run": True}
    tried = [ask(api, trial, **key) for _ in range(2)]
    assert [one.status_code for one in tried] == [200, 200]
    assert not any("idempotency-replayed" in one.headers for one in tried)
    assert ask(api, **key).status_code == 201
    assert ask(api, trial, **key).status_code == 200


@pytest.mark.parametrize("body", [QUESTION, QUESTION | {"dry_run": True}])
@pytest.mark.parametrize("key", ["", " ", "x" * 256, "密"])
def test_a_key_of_repetition_has_a_form(api, key, body):
    headers = {"Idempotency-Key": key.encode()}
    answer = api.post("/v1/gate/decisions", body, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "Idempotency-Key"


@pytest.mark.parametrize("second", ["one", "two"])
def test_a_key_of_repetition_comes_once(api, second):
    key = api.keys["planner"]
    headers = [
        ("Authorization", f"Bearer {key}"),
        ("Idempotency-Key", "one"),
        ("Idempotency-Key", second),
    ]
    answer = api.client.post("/v1/gate/decisions", json=QUESTION, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["found"] == f"one, {second}"


def test_every_fault_of_a_question_is_named(api):
    body = {
        "transaction": "sell",
        "subject": {"parcel_code": "x", "colour": 1},
        "planned_use": {"scheme": "?"},
        "project": [],
        "dry_run": "yes",
        "extra": 1,
    }
    answer = ask(api, body)
    assert answer.status_code == 422
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {
        "/transaction",
        "/subject/parcel_code",
        "/subject/colour",
        "/planned_use",
        "/project",
        "/dry_run",
        "/extra",
    }


@pytest.mark.parametrize(
    ("member", "value", "found"),
    [
        ("planned_use", {"scheme": "旧"}, '{"scheme":"旧"}'),
        ("reference", "", '""'),
        ("reference", "a\u202eb", r'"a\u202eb"'),
        ("reference", "x" * 300, '"' + "x" * 78 + "…"),
    ],
)
def test_what_was_found_is_told_as_json(api, member, value, found):
    (fault,) = ask(api, QUESTION | {member: value}).json()["errors"]
    assert fault["found"] == found


@pytest.mark.parametrize("body", [[], "text", 1, None, True])
def test_a_question_is_an_object(api, body):
    assert ask(api, body).status_code == 422 if body is not None else 400


@pytest.mark.parametrize(
    "subject",
    [
        None,
        {},
        [],
        {"parcel_code": None},
        {"parcel_codes": []},
        {"parcel_codes": ["999901001001GB00001"] * 201},
        {"parcel_codes": [1]},
        {"parcel_code": "999901001001GB00001", "geometry": square(114, 34.6)},
        {"geometry": {"type": "Point", "coordinates": [114, 34.6]}},
        {"geometry": square(34.6, 114)},
        {"geometry": square(114, 34.6), "crs": "mars"},
        {"geometry": square(114, 34.6), "crs": 2362},
    ],
)
def test_a_subject_that_cannot_be_is_named(api, subject):
    answer = ask(api, {"transaction": "transfer", "subject": subject})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"].startswith("/subject")


def test_a_parcel_of_another_division_is_no_subject(api):
    subject = {"parcel_code": parcel_code(1, THEIRS)}
    answer = ask(api, QUESTION | {"subject": subject})
    assert answer.status_code == 422
    assert answer.json()["reason"] == "parcel_not_found"


def test_decisions_are_listed_the_latest_first_page_by_page(api):
    made = [ask(api).json()["id"] for _ in range(3)]
    first = api.get("/v1/gate/decisions?limit=2").json()
    second = api.get(f"/v1/gate/decisions?limit=2&after={first['next']}").json()
    listed = [d["id"] for d in first["items"] + second["items"]]
    assert listed[:3] == made[::-1] and len(set(listed)) == 4


def test_decisions_are_filtered(api):
    ask(api, QUESTION | {"transaction": "reserve"})
    for query in ("transaction=reserve", f"parcel_code={parcel_code(1)}"):
        items = api.get(f"/v1/gate/decisions?{query}").json()["items"]
        name, _, value = query.partition("=")
        key = "parcel_codes" if name == "parcel_code" else name
        assert items and all(value in d[key] for d in items)


def test_decisions_are_filtered_by_the_days_they_were_recorded_on(api):
    decision = ask(api).json()
    moment = datetime.fromisoformat(decision["recorded_at"])
    day = moment.astimezone(ZoneInfo("Asia/Shanghai")).date()

    def found(first, last):
        query = {"recorded_from": str(first), "recorded_to": str(last)}
        items = api.get("/v1/gate/decisions", params=query).json()["items"]
        return decision["id"] in {item["id"] for item in items}

    one = timedelta(days=1)
    assert found(day, day)
    assert not found(day - one, day - one)
    assert not found(day + one, day + one)


def test_a_decision_can_be_read_with_its_land(api):
    answer = ask(api, QUESTION | {"subject": {"geometry": square(114.05, 34.65)}})
    path, geojson = answer.headers["location"], {"Accept": "application/geo+json"}
    feature = api.get(path, headers=geojson)
    assert feature.headers["content-type"] == "application/geo+json"
    assert feature.json()["properties"] == answer.json()
    bounds = shapely.from_geojson(json.dumps(feature.json()["geometry"])).bounds
    assert bounds == pytest.approx((114.05, 34.65, 114.051, 34.651), abs=1e-9)


def test_a_decision_is_not_there_for_another_division(api):
    path = ask(api).headers["location"]
    assert api.as_("planner_other_county").get(path).status_code == 404
    assert api.as_("auditor").get(path).status_code == 200


@pytest.mark.parametrize("number", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_decision_that_was_never_made_is_not_there(api, number):
    assert api.get(f"/v1/gate/decisions/{number}").status_code == 404


def test_anybody_can_verify_a_certificate_and_learns_no_more(api):
    decision = ask(api).json()
    answer = api.as_(None).get(decision["links"]["verify"])
    assert answer.json() == {
        "certificate_number": decision["certificate_number"],
        "genuine": True,
        "outcome": decision["outcome"],
        "as_of": decision["as_of"],
        "recorded_at": answer.json()["recorded_at"],
        "valid_until": decision["valid_until"],
        "state": "in_force",
    }
    assert api.as_(None).get("/verify/JT-999901-20260101-0000").status_code == 404


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "地票交易"), ("en", "land-ticket trade")]
)
def test_the_form_says_what_else_is_asked_as_a_transaction(api, language, said):
    asked = api.get("/v1/gate/transactions", headers={"Accept-Language": language})
    forms = {form["code"]: form for form in asked.json()["items"]}
    named = {code for code, form in forms.items() if form["other_names"]}
    assert named == {"collective_market", "transfer", "farm_circulate"}
    assert said in forms["transfer"]["other_names"]
    assert "2017" in forms["transfer"]["named_in"] and not forms["grant"]["named_in"]


def test_the_api_document_names_them_too(api):
    schemas = str(api.get("/openapi.json").json()["paths"]["/v1/gate/decisions"])
    assert "farm_circulate 农村土地经营权流转 (also 农用地经营权改变)" in schemas


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("地票交易", "transfer"),
        ("农用地经营权改变", "farm_circulate"),
        ("集体建设用地首次流转", "collective_market"),
    ],
)
def test_a_dealing_sent_by_another_name_is_told_its_transaction(api, name, code):
    body = {"transaction": name, "subject": {"parcel_code": parcel_code(1)}}
    answer = api.post("/v1/gate/decisions", body, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["message"].startswith(f"send {code} for it")


def test_the_form_says_what_each_transaction_needs(api):
    forms = {f["code"]: f for f in api.get("/v1/gate/transactions").json()["items"]}
    assert len(forms) == 19
    assert forms["grant"]["planned_use"] == "required"
    paths = [field["path"] for field in forms["farm_circulate"]["fields"]]
    assert "declared.crop" in paths
