"""Which contaminated plots in use again count as fit for it; tasks struck off."""

from dataclasses import replace
from datetime import date

import pytest

from screening.indicators.plots import Plot, count_plots
from screening.indicators.rate import sum_rows
from screening.indicators.rectifications import Rectification, count_rectifications

DAY = date(2026, 5, 1)
FIT = Plot(
    "999901",
    "P",
    "示例地块",
    1000.0,
    "removed",
    True,
    DAY,
    "removed",
    "class_1",
    "gbt21010_2017",
    "0701",
    False,
)


def state(weight="area", **more):
    (row,) = count_plots([replace(FIT, **more)], weight)
    return row.state


def test_a_plot_found_fit_before_its_reuse_counts():
    (row,) = count_plots([FIT], "area")
    assert (row.total, row.counted, row.state) == (1000.0, 1000.0, "counted")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"stage_then": "contaminated"}, "not_counted"),
        ({"stage_then": "remediation"}, "not_counted"),
        ({"stage_then": "cleared"}, "counted"),
        ({"stage_then": None}, "unknown"),
        ({"evaluated_class": "class_2"}, "not_counted"),
        ({"evaluated_class": "class_2", "planned_use_code": "0601"}, "counted"),
        ({"evaluated_class": "class_2", "planned_use_code": None}, "not_counted"),
        ({"evaluated_class": None}, "unknown"),
        ({"unfit": True}, "not_counted"),
        ({"reuse_started_on": None}, "outside"),
        ({"stage": "closed_error"}, "outside"),
        ({"area_m2": None}, "unknown"),
    ],
)
def test_what_else_becomes_of_a_plot(more, expected):
    assert state(**more) == expected


def test_a_plot_without_an_area_still_counts_by_number():
    assert state("count", area_m2=None) == "counted"


def test_a_plot_never_found_contaminated_is_no_part_of_it():
    assert count_plots([replace(FIT, listed=False, stage="cleared")], "area") == []


def test_the_rate_weighs_by_area_or_by_number():
    used = replace(FIT, stage_then="contaminated", area_m2=3000.0)
    assert sum_rows(count_plots([FIT, used], "area")).value == 0.25
    assert sum_rows(count_plots([FIT, used], "count")).value == 0.5


def test_sixty_of_a_hundred_tasks_are_those_struck_off():
    def task(number, struck_off_on):
        return Rectification(
            "999901", str(number), "整改", "rectify", DAY, struck_off_on
        )

    tasks = [task(n, DAY if n < 6 else None) for n in range(9)]
    tasks.append(task(9, date(2026, 12, 1)))
    rows = count_rectifications(tasks, date(2026, 11, 30))
    assert sum_rows(rows).value == 0.6
    assert "late" in rows[-1].why.en
    assert rows[0].facts["problem"] == {"zh": "整改", "en": "rectify"}
