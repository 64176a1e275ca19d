"""Periods kept at once, and counts that are not done again on the same register."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from parcels.register import history
from parcels.register.layers import THEME_COVERAGE
from parcels.tasks.model import Doer, NewTask, Subject
from parcels.tasks.repository import open_task
from screening.gate import AskedBy
from screening.indicators.periods import parse_period
from screening.indicators.recent import RecentAccounts
from screening.indicators.snapshots import PeriodKeptAlready, keep_snapshot

COUNTY, YEAR = "999901", parse_period("2025")
BY = AskedBy(uuid4(), "统计", "registrar", COUNTY)


def connect(registry, role="registrar"):
    return registry.service(scope=COUNTY, role=role, isolation="REPEATABLE READ")


@pytest.mark.parametrize("reason", [None, "更正"])
def test_of_two_snapshots_at_once_the_second_is_told_of_the_first(registry, reason):
    if reason:
        with connect(registry) as connection:
            keep_snapshot(connection, COUNTY, YEAR, BY, None)
    with pytest.raises(PeriodKeptAlready) as refused, connect(registry) as slow:
        slow.execute(sa.text("select 1 from registry.change_head")).all()
        with connect(registry) as quick:
            keep_snapshot(quick, COUNTY, YEAR, BY, reason)
        keep_snapshot(slow, COUNTY, YEAR, BY, reason)
    assert refused.value.reason == "period_kept_already"


def change_register(registry):
    with registry.service(scope=COUNTY, role="surveyor") as connection:
        change = history.open_change(connection, actor="x", division_code=COUNTY)
        values = {
            "object_id": history.next_object_id(connection),
            "code": "C",
            "division_code": COUNTY,
            "valid_from": "2020-01-01",
            "theme": "plot",
            "data_date": "2020-01-01",
        }
        history.insert_version(connection, change, THEME_COVERAGE, values)
        history.number_change(connection, change)


def open_rectification(registry):
    with registry.service(scope=COUNTY, role="registrar") as connection:
        new = NewTask(
            "rectification",
            COUNTY,
            "EE",
            Subject("plot", "P-1"),
            facts={"problem": "渗漏"},
        )
        open_task(connection, new, Doer("经办", uuid4()))


@pytest.mark.parametrize("move", [change_register, open_rectification])
def test_a_county_is_counted_once_until_something_moves(registry, move):
    recent = RecentAccounts()

    def count(period=YEAR):
        with connect(registry, "auditor") as connection:
            return recent.account_for(connection, COUNTY, period)

    first = count()
    assert count() is first
    assert count(parse_period("2026")) is not first
    move(registry)
    assert count() is not first


def test_only_the_last_counts_are_kept(registry):
    recent = RecentAccounts(most=1)
    with connect(registry, "auditor") as connection:
        first = recent.account_for(connection, COUNTY, YEAR)
        recent.account_for(connection, COUNTY, parse_period("2024"))
        assert recent.account_for(connection, COUNTY, YEAR) is not first
