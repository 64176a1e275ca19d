"""Every error of the table becomes a complete problem in both languages."""

import psycopg
import pytest
import sqlalchemy as sa

from app import database_errors, request_errors
from app.database_errors import DatabaseFault
from app.error_catalogue import TABLE
from app.errors import problem_of
from app.problems import Fault
from parcels.codes import InvalidCode
from parcels.refusal import Refusal
from parcels.texts import Text
from screening.request import Fault as GateFault
from screening.request import InvalidGateRequest


def classes(module, base):
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, base)
        and value.__module__ == module.__name__
        and value is not base
    ]


@pytest.mark.parametrize(
    "kind",
    classes(request_errors, Refusal) + classes(database_errors, DatabaseFault),
)
def test_every_error_of_the_shell_has_a_status(kind):
    assert kind in TABLE


@pytest.mark.parametrize("entry", TABLE.values(), ids=lambda e: e.slug)
def test_titles_exist_in_both_languages(entry):
    assert entry.title.en.isascii() and not entry.title.zh.isascii()
    assert 400 <= entry.status <= 599


def test_one_name_has_one_status():
    statuses = {}
    for entry in TABLE.values():
        assert statuses.setdefault(entry.slug, entry.status) == entry.status


@pytest.mark.parametrize(
    "kind", [database_errors.DatabaseBusy, database_errors.DatabaseUnavailable]
)
def test_what_can_be_repeated_says_when(kind):
    problem = problem_of(kind("inner text"))
    assert problem.status == 503 and int(problem.headers["Retry-After"]) > 0
    assert "inner text" not in str(problem.document("en"))


def test_transaction_that_the_database_ended_for_idling_can_be_repeated():
    ended = psycopg.errors.IdleInTransactionSessionTimeout()
    error = sa.exc.InternalError("select 1", None, ended)
    assert problem_of(database_errors.domain_error(error)).status == 503


def test_an_error_that_is_not_listed_is_no_problem_of_the_caller():
    assert problem_of(RuntimeError("inside")) is None


def test_a_heir_of_a_listed_error_is_listed():
    class Heir(InvalidCode):
        pass

    problem = problem_of(Heir("parcel", "x", "length", expected=19, found=1))
    assert problem.status == 422
    assert problem.document("en")["reason"] == "length"


def test_faults_of_a_gate_request_get_json_pointers():
    fault = GateFault("declared.former_use[0].from_year", "x", Text("年", "year"))
    problem = problem_of(InvalidGateRequest((fault,)))
    assert problem.faults == (
        Fault(
            "body", "/declared/former_use/0/from_year", "value", Text("年", "year"), "x"
        ),
    )
