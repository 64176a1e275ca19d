"""What is filled by COPY is what would have been written row by row, or refused."""

from datetime import date

import pyarrow as pa
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from parcels.register import filling, tables
from parcels.register.filling import begin_filling, end_filling
from parcels.register.layers import LAYERS, RESTRICTED_LAYERS
from parcels.register.statements import driver
from parcels.surveys.archive import Archive
from parcels.surveys.binary_copy import copy_batches
from parcels.surveys.committing import commit_upload
from parcels.surveys.imports import check_upload
from tests.integration.imports.import_steps import receive
from tests.integration.register_rows import (
    SQUARE,
    add_parcel,
    change,
    element,
    narrow,
    parcel_values,
)
from tests.survey_files import parcels_zip

CODE = "999901001001GB00001"
FIRST = date(2020, 1, 1)
PARCEL = tables.TABLES["parcel"]
AREA = tables.TABLES["restriction_area"]
ROWS = sa.text(
    "select code, division_code, valid_from, valid_to, closed_by, township_code,"
    " location, land_use_code, registered_area_m2, mapped_area_m2, survey_srid,"
    " st_asewkt(geom) from registry.parcel order by code"
)
LEFT_BEHIND = (
    "select layer, division_code from registry.layer_mark where layer = 'parcel'",
    "select division_code, township_code, on_day, parcels, area_m2"
    " from registry.township_tally order by 1, 2, 3",
    "select layer, on_day, st_asewkt(box) from registry.change_reach order by 1, 2, 3",
)
EMPTY = sa.text("""
alter table registry.parcel disable trigger user;
truncate registry.parcel, registry.township_tally, registry.layer_mark,
    registry.change_reach;
alter table registry.parcel enable trigger user;
""")
CODES = ("10", "51", "5134", "513425", "513425001", "999999999")
NO_CODES = (
    *("", "5", "05", "0513", "5134250011", "513a", "ab", "*", "-51", "5.1", "51;"),
    *("5134 ", " 5134", "51\n34", "5134\n", "5134\t", "51３4", "５１３４", "51\u0661"),
)
PATTERN = sa.text(
    "select pg_get_constraintdef(oid) from pg_constraint where convalidated"
    " and conrelid = cast(:layer as regclass)"
    " and conname = 'version_columns_division_code_check'"
)


@pytest.fixture
def commit(tmp_path, monkeypatch):
    """Import a file from receiving to committing."""
    archive = Archive(tmp_path)

    def send(connection, data, least_rows):
        monkeypatch.setattr(filling, "LEAST_ROWS", least_rows)
        upload = receive(connection, archive, data)
        check_upload(connection, archive, upload.id)
        return commit_upload(connection, archive, upload.id, actor="t")

    return send


@pytest.fixture
def many(monkeypatch):
    """Let one row be enough for filling."""
    monkeypatch.setattr(filling, "LEAST_ROWS", 1)


def look(registry):
    """Return the parcels, and what opening them left behind."""
    with registry.owner() as owner:
        kept = [owner.execute(sa.text(one)).all() for one in LEFT_BEHIND]
        return owner.execute(ROWS).all(), kept


def test_filled_layer_holds_what_is_written_row_by_row(registry, commit):
    with registry.service() as connection:
        done = commit(connection, parcels_zip(), least_rows=1)
    filled = look(registry)
    with registry.owner() as owner:
        owner.execute(EMPTY)
    with registry.service() as connection:
        again = commit(connection, parcels_zip(), least_rows=50_000)
    assert filled == look(registry)
    assert len(filled[0]) == 3
    assert all(filled[1])
    assert done.comparison == again.comparison


def test_every_trigger_of_opened_parcels_has_its_part_in_filling(schema):
    """One that is added has to be added to `registry.end_filling`."""
    fired = sa.text(
        "select tgname from pg_trigger where tgrelid = 'registry.parcel'::regclass"
        " and tgtype & 4 <> 0"
    )
    with schema.owner() as owner:
        assert set(owner.scalars(fired)) == {"versions_open", "written_mark_open"}


def fill(connection, opened, *rows, table=PARCEL):
    """Fill a layer with rows in one statement."""
    assert begin_filling(connection, table, len(rows))
    connection.execute(sa.insert(table).values(rows))


def parcel_of(opened, code, **more):
    """Return a parcel without the number of an object: it is new."""
    return parcel_values(code, FIRST, opened_by=opened.id, **more)


