"""Persons over HTTP: entered, changed, switched off by an administrator."""

import uuid

import pytest
import sqlalchemy as sa

from app.migration import sqlalchemy_url
from app.schemas.keys import KeyModel
from app.security.keys import create_client
from tests.api.bodies import OURS, THEIRS
from tests.persons import link_person

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


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", "只可使用英文字母、数字、半角标点和空格"), ("en", "printable ASCII")],
)
def test_which_characters_may_be_used_is_said_in_words(admin, language, said):
    headers = {"Accept-Language": language}
    answer = admin.post(USERS, body(subject="王"), headers=headers)
    assert said in answer.text
    assert "^" not in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("path", [f"{USERS}/nonsense", f"{USERS}/{uuid.UUID(int=0)}"])
def test_who_is_not_there(admin, path):
    assert admin.get(path).status_code == 404


@pytest.fixture
def owner(api_urls):
    engine = sa.create_engine(sqlalchemy_url(api_urls.owner), poolclass=sa.NullPool)
    return engine.begin


@pytest.fixture
def known_admin(api, owner):
    """An administrator of the county who is a person; the name of his key."""
    name = f"admin-{uuid.uuid4()}"
    with owner() as connection:
        _, key = create_client(connection, name=name, role="admin", scope=OURS)
        link_person(connection, name)
    api.keys[name] = key
    return api.as_(name), name


@pytest.fixture
def make_key(api, owner):
    def make(scope=OURS):
        name = f"key-{uuid.uuid4()}"
        with owner() as connection:
            _, key = create_client(connection, name=name, role="planner", scope=scope)
        api.keys[name] = key
        return name

    return make


def person_of(owner, key):
    statement = "select user_id::text, linked_by from registry.api_client"
    with owner() as connection:
        return connection.execute(
            sa.text(f"{statement} where name = :name"), {"name": key}
        ).one()


def refused(answer, status, reason):
    assert answer.status_code == status, answer.text
    assert answer.json()["reason"] == reason


def test_a_key_is_said_to_be_a_persons(known_admin, make_key, owner):
    admin, name = known_admin
    made, key = admin.post(USERS, body()).json(), make_key()
    keys = made["links"]["self"] + "/keys"
    linked = admin.post(keys, {"key": key})
    assert linked.status_code == 200, linked.text
    assert linked.json()["keys"] == [key]
    assert tuple(person_of(owner, key)) == (made["id"], name)
    assert admin.post(keys, {"key": key}).json()["keys"] == [key]
    # Switched off with the person from now on.
    off = {"name": "王芳", "role": "planner", "scope": OURS, "is_disabled": True}
    assert admin.put(made["links"]["self"], off).json()["keys"] == []
    assert admin.as_(key).get("/v1/session").status_code == 401


def test_a_key_of_one_person_is_not_given_to_another(known_admin, make_key, owner):
    admin, _ = known_admin
    first, second = (admin.post(USERS, body()).json() for _ in range(2))
    key = make_key()
    admin.post(f"{USERS}/{first['id']}/keys", {"key": key})
    answer = admin.post(f"{USERS}/{second['id']}/keys", {"key": key})
    refused(answer, 409, "taken")
    assert person_of(owner, key)[0] == first["id"]


def test_nobody_says_whose_the_key_is_that_he_asks_with(known_admin, county_admin):
    admin, name = known_admin
    made = admin.post(USERS, body()).json()
    refused(admin.post(f"{USERS}/{made['id']}/keys", {"key": name}), 409, "own_key")
    answer = county_admin.post(f"{USERS}/{made['id']}/keys", {"key": "county admin"})
    refused(answer, 409, "no_proof")


def test_keys_and_persons_of_other_divisions_are_not_there(
    known_admin, admin, make_key, owner
):
    county, _ = known_admin
    ours, theirs = make_key(), make_key(THEIRS)
    here = county.post(USERS, body()).json()["id"]
    there = admin.post(USERS, body(scope=THEIRS)).json()["id"]
    refused(county.post(f"{USERS}/{here}/keys", {"key": theirs}), 404, "key_not_found")
    refused(county.post(f"{USERS}/{there}/keys", {"key": ours}), 404, "user_not_found")
    assert person_of(owner, ours)[0] is person_of(owner, theirs)[0] is None


