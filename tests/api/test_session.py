"""Signing in at a browser: cookie, token against forged requests, sign-out."""

import pytest

from app.security.keys import make_key
from app.security.session import COOKIE
from tests.api.bodies import new_code, parcel


def sign_in(api, role="planner", **headers):
    return api.as_(None).post("/v1/session", {"key": api.keys[role]}, headers=headers)


@pytest.fixture(autouse=True)
def no_earlier_failures(api):
    """Start without failures counted for this address."""
    api.client.app.state.services.sign_in_limit.forget("testclient")


@pytest.fixture
def signed_in(api):
    """Headers of a browser that has signed in as planner, without the CSRF token."""
    answer = sign_in(api)
    token = answer.cookies[COOKIE]
    return {"Cookie": f"{COOKIE}={token}"}, answer.json()["csrf_token"]


def test_the_cookie_cannot_be_read_by_scripts_or_sent_by_other_sites(api):
    cookie = sign_in(api).headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie


def test_the_key_is_not_in_the_answer(api):
    answer = sign_in(api)
    assert api.keys["planner"] not in answer.text + answer.headers["set-cookie"]


def test_a_session_reads(api, signed_in):
    cookie, _ = signed_in
    answer = api.as_(None).get("/v1/session", headers=cookie)
    assert answer.json()["role"] == "planner"
    assert api.as_(None).get("/v1/parcels", headers=cookie).status_code == 200


def test_a_write_needs_the_token_of_the_session(api, signed_in):
    cookie, token = signed_in
    body = parcel(new_code())
    for sent, status in (
        ({}, 403),
        ({"X-CSRF-Token": "0" * 64}, 403),
        ({"X-CSRF-Token": token}, 201),
    ):
        answer = api.as_(None).post("/v1/parcels", body, headers={**cookie, **sent})
        assert answer.status_code == status, answer.text


def test_a_key_needs_no_token(api):
    assert api.post("/v1/parcels", parcel(new_code())).status_code == 201


def test_signing_out_ends_the_session_at_once(api, signed_in):
    cookie, token = signed_in
    nobody = api.as_(None)
    answer = nobody.send(
        "DELETE", "/v1/session", headers={**cookie, "X-CSRF-Token": token}
    )
    assert answer.status_code == 204
    assert nobody.get("/v1/parcels", headers=cookie).status_code == 401


def test_signing_out_needs_the_token_as_well(api, signed_in):
    cookie, _ = signed_in
    answer = api.as_(None).send("DELETE", "/v1/session", headers=cookie)
    assert answer.status_code == 403


def test_a_session_token_is_no_key(api, signed_in):
    cookie, _ = signed_in
    token = cookie["Cookie"].partition("=")[2]
    nobody = api.as_(None)
    assert nobody.get("/v1/parcels", headers=cookie).status_code == 200
    header = {"Authorization": f"Bearer {token}"}
    assert nobody.get("/v1/parcels", headers=header).status_code == 401


def test_a_page_of_another_site_cannot_sign_in(api):
    assert sign_in(api, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_form_of_another_site_cannot_sign_in(api):
    answer = api.as_(None).send(
        "POST", "/v1/session", data={"key": api.keys["planner"]}
    )
    assert answer.status_code == 415


def test_the_eleventh_failed_attempt_has_to_wait(api):
    nobody = api.as_(None)
    statuses = [
        nobody.post("/v1/session", {"key": make_key()}).status_code for _ in range(11)
    ]
    assert statuses == [401] * 10 + [429]
    answer = sign_in(api)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
