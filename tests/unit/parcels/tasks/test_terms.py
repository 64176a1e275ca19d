"""When a term ends, by months and by working days of an invented calendar."""

from datetime import date, timedelta

import pytest

from app.deadline_jobs import read_filings
from parcels.tasks.terms import (
    CalendarMissing,
    WorkingYear,
    add_months,
    count_working_days,
    find_contradiction,
    is_working_day,
)

# 2026-01-01 is a Thursday. Invented: 1 to 3 January off, Sunday the 4th worked.
YEARS = {
    2026: WorkingYear(
        frozenset({date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)}),
        frozenset({date(2026, 1, 4)}),
    )
}


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2026, 3, 2), 6, date(2026, 9, 2)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 30), 6, date(2028, 2, 29)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(9999, 12, 1), 1, date.max),
    ],
)
def test_a_term_of_months_ends_on_the_day_of_its_number(start, months, last):
    assert add_months(start, months) == last


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 1, 1), False),
        (date(2026, 1, 3), False),
        (date(2026, 1, 4), True),
        (date(2026, 1, 5), True),
        (date(2026, 1, 10), False),
        (date(2026, 1, 11), False),
    ],
)
def test_a_day_is_worked_as_the_calendar_says(day, working):
    assert is_working_day(day, YEARS) is working


@pytest.mark.parametrize(
    ("start", "number", "last"),
    [
        (date(2026, 1, 1), 1, date(2026, 1, 4)),
        (date(2026, 1, 4), 1, date(2026, 1, 5)),
        (date(2026, 1, 4), 5, date(2026, 1, 9)),
        (date(2026, 1, 4), 6, date(2026, 1, 12)),
        (date(2026, 1, 4), 0, date(2026, 1, 4)),
    ],
)
def test_working_days_are_counted_from_the_day_after(start, number, last):
    assert count_working_days(start, number, YEARS) == last


@pytest.mark.parametrize(
    ("start", "year"), [(date(2026, 12, 31), 2027), (date(2025, 6, 1), 2025)]
)
def test_a_year_that_is_not_loaded_is_never_guessed(start, year):
    assert count_working_days(start, 3, YEARS) == CalendarMissing(year)
    assert str(year) in CalendarMissing(year).words.zh


def test_the_end_of_time_is_no_error():
    assert count_working_days(date.max, 1, YEARS) == CalendarMissing(10000)


@pytest.mark.parametrize(
    ("off", "worked", "day"),
    [
        ([date(2025, 12, 31)], [], date(2025, 12, 31)),
        ([date(2026, 1, 4)], [date(2026, 1, 4)], date(2026, 1, 4)),
        ([], [date(2026, 1, 5)], date(2026, 1, 5)),
    ],
)
def test_a_calendar_that_contradicts_itself_is_named_by_its_day(off, worked, day):
    assert find_contradiction(2026, off, worked)[0] == day


def test_a_calendar_without_contradiction_passes():
    year = YEARS[2026]
    assert find_contradiction(2026, year.days_off, year.days_worked) is None


def filing(name):
    return next(x for x in read_filings().filings if x.duty.name == name)


def test_filings_are_opened_ahead_of_their_last_day_and_not_after():
    report = filing("contaminated_plots_city")
    last = date(2026, 12, 31)
    assert report.due_on(2026) == last
    assert report.year_open(last) == 2026
    assert report.year_open(last - timedelta(report.lead_days)) == 2026
    assert report.year_open(last - timedelta(report.lead_days + 1)) is None
    assert report.year_open(last + timedelta(1)) is None


def test_a_filing_in_january_is_seen_to_in_the_year_before():
    assert filing("contaminated_plots_province").year_open(date(2026, 11, 29)) == 2027


def test_a_plan_of_one_year_is_a_proposal_in_others():
    report = filing("undeveloped_plots_control")
    assert report.due_on(2019) == date(2019, 11, 30)
    assert report.basis_in(2019).verification == "verified"
    assert report.basis_in(2020).verification == "design_choice"
    assert report.duty.division_of("410105") == "410105"
    assert report.duty.division_of("513401") is None


def test_every_filing_says_its_ground_and_its_bureau():
    for one in read_filings().filings:
        assert one.duty.bureaus and one.duty.basis.document.zh
        assert (one.month is None) == (one.day is None)
