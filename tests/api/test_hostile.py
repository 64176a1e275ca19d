"""Whatever is sent, the answer is a clear 4xx: never a 5xx, never a stack trace."""

import json

import pytest

from tests.api.bodies import new_code, parcel, square

JSON = {"Content-Type": "application/json"}
ENGLISH = {"Accept-Language": "en"}
DEEP = b"[" * 100_000
NESTED = b'{"a":' * 40 + b"1" + b"}" * 40
BODIES = {
    "empty": b"",
    "broken": b"{",
    "not UTF-8": b'{"transaction": "\xff\xfe"}',
    "GBK": '{"transaction": "出让"}'.encode("gbk"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "NaN": b'{"transaction": NaN}',
    "infinity": b'{"subject": {"geometry": {"coordinates": [Infinity]}}}',
    "too large a number": b'{"transaction": 1e999}',
    "lone surrogate": b'{"transaction": "\\ud800"}',
    "NUL": b'{"transaction": "a\\u0000b"}',
    "NUL in a name": b'{"a\\u0000": 1}',
    "bottomless": DEEP,
    "nested": NESTED,
    "trailing": b'{"transaction": "grant"} x',
}


@pytest.mark.parametrize("path", ["/v1/gate/decisions", "/v1/parcels", "/v1/extracts"])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_json_is_refused(api, path, body):
    answer = api.send("POST", path, content=body, headers=JSON)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "multipart/form-data", "application/xml"]
)
def test_a_body_of_another_type_is_refused(api, kind):
    headers = {} if kind is None else {"Content-Type": kind}
    answer = api.send("POST", "/v1/gate/decisions", content=b"{}", headers=headers)
    assert answer.status_code == 415


def test_a_body_too_long_is_refused_before_it_is_read(api):
    headers = JSON | {"Content-Length": str(10**12)}
    answer = api.send("POST", "/v1/extracts", content=b"{}", headers=headers)
    assert answer.status_code == 413


def test_a_body_too_long_is_refused_while_it_is_read(api):
    def parts():
        for _ in range(10):
            yield b" " * 1024 * 1024

    answer = api.send("POST", "/v1/extracts", content=parts(), headers=JSON)
    assert answer.status_code == 413


RINGS = {
    "no ring": [],
    "not a list": "ring",
    "null": None,
    "empty ring": [[]],
    "a number": [[1, 2, 3, 4]],
    "one point": [[[114, 34.6]]],
    "not closed": [[[114, 34.6], [114.001, 34.6], [114.001, 34.601], [114, 34.602]]],
    "texts": [[["114", "34.6"]] * 4],
    "booleans": [[[True, False]] * 4],
    "one number": [[[114]] * 4],
    "five numbers": [[[114, 34.6, 0, 0, 0]] * 4],
    "objects": [[{"x": 1}] * 4],
    "nulls": [[[None, None]] * 4],
    "no area": [[[114, 34.6]] * 5],
    "line": [[[114, 34.6], [114.001, 34.6], [114, 34.6], [114, 34.6]]],
    "metres": [[[500000, 3800000], [500100, 3800000], [500100, 3800100],
                [500000, 3800000]]],
    "latitude first": [[[34.6, 114], [34.601, 114], [34.601, 114.001], [34.6, 114]]],
    "huge": [[[1e308, 1e308], [-1e308, 1e308], [1e308, -1e308], [1e308, 1e308]]],
    "very huge integer": [[[10**400, 0]] * 4],
    "hole outside": [
        [[114, 34.6], [114.001, 34.6], [114.001, 34.601], [114, 34.6]],
        [[115, 34.6], [115.001, 34.6], [115.001, 34.601], [115, 34.6]],
    ],
}  # fmt: skip


@pytest.mark.parametrize("rings", RINGS.values(), ids=RINGS)
def test_geometry_that_cannot_be_is_refused_with_its_place(api, rings):
    geometry = {"type": "Polygon", "coordinates": rings}
    for path, body in (
        ("/v1/parcels", parcel(new_code(), geometry=geometry)),
        ("/v1/extracts", {"geometry": geometry}),
        ("/v1/parcels/lookup", {"geometry": geometry}),
    ):
        content = json.dumps(body).encode()
        answer = api.send("POST", path, content=content, headers=JSON)
        assert answer.status_code in (400, 422), (path, answer.text)


@pytest.mark.parametrize(
    "geometry",
    [
        {},
        {"type": "Polygon"},
        {"type": "Circle", "coordinates": []},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Feature", "geometry": square(114, 34.6), "properties": {}},
        {"type": ["Polygon"], "coordinates": []},
        {**square(114, 34.6), "crs": {"type": "name"}},
        {"type": "MultiPolygon", "coordinates": [[], []]},
    ],
)
def test_what_is_no_geometry_is_refused(api, geometry):
    answer = api.post("/v1/parcels", parcel(new_code(), geometry=geometry))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/geometry")


