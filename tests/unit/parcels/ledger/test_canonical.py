"""One record, one written form."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from parcels.ledger.canonical import (
    LARGEST_INTEGER,
    NotCanonical,
    canonical_bytes,
    decimal_text,
)

# Keys of the basic plane: beyond it the two orders differ, and our keys are words.
KEYS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
)


@given(VALUES)
def test_written_form_is_that_of_the_reference_implementation(document):
    assert canonical_bytes(document) == rfc8785.dumps(document)


def test_order_of_keys_does_not_matter():
    assert canonical_bytes({"a": 1, "b": 2}) == canonical_bytes({"b": 2, "a": 1})


@pytest.mark.parametrize("value", [LARGEST_INTEGER + 1, object(), {1: "key"}])
def test_value_without_a_single_form_is_refused(value):
    with pytest.raises(NotCanonical):
        canonical_bytes(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.125, "0.12"),
        (0.375, "0.38"),
        (-0.001, "0.00"),
        (2.0, "2.00"),
        (1e21, "1" + "0" * 21 + ".00"),
    ],
)
def test_decimal_is_rounded_half_to_even(value, text):
    assert decimal_text(value, 2) == text
