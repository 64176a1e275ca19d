"""`jingtu ledger replay`: a register that was altered under a decision shows."""

import psycopg
import pytest
from typer.testing import CliRunner

from app.cli import cli
from tests.api.bodies import parcel_code
from tests.api.test_gate import ask


@pytest.fixture
def replay_all(api_urls, monkeypatch, tmp_path):
    monkeypatch.setenv("JINGTU_DATABASE_URL", api_urls.owner)
    monkeypatch.setenv("JINGTU_DATA_DIR", str(tmp_path))

    def run(source):
        return CliRunner().invoke(cli, ["ledger", "replay", "--from", source])

    return run


@pytest.mark.parametrize("source", ["record", "register"])
def test_every_decision_comes_out_the_same(api, replay_all, source):
    ask(api)
    result = replay_all(source)
    assert result.exit_code == 0, result.output
    assert result.output.endswith(f"replayed from the {source}, 0 differ.\n")


def test_a_decision_whose_parcel_was_altered_is_named(api, api_urls, replay_all):
    decision = ask(api).json()
    with psycopg.connect(api_urls.superuser) as connection:
        connection.execute("set session_replication_role = replica")
        (was,) = connection.execute(
            "select land_use_code from registry.parcel where code = %s",
            (parcel_code(1),),
        ).fetchone()
        connection.execute(
            "update registry.parcel set land_use_code = '9999' where code = %s",
            (parcel_code(1),),
        )
        connection.commit()
        result = replay_all("register")
        connection.execute("set session_replication_role = replica")
        connection.execute(
            "update registry.parcel set land_use_code = %s where code = %s",
            (was, parcel_code(1)),
        )
    assert type(result.exception).__name__ == "DecisionsDiffer", result.output
    assert f"{decision['id']}: " in result.output
    assert "facts.current_uses" in result.output
