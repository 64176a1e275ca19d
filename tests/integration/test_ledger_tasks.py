"""A step of a task that is no longer what was entered is found and named."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from parcels.ledger.rows import check_task_events
from parcels.ledger.verify import Report
from parcels.tasks.model import Doer, NewTask, Subject
from parcels.tasks.repository import open_task
from parcels.tasks.steps import Move, take_step

DOER = Doer("经办", uuid4())


@pytest.fixture
def steps(registry):
    """A task opened for a plot and given to a person: two steps."""
    with registry.service(scope="999901", role="registrar") as connection:
        new = NewTask(
            "rectification",
            "999901",
            "EE",
            Subject("plot", "P-1"),
            facts={"problem": '渗漏 "一"'},
        )
        task = open_task(connection, new, DOER)
        take_step(connection, task, Move("assigned", person="王某", note="尽快"), DOER)
    return registry


def found_after(registry, statement=None):
    with registry.owner_engine.connect() as connection:
        connection.execute(sa.text("set search_path = registry, public"))
        if statement:
            connection.execute(sa.text("alter table task_event disable trigger user"))
            connection.execute(sa.text("alter table task disable trigger user"))
            connection.execute(sa.text(statement))
        report = Report()
        check_task_events(connection, report)
        connection.rollback()
    return [(one.kind, one.place.get("column")) for one in report.found]


def test_every_step_fits_its_entry(steps):
    assert found_after(steps) == []


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("task_event set person = '李某'", "person"),
        ("task_event set note = 'x'", "note"),
        ("task_event set actor = 'x'", "actor"),
        ("task_event set due_on = '2030-01-01'", "due_on"),
        ("task_event set client_id = gen_random_uuid()", "client_id"),
        ("task_event set happened_at = now()", "recorded_at"),
        ("task_event set documents = array[gen_random_uuid()]", "documents"),
        ("task set subject_code = 'P-2'", "subject"),
        ("task set bureau = 'NR'", "bureau"),
    ],
)
def test_a_step_that_was_changed_is_named(steps, change, column):
    found = found_after(steps, f"update {change}")
    assert set(found) == {("task_event_changed", column)}


def test_a_step_that_was_removed_is_named(steps):
    statement = "delete from task_event where kind = 'assigned'"
    assert found_after(steps, statement) == [("task_event_removed", None)]


def test_a_step_that_was_never_entered_is_named(steps):
    statement = (
        "insert into task_event (task_id, division_code, kind, actor)"
        " select id, '999901', 'opened', 'x' from task"
    )
    assert found_after(steps, statement) == [("task_event_unentered", None)]
