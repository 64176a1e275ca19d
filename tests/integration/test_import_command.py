"""`jingtu import`: the report on the terminal, the exit code, the register."""

import csv
import os
import threading

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.cli import cli
from app.refusals import CannotRun
from parcels.register import tables
from tests.survey_files import (
    members,
    parcel_code,
    parcels_zip,
    square_at,
    zipped,
)

PARCEL = tables.TABLES["parcel"]


@pytest.fixture
def jingtu(tmp_path, fresh_database_urls, monkeypatch):
    """Run the command on a file of some bytes, in an empty register."""
    monkeypatch.setenv("JINGTU_DATABASE_URL", fresh_database_urls.service)
    monkeypatch.setenv("JINGTU_DATA_DIR", str(tmp_path / "data"))

    def run(
        data, *more, name="宗地.zip", crs="4526", layer="parcel", division="999901"
    ):
        file = tmp_path / name
        file.write_bytes(data)
        declared = ("--crs", crs, "--encoding", "GBK") if crs else ()
        about = ("--division", division) if division else ()
        return CliRunner().invoke(
            cli,
            [
                *("import", str(file), "--layer", layer, *about),
                *(*declared, "--language", "en"),
                *more,
            ],
        )

    return run


def count(registry):
    with registry.owner() as connection:
        return connection.scalar(sa.select(sa.func.count(PARCEL.c.version_id)))


def faulty():
    return parcels_zip([square_at(0, 0)], [("=1+1", "a", 100.0)])


def test_good_file_is_checked_and_not_written(jingtu, registry):
    result = jingtu(parcels_zip())
    assert result.exit_code == 0, result.output
    assert "staged, 3 rows, 0 errors" in result.output
    assert count(registry) == 0


def test_the_only_county_of_the_register_need_not_be_named(jingtu):
    code = (("XZQDM", "C", 12, 0), ("XZQMC", "C", 60, 0))
    county = zipped(members([square_at(-500, -500, 2000)], code, [("999901", "县")]))
    drawn = jingtu(county, "--commit", "--reason", "新建", layer="divisions")
    assert drawn.exit_code == 0, drawn.output
    result = jingtu(parcels_zip(), division=None)
    assert result.exit_code == 0, result.output
    assert "division 999901, the only county in the register" in result.output


def test_where_no_county_is_drawn_one_has_to_be_named(jingtu, registry):
    result = jingtu(parcels_zip(), division=None)
    assert result.exception.exit_code == 2
    assert "--division is needed" in str(result.exception)


def test_commit_writes_and_tells_how_many_rows(jingtu, registry):
    result = jingtu(parcels_zip(), "--commit", "--actor", "测绘院")
    assert result.exit_code == 0, result.output
    assert "new 3, changed 0, identical 0" in result.output
    assert count(registry) == 3
    with registry.owner() as connection:
        assert connection.scalar(sa.select(tables.change.c.actor)) == "测绘院"


def test_faulty_file_ends_with_8_and_tells_row_and_field(jingtu, registry):
    result = jingtu(faulty(), "--commit")
    assert result.exit_code == 8
    assert "Row 1, field ZDDM" in result.output
    assert count(registry) == 0


@pytest.mark.parametrize("name", ["a" * 296 + ".zip", "宗" * 100 + ".zip"])
def test_a_file_name_that_no_file_can_have_is_told_as_such(name):
    error = CliRunner().invoke(cli, ["import", name, "--layer", "parcel"]).exception
    assert isinstance(error, CannotRun) and error.exit_code == 2
    length = len(name.encode())
    assert f"a name of {length} bytes" in str(error) and "shorter" in str(error)


@pytest.mark.parametrize(
    ("name", "said"), [("gone.zip", "No such file"), (".", "Is a directory")]
)
def test_a_file_that_cannot_be_read_is_told_with_the_reason(tmp_path, name, said):
    file = str(tmp_path / name)
    error = CliRunner().invoke(cli, ["import", file, "--layer", "parcel"]).exception
    assert isinstance(error, CannotRun) and error.exit_code == 2
    assert tmp_path.name in str(error) and said in str(error)


def test_a_pipe_is_read_as_a_file_is(jingtu, registry, tmp_path):
    pipe = tmp_path / "parcels.zip"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(parcels_zip(),))
    writer.start()
    declared = ("--layer", "parcel", "--division", "999901", "--crs", "4526")
    result = CliRunner().invoke(
        cli, ["import", str(pipe), *declared, "--encoding", "GBK"]
    )
    writer.join()
    assert "staged, 3 rows, 0 errors" in result.output


@pytest.mark.parametrize(
    ("name", "said"),
    [("b" * 300 + ".csv", "shorter"), ("nowhere/a.csv", "No such file")],
)
def test_a_report_that_cannot_be_written_is_refused_first(
    jingtu, registry, tmp_path, name, said
):
    result = jingtu(parcels_zip(), "--commit", "--report", str(tmp_path / name))
    assert result.exception.exit_code == 2 and said in str(result.exception)
    assert count(registry) == 0


