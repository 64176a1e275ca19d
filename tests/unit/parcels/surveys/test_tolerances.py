"""Every figure of a check is shown with its source and how far it is settled."""

import pytest

from parcels.surveys.checks.tolerances import TOLERANCES


@pytest.mark.parametrize("figure", TOLERANCES.describe(), ids=lambda one: one["name"])
def test_figure_is_shown_with_value_titles_source_and_confidence(figure):
    assert figure["value"] > 0
    assert figure["title_zh"] and figure["title_en"]
    assert "惯例" in figure["source_zh"] and "section" in figure["source_en"]
    assert figure["confidence"] in ("verified", "recalled", "project_default")


def test_nothing_is_snapped_at_more_than_a_centimetre():
    # Section 5: never at more than 0.01 m without asking; a repair stays far below.
    assert TOLERANCES.resolution_m <= TOLERANCES.cluster_m <= 0.01
