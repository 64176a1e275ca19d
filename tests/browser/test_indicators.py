"""The dashboard of indicators in a browser; steps in ``indicators.mjs``."""

import pytest

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize(
    ("language", "width", "mark"), [("zh", "1440", "1"), ("en", "390", "2")]
)
def test_an_agriculture_officer_reads_the_dashboard(site, language, width, mark):
    site.look("reads_the_dashboard", language=language, width=width, mark=mark)


@pytest.mark.parametrize(
    ("language", "width", "year"), [("zh", "1440", "2032"), ("en", "390", "2033")]
)
def test_an_ecology_officer_limits_approvals(site, language, width, year):
    site.look(
        "limits_approvals_and_lifts_it", language=language, width=width, year=year
    )


def test_a_period_that_is_none_is_told_in_words(site):
    site.look("asks_for_a_period_that_is_none")


def test_a_registrar_approves_a_proposed_division(site):
    site.look("sees_a_proposed_division", map="yes")
