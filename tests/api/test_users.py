"""Persons over HTTP: entered, changed, switched off by an administrator."""

import uuid

import pytest

from tests.api.bodies import OURS, THEIRS

USERS = "/v1/users"
ISSUER = "https://id.example.gov.cn"


def body(**more):
    own = {"subject": f"s-{uuid.uuid4()}", "issuer": ISSUER, "name": "王芳"}
    return {**own, "role": "planner", "scope": OURS, **more}


@pytest.fixture
def admin(api):
    return api.as_("admin")


@pytest.fixture
def county_admin(api, api_urls):
    import sqlalchemy as sa

    from app.migration import sqlalchemy_url
    from app.security.keys import create_client

    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)
    with engine.begin() as connection:
        _, key = create_client(
            connection, name="county admin", role="admin", scope=OURS
        )
    api.keys["county_admin"] = key
    return api.as_("county_admin")


def test_entered_once_under_one_repetition_key(admin):
    sent = body()
    repeated = {"Idempotency-Key": str(uuid.uuid4())}
    first = admin.post(USERS, sent, headers=repeated)
    assert first.status_code == 201, first.text
    assert admin.post(USERS, sent, headers=repeated).json() == first.json()
    assert admin.post(USERS, sent).status_code == 409
    made = first.json()
    assert (made["role"], made["scope"], made["is_disabled"]) == (
        "planner",
        OURS,
        False,
    )
    assert made["created_by"] == "admin" and made["keys"] == []
    assert admin.get(made["links"]["self"]).json() == made


def test_changed_and_switched_off(admin):
    path = admin.post(USERS, body()).json()["links"]["self"]
    sent = {"name": "王芳", "role": "auditor", "scope": THEIRS, "is_disabled": True}
    changed = admin.put(path, sent).json()
    assert (changed["role"], changed["scope"]) == ("auditor", THEIRS)
    assert changed["is_disabled"] and changed["changed_by"] == "admin"
    assert not admin.put(path, {**sent, "is_disabled": False}).json()["is_disabled"]


@pytest.mark.parametrize("scope", ["*", THEIRS, OURS[:4]])
def test_nobody_gives_more_than_he_has(admin, county_admin, scope):
    assert county_admin.post(USERS, body(scope=scope)).status_code == 403
    path = county_admin.post(USERS, body()).json()["links"]["self"]
    sent = {"name": "x", "role": "admin", "scope": scope}
    assert county_admin.put(path, sent).status_code == 403


def test_persons_of_other_divisions_are_not_there(admin, county_admin):
    theirs = admin.post(USERS, body(scope=THEIRS)).json()
    path = theirs["links"]["self"]
    assert county_admin.get(path).status_code == 404
    sent = {"name": "x", "role": "admin", "scope": OURS}
    assert county_admin.put(path, sent).status_code == 404
    listed = county_admin.get(f"{USERS}?limit=1000").text
    assert theirs["subject"] not in listed and THEIRS not in listed


def test_pages_hold_everybody_once(admin):
    made = {admin.post(USERS, body()).json()["id"] for _ in range(5)}
    found, after = [], None
    while after or not found:
        more = f"&after={after}" if after else ""
        page = admin.get(f"{USERS}?limit=2{more}").json()
        found += [one["id"] for one in page["items"]]
        after = page["next"]
    assert made <= set(found) and len(found) == len(set(found))


@pytest.mark.parametrize(
    "wrong",
    [
        {"scope": "county"},
        {"scope": "999901001001"},
        {"role": "king"},
        {"subject": ""},
        {"subject": "王"},
        {"name": "  "},
        {"issuer": "ftp://x"},
        {"issuer": None},
        {"is_admin": True},
    ],
)
def test_what_cannot_be_is_a_422(admin, wrong):
    answer = admin.post(USERS, body(**wrong))
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize("path", [f"{USERS}/nonsense", f"{USERS}/{uuid.UUID(int=0)}"])
def test_who_is_not_there(admin, path):
    assert admin.get(path).status_code == 404
