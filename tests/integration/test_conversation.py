"""Statements sent together are answered one by one, and fail as one."""

from datetime import date

import psycopg
import pytest

from parcels.register import conversation
from parcels.register.conversation import Asked, converse


@pytest.fixture
def connection(database_urls):
    with psycopg.connect(
        database_urls.owner, autocommit=True, prepare_threshold=None
    ) as opened:
        yield opened


def rows(connection, *asked):
    return [reply.rows for reply in converse(connection, asked)]


def test_each_statement_has_its_own_reply(connection):
    day = Asked(b"select $1::date + 1, $2::text", (date(2026, 2, 28), "地块"))
    none = Asked(b"select 1 where false", ())
    assert rows(connection, day, none) == [[(date(2026, 3, 1), "地块")], []]


def test_names_count_and_word_are_the_servers(connection):
    connection.execute("create temp table t (a int)")
    filled, read = converse(
        connection,
        [
            Asked(b"insert into t select generate_series(1, $1::int)", (3,)),
            Asked(b'select 1 as one, 2 as "Two"', ()),
        ],
    )
    found = (filled.word, filled.count, read.names)
    assert found == ("INSERT 0 3", 3, ["one", "Two"])


def test_same_statement_takes_values_of_other_types(connection):
    for value in (1, 2**40, None, 7):
        assert rows(connection, Asked(b"select $1::bigint", (value,))) == [[(value,)]]


def test_after_an_error_nothing_more_is_done_and_all_can_go_on(connection):
    connection.execute("create temp table t (a int)")
    insert, fail = Asked(b"insert into t values (1)", ()), Asked(b"select 1/$1", (0,))
    for _ in range(2):
        with pytest.raises(psycopg.errors.DivisionByZero):
            converse(connection, [fail, insert])
    assert rows(connection, Asked(b"select a from t", ())) == [[]]
    assert rows(connection, insert, Asked(b"select a from t", ()))[1] == [(1,)]


def test_statement_that_cannot_be_understood_is_an_error_every_time(connection):
    for _ in range(2):
        with pytest.raises(psycopg.errors.UndefinedTable):
            converse(connection, [Asked(b"select from nowhere_at_all", ())])
    assert rows(connection, Asked(b"select 1", ())) == [[(1,)]]


def test_value_that_no_text_can_hold_is_refused_before_anything_is_sent(connection):
    with pytest.raises(psycopg.DataError):
        converse(connection, [Asked(b"select $1::text", ("a\x00b",))])
    assert rows(connection, Asked(b"select 1", ())) == [[(1,)]]


def test_more_than_a_socket_holds_goes_both_ways(connection):
    large = b"x" * 20_000_000
    asked = [Asked(b"select $1::bytea", (large,))] * 2
    assert rows(connection, *asked) == [[(large,)]] * 2


def test_statements_beyond_those_kept_prepared_are_answered_too(
    connection, monkeypatch
):
    monkeypatch.setattr(conversation, "_MOST_PREPARED", 2)
    for number in range(4):
        statement = Asked(b"select %d + $1::int" % number, (1,))
        assert rows(connection, statement) == [[(number + 1,)]]
    kept = connection.execute("select count(*) from pg_prepared_statements").fetchone()
    assert kept == (2,)


@pytest.mark.parametrize("threshold", [None, 5])
def test_after_a_rollback_statements_are_answered_as_before(database_urls, threshold):
    asked = Asked(b"select $1::int", (1,))
    with psycopg.connect(
        database_urls.owner, autocommit=True, prepare_threshold=threshold
    ) as opened:
        for undo in ("rollback to savepoint s", "drop table pg_temp.t", "rollback"):
            opened.execute("begin")
            opened.execute("create temp table t ()", prepare=threshold is not None)
            opened.execute("savepoint s")
            assert rows(opened, asked) == [[(1,)]]
            opened.execute(undo)
            if undo == "rollback":
                opened.execute("begin")
            assert rows(opened, asked) == [[(1,)]]
            opened.rollback()
            assert rows(opened, asked) == [[(1,)]]


def test_without_autocommit_what_was_written_can_be_rolled_back(database_urls):
    with psycopg.connect(database_urls.owner) as opened:
        converse(opened, [Asked(b"create table rolled_back ()", ())])
        opened.rollback()
        found = opened.execute("select to_regclass('rolled_back')").fetchone()
    assert found == (None,)


def test_connection_that_is_lost_is_closed(connection, database_urls):
    pid = connection.info.backend_pid
    with psycopg.connect(database_urls.superuser, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", (pid,))
    with pytest.raises(psycopg.OperationalError):
        converse(connection, [Asked(b"select 1", ())])
    assert connection.closed
