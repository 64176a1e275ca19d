"""The upload page in a browser, as a surveyor uses it; steps in ``surveyor.mjs``."""

import pytest

pytestmark = pytest.mark.acceptance


def test_a_surveyor_takes_a_file_the_whole_way(site):
    site.look("takes_a_survey_the_whole_way", map="yes")


def test_a_surveyor_sees_the_rows_around_a_fault(site):
    site.look("sees_the_rows_around_a_fault", map="yes")


def test_a_surveyor_sees_where_a_guessed_system_puts_the_file(site):
    site.look("sees_where_a_guess_puts_the_file", map="yes")


@pytest.mark.parametrize(
    "scenario",
    [
        "watches_a_file_and_gives_it_up",
        "confirms_what_was_guessed",
        "keeps_a_mapping_for_the_next_file",
        "sends_a_broken_transfer_again",
        "sets_faulty_rows_aside",
        "sends_several_files_one_by_one",
        "is_told_of_a_file_that_is_none",
        "reads_uploads_without_writing",
    ],
)
def test_a_surveyor(site, scenario):
    site.look(scenario)


@pytest.mark.parametrize(
    ("width", "language"), [("1440", "zh"), ("390", "zh"), ("390", "en")]
)
def test_a_guess_can_be_read_by_everyone(site, width, language):
    site.look("reads_a_guess_in_every_way", width=width, language=language)


@pytest.mark.parametrize(("width", "language"), [("1440", "zh"), ("390", "en")])
def test_a_report_can_be_read_by_everyone(site, width, language):
    site.look("reads_a_report_in_every_way", width=width, language=language)
