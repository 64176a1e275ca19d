"""Targets of the documents, reproduced with their figures."""

import csv
from datetime import date
from pathlib import Path

import pytest

from parcels.register.values import FARMLAND_MEASURES
from screening.indicators import loader
from screening.indicators.amounts import WAN_MU_M2
from screening.indicators.farmland import Measure, Unit, count_units
from screening.indicators.loader import read_settings, read_targets
from screening.indicators.periods import NotAPeriod, month_of, parse_period
from screening.indicators.rate import sum_rows
from screening.indicators.targets import Span, applicable, judge
from tests.domain_tables import WITH_TABLES, read_table

TABLE = Path(loader.__file__).parent / "targets.csv"


def targets(indicator, division, period="2020"):
    return applicable(read_targets(), indicator, division, parse_period(period))


def told(found):
    return [(x.comparison, x.value, x.due_on.year, x.document) for x in found]


LIANGSHAN, NATION = "凉府发〔2017〕6号", "环厅〔2020〕27号"
MEETING = "生态环境部、农业农村部视频会议 2020-05-12"
ZHENGZHOU = "郑州市2019年土壤污染防治攻坚战实施方案"


def test_liangshan_answers_for_its_own_figures_and_the_nations():
    assert told(targets("polluted_farmland_rate", "513425")) == [
        ("approx", 94.0, 2020, LIANGSHAN),
        ("approx", 90.0, 2020, NATION),
        ("approx", 90.0, 2020, MEETING),
        ("ge", 95.0, 2030, LIANGSHAN),
    ]
    assert told(targets("contaminated_plot_rate", "5134"))[0] == (
        ("ge", 90.0, 2020, LIANGSHAN)
    )


def test_after_2020_liangshan_answers_for_2030_and_others_for_what_passed():
    assert told(targets("polluted_farmland_rate", "513425", "2026-Q3")) == [
        ("ge", 95.0, 2030, LIANGSHAN)
    ]
    passed = told(targets("polluted_farmland_rate", "999901", "2026"))
    assert passed == [
        ("approx", 90.0, 2020, NATION),
        ("approx", 90.0, 2020, MEETING),
    ]


def test_zhengzhou_answers_for_all_plots_and_sixty_of_a_hundred_tasks():
    rate = targets("contaminated_plot_rate", "410122", "2019")
    assert ("eq", 100.0, 2019, ZHENGZHOU) in told(rate)
    (task,) = targets("rectification_rate", "410122", "2019")
    assert (task.comparison, task.value) == ("ge", 60.0)
    assert task.due_on == date(2019, 11, 30)
    (area,) = targets("safe_use_area", "410122", "2019")
    assert area.value is None
    assert judge(area, Span(5.0, 5.0, 5.0)) == "no_figure"


@WITH_TABLES
def test_every_target_in_scope_is_the_one_of_the_domain_table():
    told = ("document", "clause", "indicator_zh", "comparison", "value", "unit")
    wanted = [
        tuple(row[name] for name in (*told, "deadline"))
        for row in read_table("policy_targets.csv")
        if row["scope"] == "yes"
    ]
    with TABLE.open(encoding="utf-8", newline="") as file:
        ours = [
            tuple(row[name] for name in (*told, "deadline"))
            for row in csv.DictReader(file)
        ]
    assert sorted(ours) == sorted(wanted)


@pytest.mark.parametrize(
    ("indicator", "value"),
    [("safe_use_area", 50.9), ("restructured_area", 24.2), ("remediated_area", 12.7)],
)
def test_areas_of_liangshan_are_those_of_the_plan(indicator, value):
    (target,) = targets(indicator, "513425")
    assert (target.value, target.unit) == (value, "10^4 mu")
    assert judge(target, Span(value, value, value)) == "reached"
    assert judge(target, Span(value - 0.1, value - 0.1, value - 0.1)) == "missed"


def test_a_second_figure_has_no_targets():
    assert targets("", "513425") == []


def test_every_target_is_dated_or_says_when_and_names_its_source():
    for one in read_targets():
        assert one.document and one.clause and one.confidence == "verified"
        assert one.due_on or one.due_text or one.unit


def has_chinese(text):
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def test_a_document_is_called_something_in_english_and_notes_are_in_both():
    for one in read_targets():
        assert one.source.zh == f"{one.document} {one.clause}"
        assert one.source.en[0].isascii() and one.source.en.endswith(one.clause)
        assert not has_chinese(one.note.en)
        assert bool(one.note.zh) == has_chinese(one.note.zh) == bool(one.note.en)


def liangshan(in_safe_use):
    """100 parts of polluted land, some of it in safe use (万亩)."""
    part = WAN_MU_M2
    done = Measure("M", FARMLAND_MEASURES[5], part, True, 10, 10)
    return [
        Unit("513425", None, str(n), part, "safe_use", None, [done] * (n < in_safe_use))
        for n in range(100)
    ]


@pytest.mark.parametrize(
    ("parts", "verdicts"),
    [
        (95, ["reached", "reached", "reached", "reached"]),
        (94, ["reached", "reached", "reached", "missed"]),
        (93, ["below_about", "reached", "reached", "missed"]),
        (89, ["below_about", "below_about", "below_about", "missed"]),
    ],
)
def test_liangshans_rate_is_held_against_each_of_its_targets(parts, verdicts):
    rate = sum_rows(count_units(liangshan(parts), "category", read_settings()))
    assert rate.value == pytest.approx(parts / 100)
    percent = Span(100 * rate.value, 100 * rate.at_least, 100 * rate.at_most)
    found = targets("polluted_farmland_rate", "513425")
    assert [judge(one, percent) for one in found] == verdicts


def test_what_may_yet_be_reached_is_not_known():
    (target,) = targets("rectification_rate", "4101", "2019")
    assert judge(target, Span(55.0, 55.0, 65.0)) == "not_known"
    assert judge(target, Span(60.0, 60.0, 60.0)) == "reached"
    assert judge(target, Span(59.9, 59.9, 59.9)) == "missed"
    assert judge(target, Span(None, None, None)) == "not_known"


def test_a_decrease_is_reached_from_below():
    (metals,) = [x for x in read_targets() if x.value == -9.5]
    assert judge(metals, Span(-10.0, -10.0, -10.0)) == "reached"
    assert judge(metals, Span(-9.0, -9.0, -9.0)) == "missed"


def test_periods_are_months_quarters_and_years():
    assert parse_period("2026-Q4").last == date(2026, 12, 31)
    assert parse_period("2024-02").last == date(2024, 2, 29)
    assert month_of(date(2026, 12, 5)) == parse_period("2026-12")
    for wrong in ("2026-13", "2026-Q5", "26", "2026-1", "1999", "2026 11"):
        with pytest.raises(NotAPeriod):
            parse_period(wrong)
