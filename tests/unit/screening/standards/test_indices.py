"""Indices of pollution, by hand."""

import pytest

from screening.standards import indices


def test_single_factor_is_content_over_limit():
    assert indices.single_factor(0.9, 0.3) == pytest.approx(3.0)


def test_nemerow_of_one_index_is_itself():
    assert indices.nemerow([0.5]) == pytest.approx(0.5)


def test_nemerow_weighs_the_greatest_with_the_mean():
    assert indices.nemerow([3.0, 5.0]) == pytest.approx(((16 + 25) / 2) ** 0.5)


def test_nemerow_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no single-factor index"):
        indices.nemerow([])


@pytest.mark.parametrize(("content", "index"), [(0.15, 0.0), (0.3, 1.0), (1.2, 3.0)])
def test_geo_accumulation_counts_doublings_of_one_and_a_half_backgrounds(
    content, index
):
    assert indices.geo_accumulation(content, 0.1) == pytest.approx(index)


def test_ecological_risk_weighs_by_toxicity():
    assert indices.ecological_risk("Hg", 0.1, 0.05) == 80.0
    assert indices.ecological_risk("Mn", 1.0, 1.0) is None


@pytest.mark.parametrize(
    ("grades", "value", "grade"),
    [
        (indices.SINGLE_FACTOR, 1.0, "none"),
        (indices.SINGLE_FACTOR, 1.01, "slight"),
        (indices.SINGLE_FACTOR, 5.01, "heavy"),
        (indices.ACCUMULATION, 1.5, "none"),
        (indices.ACCUMULATION, 6.1, "heavy"),
        (indices.NEMEROW, 1.0, "warning_line"),
        (indices.NEMEROW, 3.0, "moderate"),
        (indices.NEMEROW, 3.1, "heavy"),
        (indices.GEO_ACCUMULATION, 0.0, "0"),
        (indices.GEO_ACCUMULATION, 0.1, "1"),
        (indices.GEO_ACCUMULATION, 5.1, "6"),
        (indices.HAKANSON, 39.9, "low"),
        (indices.HAKANSON, 40.0, "moderate"),
        (indices.HAKANSON, 320.0, "very_high"),
        (indices.RISK_INDEX, 599.9, "high"),
        (indices.RISK_INDEX, 600.0, "very_high"),
    ],
)
def test_an_end_belongs_where_its_table_puts_it(grades, value, grade):
    assert grades.of(value) == grade


def test_half_the_detection_limit_stands_in():
    assert indices.stand_in(0.02) == 0.01
