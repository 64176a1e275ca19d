"""Transactions carry the asker's rights, and end in one of two ways."""

import json
import threading
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.database import Database, confine
from app.database_errors import (
    DatabaseBusy,
    DatabaseUnavailable,
    OutsideRights,
    QuestionTooLarge,
    ValueRefused,
)
from app.idempotency import Answer, Repetition, answer_once
from app.refusals import DatabaseUnusable
from app.request_errors import KeyReused, StillInProgress
from app.security.authentication import Authenticator
from app.security.keys import DEMO_CLIENTS, create_client, ensure_demo_keys
from app.security.principals import Principal
from app.settings import Settings
from parcels.register.history import insert_version, next_object_id
from parcels.register.layers import DIVISION, PARCEL
from parcels.register.selecting import meets_box
from parcels.register.tables import TABLES
from tests.integration.register_rows import SQUARE, add_parcel, change, element
from tests.persons import find_client

CODE = "999901001001GB00001"


def principal(scope="999901", role="surveyor"):
    return Principal(uuid4(), "test", role, scope)


@pytest.fixture
def database(fresh_database_urls):
    found = Database(fresh_database_urls.service, pool_size=4)
    yield found
    found.close()


@pytest.fixture
def with_parcel(database):
    """A database with one parcel in 999901 from 2024."""
    with database.transaction(principal()) as connection:
        with change(connection) as opened:
            add_parcel(connection, opened, CODE, "2024-01-01")
    return database


def count(connection):
    return connection.scalar(sa.text("select count(*) from parcel"))


@pytest.mark.parametrize(
    ("scope", "seen"), [("999901", 1), ("99", 1), ("*", 1), ("999902", 0), ("51", 0)]
)
def test_a_transaction_sees_the_askers_division(with_parcel, scope, seen):
    with with_parcel.transaction(principal(scope)) as connection:
        assert count(connection) == seen


def test_a_transaction_of_nobody_sees_nothing(with_parcel):
    with with_parcel.transaction(None) as connection:
        assert count(connection) == 0


def test_rights_do_not_stay_on_the_connection(with_parcel):
    one = Database(str(with_parcel.engine.url.render_as_string(False)), pool_size=1)
    with one.transaction(principal("*")) as connection:
        assert count(connection) == 1
    with one.transaction(None) as connection:
        assert count(connection) == 0
    one.close()


def test_rights_can_be_narrowed_and_end_with_the_transaction(with_parcel):
    with with_parcel.transaction(principal("*")) as connection:
        confine(connection, "999902")
        assert count(connection) == 0
    with with_parcel.transaction(principal("*")) as connection:
        assert count(connection) == 1


@pytest.mark.parametrize("scope", ["", "5", "abc", "51; drop", "**", "0123"])
def test_what_is_no_scope_makes_no_principal(scope):
    with pytest.raises(ValueError):
        principal(scope)


def test_what_is_no_role_makes_no_principal():
    with pytest.raises(ValueError):
        principal(role="owner'; --")


def test_a_block_that_fails_leaves_nothing(database):
    with pytest.raises(LookupError):
        with database.transaction(principal()) as connection:
            with change(connection) as opened:
                add_parcel(connection, opened, CODE, "2024-01-01")
            raise LookupError
    with database.transaction(principal()) as connection:
        assert count(connection) == 0
    assert database.connections_in_use == 0


def test_an_error_that_was_swallowed_is_no_commit(database):
    with pytest.raises(RuntimeError):
        with database.transaction(principal()) as connection:
            try:
                connection.execute(sa.text("select 1/0"))
            except sa.exc.DataError:
                pass


def test_a_snapshot_does_not_see_what_comes_after(with_parcel):
    with with_parcel.transaction(principal(), snapshot=True) as connection:
        assert count(connection) == 1
        with with_parcel.transaction(principal()) as other:
            with change(other) as opened:
                add_parcel(other, opened, "999901001001GB00002", "2024-01-01")
        assert count(connection) == 1