def test_too_many_vertices_are_refused(api):
    ring = [[114 + i * 1e-9, 34.6] for i in range(200_001)]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    answer = api.post("/v1/extracts", {"geometry": geometry})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("/v1/extracts", {}, "/geometry/coordinates"),
        (
            "/v1/gate/decisions",
            {"transaction": "grant"},
            "/subject/geometry/coordinates",
        ),
    ],
)
def test_a_subject_with_more_vertices_than_can_be_asked_about_is_refused_unread(
    api, path, body, where
):
    ring = [["no position"]] * 10_001
    geometry = {"type": "Polygon", "coordinates": [ring]}
    drawn = {"subject": {"geometry": geometry}} if body else {"geometry": geometry}
    answer = api.post(path, body | drawn)
    assert answer.status_code == 422
    assert [
        (fault["pointer"], fault["reason"]) for fault in answer.json()["errors"]
    ] == [(where, "too_many_vertices")]


@pytest.mark.parametrize("crs", ["abc", "EPSG:", True, [], {}, 1.5, "99999999"])
@pytest.mark.parametrize(
    "geometry", ["34°45′47.62″ N, 114°18′36.56″ E", square(114, 34.6)]
)
def test_what_is_no_crs_is_named_whatever_the_geometry(api, crs, geometry):
    body = {"code": "X1", "division_code": "999901", "name": "厂", "status": "active"}
    body |= {"crs": crs, "geometry": geometry}
    answer = api.as_("registrar").post("/v1/enterprises", body)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/crs"]


ENTERPRISE = {"division_code": "999901", "name": "厂", "status": "active"} | {
    "geometry": {"type": "Point", "coordinates": [114.0, 34.6]}
}


@pytest.mark.parametrize("code", ["豫环/2020-1", "/", "a//b", "<b>1</b>"])
def test_a_code_with_a_slash_is_reached_by_its_address(api, code):
    registrar = api.as_("registrar")
    made = registrar.post("/v1/enterprises", ENTERPRISE | {"code": code})
    assert made.status_code == 201, made.text
    path = made.headers["location"]
    assert registrar.get(path).json()["code"] == code
    assert registrar.get(f"{path}/versions").json()["items"][0]["code"] == code
    end = {"on": "2030-01-01", "reason": "迁出"}
    assert registrar.post(f"{path}/end", end).status_code == 200


def test_a_slash_in_an_address_is_shown_as_it_was_sent(api):
    answer = api.get("/v1/plots/a%2Fb/nothing")
    assert (answer.status_code, answer.json()["instance"]) == (
        404,
        "/v1/plots/a%2Fb/nothing",
    )
    assert "'a/b'" in api.get("/v1/plots/a%2fb", headers=ENGLISH).json()["detail"]


@pytest.mark.parametrize("code", [".", "..", " .. ", "a\nb", "a\u202eb", "a\u200bb"])
def test_a_code_that_no_address_can_hold_is_refused(api, code):
    sent = ENTERPRISE | {"code": code}
    answer = api.as_("registrar").post("/v1/enterprises", sent)
    assert answer.status_code == 422
    assert [fault["reason"] for fault in answer.json()["errors"]] == ["code_characters"]


@pytest.mark.parametrize(
    "day", [0, 86400, 1.5e9, True, "0", "20260101", "2026-W05-1", "2026-02-30", []]
)
def test_what_is_no_day_is_refused(api, day):
    answer = api.post("/v1/parcels", parcel(new_code(), valid_from=day))
    assert answer.status_code == 422
    assert [
        (fault["pointer"], fault["reason"]) for fault in answer.json()["errors"]
    ] == [("/valid_from", "date")]


