"""What is needed later is asked with whatever is asked next, in one message."""

import psycopg
import pytest
from psycopg.rows import tuple_row

from app.database import Database
from parcels.register import statements
from parcels.register.statements import fetch, fetch_ahead

NUMBER = "select %(number)s::int"


@pytest.fixture
def database(database_urls):
    opened = Database(database_urls.service, pool_size=1)
    yield opened
    opened.close()


@pytest.fixture
def messages(monkeypatch):
    """The number of statements of each message that is sent."""
    sent = []
    converse = statements.converse

    def count(connection, asked):
        sent.append(len(asked))
        return converse(connection, asked)

    monkeypatch.setattr(statements, "converse", count)
    return sent


def number(connection, value):
    ((found,),) = fetch(connection, NUMBER, {"number": value}, tuple_row)
    return found


def test_questions_asked_ahead_go_with_the_next_in_their_order(database, messages):
    with database.transaction(None) as connection:
        one = fetch_ahead(connection, NUMBER, {"number": 1})
        two = fetch_ahead(connection, NUMBER, {"number": 2})
        found = number(connection, 3)
        assert messages == [3]
        assert (one.rows, two.rows, found) == ([(1,)], [(2,)], 3)
        assert number(connection, 4) == 4
    assert messages == [3, 1]


def test_rows_that_are_needed_before_anything_else_are_asked_for(database, messages):
    with database.transaction(None) as connection:
        assert fetch_ahead(connection, NUMBER, {"number": 1}).rows == [(1,)]
    assert messages == [1]


def test_where_a_transaction_offers_nothing_it_is_asked_at_once(service, messages):
    with service() as connection:
        one = fetch_ahead(connection, NUMBER, {"number": 1})
        assert messages == [1]
        assert one.rows == [(1,)]


def test_an_error_ends_what_is_asked_next_and_not_the_next_transaction(database):
    with (
        pytest.raises(psycopg.errors.DivisionByZero),
        database.transaction(None) as connection,
    ):
        fetch_ahead(connection, "select 1 / %(number)s::int", {"number": 0})
        number(connection, 1)
    with database.transaction(None) as connection:
        assert number(connection, 2) == 2


def test_what_nobody_read_is_forgotten_with_the_transaction(database, messages):
    with database.transaction(None) as connection:
        fetch_ahead(connection, NUMBER, {"number": 1})
    with database.transaction(None) as connection:
        assert number(connection, 2) == 2
    assert messages == [1]
