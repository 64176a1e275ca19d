"""The worker's turn that follows deadlines, and the command that loads a calendar."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import shapely
from typer.testing import CliRunner

from app.cli import cli
from app.database import Database
from app.deadline_jobs import deadline_turns
from app.refusals import InvalidSettings
from app.worker import make_queue
from parcels.register.history import insert_version, next_object_id
from parcels.register.layers import PLOT
from parcels.tasks.calendars import list_calendars
from parcels.tasks.repository import TaskFilter, find_tasks
from screening.rule_sets import read_rule_sets
from tests.integration.register_rows import change, element

(TURN,) = deadline_turns(read_rule_sets())


@pytest.fixture
def database(fresh_database_urls):
    found = Database(fresh_database_urls.service, pool_size=4, statement_timeout_s=0)
    yield found
    found.close()


def enter_plot(registry):
    """A plot whose owner was told on the last day of August 2020 to survey it."""
    with registry.service(role="surveyor") as connection:
        with change(connection) as opened:
            row = {
                "object_id": next_object_id(connection),
                "code": "P-1",
                "division_code": "999901",
                "valid_from": date(2020, 9, 1),
                "stage": "initial_survey",
                "geom": element(shapely.Point(114.0, 34.6)),
                "required_activity": "initial_survey",
                "required_activity_served_on": date(2020, 8, 31),
            }
            insert_version(connection, opened, PLOT, row)


def required(registry):
    with registry.service("*", "admin") as connection:
        return find_tasks(connection, TaskFilter(kind="required_activity"), limit=10)


def test_the_turn_opens_what_is_due_once(registry, database):
    enter_plot(registry)
    for _ in range(2):
        TURN.run(database)
    (task,) = required(registry)
    assert (task.subject_code, task.due_on) == ("P-1", date(2021, 2, 28))


def test_two_workers_in_one_turn_open_nothing_twice(registry, database):
    enter_plot(registry)
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(TURN.run, [database, database]))
    assert len(required(registry)) == 1


def test_the_worker_takes_the_turn_every_ten_minutes(fresh_database_urls, database):
    queue = make_queue(fresh_database_urls.service, database, [], [TURN])
    found = {
        task.task.name: task.cron
        for task in queue.periodic_registry.periodic_tasks.values()
    }
    assert found["follow_deadlines"] == "*/10 * * * *"


@pytest.fixture
def load(tmp_path, fresh_database_urls, monkeypatch):
    """Run `jingtu calendar load` with that content of the file."""
    monkeypatch.setenv("JINGTU_DATABASE_URL", fresh_database_urls.service)
    monkeypatch.setenv("JINGTU_DATA_DIR", str(tmp_path / "data"))
    file = tmp_path / "2026.json"

    def run(content, year="2026"):
        text = content if isinstance(content, str) else json.dumps(content)
        file.write_text(text, encoding="utf-8")
        return CliRunner().invoke(cli, ["calendar", "load", year, str(file)])

    return run


NOTICE = {
    "source": "国办发明电〔2025〕0号（测试）",
    "days_off": ["2026-01-01", "2026-01-02"],
    "days_worked": ["2026-01-04"],
}


def years(registry):
    with registry.service("*", "admin") as connection:
        return [(one.year, one.source) for one in list_calendars(connection)]


def test_a_calendar_is_loaded_by_the_command(load, registry):
    result = load(NOTICE)
    assert result.exit_code == 0, result.output
    assert "2026 loaded" in result.output
    assert years(registry) == [(2026, NOTICE["source"])]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "2026.json"),
        ({**NOTICE, "days_off": ["soon"]}, "days_off"),
        ({**NOTICE, "source": ""}, "source"),
        ({**NOTICE, "colour": "red"}, "colour"),
        ({**NOTICE, "days_off": ["2027-01-01"]}, "2027"),
        ({**NOTICE, "days_worked": ["2026-01-05"]}, "2026-01-05"),
    ],
)
def test_a_calendar_that_cannot_be_is_told_and_not_loaded(
    load, registry, content, said
):
    result = load(content)
    assert isinstance(result.exception, InvalidSettings)
    assert said in str(result.exception)
    assert years(registry) == []
