"""Requests made at random from the API document: no answer is a fault of ours."""

import string
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.bodies import parcel_code, square
from tests.api.conftest import Api, fill_register, make_keys, serve

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(
        ["", "0", "999901", "2026-01-01", "9999-12-31", "0001-01-01", parcel_code(1)]
    ),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


def from_schema(schema: dict[str, Any], document: dict[str, Any]) -> st.SearchStrategy:
    """Values that mostly fit a schema, and sometimes do not."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return st.one_of(_fitting(schema, document), ANYTHING)


def _fitting(schema, document):
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([from_schema(s, document) for s in schema["anyOf"]])
    match schema.get("type"):
        case "object" if "coordinates" in schema.get("properties", {}):
            return st.sampled_from([square(114.0, 34.6), square(0, 0), {}])
        case "object" if "properties" in schema:
            members = {
                name: from_schema(inner, document)
                for name, inner in schema["properties"].items()
            }
            needed = {n: members[n] for n in schema.get("required", ())}
            rest = {n: s for n, s in members.items() if n not in needed}
            return st.fixed_dictionaries(needed, optional=rest)
        case "array":
            return st.lists(from_schema(schema.get("items", {}), document), max_size=3)
        case "string" if schema.get("format") == "date":
            return st.dates().map(str)
        case "string":
            return st.text(string.printable, max_size=30) | st.text(max_size=10)
        case "integer":
            return st.integers(-(2**65), 2**65)
        case "number":
            return st.floats(allow_nan=False, allow_infinity=False)
        case "boolean":
            return st.booleans()
    return ANYTHING


def operations(document):
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if path != "/v1/session"
    ]


@pytest.fixture(scope="module")
def register(copy_database, tmp_path_factory):
    """A register of their own: what these requests write is nobody's business."""
    urls = copy_database()
    with serve(urls, tmp_path_factory.mktemp("fuzz")) as client:
        yield fill_register(Api(client, make_keys(urls)))


@pytest.mark.parametrize("share", range(6))
def test_no_request_ends_in_a_fault_of_ours(register, share):
    api = register.as_("admin")
    document = api.get("/openapi.json").json()
    # Each part takes every sixth operation, so that a failure is found sooner.
    chosen = operations(document)[share::6]

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def ask(data):
        path, method, operation = data.draw(st.sampled_from(chosen))
        query = {}
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path":
                value = data.draw(
                    st.sampled_from([parcel_code(1), "x", "1"])
                    | st.text(min_size=1, max_size=12)
                )
                path = path.replace(f"{{{parameter['name']}}}", _escape(value))
            elif parameter["in"] == "query" and data.draw(st.booleans()):
                value = data.draw(from_schema(parameter.get("schema", {}), document))
                query[parameter["name"]] = str(value)
        body = None
        if "requestBody" in operation:
            content = operation["requestBody"]["content"]
            if "application/json" not in content:
                return
            schema = content["application/json"]["schema"]
            body = data.draw(from_schema(schema, document))
        headers = {"If-Match": "*"} if method == "put" else {}
        answer = api.send(
            method.upper(), path, json=body, params=query, headers=headers
        )
        assert answer.status_code < 500, (method, path, query, body, answer.text)
        kind = answer.headers.get("content-type", "")
        if answer.status_code >= 400:
            assert kind == "application/problem+json"
        said = operation["responses"].get(str(answer.status_code))
        assert said, (method, path, answer.status_code, answer.text)
        kinds = {one.partition(";")[0] for one in said.get("content", {"": {}})}
        assert kind.partition(";")[0] in kinds, (method, path, query, kind)

    ask()


def _escape(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))