@pytest.mark.parametrize("geometry", [None, 7, [], "x" * 201])
def test_what_may_be_of_several_kinds_is_named_by_its_place_alone(api, geometry):
    body = {"code": "X1", "division_code": "999901", "name": "厂", "status": "active"}
    answer = api.as_("registrar").post("/v1/enterprises", body | {"geometry": geometry})
    assert answer.status_code == 422
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {"/geometry"}


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=1001",
        "limit=abc",
        "limit=" + "9" * 5000,
        "after=!!!",
        "after=W10",
        "after=WyJhXHUwMDAwIiwxXQ",
        "bbox=1,2,3",
        "bbox=nan,nan,nan,nan",
        "bbox=115,34,114,35",
        "bbox=a,b,c,d",
        "as_of=2026-02-30",
        "as_of=yesterday",
        "as_of=0",
        "as_of=86400",
        "as_of=20260101",
        "as_of=2026-01-01T00:00:00Z",
        "as_of=",
        "as_of=99999-01-01",
        "known_at=-1",
        "known_at=" + "9" * 40,
        "known_at=2026-01-01T00:00:00",
        "known_at=soon",
        "division=abc",
        "division=00",
        "limit=1&limit=x",
        "land_use_scheme=%FF%FE&limit=0",
    ],
)
def test_a_query_that_cannot_be_is_refused(api, query):
    answer = api.get(f"/v1/parcels?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["in"] == "query" or "moment" in answer.text


@pytest.mark.parametrize(
    "code",
    [
        "..%2f..%2fetc%2fpasswd",
        "%FF%FE",
        "'%20or%201=1--",
        "x" * 3000,
        "%E5%9C%9F%E5%9C%B0",
        "%0d%0aSet-Cookie:x=1",
        "%F0%9F%98%80",
        "-",
        "%2e%2e",
    ],
)
@pytest.mark.parametrize("path", ["parcels", "plots"])
def test_a_code_that_cannot_be_is_refused(api, path, code):
    answer = api.get(f"/v1/{path}/{code}")
    assert answer.status_code in (404, 422), answer.text


@pytest.mark.parametrize("path", ["/v1/plots/a%00b", "/v1/parcels?land_use_code=%00"])
def test_nul_in_an_address_is_refused(api, path):
    answer = api.get(path)
    assert (answer.status_code, answer.json()["type"]) == (
        400,
        "urn:jingtu:problem:nul-character",
    )


@pytest.mark.parametrize(
    "more",
    [
        {"valid_from": "0000-00-00"},
        {"valid_from": "2026-01-01T12:00:00"},
        {"valid_from": 20260101},
        {"division_code": "1" * 12},
        {"division_code": "99"},
        {"division_code": "abcdef"},
        {"registered_area_m2": "1e3"},
        {"registered_area_m2": -0.01},
        {"location": "x" * 501},
        {"location": ""},
        {"location": ["a"]},
        {"land_use_scheme": "other"},
        {"supplied": 1},
        {"parcel_code": "x"},
        {"parcel_code": "999901001001GB00000"},
        {"parcel_code": 999901001001},
    ],
)
def test_an_attribute_that_cannot_be_is_refused(api, more):
    answer = api.post("/v1/parcels", parcel(new_code(), **more))
    assert answer.status_code in (403, 422), answer.text


def test_a_number_beyond_the_column_is_refused(api):
    body = {
        "code": new_code(),
        "division_code": "999901",
        "kind": "school",
        "population": 2**31,
        "geometry": {"type": "Point", "coordinates": [114.0, 34.6]},
    }
    answer = api.as_("registrar").post("/v1/receptors", body)
    assert answer.status_code == 422


def test_what_may_be_sent_is_listed_without_a_word_of_english(api):
    (fault,) = api.get("/v1/gate/decisions?outcome=perhaps").json()["errors"]
    assert fault["message"].endswith("'allow_with_conditions', 'allow'。")


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "TRACE", "BREW"])
def test_a_method_that_does_not_exist_is_named(api, method):
    answer = api.send(method, "/v1/parcels")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["allow"] == "GET, HEAD, POST"
    assert "GET, HEAD, POST" in answer.json()["detail"]


def test_a_path_that_does_not_exist_is_a_problem_too(api):
    answer = api.get("/v1/nothing", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer.json()["title"] == "No such path"
    assert "/openapi.json lists them all" in answer.json()["detail"]


def test_what_nobody_expected_tells_nothing_of_the_inside(api, monkeypatch, caplog):
    def fail(*_args, **_more):
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("app.routes.parcels.find_version", fail)
    answer = api.get("/v1/parcels/999901001001GB00001")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert answer.json()["request_id"] in caplog.text and "secret" in caplog.text


@pytest.mark.parametrize("sent", ["abc-1.2_3", "x" * 65, "a b", "<script>"])
def test_a_request_keeps_the_number_it_came_with_if_it_is_one(api, sent):
    answer = api.get("/healthz", headers={"X-Request-ID": sent})
    assert (answer.headers["x-request-id"] == sent) == (sent == "abc-1.2_3")


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        ("GET", "/nothing", 404, None),
        ("GET", "/v1/nothing", 404, None),
        ("GET", "/ogc/nothing", 404, None),
        ("GET", "/static/nothing.js", 404, None),
        ("GET", "/static/manifest.json", 404, None),
        ("POST", "/static/nothing.js", 405, "GET, HEAD"),
        ("DELETE", "/v1/parcels", 405, "GET, HEAD, POST"),
        ("TRACE", "/healthz", 405, "GET, HEAD"),
        ("POST", "/ogc/collections", 405, "GET, HEAD"),
    ],
)
def test_an_address_or_method_there_is_not_is_a_problem_document(
    api, method, path, status, allowed
):
    answer = api.send(method, path, headers=ENGLISH)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get("allow") == allowed
    found = answer.json()
    assert {"type", "title", "detail", "instance", "request_id"} <= found.keys()
    assert allowed is None or f"answers to {allowed}." in found["detail"]