def test_a_reading_transaction_writes_nothing(with_parcel):
    with pytest.raises(sa.exc.DBAPIError, match="read-only"):
        with with_parcel.transaction(principal(), read_only=True) as connection:
            with change(connection):
                pass


def test_the_clock_is_that_of_shanghai(database):
    with database.transaction(None) as connection:
        assert connection.scalar(sa.text("show timezone")) == "Asia/Shanghai"


def test_another_division_cannot_be_written(database):
    with pytest.raises(OutsideRights):
        with database.transaction(principal("999902")) as connection:
            with change(connection, "999902") as opened:
                add_parcel(connection, opened, CODE, "2024-01-01")


def test_a_role_without_the_right_writes_nothing(database):
    with pytest.raises(OutsideRights):
        with database.transaction(principal(role="auditor")) as connection:
            with change(connection) as opened:
                add_parcel(connection, opened, CODE, "2024-01-01")


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("select pg_sleep(5)", QuestionTooLarge),
        ("select cast('x' as integer)", ValueRefused),
        ("select cast(9e99 as real)", ValueRefused),
        ("select * from api_client", OutsideRights),
        ("select * from session", OutsideRights),
    ],
)
def test_errors_of_the_database_get_a_meaning(fresh_database_urls, statement, fault):
    database = Database(fresh_database_urls.service, statement_timeout_s=0.2)
    with pytest.raises(fault):
        with database.transaction(principal()) as connection:
            connection.execute(sa.text(statement))
    database.close()


def test_a_pool_without_a_free_connection_is_busy(fresh_database_urls, monkeypatch):
    monkeypatch.setattr("app.database.POOL_WAIT_S", 0.1)
    database = Database(fresh_database_urls.service, pool_size=1)
    with database.transaction(None):
        with pytest.raises(DatabaseBusy):
            with database.transaction(None):
                pass
    database.close()


