"""The pages of plots in a browser; steps in ``plots.mjs``."""

import pytest

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize(("language", "width"), [("zh", "1440"), ("en", "390")])
def test_an_officer_reads_the_plots(site, language, width):
    site.look("reads_the_plots", language=language, width=width)


def test_an_officer_reads_every_task_of_a_plot(site):
    site.look("reads_every_task_of_a_plot")


def test_a_wrong_field_is_corrected_by_two_officers(site):
    site.look("corrects_a_plot_by_two")


def test_a_reviewed_report_is_corrected_by_two_officers(site):
    site.look("corrects_a_report_by_two", language="en", width="390")


@pytest.mark.parametrize(("language", "width"), [("zh", "1440"), ("en", "390")])
def test_an_officer_asks_what_is_planned_on_plots(site, language, width):
    site.look("asks_what_is_planned_on_plots", language=language, width=width)


@pytest.mark.parametrize(("language", "width"), [("zh", "1440"), ("en", "390")])
def test_an_officer_reads_the_catalogue_of_shared_data(site, language, width):
    site.look("reads_the_catalogue_of_shared_data", language=language, width=width)
