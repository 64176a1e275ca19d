"""How many objects may a whole update end before somebody is asked?"""

import pytest

from parcels.surveys.checks.tolerances import TOLERANCES
from parcels.surveys.compared import check_ended
from parcels.surveys.issues import Issue


@pytest.mark.parametrize(
    ("ended", "spoken_of", "warned"),
    [(0, 0, False), (0, 9, False), (99, 1000, False), (100, 1000, False)]
    + [(101, 1000, True), (1, 2, True), (4185, 4186, True), (3, 3, True)],
)
def test_more_than_the_share_of_the_tolerances_is_warned_of(ended, spoken_of, warned):
    assert TOLERANCES.ended_share == 0.1
    kinds = [one.kind for one in check_ended(ended, spoken_of)]
    assert kinds == ["whole_update_ends_many"] * warned


def test_the_warning_names_how_many_end_and_of_how_many():
    (issues,) = check_ended(4185, 4186)
    told = Issue(
        1, issues.kind, issues.severity, None, None, None, issues.details, None
    )
    assert "4,186 个有效对象中的 4,185 个" in told.message("zh")
    assert "The whole update ends 4,185 of 4,186 objects" in told.message("en")
    assert "10 %" in told.message("en")
