"""`jingtu screen`: the file, the exit code, the run in the register."""

import json

import openpyxl
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.cli import cli
from app.refusals import CannotRun
from tests.integration.register_rows import add_plot, change


@pytest.fixture
def jingtu(tmp_path, fresh_database_urls, monkeypatch):
    """Run the command on a register of the test's own."""
    monkeypatch.setenv("JINGTU_DATABASE_URL", fresh_database_urls.service)
    monkeypatch.setenv("JINGTU_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments, output="rows.geojson"):
        path = tmp_path / output
        more = ("--division", "999901", "--output", str(path), *arguments)
        return CliRunner().invoke(cli, ["screen", *more]), path

    return run


@pytest.fixture
def plots(registry):
    """Two plots with the same place."""
    with registry.service() as connection, change(connection) as opened:
        add_plot(connection, opened, code="P-1")
        add_plot(connection, opened, code="P-2")
    return registry


def overlay(*more):
    sides = ("--parameter", "left=plot", "--parameter", "right=plot")
    return ("overlay", *sides, *more)


def test_rows_are_written_and_the_run_is_kept(jingtu, plots):
    result, path = jingtu(*overlay("--parameter", "within_m=10"))
    assert result.exit_code == 0, result.output
    assert "2 rows" in result.output
    features = json.loads(path.read_bytes())["features"]
    pairs = [(f["properties"]["code"], f["properties"]["other_code"]) for f in features]
    assert pairs == [("P-1", "P-2"), ("P-2", "P-1")]
    with plots.owner() as connection:
        state = connection.scalar(sa.text("select state from screening_run"))
    assert state == "done"


def test_the_workbook_speaks_the_language_asked_for(jingtu, plots):
    result, path = jingtu(*overlay("--language", "en"), output="rows.xlsx")
    assert result.exit_code == 0, result.output
    assert openpyxl.load_workbook(path).sheetnames == ["Results", "About"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nothing",), "no kind of run"),
        (("overlay",), "/parameters/left: must be given"),
        (overlay("--parameter", "colour=red"), "/parameters/colour"),
        (overlay("--parameter", "within_m=far"), "/parameters/within_m"),
        (overlay("--role", "auditor"), "orders no screening"),
    ],
)
def test_an_argument_that_cannot_be_used_is_named(jingtu, arguments, told):
    result, path = jingtu(*arguments)
    assert isinstance(result.exception, CannotRun)
    assert result.exception.exit_code == 2
    assert told in str(result.exception)
    assert not path.exists()


def named(*pairs):
    return [word for pair in pairs for word in ("--parameter", pair)]


AREA = json.dumps(
    {
        "type": "Polygon",
        "coordinates": [[[114, 34.6], [114.001, 34.6], [114, 34.601], [114, 34.6]]],
    }
)


@pytest.mark.parametrize(
    ("kind", "parameters", "told"),
    [
        ("upstream", ["questions=rivers"], "/parameters/questions"),
        ("upstream", ["longitude=114.2"], "/parameters/latitude"),
        ("upstream", ["water_m=-5"], "/parameters/water_m"),
        ("upstream", ["downstream_m=far"], "/parameters/downstream_m"),
        ("siting", ["industry_code=3212"], "/parameters/area"),
        ("siting", [f"area={AREA}"], "/parameters/industry_code"),
        ("siting", [f"area={AREA}", "industry_code=smelter"], "industry_code"),
        ("siting", ["area=@/none.json", "industry_code=3212"], "/parameters/area"),
        ("siting", [f"area={AREA}", "industry_code=3212", "build=old"], "build"),
        ("cross_screening", ["sources=moon"], "/parameters/sources"),
        ("cross_screening", ["radius_m=nan"], "/parameters/radius_m"),
        ("cross_screening", ["radius_m=100000"], "/parameters/radius_m"),
    ],
)
def test_a_wrong_parameter_of_each_kind_is_named(jingtu, kind, parameters, told):
    result, path = jingtu(kind, *named(*parameters))
    assert isinstance(result.exception, CannotRun), result.output
    assert result.exception.exit_code == 2
    assert told in str(result.exception)
    assert not path.exists()


def test_water_and_cross_screening_of_bare_land_find_nothing(jingtu):
    for kind in ("upstream", "cross_screening"):
        result, path = jingtu(kind)
        assert result.exit_code == 0, result.output
        assert "0 rows" in result.output
        assert json.loads(path.read_bytes())["features"] == []


def test_a_site_in_nobodys_county_fails_with_a_code_of_its_own(jingtu):
    """The register is empty: no county is on record, and the gate says so."""
    order = named(f"area={AREA}", "industry_code=3212")
    result, path = jingtu("siting", *order)
    assert isinstance(result.exception, CannotRun)
    assert result.exception.exit_code == 8
    assert "no county of yours" in str(result.exception)
    assert not path.exists()


def test_a_site_may_come_from_a_file(jingtu, tmp_path):
    drawn = tmp_path / "site.json"
    drawn.write_text(AREA, encoding="utf-8")
    order = named(f"area=@{drawn}", "industry_code=3212")
    assert jingtu("siting", *order)[0].exception.exit_code == 8


@pytest.mark.parametrize("content", [b"", b"no raster"])
def test_an_elevation_model_that_is_none_fails_the_run(
    jingtu, tmp_path, monkeypatch, content
):
    path = tmp_path / "dem.tif"
    path.write_bytes(content)
    monkeypatch.setenv("JINGTU_ELEVATION", str(path))
    result, _ = jingtu("upstream")
    assert isinstance(result.exception, CannotRun)
    assert result.exception.exit_code == 8
    assert "dem.tif" in str(result.exception)


def test_a_name_of_no_known_form_is_refused(jingtu):
    result, _ = jingtu(*overlay(), output="rows.doc")
    assert "must end in" in str(result.exception)
