"""Deadlines of the register become tasks, each exactly once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from datetime import date, timedelta

import pytest
import shapely
import sqlalchemy as sa

from app.deadline_jobs import read_filings
from parcels.register.history import insert_version, next_object_id, replace_version
from parcels.register.layers import DIVISION, PLOT, PLOT_DOCUMENT
from parcels.register.repository import today
from parcels.tasks import tables
from parcels.tasks.calendars import (
    CalendarContradicts,
    due_in_working_days,
    list_calendars,
    load_calendar,
    read_years,
    settle_waiting,
)
from parcels.tasks.model import Doer, Due, Move, NewTask
from parcels.tasks.repository import (
    TaskFilter,
    count_late,
    find_tasks,
    list_events,
    open_task,
)
from parcels.tasks.steps import take_step
from parcels.tasks.terms import add_months
from parcels.texts import Text
from screening.deadlines import follow_required, open_filings
from screening.rule_sets import read_rule_sets
from tests.integration.register_rows import SQUARE, change, element

DOER = Doer("deadlines")
RULE_SETS = read_rule_sets()
OURS = "999901"


def whole(registry, role="admin"):
    return registry.service("*", role)


def follow(registry):
    with whole(registry) as connection:
        follow_required(connection, RULE_SETS, DOER)


def tasks(registry, **wanted):
    with whole(registry) as connection:
        return find_tasks(connection, TaskFilter(**wanted), limit=1000)


def enter_plot(registry, code="P-1", division=OURS, **values):
    with registry.service(division, "surveyor") as connection:
        with change(connection, division_code=division) as opened:
            row = {
                "object_id": next_object_id(connection),
                "code": code,
                "division_code": division,
                "valid_from": date(2020, 1, 1),
                "stage": "initial_survey",
                "held": False,
                "accuracy_m": 5.0,
                "geom": element(shapely.Point(114.05, 34.65)),
            }
            insert_version(connection, opened, PLOT, {**row, **values})


def revise_plot(registry, code="P-1", division=OURS, **values):
    with registry.service(division, "surveyor") as connection:
        with change(connection, division_code=division) as opened:
            replace_version(connection, opened, PLOT, code, values, date(2021, 1, 1))


SERVED = {
    "required_activity": "initial_survey",
    "required_activity_served_on": date(2020, 8, 31),
}


def test_a_notice_opens_a_task_due_six_months_later(registry):
    enter_plot(registry, **SERVED)
    follow(registry)
    (task,) = tasks(registry)
    assert (task.kind, task.bureau, task.subject_code) == (
        "required_activity",
        "EE",
        "P-1",
    )
    assert task.due_on == date(2021, 2, 28) == add_months(date(2020, 8, 31), 6)
    assert {one["verification"] for one in task.basis} == {"recalled"}


@pytest.mark.parametrize(
    ("activity", "said"),
    [("risk_assessment", "完成风险评估"), ("清理雨水沟", "清理雨水沟")],
)
def test_a_task_says_in_words_what_is_to_be_done(registry, activity, said):
    enter_plot(
        registry,
        required_activity=activity,
        required_activity_due_on=date(2021, 6, 30),
    )
    follow(registry)
    (task,) = tasks(registry)
    assert said in task.facts.values()


def test_many_passes_at_once_open_one_task(registry):
    for number in range(5):
        enter_plot(registry, f"P-{number}", **SERVED)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: follow(registry), range(3)))
    follow(registry)
    assert sorted(task.subject_code for task in tasks(registry)) == [
        f"P-{number}" for number in range(5)
    ]


def test_a_pass_that_is_cut_off_leaves_nothing_and_is_begun_again(registry):
    enter_plot(registry, **SERVED)
    with pytest.raises(RuntimeError), whole(registry) as connection:
        follow_required(connection, RULE_SETS, DOER)
        raise RuntimeError("killed before the commit")
    assert tasks(registry) == []
    follow(registry)
    assert len(tasks(registry)) == 1


def test_what_the_register_says_is_done_is_reported_done(registry):
    enter_plot(registry, **SERVED)
    follow(registry)
    revise_plot(registry, required_activity_done_on=date(2021, 1, 15))
    follow(registry)
    follow(registry)
    (task,) = tasks(registry)
    assert task.state == "done_awaiting_check"
    with whole(registry) as connection:
        kinds = [event.kind for event in list_events(connection, task.id)]
    assert kinds == ["opened", "reported_done"]


def test_what_was_done_before_any_task_opens_none(registry):
    enter_plot(registry, **SERVED, required_activity_done_on=date(2020, 9, 1))
    follow(registry)
    assert tasks(registry) == []


def test_another_day_on_record_moves_the_task(registry):
    enter_plot(registry, **SERVED)
    follow(registry)
    revise_plot(registry, required_activity_due_on=date(2021, 6, 1))
    follow(registry)
    (task,) = tasks(registry)
    assert task.due_on == date(2021, 6, 1)
    assert task.due_term["zh"] == "登记库所载期限"


def test_what_is_no_longer_required_is_withdrawn(registry):
    enter_plot(registry, **SERVED)
    follow(registry)
    revise_plot(registry, required_activity=None, required_activity_served_on=None)
    follow(registry)
    assert [task.state for task in tasks(registry)] == ["withdrawn"]


def test_a_task_that_was_struck_off_is_not_opened_again(registry):
    enter_plot(registry, **SERVED)
    follow(registry)
    (task,) = tasks(registry)
    with whole(registry) as connection:
        take_step(connection, task.id, Move("reported_done", note="报告"), DOER)
        take_step(connection, task.id, Move("struck_off"), DOER)
    follow(registry)
    assert [one.state for one in tasks(registry)] == ["struck_off"]


def enter_division(registry, code):
    with registry.service("*", "surveyor") as connection:
        with change(connection, division_code=code) as opened:
            row = {
                "object_id": next_object_id(connection),
                "code": code,
                "division_code": code,
                "valid_from": date(2020, 1, 1),
                "name_zh": code,
                "invented": True,
                "mapped_area_m2": 10_000.0,
                "geom": element(SQUARE),
            }
            insert_version(connection, opened, DIVISION, row)


def file_all(registry):
    with whole(registry) as connection:
        open_filings(connection, read_filings(), DOER)


def database_today(registry):
    with whole(registry) as connection:
        return today(connection)


def test_filings_are_opened_for_the_division_whose_bureau_files(registry):
    enter_division(registry, "999901")
    enter_division(registry, "999902")
    for _ in range(2):
        file_all(registry)
    day = database_today(registry)
    expected = {
        (filing.duty.name, str(filing.year_open(day)))
        for filing in read_filings().filings
        if filing.duty.divisions == ("*",)
        and filing.plots is None
        and filing.year_open(day)
    }
    found = tasks(registry, kind="filing")
    assert {tuple(task.origin.split("/")[:2]) for task in found} == expected
    assert len(found) == len(expected)
    assert {task.division_code for task in found} <= {"99", "9999"}


def test_plots_of_zhengzhou_need_a_yearly_plan(registry):
    enter_plot(registry, "P-1", "410105", stage="contaminated")
    enter_plot(registry, "P-2", "410105", stage="cleared")
    enter_plot(registry, "P-3", OURS, stage="contaminated")
    file_all(registry)
    plans = [
        task
        for task in tasks(registry, kind="plot_filing")
        if task.origin.startswith("yearly_control_plan")
    ]
    assert [(task.subject_code, task.due_on) for task in plans] == [("P-1", None)]
    assert plans[0].basis[0]["verification"] == "design_choice"


def test_a_held_plot_of_zhengzhou_is_reported_on_by_30_november(registry):
    enter_plot(registry, "P-1", "410105", stage="contaminated", held=True)
    enter_plot(registry, "P-2", "410105", stage="contaminated")
    enter_plot(registry, "P-3", OURS, stage="contaminated", held=True)
    duty = "undeveloped_plots_control"
    (filing,) = [x for x in read_filings().filings if x.duty.name == duty]
    year = filing.year_open(database_today(registry))
    file_all(registry)
    found = [
        (task.subject_code, task.due_on, task.bureau)
        for task in tasks(registry, kind="plot_filing")
        if task.origin.startswith(duty)
    ]
    # Between the last day and the next year's lead there is nothing to report.
    assert found == ([("P-1", date(year, 11, 30), "EE")] if year else [])


def test_after_care_needs_a_record_every_year_everywhere(registry):
    enter_plot(registry, stage="aftercare")
    file_all(registry)
    (task,) = tasks(registry, kind="plot_filing")
    assert task.origin.startswith("aftercare_record/")


def load(registry, year, scope="*", role="admin"):
    """Load an invented year without holidays."""
    with registry.service(scope, role) as connection:
        return load_calendar(connection, year, [], [], source="invented", actor="x")


def test_a_term_waits_for_its_calendar_and_is_then_counted(registry):
    division = "370102"
    enter_plot(registry, "P-1", division, stage="effect_evaluation")
    with registry.service(division, "surveyor") as connection:
        with change(connection, division_code=division) as opened:
            row = {
                "object_id": next_object_id(connection),
                "code": "D-1",
                "division_code": division,
                "valid_from": date(2026, 3, 2),
                "plot_code": "P-1",
                "document_type": "removal_application",
                "dated_on": date(2026, 3, 2),
            }
            insert_version(connection, opened, PLOT_DOCUMENT, row)
    file_all(registry)
    (waiting,) = tasks(registry, kind="paper_term")
    assert waiting.due_on is None and "缺少2026年工作日历" in waiting.due_term["zh"]
    assert waiting.division_code == "37"
    load(registry, 2026)
    with whole(registry) as connection:
        assert settle_waiting(connection, DOER) == 1
        assert settle_waiting(connection, DOER) == 0
    (counted,) = tasks(registry, kind="paper_term")
    # Fifteen working days after Monday 2 March without holidays: three weeks.
    assert counted.due_on == date(2026, 3, 23)


def test_the_latest_calendar_of_a_year_governs(registry):
    load(registry, 2026)
    with whole(registry) as connection:
        load_calendar(
            connection, 2026, [date(2026, 3, 3)], [], source="again", actor="x"
        )
        assert [one.source for one in list_calendars(connection)] == ["again"]
        due = due_in_working_days(date(2026, 3, 2), 1, read_years(connection))
    assert due.on == date(2026, 3, 4)


def test_a_calendar_that_contradicts_itself_is_refused(registry):
    with pytest.raises(CalendarContradicts), whole(registry) as connection:
        load_calendar(connection, 2026, [date(2027, 1, 1)], [], source="x", actor="x")


@pytest.mark.parametrize(("scope", "role"), [("99", "admin"), ("*", "registrar")])
def test_only_the_whole_country_loads_a_calendar(registry, scope, role):
    with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
        load(registry, 2026, scope, role)


def test_what_is_late_is_counted_by_county_and_bureau(registry):
    with whole(registry) as connection:
        day = today(connection)

        def add(division, bureau, days):
            new = NewTask(
                "other",
                division,
                bureau,
                facts={"what": "x"},
                due=Due(day + timedelta(days), Text("", "")),
            )
            open_task(connection, new, DOER)

        for division, bureau, days in (
            ("999901", "EE", -1),
            ("999901001", "EE", -5),
            ("999901", "EE", 0),
            ("999901", "NR", 1),
            ("999902", "NR", -2),
        ):
            add(division, bureau, days)
        found = count_late(connection, TaskFilter())
    assert [astuple(one) for one in found] == [
        ("999901", "EE", 2, 3, day - timedelta(5)),
        ("999902", "NR", 1, 1, day - timedelta(2)),
    ]


def test_the_table_is_that_of_the_database(schema):
    with schema.owner() as connection:
        columns = {
            column["name"]: column["nullable"]
            for column in sa.inspect(connection).get_columns(
                "work_calendar", "registry"
            )
        }
    assert columns == {c.name: c.nullable for c in tables.work_calendar.columns}
