"""The board of tasks in a browser; steps in ``tasks.mjs``."""

import pytest

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize(("language", "width"), [("zh", "1440"), ("en", "390")])
def test_an_officer_carries_a_task_to_its_strike_off(site, language, width):
    site.look("carries_a_task_to_its_strike_off", language=language, width=width)


@pytest.mark.parametrize(
    ("language", "width"),
    [("zh", "1440"), ("en", "1440"), ("zh", "390"), ("en", "390")],
)
def test_an_officer_sees_what_is_late(site, language, width):
    site.look("sees_what_is_late", language=language, width=width)


@pytest.mark.parametrize("scenario", ["looks_on_at_another_bureau", "finds_no_task"])
def test_an_officer(site, scenario):
    site.look(scenario)
