"""Who gets in, and to what: every role at every door."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from app.migration import sqlalchemy_url
from app.security.keys import create_client, make_key
from app.security.permissions import (
    DEPARTMENT_OF_ROLE,
    LAYERS_WRITTEN,
    PARTIES_WRITTEN_BY,
    RIGHTS,
)
from app.security.principals import ROLES
from parcels.register.layers import LAYERS, RESTRICTED_LAYERS
from parcels.register.leads import LED_BY
from tests.api.bodies import OURS, THEIRS, parcel, parcel_code

PUBLIC = {
    *("/healthz", "/readyz", "/metrics", "/verify/{certificate_number}"),
    *("/public", "/public/{register}", "/public/{register}/file.{form}"),
}


def operations(api) -> list[tuple[str, str, dict[str, Any]]]:
    document = api.get("/openapi.json").json()
    return [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def knock(api, method, path):
    """Ask with nonsense: what counts is whether the door opens."""
    concrete = re.sub(r"\{[zxy]\}", "0", path)
    concrete = re.sub(r"\{[a-z_]+\}", "nonsense", concrete)
    return api.send(method, concrete, json={} if method in ("POST", "PUT") else None)


def test_without_a_key_only_public_paths_answer(api):
    nobody = api.as_(None)
    for method, path, _ in operations(api):
        status = knock(nobody, method, path).status_code
        is_public = path in PUBLIC or (method, path) == ("POST", "/v1/session")
        assert (status != 401) == is_public, (method, path, status)


def test_the_api_document_says_who_may(api):
    for method, path, operation in operations(api):
        right = RIGHTS[operation["x-jingtu-right"]]
        assert operation["security"] == [] if right.public else operation["security"]
        assert operation.get("x-jingtu-roles", []) == sorted(right.roles), path
        assert method in ("GET", "POST", "PUT", "DELETE")


@pytest.mark.parametrize("role", ROLES)
def test_every_door_opens_to_the_roles_of_its_right_alone(api, role):
    for method, path, operation in operations(api):
        right = RIGHTS[operation["x-jingtu-right"]]
        if right.public:
            continue
        answer = knock(api.as_(role), method, path)
        expected = role not in right.roles
        assert (answer.status_code == 403) == expected, (role, method, path)
        assert answer.status_code != 401 and answer.status_code < 500


def test_the_role_is_judged_before_the_body(api):
    answer = api.as_("auditor").send(
        "POST", "/v1/parcels", content=b"{", headers={"Content-Type": "text/plain"}
    )
    assert answer.status_code == 403


def test_a_refusal_names_the_roles_in_words_and_codes(api):
    for language, said in (
        ("zh", "审计（auditor）无权进行此操作；有权的角色：管理员（admin）、"),
        ("en", "Audit (auditor) may not do this; roles that may: "),
    ):
        auditor = api.as_("auditor", **{"Accept-Language": language})
        assert auditor.post("/v1/parcels", {}).json()["detail"].startswith(said)


def test_layers_written_are_those_of_the_database(api_urls):
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner))
    statement = "select role, layer from registry.role_right where may_write"
    with engine.connect() as connection:
        rows = connection.execute(sa.text(statement)).all()
    allowed: dict[str, set[str]] = {role: set() for role in ROLES}
    for role, layer in rows:
        allowed[role] |= {x.name for x in LAYERS} if layer == "*" else {layer}
    # The administrator's * holds restricted layers as well; a policy of their own
    # bars the surveyor's.
    restricted = {x.name for x in RESTRICTED_LAYERS}
    named = {role for role, layers in allowed.items() if layers & restricted}
    assert named | {"admin"} == PARTIES_WRITTEN_BY
    unrestricted = {role: layers - restricted for role, layers in allowed.items()}
    assert unrestricted == LAYERS_WRITTEN


def test_themes_led_are_those_of_the_database(api_urls):
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner))
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("select theme, role from registry.theme_right")
        )
        kept = {(theme, role) for theme, role in rows}
    acting_for = {bureau: role for role, bureau in DEPARTMENT_OF_ROLE.items()}
    assert kept == {
        (theme, acting_for[bureau])
        for theme, bureaus in LED_BY.items()
        for bureau in bureaus
    }


def test_layers_read_are_among_those_of_the_database(api_urls):
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner))
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("select role from registry.role_right where layer = '*'")
        )
        may_read_all = {role for (role,) in rows}
    for layer in LAYERS:
        assert RIGHTS[f"read:{layer.name}"].roles <= may_read_all


@pytest.mark.parametrize(
    "layer", [x for x in LAYERS if x.path and x.name != "division"]
)
def test_an_object_of_another_division_does_not_exist(api, layer):
    code = parcel_code(1, THEIRS) if layer.name == "parcel" else "theirs"
    for method, path, body in (
        ("GET", f"/v1/{layer.path}/{code}", None),
        ("GET", f"/v1/{layer.path}/{code}/versions", None),
        ("POST", f"/v1/{layer.path}/{code}/end", {"on": "2026-01-01", "reason": "x"}),
    ):
        answer = api.as_("surveyor").send(method, path, json=body)
        assert answer.status_code == 404, (path, answer.text)
        assert THEIRS not in answer.json().get("detail", "").replace(code, "")


def test_the_same_answer_for_theirs_and_for_nothing(api):
    theirs = api.get(f"/v1/parcels/{parcel_code(1, THEIRS)}").json()
    nothing = api.get(f"/v1/parcels/{parcel_code(77, THEIRS)}").json()
    for answer in (theirs, nothing):
        for own in ("request_id", "instance", "detail"):
            answer.pop(own)
    assert theirs == nothing


def test_a_list_holds_our_division_only(api):
    codes = [p["division_code"] for p in api.get("/v1/parcels").json()["items"]]
    assert set(codes) == {OURS}


def test_their_parcel_cannot_be_changed(api):
    theirs = parcel(parcel_code(1, THEIRS))
    answer = api.as_("surveyor").put(
        f"/v1/parcels/{theirs['parcel_code']}", theirs, headers={"If-Match": "*"}
    )
    assert answer.status_code == 404


def test_nothing_is_entered_in_another_division(api):
    answer = api.as_("surveyor").post("/v1/parcels", parcel(parcel_code(9, THEIRS)))
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("outside-division")


def test_a_province_sees_its_counties(api):
    found = api.as_("auditor").get("/v1/parcels").json()["items"]
    assert {p["division_code"] for p in found} == {OURS, THEIRS}


def test_a_list_can_be_asked_for_another_division_and_is_empty(api):
    answer = api.get(f"/v1/parcels?division={THEIRS}")
    assert answer.json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        "Basic dXNlcjpwYXNz",
        pytest.param(f"Bearer {make_key()}", id="a key nobody has"),
        "Bearer \xff\xfe",
        "Bearer " + "x" * 5000,
    ],
)
def test_what_is_no_key_opens_nothing(api, header):
    answer = api.as_(None).get(
        "/v1/parcels", headers={"Authorization": header.encode("latin-1")}
    )
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_two_keys_in_one_request_open_nothing(api):
    both = [
        ("Authorization", f"Bearer {api.keys[role]}") for role in ("planner", "admin")
    ]
    assert api.client.get("/v1/parcels", headers=both).status_code == 401


@pytest.mark.parametrize("column", ["disabled_at", "expires_at"])
def test_a_key_switched_off_or_expired_opens_nothing(api, api_urls, column):
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner))
    statement = f"update registry.api_client set {column} = now() where id = :id"  # noqa: S608
    with engine.begin() as connection:
        number, key = create_client(
            connection, name="spent", role="planner", scope=OURS
        )
        connection.execute(sa.text(statement), {"id": number})
    header = {"Authorization": f"Bearer {key}"}
    assert api.as_(None).get("/v1/parcels", headers=header).status_code == 401


def test_keys_are_stored_as_digests_only(api_urls, keys):
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner))
    with engine.connect() as connection:
        stored = connection.scalar(
            sa.text("select string_agg(c::text, ' ') from registry.api_client c")
        )
    assert not any(key in stored for key in keys.values())
