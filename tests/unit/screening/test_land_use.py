"""Land-use classes: what they mean in law and in GB 36600, scheme by scheme."""

import csv
import io

import pytest

from screening.land_use import (
    InvalidLandUse,
    LandUse,
    is_agricultural,
    is_change_of_use,
    is_construction,
    is_cultivated,
    is_farming_of_any_kind,
    is_forest_fruit_or_pond,
    is_home_school_or_hospital,
    is_industrial,
    is_residential_or_public,
    is_residential_or_public_today,
    is_sensitive_wide,
    land_class,
    parse_land_use,
    same_or_contains,
    use_group,
)

GBT, YDYH, GB = "gbt21010_2017", "ydyh_2023", "gb50137_2011"


def use(text: str) -> LandUse:
    scheme, code = text.split(maxsplit=1)
    return LandUse(scheme, code)  # type: ignore[arg-type]


# Codes inside and outside the sets of the rule table, section 4.
SETS = {
    is_residential_or_public: (
        [f"{GBT} 07", f"{GBT} 0702", f"{GBT} 0801", f"{GBT} 0809", f"{YDYH} 070101"]
        + [f"{YDYH} 08", f"{YDYH} 080601", f"{GB} R2", f"{GB} A33"],
        [f"{GBT} 0501", f"{GBT} 0601", f"{YDYH} 0901", f"{YDYH} 1301", f"{GB} B1"],
    ),
    is_residential_or_public_today: (
        [f"{GBT} 0801", f"{GBT} 0810", f"{YDYH} 08", f"{GB} A1"],
        [f"{GBT} 0809", f"{GBT} 0601", f"{YDYH} 1301"],
    ),
    is_sensitive_wide: (
        [f"{GBT} 0501", f"{GBT} 0701", f"{YDYH} 0901", f"{YDYH} 0806", f"{GB} B1"],
        [f"{GBT} 0601", f"{YDYH} 0501", f"{YDYH} 1101", f"{GB} M1", f"{GB} G1"],
    ),
    is_industrial: (
        [f"{GBT} 0601", f"{GBT} 0604", f"{YDYH} 100101", f"{YDYH} 1309", f"{GB} M3"],
        [f"{GBT} 1001", f"{YDYH} 0601", f"{YDYH} 1101", f"{YDYH} 1301", f"{GB} W1"],
    ),
    is_agricultural: (
        [f"{GBT} 0101", f"{GBT} 0404", f"{GBT} 1006", f"{GBT} 1202", f"{YDYH} 0602"]
        + [f"{YDYH} 1704", f"{GB} E2"],
        [f"{GBT} 1001", f"{GBT} 1201", f"{GBT} 1101", f"{YDYH} 0501", f"{GB} E1"],
    ),
    is_cultivated: (
        [f"{GBT} 01", f"{GBT} 0103", f"{YDYH} 0101", f"{GB} E2"],
        [f"{GBT} 0201", f"{GBT} 1203", f"{YDYH} 0201", f"{YDYH} 1001", f"{GB} E1"],
    ),
    is_forest_fruit_or_pond: (
        [f"{GBT} 02", f"{GBT} 0201", f"{GBT} 0307", f"{GBT} 1104", f"{YDYH} 02"]
        + [f"{YDYH} 0301", f"{YDYH} 1704", f"{GB} E13"],
        [f"{GBT} 0202", f"{GBT} 0103", f"{GBT} 1103", f"{YDYH} 0202", f"{GB} E2"],
    ),
    is_farming_of_any_kind: (
        [f"{GB} E2"],
        [f"{GBT} 01", f"{YDYH} 02", f"{GB} E1"],
    ),
    is_home_school_or_hospital: (
        [f"{GBT} 0701", f"{GBT} 0803", f"{GBT} 0805", f"{YDYH} 080403"]
        + [f"{YDYH} 080601", f"{GB} A33", f"{GB} A51"],
        [f"{GBT} 0801", f"{YDYH} 080101", f"{YDYH} 0901", f"{GB} A2", f"{GB} A35"],
    ),
    is_construction: (
        [f"{GBT} 0601", f"{GBT} 1201", f"{GBT} 1109", f"{YDYH} 1207", f"{GB} S1"],
        [f"{GBT} 0101", f"{GBT} 1206", f"{YDYH} 0501", f"{YDYH} 1701", f"{GB} E9"],
    ),
}


@pytest.mark.parametrize(
    ("test", "text"), [(t, text) for t, (inside, _) in SETS.items() for text in inside]
)
def test_code_is_in_its_set(test, text: str) -> None:
    assert test(use(text))


@pytest.mark.parametrize(
    ("test", "text"), [(t, text) for t, (_, out) in SETS.items() for text in out]
)
def test_code_is_outside_the_set(test, text: str) -> None:
    assert not test(use(text))


# gb36600_land_use_class.csv: code and class, with the codes its notes name.
CLASSES = """code,class
R,1
R22,1
A33,1
A5,1
A6,1
G1:community_or_children_park,1
M,2
W,2
B,2
S,2
U,2
A1,2
A2,2
A31,2
A32,2
A34,2
A35,2
A4,2
A7,2
A8,2
A9,2
G1,2
G2,2
G3,2
"""


@pytest.mark.parametrize(
    ("code", "number"),
    [(row["code"], row["class"]) for row in csv.DictReader(io.StringIO(CLASSES))],
)
def test_letter_codes_have_the_class_of_gb36600(code: str, number: str) -> None:
    assert land_class(use(f"{GB} {code}")) == f"class_{number}"