def test_nothing_is_linked_to_who_is_switched_off(known_admin, make_key, owner):
    admin, _ = known_admin
    made, key = admin.post(USERS, body()).json(), make_key()
    off = {"name": "王芳", "role": "planner", "scope": OURS, "is_disabled": True}
    admin.put(made["links"]["self"], off)
    refused(admin.post(f"{USERS}/{made['id']}/keys", {"key": key}), 409, "disabled")
    assert person_of(owner, key)[0] is None


@pytest.mark.parametrize("role", ["planner", "registrar", "surveyor", "auditor"])
def test_only_administrators_say_whose_a_key_is(api, admin, role):
    made = admin.post(USERS, body()).json()
    answer = api.as_(role).post(f"{USERS}/{made['id']}/keys", {"key": "x"})
    assert answer.status_code == 403


def keys_listed(admin, path):
    """Return every key listed, page by page."""
    found, following = [], f"{path}{'&' if '?' in path else '?'}limit=2"
    first = following
    while following:
        page = admin.get(following).json()
        found += page["items"]
        following = page["next"] and f"{first}&after={page['next']}"
    return {key["name"]: key for key in found}


def test_keys_of_a_person_are_listed_without_the_key(known_admin, make_key, api):
    admin, name = known_admin
    made, names = admin.post(USERS, body()).json(), {make_key() for _ in range(3)}
    for key in names:
        admin.post(f"{USERS}/{made['id']}/keys", {"key": key})
    found = keys_listed(admin, f"{USERS}/{made['id']}/keys")
    assert set(found) == names
    one = found[names.pop()]
    assert (one["role"], one["scope"], one["state"]) == ("planner", OURS, "in_use")
    assert (one["is_linked"], one["user_id"], one["linked_by"]) == (
        True,
        made["id"],
        name,
    )
    assert set(one) == set(KeyModel.model_fields)
    assert api.keys[one["name"]] not in str(found)


def test_keys_that_are_nobodys_yet_are_listed(known_admin, make_key):
    admin, name = known_admin
    made, linked, free = admin.post(USERS, body()).json(), make_key(), make_key()
    admin.post(f"{USERS}/{made['id']}/keys", {"key": linked})
    unlinked = keys_listed(admin, "/v1/keys?unlinked=true")
    assert free in unlinked and not {linked, name} & set(unlinked)
    assert not any(key["is_linked"] or key["user_id"] for key in unlinked.values())
    assert {free, linked, name} <= set(keys_listed(admin, "/v1/keys"))


@pytest.mark.parametrize(
    ("column", "state"), [("disabled_at", "disabled"), ("expires_at", "expired")]
)
def test_keys_that_open_nothing_more_say_so(
    known_admin, make_key, owner, column, state
):
    admin, _ = known_admin
    key = make_key()
    columns = (sa.column("name"), sa.column(column))
    client = sa.table("api_client", *columns, schema="registry")
    spent = sa.update(client).where(client.c.name == key)
    with owner() as connection:
        connection.execute(spent.values({column: sa.func.now()}))
    found = keys_listed(admin, "/v1/keys")[key]
    assert found["state"] == state and found[column] is not None


def test_keys_of_other_divisions_are_not_listed(known_admin, admin, make_key, owner):
    county, _ = known_admin
    ours, theirs = make_key(), make_key(THEIRS)
    there = admin.post(USERS, body(scope=THEIRS)).json()
    # One of their persons has a key of ours: that it is somebody's is all we see.
    with owner() as connection:
        connection.execute(
            sa.text("update registry.api_client set user_id = :id where name = :name"),
            {"id": there["id"], "name": ours},
        )
    found = keys_listed(county, "/v1/keys")
    assert theirs not in found and THEIRS not in str(found)
    assert found[ours]["is_linked"] and found[ours]["user_id"] is None
    refused(county.get(f"{USERS}/{there['id']}/keys"), 404, "user_not_found")
    assert keys_listed(admin, f"{USERS}/{there['id']}/keys").keys() == {ours}


@pytest.mark.parametrize("query", ["limit=0", "after=x", "unlinked=maybe", "name=x"])
def test_keys_asked_for_as_cannot_be(admin, query):
    assert admin.get(f"/v1/keys?{query}").status_code == 422
