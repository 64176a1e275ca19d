"""Codes get one written form, or are told why they cannot have it."""

import numpy as np
import pyarrow as pa
import pytest

from parcels.codes import InvalidCode
from parcels.surveys.coding import FORMS, normalise_codes, normalise_township


def normalise(layer, attribute, *codes):
    rows = np.arange(1, len(codes) + 1, dtype=np.int32)
    text = pa.array(codes, pa.string())
    values, issues = normalise_codes(FORMS[layer, attribute], text, rows, "F")
    return values.to_pylist(), issues


def test_parcel_codes_lose_blanks_and_full_width_characters():
    values, issues = normalise(
        "parcel", "code", "999901001001GB00001", "999901 001001 ＧＢ00002", None
    )
    assert values == ["999901001001GB00001", "999901001001GB00002", None]
    assert not issues


@pytest.mark.parametrize(
    "code", ["999901001001GB00000", "999901001001XB00001", "999901001001GB0001"]
)
def test_parcel_code_that_cannot_be_right_is_an_error_with_its_row(code):
    values, (issue,) = normalise("parcel", "code", "999901001001GB00001", code)
    assert values == ["999901001001GB00001", None]
    assert (issue.kind, issue.severity) == ("code_malformed", "error")
    assert issue.rows.tolist() == [2]
    assert code in issue.details["reason_zh"][0]


def test_real_estate_unit_code_names_the_parcel_code_in_it():
    _, (issue,) = normalise("parcel", "code", "999901001001GB00001W00000000")
    assert "999901001001GB00001" in issue.details["reason_en"][0]


def test_enterprise_code_of_another_form_is_kept_with_a_warning():
    values, (issue,) = normalise("enterprise", "code", "QY-12", "91350100M000100Y43")
    assert values == ["QY-12", "91350100M000100Y43"]
    assert (issue.kind, issue.severity) == ("code_unusual", "warning")
    assert issue.rows.tolist() == [1]


def test_reference_to_a_plot_is_written_like_the_plot_itself():
    values, issues = normalise("plot_event", "plot_code", "9999012 26 0001", "DK-7")
    assert values == ["9999012260001", "DK-7"]
    assert not issues


@pytest.mark.parametrize(
    "text", ["999901100", "999901100201", "9999011002010000000", "999901100000"]
)
def test_location_codes_are_cut_to_the_township(text):
    assert normalise_township(text) == "999901100"


@pytest.mark.parametrize("text", ["999901", "999901000", "城关镇"])
def test_what_names_no_township_is_refused(text):
    with pytest.raises(InvalidCode):
        normalise_township(text)