@pytest.mark.parametrize(
    "text",
    [f"{GBT} 0701", f"{GBT} 0803", f"{GBT} 0805", f"{GBT} 0806", f"{GBT} 0810"]
    + [f"{YDYH} 07", f"{YDYH} 080403", f"{YDYH} 080404", f"{YDYH} 0804"]
    + [f"{YDYH} 0806", f"{YDYH} 0807", f"{YDYH} 1401"],
)
def test_digit_codes_of_class_1(text: str) -> None:
    assert land_class(use(text)) == "class_1"


@pytest.mark.parametrize(
    "text",
    [f"{GBT} 0501", f"{GBT} 0601", f"{GBT} 0801", f"{GBT} 0809", f"{GBT} 1001"]
    + [f"{YDYH} 080401", f"{YDYH} 080402", f"{YDYH} 0801", f"{YDYH} 0901"]
    + [f"{YDYH} 100101", f"{YDYH} 1402", f"{YDYH} 1101"],
)
def test_other_development_land_is_class_2(text: str) -> None:
    assert land_class(use(text)) == "class_2"


@pytest.mark.parametrize(
    "text", [f"{GBT} 99", f"{GBT} 0101", f"{YDYH} 0501", f"{GB} H1", f"{GBT} 05H1"]
)
def test_code_that_fits_no_class_counts_as_class_1(text: str) -> None:
    assert land_class(use(text)) == "class_1"


@pytest.mark.parametrize("text", [f"{GBT} 08", f"{YDYH} 08", f"{GB} A", f"{GB} A3"])
def test_public_land_without_detail_counts_as_class_1(text: str) -> None:
    assert land_class(use(text)) == "class_1"


def test_same_digits_mean_different_things_in_different_schemes() -> None:
    assert use_group(use(f"{GBT} 05")) == "commercial"
    assert use_group(use(f"{YDYH} 05")) == "other"
    assert use_group(use(f"{GBT} 10")) == "other"
    assert use_group(use(f"{YDYH} 10")) == "industrial"


@pytest.mark.parametrize(
    ("planned", "current", "changes"),
    [
        (f"{YDYH} 070101", f"{YDYH} 070102", False),
        (f"{YDYH} 0901", f"{GBT} 0501", False),
        (f"{YDYH} 1101", f"{YDYH} 100101", False),
        (f"{YDYH} 070101", f"{YDYH} 100101", True),
        (f"{YDYH} 080101", f"{YDYH} 070101", True),
        (f"{YDYH} 0103", f"{YDYH} 070101", True),
        (f"{YDYH} 080403", f"{YDYH} 080101", True),  # class 2 becomes class 1
        (f"{YDYH} 080101", f"{YDYH} 080403", False),
    ],
)
def test_change_of_use_is_a_change_of_group_or_to_class_1(
    planned: str, current: str, changes: bool
) -> None:
    assert is_change_of_use(use(planned), use(current)) is changes


@pytest.mark.parametrize(
    ("listed", "planned", "falls"),
    [
        (f"{YDYH} 07", f"{YDYH} 070101", True),
        (f"{YDYH} 070101", f"{YDYH} 07", True),
        (f"{YDYH} 0901", f"{YDYH} 0902", False),
        (f"{GB} R", f"{YDYH} 070101", True),
        (f"{GB} A33", f"{YDYH} 080101", None),
        (f"{GB} A33", f"{YDYH} 0901", False),
        (f"{GB} S", f"{YDYH} 1207", None),
    ],
)
def test_planned_use_falls_under_a_listed_class(
    listed: str, planned: str, falls: bool | None
) -> None:
    assert same_or_contains(use(listed), use(planned)) is falls


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("gbt21010_2017", GBT),
        ("GB/T 21010-2017", GBT),
        ("《土地利用现状分类》(GB/T 21010-2017)", GBT),
        ("国土空间调查、规划、用途管制用地用海分类指南", YDYH),
        ("自然资发〔2023〕234号", YDYH),
        ("GB 50137-2011", GB),
        ("城市用地分类与规划建设用地标准", GB),
    ],
)
def test_official_titles_name_the_scheme(scheme: str, expected: str) -> None:
    code = "R2" if expected == GB else "0701"
    assert parse_land_use(scheme, code).scheme == expected


@pytest.mark.parametrize(
    ("scheme", "code"),
    [(GBT, "13"), (GBT, "0704"), (GBT, "R2"), (GBT, "0700"), (GBT, "")]
    + [(YDYH, "25"), (YDYH, "07011"), (YDYH, "A33")]
    + [(GB, "07"), (GB, "X1"), (GB, "R123"), ("none", "0701")],
)
def test_code_that_is_none_of_the_scheme_is_refused(scheme: str, code: str) -> None:
    with pytest.raises(InvalidLandUse) as refusal:
        parse_land_use(scheme, code)
    assert refusal.value.zh and refusal.value.en


def test_full_width_digits_and_blanks_are_cleaned() -> None:
    assert parse_land_use(YDYH, " 0701０1 ") == LandUse(YDYH, "070101")


def test_park_for_children_is_written_with_its_flag() -> None:
    parsed = parse_land_use(GB, "G1:Community_or_children_park")
    assert land_class(parsed) == "class_1"
