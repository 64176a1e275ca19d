"""Persons: entered with rights within the administrator's own, linked, switched off."""

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.cli import cli
from app.database import Database
from app.database_errors import OutsideRights
from app.refusals import InvalidSettings
from app.security.authentication import Authenticator
from app.security.keys import create_client
from app.security.principals import Principal
from app.security.users import (
    Identity,
    Rights,
    UserEntered,
    UserNotFound,
    add_user,
    change_user,
    find_person,
    link_key,
    list_keys,
    list_users,
)
from tests.persons import find_client

WANG = Identity("https://id.example.gov.cn", "wang-01")
PLANNER = Rights("王芳", "planner", "999901")


@pytest.fixture
def database(fresh_database_urls):
    found = Database(fresh_database_urls.service, pool_size=2)
    yield found
    found.close()


@pytest.fixture
def owner(fresh_database_urls, registry):
    with registry.owner() as connection:
        yield connection


def admin(scope="*", role="admin"):
    return Principal(uuid4(), "admin", role, scope)


def enter(database, by=None, identity=WANG, rights=PLANNER):
    with database.transaction(by or admin()) as connection:
        return add_user(connection, identity, rights, actor="admin")


def found(database, identity=WANG):
    with database.transaction(None, read_only=True) as connection:
        return find_person(connection, identity)


def test_a_person_acts_under_a_name_no_other_person_has(database):
    number = enter(database)
    person = found(database).principal
    assert person.name == "王芳 (wang-01 @ https://id.example.gov.cn)"
    assert (person.role, person.scope) == ("planner", "999901")
    assert person.person == number and not found(database).is_disabled
    assert found(database, Identity(WANG.issuer, "Wang-01")) is None
    assert found(database, Identity("https://other.example", "wang-01")) is None


def test_one_subject_is_one_person(database):
    enter(database)
    with pytest.raises(UserEntered):
        enter(database, rights=Rights("王芳", "admin", "*"))
    assert found(database).principal.role == "planner"


@pytest.mark.parametrize(
    ("by", "scope"),
    [
        (admin("999902"), "999901"),
        (admin("999901"), "*"),
        (admin("999901"), "9999"),
        (admin("*", "registrar"), "999901"),
        (None, "999901"),
    ],
)
def test_nobody_gives_more_than_an_administrator_has(database, by, scope):
    with database.transaction(by) as connection, pytest.raises(UserEntered):
        add_user(connection, WANG, Rights("王芳", "planner", scope), actor="x")
    assert found(database) is None


def test_rights_are_changed_within_ones_own_divisions_only(database):
    number = enter(database)
    more, away = Rights("王芳", "admin", "*"), Rights("王芳", "planner", "999902")
    for by, rights in ((admin("999901"), more), (admin("999902"), away)):
        with database.transaction(by) as connection, pytest.raises(UserNotFound):
            change_user(connection, number, rights, actor="x")
    with database.transaction(admin("9999")) as connection:
        change_user(connection, number, away, actor="x")
    assert found(database).principal.scope == "999902"


def test_lists_hold_ones_own_divisions_in_pages(database):
    ours = {
        enter(database, identity=Identity(WANG.issuer, f"s{number}"))
        for number in range(5)
    }
    enter(database, identity=WANG, rights=Rights("李", "planner", "999902"))
    with database.transaction(admin("999901"), read_only=True) as connection:
        first = list_users(connection, limit=3)
        second = list_users(connection, after=first[-1]["id"], limit=3)
    assert [one["id"] for one in first + second] == sorted(ours)
    with database.transaction(admin(role="auditor"), read_only=True) as connection:
        assert list_users(connection) == []


def test_keys_are_listed_to_administrators_of_their_divisions_alone(database, owner):
    create_client(owner, name="王", role="registrar", scope="999901")
    owner.commit()
    for by, names in (
        (admin("9999"), ["王"]),
        (admin("999902"), []),
        (admin("*", "auditor"), []),
        (None, []),
    ):
        with database.transaction(by, read_only=True) as connection:
            assert [key["name"] for key in list_keys(connection)] == names


def test_a_key_and_its_person_count_as_one(database, owner):
    number = enter(database)
    _, key = create_client(owner, name="王", role="registrar", scope="999901")
    assert Authenticator(database).find("key", key) is None  # not committed yet
    assert link_key(owner, "王", WANG) == 1
    owner.commit()
    client = Authenticator(database).find("key", key)
    assert client.person == number and client.role == "registrar"
    assert find_client(database, client.client_id).person == number
    assert find_client(database, found(database).principal.client_id).person == number


def test_who_is_switched_off_is_refused_at_once_with_every_key(database, owner):
    number = enter(database)
    _, key = create_client(owner, name="王", role="planner", scope="999901")
    link_key(owner, "王", WANG)
    owner.commit()
    authenticator = Authenticator(database)
    client = found(database).principal.client_id
    session = authenticator.open_session(key, 1)
    assert authenticator.find("key", key) and authenticator.find("session", session)
    with database.transaction(admin()) as connection:
        change_user(
            connection, number, Rights("王芳", "planner", "999901", True), actor="x"
        )
    assert authenticator.find("key", key) is None
    assert authenticator.find("session", session) is None
    assert find_client(database, client) is None
    assert found(database).is_disabled


def test_the_service_cannot_read_or_write_persons_itself(database):
    with pytest.raises(OutsideRights), database.transaction(admin()) as connection:
        connection.execute(sa.text("select * from registry.app_user"))


@pytest.fixture
def jingtu(fresh_database_urls, monkeypatch, tmp_path):
    monkeypatch.setenv("JINGTU_DATABASE_URL", fresh_database_urls.owner)
    monkeypatch.setenv("JINGTU_DATA_DIR", str(tmp_path / "data"))

    def run(*words):
        return CliRunner().invoke(cli, ["users", *words])

    return run


ISSUER = ("--issuer", WANG.issuer)


def test_command_enters_lists_and_switches_off(jingtu, database):
    rights = ("--name", "王芳", "--role", "planner", "--scope", "999901000000")
    assert jingtu("add", "wang-01", *rights, *ISSUER).exit_code == 0
    assert UUID(str(found(database).principal.person))
    listed = jingtu("list").output
    assert "wang-01\thttps://id.example.gov.cn\t王芳\tplanner\t999901\t-" in listed
    assert jingtu("disable", "wang-01", *ISSUER).exit_code == 0
    assert found(database).is_disabled
    assert jingtu("enable", "wang-01", *ISSUER).exit_code == 0
    assert not found(database).is_disabled


@pytest.mark.parametrize(
    "words",
    [
        ("add", "w", "--name", "王", "--role", "king", "--scope", "999901"),
        ("add", "w", "--name", "王", "--role", "planner", "--scope", "county"),
        ("disable", "nobody"),
        ("link", "nobody", "--key", "nokey"),
    ],
)
def test_command_says_what_it_cannot_do(jingtu, words):
    assert isinstance(jingtu(*words, *ISSUER).exception, InvalidSettings)
