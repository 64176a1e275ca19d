"""A stage comes by an event, or from a published register that shows it."""

from datetime import date

import pytest

from parcels.plots.entries import (
    STAGES_OF_LIST,
    Entry,
    goes_with,
    lists_after,
    missing_of,
    needs_entry,
)
from parcels.plots.fields import find_faults
from parcels.plots.lists import disagreements
from parcels.register.values import PLOT_LISTS, PLOT_STAGES

BEFORE = {"stage": "suspected", "held": None}
PUBLISHED = {
    "entry_list": "rcr",
    "entry_batch": "1",
    "entry_source": "x",
    "entry_published_on": date(2024, 1, 1),
}


@pytest.mark.parametrize("stage", PLOT_STAGES)
def test_only_a_lead_begins_by_itself(stage):
    assert needs_entry(stage, None, None) == (stage != "candidate")


def test_a_held_lead_must_be_explained():
    assert needs_entry("candidate", True, None)


@pytest.mark.parametrize(
    ("stage", "held", "needed"),
    [
        ("suspected", None, False),
        ("suspected", False, False),
        ("suspected", True, True),
        ("cleared", None, True),
        ("candidate", None, True),
    ],
)
def test_a_known_plot_keeps_its_stage_unless_a_register_says_otherwise(
    stage, held, needed
):
    assert needs_entry(stage, held, BEFORE) == needed


@pytest.mark.parametrize("name", PUBLISHED)
def test_list_batch_source_and_day_are_all_needed(name):
    assert missing_of({**PUBLISHED, name: None}) == (name,)
    assert missing_of(PUBLISHED) == ()


def test_every_stage_but_the_first_is_shown_by_some_register():
    assert set(STAGES_OF_LIST) == set(PLOT_LISTS)
    assert set().union(*STAGES_OF_LIST.values()) == set(PLOT_STAGES)


@pytest.mark.parametrize("stage", [one for one in PLOT_STAGES if one != "candidate"])
def test_lists_agree_with_the_stage_after_an_entry(stage):
    for listed in PLOT_LISTS:
        if goes_with(listed, stage):
            entry = Entry(listed, "1", "x", date(2024, 1, 1))
            for before in (frozenset(), frozenset(PLOT_LISTS)):
                on = lists_after(entry, stage, before)
                assert disagreements(stage, on) == (), (listed, before)


def test_classes_of_use_need_their_scheme_and_must_exist():
    values = {
        "planned_use_code": "0701",
        "current_use_scheme": "gbt21010_2017",
        "current_use_code": "0601",
        "negative_list": ["ydyh_2023:0701", "homes"],
        "published_fields": ["name", "contact"],
    }
    assert find_faults(values) == [
        ("planned_use_code", "0701"),
        ("negative_list", "homes"),
        ("published_fields", "contact"),
    ]
