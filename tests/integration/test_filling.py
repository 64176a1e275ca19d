"""An empty layer is filled by COPY and indexed after; nothing is lost by that."""

from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from parcels.register import filling, tables
from parcels.register.filling import begin_filling, end_filling
from parcels.register.history import next_object_id
from parcels.surveys.archive import Archive
from parcels.surveys.committing import commit_upload
from parcels.surveys.imports import check_upload
from tests.integration.imports.import_steps import receive
from tests.integration.register_rows import add_parcel, change, parcel_values
from tests.survey_files import parcels_zip

CODE = "999901001001GB00001"
FIRST = date(2020, 1, 1)
PARCEL = tables.TABLES["parcel"]
DEFINITIONS = sa.text(
    "select indexname, indexdef from pg_indexes"
    " where schemaname = 'registry' and tablename = 'parcel'"
)
BEGIN = sa.select(sa.func.registry.begin_filling("parcel"))
PROTECTION = sa.text(
    "select relrowsecurity, (select array_agg(tgname::text order by tgname)"
    " from pg_trigger where tgrelid = c.oid and tgenabled = 'O')"
    " from pg_class c where oid = 'registry.parcel'::regclass"
)


@pytest.fixture
def commit(tmp_path):
    """Import a file from receiving to committing."""
    archive = Archive(tmp_path)

    def send(connection, data):
        upload = receive(connection, archive, data)
        check_upload(connection, archive, upload.id)
        return commit_upload(connection, archive, upload.id, actor="t")

    return send


@pytest.fixture(autouse=True)
def _few_rows_are_many(monkeypatch):
    monkeypatch.setattr(filling, "LEAST_ROWS", 1)


def definitions(connection):
    """Return the indexes of parcels by name."""
    return dict(connection.execute(DEFINITIONS).all())


def protection(connection):
    """Return whether parcels are under row-level security, and their live triggers."""
    return tuple(connection.execute(PROTECTION).one())


@contextmanager
def filled(connection):
    """Fill parcels, which hold nothing, in a block."""
    assert begin_filling(connection, PARCEL, 1)
    yield
    end_filling(connection, PARCEL)


def insert(connection, opened, *codes, day=FIRST):
    """Insert parcels in one statement."""
    rows = [
        parcel_values(
            code, day, object_id=next_object_id(connection), opened_by=opened.id
        )
        for code in codes
    ]
    connection.execute(sa.insert(PARCEL).values(rows))


def test_everything_stands_as_before_when_an_empty_layer_was_filled(registry):
    with registry.service() as connection, change(connection) as opened:
        before, protected = definitions(connection), protection(connection)
        with filled(connection):
            aside = before.keys() - definitions(connection).keys()
            insert(connection, opened, CODE)
            assert protection(connection) != protected
        names = ("pkey", "object", "code", "list", "geom", "opened")
        assert aside == {f"parcel_{name}" for name in names}
        assert definitions(connection) == before
        assert protection(connection) == protected
        assert protected[0] and "versions_open" in protected[1]
    with registry.service() as connection:
        assert connection.scalars(sa.select(PARCEL.c.code)).all() == [CODE]


def test_first_survey_of_a_county_is_indexed_after(registry, commit):
    asked = []
    with registry.service() as connection:
        sa.event.listen(
            connection, "before_cursor_execute", lambda *call: asked.append(call[2])
        )
        before = definitions(connection)
        commit(connection, parcels_zip())
        assert definitions(connection) == before
    assert any("end_filling" in statement for statement in asked)
    with registry.service() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(PARCEL)) == 3


def test_one_code_twice_is_found_when_the_indexes_are_made(registry):
    with (
        pytest.raises(DBAPIError, match="parcel_code"),
        registry.service() as connection,
        change(connection) as opened,
        filled(connection),
    ):
        insert(connection, opened, CODE, CODE)
    with registry.service() as connection:
        assert "parcel_code" in definitions(connection)
        assert connection.scalars(sa.select(PARCEL.c.code)).all() == []


def test_periods_that_overlap_are_found_without_the_indexes(registry):
    with (
        pytest.raises(DBAPIError, match="two open versions"),
        registry.service() as connection,
        change(connection) as opened,
        filled(connection),
    ):
        insert(connection, opened, CODE)
        insert(connection, opened, CODE, day=date(2021, 1, 1))


def test_nothing_is_committed_without_the_indexes(registry):
    with (
        pytest.raises(DBAPIError, match="indexes of parcel were not restored"),
        registry.service() as connection,
    ):
        assert connection.scalar(BEGIN)
    with registry.service() as connection:
        assert "parcel_geom" in definitions(connection)


def test_a_session_ended_in_the_middle_leaves_the_layer_as_it_was(registry):
    with registry.service() as connection:
        before, protected = definitions(connection), protection(connection)
    ended = sa.text("select pg_terminate_backend(:pid, 5000)")
    with (
        pytest.raises(DBAPIError, match="terminating connection"),
        registry.service() as connection,
        change(connection) as opened,
        filled(connection),
    ):
        insert(connection, opened, CODE)
        assert before.keys() - definitions(connection).keys()
        pid = connection.scalar(sa.text("select pg_backend_pid()"))
        with registry.service() as other:
            assert other.scalar(ended, {"pid": pid})
    with registry.service() as connection:
        assert definitions(connection) == before
        assert protection(connection) == protected
        assert connection.scalars(sa.select(PARCEL.c.code)).all() == []
        assert connection.scalar(BEGIN) is True
        connection.rollback()


def test_layer_that_holds_another_county_keeps_its_indexes(registry):
    with registry.service("999902") as connection, change(connection, "999902") as one:
        add_parcel(connection, one, "999902001001GB00001", FIRST)
    with registry.service() as connection:
        assert connection.scalar(BEGIN) is False
        assert "parcel_geom" in definitions(connection)


def test_layer_that_somebody_reads_keeps_its_indexes(registry):
    with registry.service() as reader:
        reader.execute(sa.select(PARCEL.c.code))
        with registry.service() as connection:
            assert connection.scalar(BEGIN) is False
            # The lock was given back: another reader does not wait.
            with registry.service() as other:
                other.execute(sa.text("set local lock_timeout = '1s'"))
                other.execute(sa.select(PARCEL.c.code))


@pytest.mark.parametrize("layer", ["parcel", "decision", "ledger_entry"])
def test_only_who_writes_a_layer_sets_its_indexes_aside(registry, layer):
    role = "auditor" if layer == "parcel" else "admin"
    with (
        pytest.raises(DBAPIError, match="not a layer to write"),
        registry.service(role=role) as connection,
    ):
        connection.execute(sa.select(sa.func.registry.begin_filling(layer)))


def test_new_objects_are_numbered_above_all_others(registry, commit):
    """The check of what was opened looks at each row only where it must."""
    with registry.service() as before, registry.service("999902") as other:
        assert next_object_id(before) < next_object_id(other)
    with registry.service() as connection:
        kept = next_object_id(connection)
        with registry.service("999902") as beside:
            above = next_object_id(beside)
        commit(connection, parcels_zip())
        first = connection.scalar(sa.select(sa.func.min(PARCEL.c.object_id)))
    assert kept < above < first
