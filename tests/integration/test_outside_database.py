"""A database of the bureau's own, prepared once by its administrator."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.cluster import Cluster
from app.cluster.binaries import list_binaries

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "outside-database.sql"
PASSWORD = "owner-of-the-county"


@pytest.fixture(scope="module")
def administrator(make_data_dir):
    """Superuser's URL of a server that knows nothing of us but a database `county`."""
    urls = Cluster(make_data_dir(), durable=False).start()
    with psycopg.connect(urls.superuser, autocommit=True) as connection:
        connection.execute("drop owned by jingtu_owner, jingtu_service cascade")
        connection.execute("alter database jingtu owner to postgres")
        connection.execute("create role stranger login password 'stranger'")
        connection.execute("create database county")
    with psycopg.connect(at(urls.superuser), autocommit=True) as connection:
        connection.execute("drop database jingtu")
        connection.execute("drop role jingtu_owner, jingtu_service")
    return at(urls.superuser)


def at(url: str, role: str | None = None, password: str = "") -> str:
    """Return the URL at the database `county`, as another role when one is named."""
    login, _, query = url.removeprefix("postgresql://").partition("@/")
    if role is not None:
        login = f"{role}:{password}"
    return f"postgresql://{login}@/county?{query.partition('?')[2]}"


@pytest.fixture(scope="module")
def owner(administrator) -> str:
    """The owner's URL after the administrator's script, which may be run again."""
    psql = list_binaries()[0].program("psql")
    for _ in range(2):
        subprocess.run(
            [psql, "-q", "-X", "-d", administrator, "-f", str(SCRIPT)],
            env={**os.environ, "JINGTU_OWNER_PASSWORD": PASSWORD},
            check=True,
            capture_output=True,
        )
    return at(administrator, "jingtu_owner", PASSWORD)


def run(url: str, *arguments: str):
    environment = {"JINGTU_DATABASE_URL": url}
    return CliRunner().invoke(cli, arguments, env=environment)


def test_an_owner_without_superuser_rights_can_migrate_and_is_found_fit(owner):
    upgraded = run(owner, "db", "upgrade")
    assert upgraded.exit_code == 0, upgraded.output
    checked = run(owner, "check")
    assert checked.exit_code == 0, checked.output
    assert "LEAKPROOF: spatial indexes are used" in checked.output
    assert "jingtu_service is under row-level security" in checked.output


def test_no_cluster_is_started_beside_it(owner, tmp_path, monkeypatch):
    monkeypatch.setenv("JINGTU_DATA_DIR", str(tmp_path / "data"))
    assert run(owner, "db", "upgrade").exit_code == 0
    assert not (tmp_path / "data").exists()


def test_a_role_without_rights_is_told_what_its_administrator_should_run(
    owner, administrator
):
    url = at(administrator, "stranger", "stranger")
    end = subprocess.run(
        [sys.executable, "-m", "app.cli", "db", "upgrade"],
        env={**os.environ, "JINGTU_DATABASE_URL": url},
        capture_output=True,
        text=True,
    )
    assert end.returncode == 6
    assert "scripts/outside-database.sql" in end.stderr
    assert "Traceback" not in end.stderr


def test_a_server_that_does_not_answer_is_told_without_the_password():
    end = subprocess.run(
        [sys.executable, "-m", "app.cli", "check"],
        env={
            **os.environ,
            "JINGTU_DATABASE_URL": "postgresql://ann:hidden-word@127.0.0.1:1/county",
        },
        capture_output=True,
        text=True,
    )
    assert end.returncode == 6
    assert "127.0.0.1" in end.stderr
    assert "disk: " in end.stdout
    assert "hidden-word" not in end.stdout + end.stderr
    assert "Traceback" not in end.stderr
