"""`jingtu export`: the file, what a shapefile does not hold, the exit code."""

import zipfile

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.commands.asker import BadArgument
from app.commands.export import NotExported
from tests.integration.register_rows import add_parcel, change

CODE, OTHER = "999901001001GB00001", "999902001001GB00001"


@pytest.fixture
def jingtu(tmp_path, fresh_database_urls, monkeypatch, registry):
    """Export from a register of one parcel in each of two counties."""
    monkeypatch.setenv("JINGTU_DATABASE_URL", fresh_database_urls.service)
    monkeypatch.setenv("JINGTU_DATA_DIR", str(tmp_path / "data"))
    with registry.service(scope="*") as connection, change(connection) as opened:
        add_parcel(connection, opened, CODE, "2024-01-01", location="净" * 200)
    with registry.service(scope="*") as connection:
        with change(connection, "999902") as opened:
            add_parcel(connection, opened, OTHER, "2024-01-01")

    def run(name, *more, layer="parcels", division="999901"):
        asked = ("--layer", layer, "--division", division, *more)
        return CliRunner().invoke(cli, ["export", str(tmp_path / name), *asked])

    return run


def test_file_holds_the_division_asked_for(jingtu, tmp_path):
    result = jingtu("a.parquet")
    assert result.exit_code == 0, result.output
    assert "1 objects" in result.output
    rows = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert [row["parcel_code"] for row in rows] == [CODE]
    both = jingtu("b.parquet", division="9999")
    assert "2 objects" in both.output


def test_day_before_the_first_version_is_empty(jingtu):
    assert "0 objects" in jingtu("a.gpkg", "--as-of", "2023-12-31").output


def test_shapefile_tells_what_it_does_not_hold(jingtu, tmp_path):
    result = jingtu("a.zip")
    assert result.exit_code == 0, result.output
    assert "text (1): location" in result.output
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert "parcel_not_held.csv" in archive.namelist()


def test_file_that_exists_is_kept(jingtu, tmp_path):
    (tmp_path / "a.fgb").write_text("mine")
    assert isinstance(jingtu("a.fgb").exception, BadArgument)
    assert (tmp_path / "a.fgb").read_text() == "mine"
    assert jingtu("a.fgb", "--overwrite").exit_code == 0


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("a.doc", {}),
        ("a.gpkg", {"layer": "nonsense"}),
        ("a.gpkg", {"division": "0"}),
        ("no/folder/a.gpkg", {}),
    ],
)
def test_bad_argument_is_said(jingtu, name, more):
    assert isinstance(jingtu(name, **more).exception, BadArgument)


def test_what_a_format_cannot_hold_leaves_nothing(jingtu, tmp_path):
    before = set(tmp_path.iterdir())
    result = jingtu("a.fgb", layer="sample_result")
    assert isinstance(result.exception, NotExported)
    assert result.exception.exit_code == 8
    assert set(tmp_path.iterdir()) - before <= {tmp_path / "data"}
