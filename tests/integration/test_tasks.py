"""Tasks in the database: opened once, kept apart, carried on one after the other."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import orjson
import pytest
import sqlalchemy as sa

from parcels.register.repository import today
from parcels.tasks import tables
from parcels.tasks.model import Doer, Due, Move, NewTask, Subject
from parcels.tasks.refusals import NotYourBureau, StepNotPossible, TaskNotFound
from parcels.tasks.repository import (
    DueKey,
    TaskFilter,
    find_tasks,
    get_task,
    list_events,
    open_task,
    open_tasks,
)
from parcels.tasks.steps import take_step
from parcels.texts import Text

DOER = Doer("officer")
OURS, THEIRS = "999901", "999902"


def make_new(**more):
    values = {"kind": "other", "division_code": OURS, "bureau": "EE"}
    return NewTask(**{**values, "facts": {"what": "查"}, **more})


def open_in(registry, scope=OURS, role="registrar", **more):
    with registry.service(scope, role) as connection:
        return open_task(connection, make_new(**more), DOER)


def step(registry, task_id, name, scope=OURS, role="registrar", **more):
    with registry.service(scope, role) as connection:
        return take_step(connection, task_id, Move(name, **more), DOER)


def bring_to_check(registry):
    task_id = open_in(registry)
    step(registry, task_id, "assigned", person="李四")
    step(registry, task_id, "reported_done", note="照片 3 张")
    return task_id


def test_a_task_is_assigned_reported_and_struck_off(registry):
    task_id = bring_to_check(registry)
    ended = step(registry, task_id, "struck_off")
    assert (ended.state, ended.person) == ("struck_off", "李四")
    with registry.service(OURS, "auditor") as connection:
        events = [event.kind for event in list_events(connection, task_id)]
    assert events == ["opened", "assigned", "reported_done", "struck_off"]


def test_returned_work_needs_new_evidence(registry):
    task_id = bring_to_check(registry)
    step(registry, task_id, "returned", note="看不清")
    with pytest.raises(StepNotPossible, match="evidence"):
        step(registry, task_id, "reported_done")
    step(registry, task_id, "evidence_added", note="新照片")
    assert step(registry, task_id, "reported_done").state == "done_awaiting_check"


def test_every_step_enters_the_ledger(registry):
    task_id = open_in(registry, subject=Subject("plot", 'P-1 "甲"'))
    step(registry, task_id, "assigned", person='李"四\n')
    with registry.owner() as connection:
        contents = connection.scalars(
            sa.text(
                "select content from ledger_entry where kind = 'task_event'"
                " order by recorded_at"
            )
        ).all()
    entries = [orjson.loads(content) for content in contents]
    assert [one["body"]["kind"] for one in entries] == ["opened", "assigned"]
    assert entries[1]["body"]["person"] == '李"四\n'
    assert entries[1]["body"]["subject"] == 'plot/P-1 "甲"'
    for content, entry in zip(contents, entries, strict=True):
        written = orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)
        assert written == bytes(content)


def test_two_who_strike_off_at_once_do_it_once(registry):
    task_id = bring_to_check(registry)
    gate = threading.Barrier(2)

    def strike_off(_):
        with registry.service(OURS, "registrar") as connection:
            gate.wait()
            try:
                return take_step(connection, task_id, Move("struck_off"), DOER).state
            except StepNotPossible as refusal:
                return refusal.reason

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(strike_off, range(2)))
    assert found == ["step_not_possible", "struck_off"]
    with registry.service(OURS, "auditor") as connection:
        kinds = [event.kind for event in list_events(connection, task_id)]
    assert kinds.count("struck_off") == 1


def test_many_who_open_for_one_origin_open_once(registry):
    gate = threading.Barrier(4)

    def open_one(_):
        gate.wait()
        return open_in(registry, origin="E-1/report")

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(open_one, range(4)))) == 1
    with registry.service(OURS, "auditor") as connection:
        (task,) = find_tasks(connection, TaskFilter(), limit=9)
        assert len(list_events(connection, task.id)) == 1


def test_several_open_together_each_origin_once(registry):
    earlier = open_in(registry, origin="run/1")
    new = [make_new(origin=origin) for origin in ("run/2", "run/1", "run/2", None)]
    with registry.service(OURS, "registrar") as connection:
        ids = open_tasks(connection, new, DOER)
        assert ids[1] == earlier
        assert ids[0] == ids[2]
        assert len(set(ids)) == 3
        for task_id in set(ids):
            assert [event.kind for event in list_events(connection, task_id)] == [
                "opened"
            ]
            assert get_task(connection, task_id).origin in ("run/1", "run/2", None)
        assert open_tasks(connection, [], DOER) == []


def test_the_same_origin_elsewhere_is_another_task(registry):
    ours = open_in(registry, origin="E-1/report")
    theirs = open_in(registry, scope=THEIRS, division_code=THEIRS, origin="E-1/report")
    assert ours != theirs


@pytest.mark.parametrize("facts", [{}, {"who": "x"}])
def test_a_task_without_the_facts_of_its_title_is_not_opened(registry, facts):
    with pytest.raises(ValueError, match="what"):
        open_in(registry, facts=facts)
    with pytest.raises(ValueError, match="unknown"):
        open_in(registry, kind="nonsense")


def test_another_division_sees_and_carries_on_nothing(registry):
    task_id = open_in(registry)
    with registry.service(THEIRS, "registrar") as connection:
        assert find_tasks(connection, TaskFilter(), limit=9) == []
        assert list_events(connection, task_id) == []
        with pytest.raises(TaskNotFound):
            get_task(connection, task_id)
        with pytest.raises(TaskNotFound):
            take_step(connection, task_id, Move("assigned", person="x"), DOER)
    with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
        open_in(registry, scope=THEIRS)


def test_a_history_line_cannot_be_put_under_a_task_of_others(registry):
    task_id = open_in(registry)
    forged = {"task_id": task_id, "division_code": THEIRS, "actor": "x"}
    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        registry.service(THEIRS, "registrar") as connection,
    ):
        connection.execute(
            sa.insert(tables.task_event).values(kind="struck_off", **forged)
        )


@pytest.mark.parametrize("role", ["planner", "agriculture", "surveyor", "auditor"])
def test_only_the_bureau_carries_its_task_on(registry, role):
    task_id = open_in(registry)
    with pytest.raises(NotYourBureau):
        step(registry, task_id, "assigned", role=role, person="x")
    assert step(registry, task_id, "assigned", role="admin", person="x").person == "x"


def test_a_planner_opens_a_task_for_the_other_bureau(registry):
    task_id = open_in(registry, role="planner")
    assert step(registry, task_id, "assigned", person="x").state == "in_progress"


@pytest.mark.parametrize(
    "statement",
    [
        "update task set state = 'open' where id = :id",
        "update task_event set note = 'x'",
        "delete from task_event",
        "delete from task",
        "truncate task_event",
    ],
)
def test_what_has_ended_and_how_stays_as_written(registry, statement):
    task_id = bring_to_check(registry)
    step(registry, task_id, "struck_off")
    with pytest.raises(sa.exc.IntegrityError), registry.owner() as connection:
        connection.execute(sa.text(statement), {"id": task_id})


def test_pages_hold_every_task_once_the_earliest_day_first(registry):
    with registry.service(OURS, "registrar") as connection:
        day = today(connection)
        for offset in (3, 1, None, 1, 2, None):
            due = Due(day + timedelta(offset), Text("", "")) if offset else None
            open_task(connection, make_new(due=due), DOER)
        found, after = [], None
        while page := find_tasks(connection, TaskFilter(), after=after, limit=2):
            found += page
            after = DueKey(page[-1].due_on, page[-1].id)
    assert len({task.id for task in found}) == 6
    offsets = [task.due_on and (task.due_on - day).days for task in found]
    assert offsets == [1, 1, 2, 3, None, None]


def test_tasks_are_found_by_what_is_asked(registry):
    with registry.service("99", "registrar") as connection:
        day = today(connection)
        late = Due(day - timedelta(1), Text("", ""))
        ids = [
            open_task(
                connection, make_new(due=late, subject=Subject("plot", "P-1")), DOER
            ),
            open_task(connection, make_new(due=Due(day, Text("", ""))), DOER),
            open_task(connection, make_new(bureau="AG", division_code=THEIRS), DOER),
            open_task(connection, make_new(person="李四"), DOER),
        ]

        def numbers(**wanted):
            found = find_tasks(connection, TaskFilter(**wanted), limit=9)
            return sorted(ids.index(task.id) for task in found)

        assert numbers() == [0, 1, 2, 3]
        assert numbers(late=True) == [0]
        assert numbers(late=False) == [1, 2, 3]
        assert numbers(bureau="AG") == [2]
        assert numbers(division="999901") == [0, 1, 3]
        assert numbers(states=("in_progress",)) == [3]
        assert numbers(person="李四") == [3]
        assert numbers(subject=Subject("plot", "P-1")) == [0]
        assert numbers(decision_id=uuid4()) == []
        assert numbers(kind="rectification") == []


def test_the_tables_are_those_of_the_database(schema):
    for table in (tables.task, tables.task_event):
        with schema.owner() as connection:
            columns = {
                column["name"]: column
                for column in sa.inspect(connection).get_columns(table.name, "registry")
            }
        assert set(columns) == {column.name for column in table.columns}
        for column in table.columns:
            assert columns[column.name]["nullable"] == column.nullable, column
