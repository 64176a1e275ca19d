"""The pages in a browser, as an officer uses them; steps in ``scenarios.mjs``."""

import pytest

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize(
    "scenario",
    [
        "signs_in_and_out",
        "keeps_no_secret_in_the_page",
        "sees_what_lies_on_a_parcel",
        "sees_what_lies_beside_a_parcel",
        "is_not_asked_to_ask",
        "works_where_no_map_can_be_drawn",
        "gets_a_decision_with_its_grounds",
        "is_told_what_is_missing_from_a_request",
        "sends_a_request_again_under_the_same_key",
        "types_an_area_without_a_mouse",
        "types_an_area_in_metres",
        "is_told_of_a_code_nobody_has",
        "reads_the_page_in_english",
        "prints_the_record",
        "finds_earlier_decisions",
        "looks_for_decisions_of_a_day",
        "sees_that_a_decision_was_annulled",
        "leaves_a_decision_for_its_land",
        "reads_decisions_page_by_page",
        "opens_a_decision_about_a_drawn_area",
        "is_shown_only_the_fields_a_transaction_needs",
    ],
)
def test_an_officer(site, scenario):
    site.look(scenario)


@pytest.mark.parametrize(
    "scenario",
    [
        "sees_the_parcel_on_the_map",
        "picks_a_parcel_on_the_map",
        "draws_an_area",
        "gives_up_a_drawing",
        "sees_the_evidence_on_the_map",
    ],
)
def test_an_officer_with_a_map(site, scenario):
    site.look(scenario, map="yes")


@pytest.mark.parametrize("width", ["1440", "1000", "390"])
def test_the_legend_covers_no_parcel(site, width):
    site.look("sees_the_parcel_clear_of_the_legend", width=width, map="yes")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", ["1440", "1000", "390"])
def test_a_page_fits_the_window(site, width, language):
    site.look("fits_the_window", width=width, language=language)


def test_the_longest_outcome_fits_a_narrow_screen(site):
    site.look("reads_decisions_on_a_narrow_screen", width="390", language="en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_can_be_used_by_everyone(site, language):
    site.look("can_be_used_by_everyone", language=language)
