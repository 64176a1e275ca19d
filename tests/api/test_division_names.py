"""Names of divisions without their boundaries."""

import pytest

from tests.api.bodies import OURS, THEIRS

PATH = "/v1/division-names"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_divisions_are_named_in_the_callers_language(api, language):
    answer = api.as_("planner", **{"Accept-Language": language}).get(
        PATH, params={"code": [OURS, THEIRS + "000000", "999909"]}
    )
    assert answer.status_code == 200, answer.text
    named = {}
    for code in (OURS, THEIRS):
        division = api.as_("admin").get(f"/v1/divisions/{code}").json()
        named[code] = division[f"name_{language}"] or division["name_zh"]
    found = {one["division_code"]: one["name"] for one in answer.json()["items"]}
    assert found == named


@pytest.mark.parametrize("code", ["99990x", "123456789012345", "010000"])
def test_what_is_no_division_code_is_refused(api, code):
    assert api.as_("planner").get(PATH, params={"code": code}).status_code == 422


def test_no_code_is_refused(api):
    assert api.as_("planner").get(PATH).status_code == 422