def test_report_holds_every_issue_and_no_formula(jingtu, tmp_path):
    report = tmp_path / "report.csv"
    jingtu(faulty(), "--report", str(report))
    with report.open(encoding="utf-8-sig", newline="") as file:
        (issue,) = csv.DictReader(file)
    assert (issue["row"], issue["field"]) == ("1", "ZDDM")
    assert issue["value"] == "'=1+1"
    assert float(issue["longitude"]) == pytest.approx(114.0, abs=0.001)


def test_day_and_mapping_are_taken_from_the_command(jingtu, registry):
    data = parcels_zip([square_at(0, 0)], [("旧-1", parcel_code(9), 100.0)])
    mapping = ("--mapping", "code=ZL", "--mapping", "legacy_code=ZDDM")
    result = jingtu(data, "--commit", "--valid-from", "2023-05-01", *mapping)
    assert result.exit_code == 0, result.output
    with registry.owner() as connection:
        found = connection.execute(sa.select(PARCEL)).one()
    assert (found.code, found.legacy_code) == (parcel_code(9), "旧-1")
    assert found.valid_from.isoformat() == "2023-05-01"


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (("--role", "auditor"), 8, "Your role may not write"),
        (("--role", "king"), 2, "king"),
        (("--layer", "parcells"), 2, "There is no layer"),
        (("--mapping", "x=ZL"), 2, "names 'x'"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_exit_code(jingtu, more, code, words):
    error = jingtu(parcels_zip(), *more).exception
    assert isinstance(error, CannotRun)
    assert (error.exit_code, words in str(error)) == (code, True)


def test_file_that_cannot_be_taken_ends_with_8_and_the_reason(jingtu):
    error = jingtu(b"PK no archive").exception
    assert isinstance(error, CannotRun)
    assert (error.exit_code, "zip archive is damaged" in str(error)) == (8, True)


def test_older_datum_is_refused_as_an_argument(jingtu):
    result = jingtu(parcels_zip(), crs="2362")
    assert result.exception.exit_code == 2
    assert "Xian 1980" in str(result.exception)


def test_layers_go_by_the_name_they_have_in_urls(jingtu):
    result = jingtu(parcels_zip(), layer="parcels")
    assert result.exit_code == 0, result.output


def test_what_was_guessed_is_shown_and_taken_when_confirmed(jingtu, registry):
    result = jingtu(parcels_zip(), "--commit", crs=None)
    assert result.exception.exit_code == 11, result.output
    assert "crs = 4526" in result.output
    assert count(registry) == 0
    result = jingtu(parcels_zip(), "--commit", "--confirm", crs=None)
    assert result.exit_code == 0, result.output
    assert count(registry) == 3


def slight():
    row = (parcel_code(1), "a", 10_020.0)
    return parcels_zip([square_at(0, 0, 100.0)], [row])


def test_warnings_need_a_reason(jingtu, registry):
    result = jingtu(slight(), "--commit")
    assert result.exception.exit_code == 10, result.output
    assert "warning" in result.output
    assert count(registry) == 0
    result = jingtu(slight(), "--commit", "--reason", "checked in the field")
    assert result.exit_code == 0, result.output
    assert count(registry) == 1


def half_faulty():
    rows = [(parcel_code(1), "a", 100.0), ("12345", "b", 100.0)]
    return parcels_zip([square_at(0, 0), square_at(20, 0)], rows)


def test_faulty_rows_are_left_out_only_when_asked(jingtu, registry):
    assert jingtu(half_faulty(), "--commit").exit_code == 8
    assert count(registry) == 0
    result = jingtu(half_faulty(), "--commit", "--set-aside", "--reason", "later")
    assert result.exit_code == 0, result.output
    assert count(registry) == 1


def test_a_whole_update_ends_the_rest(jingtu, registry):
    jingtu(parcels_zip(), "--commit", "--valid-from", "2024-01-01")
    one = parcels_zip([square_at(0, 0)], [(parcel_code(1), "净土路0号", 100.0)])
    whole = (one, "--commit", "--whole", "--valid-from", "2025-01-01")
    assert "ends 2 of 3 objects" in jingtu(*whole).output
    result = jingtu(*whole, "--reason", "the others are no more")
    assert result.exit_code == 0, result.output
    assert "missing 2" in result.output


def test_the_report_is_a_geopackage_when_its_name_says_so(jingtu, tmp_path):
    report = tmp_path / "report.gpkg"
    jingtu(faulty(), "--report", str(report))
    assert report.read_bytes().startswith(b"SQLite format 3")
    error = jingtu(faulty(), "--report", str(tmp_path / "report.doc")).exception
    assert error.exit_code == 2
