"""Consultations in a browser: asked, answered, withdrawn (``consultations.mjs``)."""

import pytest

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize(("language", "width"), [("zh", "1440"), ("en", "390")])
def test_a_department_answers_a_consultation(site, language, width):
    site.look("answers_a_consultation", language=language, width=width)


@pytest.mark.parametrize(
    "scenario", ["withdraws_an_objection", "finds_what_was_answered"]
)
def test_an_officer(site, scenario):
    site.look(scenario)
