"""Coded values of a run's rows in words, as its files tell them."""

import pytest

from app.run_results import words_in


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", "行业代码（GB/T 4754）2614"), ("en", "industry code (GB/T 4754) 2614")],
)
def test_class_of_a_former_use_is_told_as_the_code_of_an_industry(language, told):
    assert words_in(language)("category", "2614") == told


def test_class_of_a_restriction_area_is_told_as_its_theme():
    assert words_in("zh")("category", "ecological_redline") == "生态保护红线"


def test_code_without_a_word_is_told_as_it_is():
    assert words_in("zh")("category", "something_else") == "something_else"