def test_rows_of_another_division_are_not_filled_in(registry, many):
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        registry.service("9999") as connection,
        change(connection, "9999") as opened,
    ):
        ours, theirs = (f"99990{n}001001GB00001" for n in (1, 2))
        fill(connection, opened, *(parcel_of(opened, one) for one in (ours, theirs)))
        narrow(connection, "999901")
        end_filling(connection, PARCEL)


def test_rows_of_another_department_are_not_filled_in(registry, many):
    """Policies beside that of divisions are asked as well."""

    def area(opened, theme):
        return {
            "code": "A1",
            "division_code": "999901",
            "valid_from": FIRST,
            "opened_by": opened.id,
            "theme": theme,
            "mapped_area_m2": 1.0,
            "geom": element(SQUARE),
        }

    with registry.service(role="planner") as connection:
        with change(connection) as opened:
            fill(connection, opened, area(opened, "ecological_redline"), table=AREA)
            end_filling(connection, AREA)
        connection.rollback()
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        registry.service(role="planner") as connection,
        change(connection) as opened,
    ):
        fill(connection, opened, area(opened, "control_area"), table=AREA)
        end_filling(connection, AREA)


def test_versions_of_another_change_are_not_filled_in(registry, many):
    with registry.service() as connection, change(connection) as before:
        pass
    with (
        pytest.raises(DBAPIError, match="open change of its own transaction"),
        registry.service() as connection,
        change(connection),
    ):
        fill(connection, before, parcel_of(before, CODE))
        end_filling(connection, PARCEL)


def test_closed_versions_are_not_filled_in(registry, many):
    with (
        pytest.raises(DBAPIError, match="open change of its own transaction"),
        registry.owner() as connection,
    ):
        connection.execute(
            sa.text(
                "select set_config('jingtu.scope', '999901', true),"
                " set_config('jingtu.role', 'surveyor', true)"
            )
        )
        with change(connection) as opened:
            closed = parcel_of(opened, CODE, closed_by=opened.id + 1)
            fill(connection, opened, closed)
            end_filling(connection, PARCEL)


def test_filling_that_was_not_begun_is_not_ended(registry):
    with (
        pytest.raises(DBAPIError, match="is not being filled"),
        registry.service() as connection,
    ):
        end_filling(connection, PARCEL)


def test_row_after_the_filling_is_under_the_policies_again(registry, many):
    with registry.service("9999") as connection, change(connection, "9999") as opened:
        fill(connection, opened, parcel_of(opened, CODE))
        end_filling(connection, PARCEL)
        narrow(connection, "999901")
        with (
            pytest.raises(DBAPIError, match="row-level security"),
            connection.begin_nested(),
        ):
            add_parcel(connection, opened, "999902001001GB00001", FIRST)
        narrow(connection, "9999")


@pytest.mark.parametrize("filled", [False, True])
@pytest.mark.parametrize("division", ["99990a", "0999", "9", "9999010010"])
def test_no_code_of_a_division_is_refused(registry, many, filled, division):
    with (
        pytest.raises(DBAPIError, match="division_code_check"),
        registry.service("*") as connection,
        change(connection, "*") as opened,
    ):
        if filled:
            assert begin_filling(connection, PARCEL, 1)
        row = parcel_of(opened, CODE) | {"division_code": division}
        connection.execute(sa.insert(PARCEL).values(row))


@pytest.mark.parametrize("layer", [one.name for one in (*LAYERS, *RESTRICTED_LAYERS)])
def test_every_layer_takes_the_codes_of_divisions_and_nothing_else(schema, layer):
    with schema.owner() as owner:
        name = f"registry.{layer}"
        check = owner.execute(PATTERN, {"layer": name}).scalar_one()
        rule = check.removeprefix("CHECK").replace(":", r"\:")
        asked = sa.text(f"""
            select c.code
            from unnest(cast(:codes as text[])) with ordinality c (code, n),
                lateral (select c.code collate "C" as division_code) d
            where {rule}
            order by c.n
        """)  # noqa: S608
        taken = owner.scalars(asked, {"codes": [*CODES, *NO_CODES]}).all()
    assert taken == list(CODES)


def test_lists_are_copied_as_lists(service):
    lists = [["镉", "As"], None, ["one"], [], ["a;b", ""]]
    column = pa.array(lists, pa.list_(pa.string()))
    with service() as connection:
        connection.execute(sa.text("create temporary table listed (n int, a text[])"))
        batch = pa.record_batch({"n": pa.array(range(5), pa.int32()), "a": column})
        batches = [batch.slice(0, 2), batch.slice(2)]
        copy_batches(driver(connection), "pg_temp.listed", ("n", "a"), batches)
        found = connection.scalars(sa.text("select a from listed order by n")).all()
    assert found == lists
