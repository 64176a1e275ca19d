"""Codes are brought to one written form, and what cannot be right is refused."""

import pytest

from parcels.codes import (
    INVENTED_PROVINCE,
    WHOLE_COUNTRY,
    InvalidCode,
    county_of,
    credit_check_character,
    division_contains,
    normalise_credit_code,
    normalise_division,
    normalise_industry_code,
    normalise_parcel_code,
    normalise_plot_code,
)

PARCEL = "513425001002GB00012"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("51", "51"),
        ("510000", "51"),
        ("510000000000", "51"),
        ("513400", "5134"),
        ("513425", "513425"),
        ("513425000", "513425"),
        ("513425000000", "513425"),
        ("610630", "610630"),
        ("513425100", "513425100"),
        ("513425100000", "513425100"),
        ("513425100201", "513425100201"),
        ("441900003000", "441900003"),
        (" ５１３４２５ ", "513425"),
        ("999901", "999901"),
        ("*", WHOLE_COUNTRY),
    ],
)
def test_division_is_stored_without_the_zeros_of_lower_levels(written, stored):
    assert normalise_division(written) == stored
    assert normalise_division(stored) == stored


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "division_digits"),
        ("5134251", "division_digits"),
        ("51342A", "division_digits"),
        ("٥١", "division_digits"),
        ("013425", "division_province"),
        ("773425", "division_province"),
        ("513425000201", "division_gap"),
        ("510025", "division_gap"),
    ],
)
def test_a_code_that_is_no_division_is_refused(text, reason):
    with pytest.raises(InvalidCode) as refusal:
        normalise_division(text)
    assert refusal.value.reason == reason
    assert refusal.value.value == text


def test_a_refusal_names_the_code_and_the_remedy_in_both_languages():
    with pytest.raises(InvalidCode) as refusal:
        normalise_division("773425")
    assert "773425" in refusal.value.text("zh")
    assert "GB/T 2260" in refusal.value.text("zh")
    assert "773425" in refusal.value.text("en")
    assert str(refusal.value) == refusal.value.en


def test_a_long_value_is_cut_in_the_text_but_kept_whole():
    with pytest.raises(InvalidCode) as refusal:
        normalise_division("5" * 5000)
    assert len(refusal.value.en) < 200
    assert refusal.value.value == "5" * 5000


@pytest.mark.parametrize(
    ("scope", "code", "inside"),
    [
        ("*", "513425", True),
        ("51", "513425", True),
        ("513425", "513425", True),
        ("513425", "513425100", True),
        ("513425", "513426", False),
        ("513425", "5134", False),
        ("52", "513425", False),
    ],
)
def test_a_scope_contains_what_begins_with_it(scope, code, inside):
    assert division_contains(scope, code) is inside


def test_the_county_is_the_first_six_digits_of_any_longer_code():
    assert county_of(PARCEL) == county_of("513425100") == "513425"
    with pytest.raises(InvalidCode, match="six digits"):
        county_of("5134")


def test_parcel_code_loses_blanks_and_full_width_characters():
    assert normalise_parcel_code("513425 001002 gb ００012") == PARCEL


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("513425001002GB0012", "length"),
        ("", "length"),
        ("513425001002GQ00012", "parcel_pattern"),
        ("513425001002QB00012", "parcel_pattern"),
        ("51342500100AGB00012", "parcel_pattern"),
        ("513425001002GB00000", "parcel_serial"),
        (PARCEL + "W00000000", "parcel_is_unit"),
    ],
)
def test_a_malformed_parcel_code_is_refused(text, reason):
    with pytest.raises(InvalidCode) as refusal:
        normalise_parcel_code(text)
    assert refusal.value.reason == reason
    assert refusal.value.kind == "parcel"


def test_a_unit_code_given_for_a_parcel_is_answered_with_the_parcel_code():
    with pytest.raises(InvalidCode, match=PARCEL):
        normalise_parcel_code(PARCEL + "F00010001")


@pytest.mark.parametrize(
    "published", ["91350100M000100Y43", "9144030071526726XG", "91330100799655058B"]
)
def test_published_credit_codes_pass(published):
    assert normalise_credit_code(published) == published


def test_one_wrong_character_of_a_credit_code_is_found():
    code = "91350100M000100Y43"
    for place in range(17):
        other = "0" if code[place] != "0" else "1"
        with pytest.raises(InvalidCode) as refusal:
            normalise_credit_code(code[:place] + other + code[place + 1 :])
        assert refusal.value.reason == "credit_check"


def test_a_check_sum_of_zero_gives_the_character_zero():
    assert credit_check_character("0" * 17) == "0"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("91350100M000100Y4", "length"),
        ("91350100I000100Y43", "credit_character"),
        ("91350100M000100Y4é", "credit_character"),
    ],
)
def test_a_malformed_credit_code_is_refused(text, reason):
    with pytest.raises(InvalidCode) as refusal:
        normalise_credit_code(text)
    assert refusal.value.reason == reason


def test_plot_code_has_thirteen_digits_and_a_type():
    assert normalise_plot_code("5134251320001") == "5134251320001"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("513425132001", "length"),
        ("5134253320001", "plot_pattern"),
        ("5134251320000", "plot_pattern"),
    ],
)
def test_a_malformed_plot_code_is_refused(text, reason):
    with pytest.raises(InvalidCode) as refusal:
        normalise_plot_code(text)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("C3212", "3212"),
        ("c32", "3200"),
        ("3200", "3200"),
        ("336", "3360"),
        ("0911", "0911"),
    ],
)
def test_industry_code_has_four_digits_and_no_letter(written, stored):
    assert normalise_industry_code(written) == stored


@pytest.mark.parametrize("text", ["", "C", "3", "32123", "U3212", "0012"])
def test_a_malformed_industry_code_is_refused(text):
    with pytest.raises(InvalidCode) as refusal:
        normalise_industry_code(text)
    assert refusal.value.reason == "industry_pattern"


def test_the_invented_province_is_none_of_the_real_ones():
    assert normalise_division("999901").startswith(INVENTED_PROVINCE)


@pytest.mark.parametrize("parse", [normalise_division, normalise_parcel_code])
def test_a_refusal_begins_with_a_capital_letter(parse):
    with pytest.raises(InvalidCode) as refusal:
        parse("123")
    assert refusal.value.en[0].isupper()
