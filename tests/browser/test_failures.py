"""What the pages tell when something fails; steps in ``failures.mjs``."""

import pytest

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize(
    "scenario",
    [
        "is_told_why_a_file_did_not_travel",
        "keeps_a_list_of_which_no_more_comes",
        "is_told_that_a_run_is_gone",
        "is_told_that_kinds_of_run_cannot_be_had",
    ],
)
def test_an_officer(site, scenario):
    site.look(scenario)
