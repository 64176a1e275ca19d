from pathlib import Path

import pytest
import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict

from app.cluster.passwords import Passwords
from app.cluster.urls import outside_urls, private_urls
from app.refusals import InvalidSettings

PASSWORDS = Passwords("s/u p", "o:w@n", "s?r&v")


def test_a_private_url_reaches_the_socket_with_the_roles_password():
    urls = private_urls(Path("/run/a b"), PASSWORDS)
    parts = conninfo_to_dict(urls.owner)
    assert parts["host"] == "/run/a b"
    assert (parts["user"], parts["password"]) == ("jingtu_owner", "o:w@n")
    assert parts["dbname"] == "jingtu"


@pytest.mark.parametrize("role", ["superuser", "owner", "service"])
def test_sqlalchemy_reads_a_private_url_as_libpq_does(role):
    url = getattr(private_urls(Path("/run/x"), PASSWORDS), role)
    seen, libpq = sa.make_url(url), conninfo_to_dict(url)
    assert seen.password == libpq["password"]
    assert seen.query["host"] == libpq["host"]
    assert seen.database == libpq["dbname"]


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://ann:p%40ss@db.example:6432/county",
        "postgres://ann:p%40ss@db.example:6432/county",
        "postgresql+psycopg://ann:p%40ss@db.example:6432/county",
        "host=db.example port=6432 user=ann password=p@ss dbname=county",
    ],
)
def test_every_way_to_write_an_address_is_understood(given):
    parts = conninfo_to_dict(outside_urls(given).owner)
    assert parts == {
        "host": "db.example",
        "port": "6432",
        "user": "ann",
        "password": "p@ss",
        "dbname": "county",
    }


def test_the_service_becomes_its_role_at_once():
    urls = outside_urls("postgresql://ann@db/county")
    assert conninfo_to_dict(urls.service)["options"] == "-c role=jingtu_service"
    assert "options" not in conninfo_to_dict(urls.owner)


def test_options_of_the_given_address_are_kept():
    urls = outside_urls(
        "postgresql://db/county?options=-c%20geqo%3Doff&sslmode=require"
    )
    parts = conninfo_to_dict(urls.service)
    assert parts["options"] == "-c geqo=off -c role=jingtu_service"
    assert parts["sslmode"] == "require"


def test_an_outside_database_has_no_superuser_of_ours():
    assert outside_urls("postgresql://db/county").superuser is None


@pytest.mark.parametrize(
    "given", ["mysql://db/county", "not an address", "host=db dbname"]
)
def test_what_is_no_address_is_refused_without_repeating_it(given):
    with pytest.raises(InvalidSettings) as refusal:
        outside_urls(given)
    assert given not in str(refusal.value)


def test_an_address_without_a_database_is_refused():
    with pytest.raises(InvalidSettings, match="names no database"):
        outside_urls("postgresql://ann@db")


def test_passwords_do_not_show_in_print():
    assert "o:w@n" not in repr(private_urls(Path("/run/x"), PASSWORDS))
    assert "o:w@n" not in repr(PASSWORDS)