def end_connections(urls):
    statement = (
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    with psycopg.connect(urls.superuser, autocommit=True) as connection:
        connection.execute(statement)


def test_a_connection_that_died_while_idle_is_replaced(database, fresh_database_urls):
    with database.transaction(None):
        pass
    end_connections(fresh_database_urls)
    with database.transaction(None) as connection:
        assert connection.scalar(sa.text("select 1")) == 1


def test_a_connection_that_dies_at_work_says_so(database, fresh_database_urls):
    with pytest.raises(DatabaseUnavailable):
        with database.transaction(None) as connection:
            end_connections(fresh_database_urls)
            connection.execute(sa.text("select 1"))
    assert database.connections_in_use == 0


def test_the_service_refuses_to_run_as_who_bypasses_row_level_security(
    fresh_database_urls,
):
    strong = fresh_database_urls.superuser
    database = Database(f"{strong}&options=-c%20role%3Dpostgres")
    with pytest.raises(DatabaseUnusable, match="bypasses"):
        database.check()
    database.close()


def test_the_service_refuses_to_run_as_who_owns_the_tables(fresh_database_urls):
    owner = f"{fresh_database_urls.owner}&options=-c%20role%3Djingtu_owner"
    database = Database(owner)
    with pytest.raises(DatabaseUnusable, match="owns the tables"):
        database.check()
    database.close()


def test_the_service_says_when_queries_cannot_use_their_index(
    database, fresh_database_urls, caplog
):
    database.warn_if_slow()
    assert caplog.text == ""
    mark = "alter function geometry_overlaps(geometry, geometry) {} leakproof"
    with psycopg.connect(fresh_database_urls.superuser) as connection:
        connection.execute(mark.format("not"))
    database.warn_if_slow()
    assert "LEAKPROOF" in caplog.text


def test_the_service_refuses_a_schema_of_another_program(database, fresh_database_urls):
    with psycopg.connect(fresh_database_urls.owner) as connection:
        connection.execute("update registry.alembic_version set version_num = '0001'")
    with pytest.raises(DatabaseUnusable, match="jingtu db upgrade"):
        database.check()


def test_the_service_becomes_its_role_whoever_connects(fresh_database_urls):
    database = Database(fresh_database_urls.superuser)
    with database.transaction(None) as connection:
        assert connection.scalar(sa.text("select current_user")) == "jingtu_service"
    database.close()


@pytest.fixture
def owner(fresh_database_urls):
    engine = sa.create_engine(
        fresh_database_urls.owner.replace("postgresql:", "postgresql+psycopg:")
    )
    with engine.connect() as connection:
        yield connection
    engine.dispose()


class Clock:
    """Seconds a test sets."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_key_switched_off_is_good_for_five_seconds_and_no_longer(database, owner):
    clock = Clock()
    authenticator = Authenticator(database, clock)
    number, key = create_client(owner, name="x", role="planner", scope="999901")
    owner.commit()
    assert authenticator.find("key", key).client_id == number
    owner.execute(sa.text("update registry.api_client set disabled_at = now()"))
    owner.commit()
    clock.now = 4.9
    assert authenticator.find("key", key) is not None
    clock.now = 5.1
    assert authenticator.find("key", key) is None
    assert find_client(database, number) is None


def test_memory_of_callers_is_bounded(database, monkeypatch):
    monkeypatch.setattr("app.security.authentication._LONGEST_MEMORY", 3)
    authenticator = Authenticator(database)
    for letter in "abcdef":
        authenticator.find("session", letter * 43)
    assert len(authenticator._memory) == 3


def test_a_job_is_given_the_rights_its_asker_has_now(database, owner):
    number, _ = create_client(owner, name="x", role="planner", scope="999901")
    owner.execute(sa.text("update registry.api_client set scope = '999902'"))
    owner.commit()
    assert find_client(database, number).scope == "999902"


def test_demonstration_keys_are_made_where_there_is_invented_land_only(
    database, fresh_database_urls, tmp_path
):
    settings = Settings(data_dir=tmp_path, demo=True)
    url = fresh_database_urls.owner
    assert ensure_demo_keys(settings, url) is None
    _add_division(database)
    file = ensure_demo_keys(settings, url)
    first = file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert ensure_demo_keys(settings, url).read_text() == first
    keys = json.loads(first)
    assert keys.keys() == DEMO_CLIENTS.keys()
    persons = {name: Authenticator(database).find("key", keys[name]) for name in keys}
    assert persons.pop("permit_system").person is None
    assert len({one.person for one in persons.values()} - {None}) == len(persons)


def test_demonstration_keys_open_nothing_once_switched_off(
    database, fresh_database_urls, tmp_path
):
    _add_division(database)
    url = fresh_database_urls.owner
    file = ensure_demo_keys(Settings(data_dir=tmp_path, demo=True), url)
    keys = json.loads(file.read_text())
    assert Authenticator(database).find("key", keys["admin"]).scope == "*"
    ensure_demo_keys(Settings(data_dir=tmp_path, demo=False), url)
    assert Authenticator(database).find("key", keys["admin"]) is None


def _add_division(database):

    with database.transaction(principal()) as connection:
        with change(connection) as opened:
            insert_version(
                connection,
                opened,
                DIVISION,
                {
                    "object_id": next_object_id(connection),
                    "code": "999901",
                    "division_code": "999901",
                    "valid_from": "2020-01-01",
                    "name_zh": "示范县",
                    "mapped_area_m2": 1.0,
                    "geom": element(SQUARE),
                },
            )


def answer(text):
    return Answer(201, text.encode(), {"Location": "/x"})


def test_a_repeated_write_is_done_once(database):
    done = []

    def write(connection):
        done.append(1)
        return answer(str(len(done)))

    asker, repetition = principal(), Repetition("k", b"x" * 32)
    first = answer_once(database, asker, repetition, write)
    second = answer_once(database, asker, repetition, write)
    assert (first.body, second.body, len(done)) == (b"1", b"1", 1)
    with pytest.raises(KeyReused):
        answer_once(database, asker, Repetition("k", b"y" * 32), write)


def test_a_write_that_fails_keeps_no_answer(database):
    asker, repetition = principal(), Repetition("k", b"x" * 32)

    def fail(connection):
        raise LookupError

    with pytest.raises(LookupError):
        answer_once(database, asker, repetition, fail)
    assert (
        answer_once(database, asker, repetition, lambda c: answer("ok")).body == b"ok"
    )


def test_a_write_still_in_progress_is_told_and_not_waited_for(database):
    asker, repetition = principal(), Repetition("k", b"x" * 32)
    began, go_on, results = threading.Event(), threading.Event(), []

    def slow(connection):
        began.set()
        go_on.wait(10)
        return answer("slow")

    thread = threading.Thread(
        target=lambda: results.append(answer_once(database, asker, repetition, slow))
    )
    thread.start()
    assert began.wait(10)
    with pytest.raises(StillInProgress):
        answer_once(database, asker, repetition, slow)
    go_on.set()
    thread.join()
    again = answer_once(database, asker, repetition, slow)
    assert (again.body, again.headers["idempotency-replayed"]) == (b"slow", "true")
    assert results[0].body == b"slow"


def test_a_process_waits_for_a_database_that_is_being_started(database, monkeypatch):
    tries = []

    def check():
        tries.append(1)
        if len(tries) < 3:
            raise DatabaseUnavailable("starting up")

    monkeypatch.setattr(database, "check", check)
    database.check_when_up()
    assert len(tries) == 3


def test_a_process_does_not_wait_for_ever(database, monkeypatch):
    def check():
        raise DatabaseUnavailable("gone")

    monkeypatch.setattr(database, "check", check)
    with pytest.raises(DatabaseUnavailable):
        database.check_when_up(0.3)


def test_an_answer_committed_between_snapshot_and_lock_is_repeated(database):
    """The first caller is done after the second took its snapshot."""
    asker, repetition = principal(), Repetition("k", b"x" * 32)
    calls = []

    def overtaken(connection):
        calls.append(1)
        if len(calls) == 1:
            # As if the lock had been taken only now: the other one is through.
            connection.execute(sa.text("select pg_advisory_unlock_all()"))
            _store_elsewhere(database, asker, repetition)
        return answer("second")

    found = answer_once(database, asker, repetition, overtaken, snapshot=True)
    assert found.body == b"first"


def _store_elsewhere(database, asker, repetition):
    with database.transaction(asker) as connection:
        connection.execute(
            sa.text(
                "insert into idempotency_key values"
                " (:client, :key, :request, 201, '{}', 'first', now())"
            ),
            {
                "client": asker.client_id,
                "key": repetition.key,
                "request": repetition.request_sha256,
            },
        )


def test_lists_of_a_county_use_the_index_of_divisions(with_parcel):
    """Else a small county reads every parcel of the country to list its own."""
    statement = sa.text(
        "explain select code from parcel where closed_by is null"
        " and division_code >= '999901' and division_code < '999902'"
        " order by division_code, code limit 101"
    )
    with with_parcel.transaction(principal()) as connection:
        # With one row a scan is cheaper; the question is whether the index can serve.
        connection.execute(sa.text("set local enable_seqscan = off"))
        plan = "\n".join(connection.scalars(statement))
    assert "parcel_list" in plan and "Index Cond: ((division_code >=" in plan


@pytest.mark.parametrize("box", [(114.0, 34.6, 114.1, 34.7), (170.0, 0.0, -170.0, 1.0)])
def test_lists_of_a_box_use_the_index_of_places(with_parcel, box):
    """Row-level security keeps all but the test of boxes from the index."""
    rows = TABLES["parcel"]
    wanted = sa.select(rows.c.code).where(
        rows.c.closed_by.is_(None), meets_box(PARCEL, rows, box)
    )
    text = wanted.compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    with with_parcel.transaction(principal()) as connection:
        with change(connection) as opened:
            for number in range(500):
                code = f"999901001001GB{60_000 + number}"
                add_parcel(connection, opened, code, "2024-01-01")
        connection.execute(sa.text("set local enable_seqscan = off"))
        plan = "\n".join(connection.scalars(sa.text(f"explain {text}")))
    assert plan.count("Index Cond: (geom &&") == (2 if box[0] > box[2] else 1), plan
