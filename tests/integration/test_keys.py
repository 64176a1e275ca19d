"""Keys: made, replaced, switched off by the administrator of the server."""

from uuid import uuid4

import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.database import Database
from app.refusals import InvalidSettings
from app.security.authentication import Authenticator
from app.security.keys import create_client, disable_client, list_clients, rotate_key
from app.security.principals import Principal
from app.security.users import Identity, Rights, add_user, find_person

SYSTEM = "审批系统"
WANG = Identity("https://id.example.gov.cn", "wang-01")


@pytest.fixture
def database(fresh_database_urls):
    found = Database(fresh_database_urls.service, pool_size=2)
    yield found
    found.close()


@pytest.fixture
def make(registry):
    """Make a key for the permit system."""

    def make_one(name=SYSTEM):
        with registry.owner() as owner:
            return create_client(
                owner, name=name, role="permit_system", scope="999901"
            )[1]

    return make_one


def holder(database, key) -> Principal | None:
    return Authenticator(database).find("key", key)


def test_a_replaced_key_opens_nothing_and_the_client_stays_who_it_is(
    database, make, registry
):
    old = make()
    before = holder(database, old)
    with registry.owner() as owner:
        new = rotate_key(owner, SYSTEM)
    assert holder(database, old) is None
    assert holder(database, new) == before


def test_sessions_that_the_old_key_opened_end_with_it(database, make, registry):
    token = Authenticator(database).open_session(make(), 1)
    assert Authenticator(database).find("session", token) is not None
    with registry.owner() as owner:
        rotate_key(owner, SYSTEM)
    assert Authenticator(database).find("session", token) is None


@pytest.mark.parametrize("number", [0, 2])
def test_a_name_that_is_not_one_key_in_use_is_not_replaced(make, registry, number):
    for _ in range(number):
        make()
    with registry.owner() as owner, pytest.raises(ValueError, match="are in use"):
        rotate_key(owner, SYSTEM)


def test_no_key_is_made_that_has_expired_already(fresh_database_urls, monkeypatch):
    monkeypatch.setenv("JINGTU_DATABASE_URL", fresh_database_urls.owner)
    words = ["keys", "create", SYSTEM, "--role", "planner", "--scope", "999901"]
    past = CliRunner().invoke(cli, [*words, "--expires", "2020-01-01"])
    assert isinstance(past.exception, InvalidSettings)
    assert CliRunner().invoke(cli, [*words, "--expires", "2999-01-01"]).exit_code == 0


def test_a_person_of_the_same_name_is_no_key(database, make, registry):
    """Who signs in by token has a row without a key beside the keys."""
    make("王芳")
    admin = Principal(uuid4(), "admin", "admin", "*")
    with database.transaction(admin) as connection:
        rights = Rights("王芳", "planner", "999901")
        add_user(connection, WANG, rights, actor="admin")
    with registry.owner() as owner:
        assert [client[:2] for client in list_clients(owner)] == [
            ("王芳", "permit_system")
        ]
        assert disable_client(owner, "王芳") == 1
    with database.transaction(None, read_only=True) as connection:
        assert find_person(connection, WANG).is_disabled is False
