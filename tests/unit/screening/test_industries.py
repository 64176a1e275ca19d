"""Industry lists by code and edition of GB/T 4754."""

import pytest

from screening.industries import Industry, any_known, industry_prefix, join_lists
from screening.rule_sets.loader import FOLDER, LISTS, read_industry_lists

INDUSTRY_LISTS = read_industry_lists(FOLDER / LISTS)
H1, H6 = INDUSTRY_LISTS["H1"], INDUSTRY_LISTS["H6"]


@pytest.mark.parametrize(
    ("code", "prefix"),
    [("C3212", "3212"), ("3200", "32"), ("C3360", "336"), ("1910", "191")]
    + [
        ("26", "26"),
        ("261", "261"),
        ("N7724", "7724"),
        ("plating", None),
        (None, None),
    ],
)
def test_zeros_at_the_end_only_pad(code: str | None, prefix: str | None) -> None:
    assert industry_prefix(code) == prefix


# enterprise_buffers.md section 2, edition 2017: code, on H1, on H6.
MEMBERS = [
    ("0911", True, False),
    ("0810", True, False),
    ("3211", True, True),
    ("3240", True, True),
    ("3251", False, False),
    ("3110", True, False),
    ("2614", True, True),
    ("2511", False, True),
    ("2521", True, True),
    ("2523", True, False),
    ("0610", True, False),
    ("2710", True, False),
    ("3360", True, True),
    ("1910", True, True),
    ("1931", True, True),
    ("3843", True, False),
    ("3841", False, False),
    ("7724", True, True),
    ("2311", False, False),
    ("1411", False, False),
]


@pytest.mark.parametrize(("code", "on_h1", "on_h6"), MEMBERS)
def test_members_of_the_two_lists(code: str, on_h1: bool, on_h6: bool) -> None:
    assert H1.holds(Industry(code, "2017")) is on_h1
    assert H6.holds(Industry(code, "2017")) is on_h6


@pytest.mark.parametrize("code", ["25", "C2500", "252", "38", "3840", "33", "77"])
def test_code_coarser_than_the_list_cannot_be_told(code: str) -> None:
    assert H1.holds(Industry(code, "2017")) is None


@pytest.mark.parametrize("code", ["26", "C2600", "3200", "27"])
def test_whole_division_that_is_listed_is_a_member(code: str) -> None:
    assert H1.holds(Industry(code, "2017")) is True


def test_smelting_changed_its_code_between_2002_and_2011() -> None:
    assert H6.holds(Industry("3211", "2002")) is False
    assert H6.holds(Industry("3311", "2002")) is True
    assert H6.holds(Industry("3211", "2011")) is True


def test_without_an_edition_a_hit_in_any_counts() -> None:
    assert H6.holds(Industry("3311")) is True
    assert H6.holds(Industry("1411")) is False


def test_edition_nobody_knows_is_no_edition() -> None:
    assert H6.holds(Industry("3311", "")) is True  # type: ignore[arg-type]


@pytest.mark.parametrize("code", [None, "", "电镀"])
def test_industry_without_a_readable_code_cannot_be_told(code: str | None) -> None:
    assert H6.holds(Industry(code, "2017")) is None


def test_joined_lists_hold_the_members_of_both() -> None:
    joined = join_lists([H1, H6])
    assert joined.name == "H1+H6"
    assert joined.holds(Industry("2511", "2017")) is True
    assert joined.holds(Industry("2710", "2017")) is True
    assert joined.holds(Industry("1411", "2017")) is False


@pytest.mark.parametrize(
    ("name", "code"),
    [("H2", "2319"), ("H2", "5265"), ("H3", "3843"), ("H4", "4210"), ("H5", "2511")]
    + [("chemicals", "2611"), ("heavy_metals", "0912"), ("heavy_metals", "3250")]
    + [("heavy_metals", c) for c in ("3212", "3360", "1910", "3843")],
)
def test_other_lists_are_read(name: str, code: str) -> None:
    assert INDUSTRY_LISTS[name].holds(Industry(code, "2017")) is True


def test_lists_name_their_source() -> None:
    policy = {"H1", "H2", "H3", "H4", "H5", "H6"}
    siting = {"chemicals", "heavy_metals", "hazardous_waste"}
    assert policy | siting == set(INDUSTRY_LISTS)


@pytest.mark.parametrize(
    ("values", "result"),
    [([], False), ([False, None], None), ([None, True], True), ([False], False)],
)
def test_any_known(values: list[bool | None], result: bool | None) -> None:
    assert any_known(values) is result
