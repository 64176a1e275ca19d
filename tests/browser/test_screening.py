"""The screening page in a browser; steps in ``screening.mjs``."""

import pytest

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize(
    ("language", "width", "map_drawn"),
    [("zh", "1440", "yes"), ("en", "1440", "no"), ("zh", "390", "no")],
)
def test_an_officer_screens_receptors_by_form(site, language, width, map_drawn):
    site.look(
        "screens_receptors_by_form", language=language, width=width, map=map_drawn
    )


@pytest.mark.parametrize(("language", "width"), [("zh", "1440"), ("en", "390")])
def test_an_officer_checks_a_site_by_form(site, language, width):
    site.look("checks_a_site_by_form", language=language, width=width)


@pytest.mark.parametrize(("language", "width"), [("zh", "1440"), ("en", "390")])
def test_an_officer_confirms_a_candidate_and_the_task_appears(site, language, width):
    site.look("confirms_a_candidate", language=language, width=width)


@pytest.mark.parametrize(("language", "width"), [("en", "1440"), ("zh", "390")])
def test_every_kind_of_run_fits_its_window(site, language, width):
    site.look("looks_at_every_kind", language=language, width=width)


@pytest.mark.parametrize(("language", "width"), [("zh", "1440"), ("en", "390")])
def test_an_officer_sees_a_surface_on_the_map(site, language, width):
    site.look("sees_a_surface_on_the_map", language=language, width=width, map="yes")


def test_an_officer_draws_a_site_on_the_map(site):
    site.look("draws_a_site_on_the_map", map="yes")


def test_an_auditor_reads_runs_and_orders_none(site):
    site.look("may_not_order_a_run")
