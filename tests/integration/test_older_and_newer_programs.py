"""A database that another version of the program has been at work on."""

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.cli import cli
from app.database import Database
from app.fitness import check_database
from app.migration import newest_revision, upgrade
from app.refusals import DatabaseUnusable


def set_revision(registry, number):
    with registry.owner() as owner:
        owner.execute(
            sa.text("update alembic_version set version_num = :n"), {"n": number}
        )


def schema_finding(urls):
    return next(each for each in check_database(urls) if each.subject == "schema")


@pytest.fixture
def newer(registry):
    set_revision(registry, "9999")


def test_a_newer_programs_database_is_not_touched(fresh_database_urls, newer):
    urls = fresh_database_urls
    with pytest.raises(DatabaseUnusable, match="a newer version of Jingtu"):
        upgrade(urls.owner, urls.superuser)


def test_a_newer_programs_database_is_not_served(fresh_database_urls, newer):
    database = Database(fresh_database_urls.service, pool_size=1)
    with pytest.raises(
        DatabaseUnusable, match="schema 9999, which this program does not"
    ):
        database.check()
    database.close()


def test_nobody_is_told_to_upgrade_what_is_newer(fresh_database_urls, newer):
    found = schema_finding(fresh_database_urls)
    assert found.state == "fault"
    assert "upgrade" not in found.text


def test_an_older_programs_database_is_to_be_upgraded(fresh_database_urls, registry):
    set_revision(registry, "0047")
    found = schema_finding(fresh_database_urls)
    assert (found.state, "jingtu db upgrade" in found.text) == ("fault", True)
    set_revision(registry, newest_revision())
    assert schema_finding(fresh_database_urls).state == "ok"


@pytest.mark.parametrize("revision", ["0047", "9999"])
def test_a_command_works_on_no_other_schema(
    fresh_database_urls, registry, monkeypatch, tmp_path, revision
):
    """It would end in a trace, or write what the other version does not expect."""
    set_revision(registry, revision)
    monkeypatch.setenv("JINGTU_DATABASE_URL", fresh_database_urls.owner)
    where = ["--division", "999901"]
    target = str(tmp_path / "parcels.gpkg")
    for words in (
        ["gate", *where, "--transaction", "grant"],
        ["export", target, *where, "--layer", "parcel"],
        ["ledger", "replay"],
    ):
        result = CliRunner().invoke(cli, words)
        assert isinstance(result.exception, DatabaseUnusable), result.output
        assert f"schema {revision}" in str(result.exception)
