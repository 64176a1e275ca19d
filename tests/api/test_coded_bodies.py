"""A body that is compressed is told so, whatever takes it."""

import gzip
import re

import pytest

from tests.api.bodies import new_code, parcel
from tests.api.survey_uploads import form, part, post_form

JSON = {"Content-Type": "application/json"}
CODINGS = ["gzip", "br", "x-own", "identity, gzip"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Content-Encoding is 'gzip'"), ("zh", "Content-Encoding 为“gzip”")],
)
def test_a_compressed_body_is_told_so(api, language, said):
    headers = {**JSON, "Content-Encoding": "gzip", "Accept-Language": language}
    body = gzip.compress(b"{}")
    answer = api.send("POST", "/v1/gate/decisions", content=body, headers=headers)
    assert answer.status_code == 415
    assert answer.json()["type"] == "urn:jingtu:problem:coded-body"
    assert said in answer.json()["detail"]
    assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("coding", CODINGS)
def test_every_coding_but_identity_is_refused(api, coding):
    headers = {**JSON, "Content-Encoding": coding}
    answer = api.send("POST", "/v1/extracts", content=b"{}", headers=headers)
    assert answer.status_code == 415


def test_identity_is_taken(api):
    answer = api.as_("admin").post(
        "/v1/parcels", parcel(new_code()), headers={"Content-Encoding": "identity"}
    )
    assert answer.status_code == 201


def test_a_coding_of_no_body_is_nobodys_fault(api):
    headers = {"Content-Encoding": "gzip"}
    answer = api.send("POST", "/v1/gate/decisions/1/replay", headers=headers)
    assert answer.status_code == 404


def test_a_compressed_form_is_told_so(api):
    body = gzip.compress(form(part("file", b"x", "x.zip")))
    answer = post_form(api.as_("surveyor"), body, **{"Content-Encoding": "gzip"})
    assert answer.status_code == 415
    assert answer.headers["accept-encoding"] == "identity"


def test_every_operation_with_a_body_says_which_coding_it_takes(api):
    paths = api.get("/openapi.json").json()["paths"]
    asked = [
        (method, path, one)
        for path, operations in paths.items()
        for method, one in operations.items()
        if "requestBody" in one
    ]
    assert len(asked) > 50
    for method, path, operation in asked:
        role = operation.get("x-jingtu-roles", ["admin"])[0]
        kind = next(iter(operation["requestBody"]["content"]))
        answer = api.as_(role).send(
            method.upper(),
            re.sub(r"\{.*?\}", "1", path),
            content=b"{}",
            headers={"Content-Type": kind, "Content-Encoding": "gzip"},
        )
        assert answer.headers.get("accept-encoding") == "identity", (method, path)
        assert "415" in operation["responses"]
