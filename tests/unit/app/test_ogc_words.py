"""A filter of the OGC interface is read, or refused, however it is made."""

import pytest

from app.ogc.words import BadQuery, parse_filter


def test_brackets_around_a_condition_mean_nothing():
    assert parse_filter("((theme = 'a'))").equals == [("theme", "a")]


@pytest.mark.parametrize("count", [101, 1990])
def test_more_brackets_than_anybody_needs_are_refused(count):
    with pytest.raises(BadQuery):
        parse_filter("(" * count + "theme = 'a'" + ")" * count)
