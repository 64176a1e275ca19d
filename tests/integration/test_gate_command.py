"""`jingtu gate`: the same question, the same answer, the same record as over HTTP."""

import json

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.cli import cli
from app.commands.asker import BadArgument
from app.commands.gate import NotDecided
from parcels.register.history import insert_version, next_object_id
from parcels.register.layers import DIVISION
from tests.integration.register_rows import SQUARE, add_parcel, change, element

CODE = "999901001001GB00001"


@pytest.fixture
def jingtu(tmp_path, fresh_database_urls, monkeypatch, registry):
    """Ask in a register of one parcel in one county."""
    monkeypatch.setenv("JINGTU_DATABASE_URL", fresh_database_urls.service)
    monkeypatch.setenv("JINGTU_DATA_DIR", str(tmp_path / "data"))
    with registry.service(scope="*") as connection, change(connection) as opened:
        values = {
            "object_id": next_object_id(connection),
            "code": "999901",
            "division_code": "999901",
            "valid_from": "2020-01-01",
            "name_zh": "县",
            "mapped_area_m2": 10_000.0,
            "geom": element(SQUARE),
        }
        insert_version(connection, opened, DIVISION, values)
        add_parcel(connection, opened, CODE, "2024-01-01")

    def run(*more):
        asked = ["gate", "--division", "999901", "--language", "en", *more]
        return CliRunner().invoke(cli, asked)

    return run


def kept(registry):
    with registry.owner() as connection:
        return connection.scalar(sa.text("select count(*) from registry.decision"))


def test_question_by_options_is_decided_and_recorded(jingtu, registry):
    result = jingtu("--transaction", "transfer", "--parcel", CODE)
    assert result.exit_code == 0, result.output
    decision = json.loads(result.output)
    assert decision["outcome"] == "insufficient_data"
    assert decision["certificate_number"].startswith("JT-999901-")
    assert kept(registry) == 1


def test_question_of_a_file_and_dry_run(jingtu, registry, tmp_path):
    body = {"transaction": "grant", "subject": {"parcel_code": CODE}}
    body["planned_use"] = {"scheme": "gbt21010_2017", "code": "0701"}
    file = tmp_path / "question.json"
    file.write_text(json.dumps(body))
    result = jingtu(str(file), "--dry-run")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["transaction"] == "grant"
    assert kept(registry) == 0


def test_what_cannot_be_asked_is_told_with_its_place(jingtu, registry):
    wrong = jingtu("--transaction", "nonsense", "--parcel", CODE)
    assert isinstance(wrong.exception, NotDecided)
    assert "/transaction" in str(wrong.exception)
    nowhere = jingtu("--transaction", "transfer", "--parcel", CODE[:-1] + "9")
    assert isinstance(nowhere.exception, NotDecided)
    assert kept(registry) == 0


@pytest.mark.parametrize(
    "more", [("--role", "auditor"), ("--planned", "0701"), ("--division", "0")]
)
def test_bad_argument_is_said(jingtu, more):
    result = jingtu("--transaction", "transfer", "--parcel", CODE, *more)
    assert isinstance(result.exception, BadArgument)
