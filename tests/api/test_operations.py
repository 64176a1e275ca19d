"""Health, metrics, headers, and a description of the interface that holds."""

import json
import re

import pytest

from app.metrics import Metrics
from parcels.register.layers import LAYERS
from tests.api.bodies import parcel_code


def test_alive_and_ready_without_a_key(api):
    for path in ("/healthz", "/readyz"):
        assert api.as_(None).get(path).status_code == 200


def test_not_ready_while_the_database_is_away(api, monkeypatch):
    from app.database_errors import DatabaseUnavailable

    def fail(self):
        raise DatabaseUnavailable("gone")

    monkeypatch.setattr("app.database.Database.check", fail)
    answer = api.as_(None).get("/readyz")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "gone" not in answer.text


def test_not_ready_with_a_schema_of_another_program(api, monkeypatch):
    from app.refusals import DatabaseUnusable

    def fail(self):
        raise DatabaseUnusable("schema 0001")

    monkeypatch.setattr("app.database.Database.check", fail)
    answer = api.as_(None).get("/readyz")
    assert (answer.status_code, "0001" in answer.text) == (503, False)


def test_the_head_of_an_answer_can_be_asked_for(api):
    path = f"/v1/parcels/{parcel_code(1)}"
    head = api.send("HEAD", path)
    assert head.status_code == 200
    assert head.headers["etag"] == api.get(path).headers["etag"]


def test_metrics_count_by_route_and_name_no_code(api):
    api.get(f"/v1/parcels/{parcel_code(1)}")
    text = api.as_(None).get("/metrics").text
    assert 'route="/v1/parcels/{code}",status="200"' in text
    assert parcel_code(1) not in text


def test_metrics_add_up_the_processes_of_a_run(tmp_path):
    first, second = Metrics(tmp_path), Metrics(tmp_path)
    second._file = first._file.with_name(first._file.name.replace("-", "-9"))
    second.count("GET", "/x", 200, 0.01)
    second.save()
    first.count("GET", "/x", 200, 0.01)
    expected = 'jingtu_requests_total{method="GET",route="/x",status="200"} 2'
    assert expected in first.exposition()


def test_metrics_of_an_earlier_run_are_dropped(tmp_path):
    old = tmp_path / "1-2.json"
    old.write_text('{"jingtu_requests_total{}": 5}')
    told = Metrics(tmp_path).exposition().splitlines()
    assert not [
        line
        for line in told
        if line.startswith("jingtu_requests_total") and line.endswith(("5", "5.0"))
    ]
    assert not old.exists()


@pytest.mark.parametrize("path", ["/healthz", "/v1/parcels", "/nothing", "/v1/plots"])
def test_every_answer_is_strict_with_browsers(api, path):
    headers = api.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-request-id"]


def test_answers_are_not_kept_by_others(api):
    assert "private" in api.get("/v1/parcels").headers["cache-control"]
    assert api.get("/v1/nothing").headers["cache-control"] == "no-store"


@pytest.fixture(scope="module")
def document(_register):
    return _register.get("/openapi.json").json()


def test_every_reference_of_the_document_leads_somewhere(document):
    for reference in re.findall(r'"\$ref": ?"#/([^"]+)"', json.dumps(document)):
        place = document
        for part in reference.split("/"):
            assert part in place, reference
            place = place[part]


def test_every_operation_is_described(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), (method, path)
            assert operation["tags"], (method, path)


def test_every_operation_tells_its_refusals(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if path in ("/healthz", "/metrics"):
                continue
            responses = operation["responses"]
            assert "503" in responses, (method, path)
            if operation["security"]:
                assert {"401", "403"} <= set(responses), (method, path)
            for status, response in responses.items():
                if status >= "400":
                    assert "application/problem+json" in response["content"]


def test_every_write_can_be_repeated(document):
    for path, methods in document["paths"].items():
        for method in ("post", "put"):
            if method not in methods or path == "/v1/session":
                continue
            names = {p.get("name") for p in methods[method].get("parameters", [])}
            reads = path in ("/v1/extracts", "/v1/parcels/lookup")
            assert ("Idempotency-Key" in names) != reads, path


def test_a_body_that_must_hold_nothing_may_be_left_out(api, document):
    """Of a post that takes an empty object, and of no other."""
    left_out = set()
    for path, methods in document["paths"].items():
        body = methods.get("post", {}).get("requestBody", {"content": {}})
        if "application/json" not in body["content"]:
            continue
        needed = api.as_("admin").post(path, {}).status_code == 422
        assert needed == body.get("required", False), path
        bare = api.as_("admin").send("POST", path)
        assert (bare.status_code == 415) == needed, (path, bare.text)
        left_out |= set() if needed else {path}
    assert left_out == {
        "/v1/gate/decisions/{decision_id}/replay",
        "/v1/screening/runs/{run_id}/rerun",
        "/v1/uploads/{upload_id}/confirm",
        "/v1/uploads/{upload_id}/commit",
    }


def test_the_question_to_the_gate_has_examples_that_are_answered(api, document):
    body = document["paths"]["/v1/gate/decisions"]["post"]["requestBody"]
    for example in body["content"]["application/json"]["examples"].values():
        answer = api.post("/v1/gate/decisions", example["value"] | {"dry_run": True})
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("layer", [x for x in LAYERS if x.path], ids=lambda x: x.name)
def test_the_example_of_a_layer_is_accepted(api, document, layer):
    operation = document["paths"][f"/v1/{layer.path}"]["post"]
    reference = operation["requestBody"]["content"]["application/json"]["schema"][
        "$ref"
    ]
    schema = document["components"]["schemas"][reference.rpartition("/")[2]]
    (example,) = schema["examples"]
    answer = api.as_("admin").post(f"/v1/{layer.path}", example)
    assert answer.status_code == 201, answer.text


def test_answers_have_the_shape_of_the_document(api, document):
    """Every member answered is described, and every required one is there."""
    for path, concrete in (
        ("/v1/parcels/{code}", f"/v1/parcels/{parcel_code(1)}"),
        ("/v1/parcels", "/v1/parcels"),
        ("/v1/parcels/{code}/extract", f"/v1/parcels/{parcel_code(3)}/extract"),
        ("/v1/gate/decisions", "/v1/gate/decisions"),
        ("/v1/gate/transactions", "/v1/gate/transactions"),
        ("/v1/session", "/v1/session"),
    ):
        operation = document["paths"][path]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        _compare(api.get(concrete).json(), schema, document, path)


def test_a_decision_has_the_shape_of_the_document(api, document):
    question = {"transaction": "grant", "subject": {"parcel_code": parcel_code(1)}}
    answer = api.post("/v1/gate/decisions", question)
    schema = {"$ref": "#/components/schemas/DecisionModel"}
    _compare(answer.json(), schema, document, "decision")


def _compare(value, schema, document, place):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        if value is None:
            assert {"type": "null"} in schema["anyOf"], place
            return
        schema = next(s for s in schema["anyOf"] if s.get("type") != "null")
        return _compare(value, schema, document, place)
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        assert not set(value) - set(known), (place, set(value) - set(known))
        assert not set(schema.get("required", ())) - set(value), place
        for name, inner in value.items():
            _compare(inner, known[name], document, f"{place}.{name}")
    elif isinstance(value, list) and "items" in schema:
        for inner in value:
            _compare(inner, schema["items"], document, f"{place}[]")
