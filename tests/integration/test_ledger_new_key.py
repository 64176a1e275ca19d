"""`jingtu ledger new-key`: only where the old one is lost."""

import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.commands.asker import BadArgument
from parcels.ledger.keys import KEY_FILE, read_or_make_key


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The ledger's folder of a data directory."""
    monkeypatch.delenv("JINGTU_DATABASE_URL", raising=False)
    monkeypatch.setenv("JINGTU_DATA_DIR", str(tmp_path))
    (tmp_path / "ledger").mkdir()
    return tmp_path / "ledger"


def test_a_key_is_made_where_it_is_lost(folder):
    result = CliRunner().invoke(cli, ["ledger", "new-key"])
    assert result.exit_code == 0, result.output
    assert read_or_make_key(folder).public_key.hex() in result.output


def test_a_key_is_made_where_the_whole_folder_is_lost(folder):
    folder.rmdir()
    (folder.parent / "cluster").mkdir()
    result = CliRunner().invoke(cli, ["ledger", "new-key"])
    assert result.exit_code == 0, result.output
    assert read_or_make_key(folder).public_key.hex() in result.output


def test_a_key_that_is_there_stays(folder):
    (folder / KEY_FILE).write_text("damaged")
    result = CliRunner().invoke(cli, ["ledger", "new-key"])
    assert isinstance(result.exception, BadArgument)
    assert (folder / KEY_FILE).read_text() == "damaged"


def test_no_key_is_made_in_a_wrong_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("JINGTU_DATA_DIR", str(tmp_path / "mistyped"))
    result = CliRunner().invoke(cli, ["ledger", "new-key"])
    assert isinstance(result.exception, BadArgument)
    assert list(tmp_path.iterdir()) == []
