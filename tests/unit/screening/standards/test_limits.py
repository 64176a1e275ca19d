"""Limits by land and day, what is not judged, and tables as the notes have them."""

from datetime import date

import numpy as np
import pytest

from screening.standards.judgement import Contents, judge_farmland
from screening.standards.limits import NoStandard, Standard, Standards, check_editions
from screening.standards.loader import FOLDER, InvalidTable, read_standards
from tests.domain_tables import WITH_TABLES, read_table

STANDARDS = read_standards()
GB15618 = STANDARDS.get("gb15618_2018")
GB36600 = STANDARDS.get("gb36600_2018")


def contents(value, ph=7.0, land="paddy", limit=np.nan, usable=True):
    absent = value is None
    return Contents(
        np.array([np.nan if absent else value]),
        np.array([absent]),
        np.array([limit]),
        np.array([usable]),
        np.array([np.nan if ph is None else ph]),
        np.array([land], dtype=object),
    )


def class_of(analyte, value, ph=7.0, land="paddy", **more):
    found = judge_farmland(analyte, contents(value, ph, land, **more), GB15618)
    return int(found.classes[0]), found.reasons[0]


def cells(kind):
    return [one for one in GB15618.limits if one.kind == kind]


@pytest.mark.parametrize("analyte", ["Cu", "Ni", "Zn", "HCH_TOTAL", "DDT_TOTAL", "BaP"])
def test_an_item_without_intervention_value_never_reaches_class_3(analyte):
    assert class_of(analyte, 1e9) == (2, None)


@pytest.mark.parametrize(
    ("land", "expected"),
    [("paddy", 100.0), ("dry_land", 100.0), ("orchard", 200.0), ("rotation", 100.0)],
)
def test_copper_knows_orchards_and_paddy_counts_as_other(land, expected):
    assert GB15618.find("Cu", "screening", land, 7.0).value_mg_per_kg == expected


def test_orchards_use_other_for_the_five_elements():
    assert GB15618.find("Cd", "screening", "orchard", 8.0).value_mg_per_kg == 0.6


@pytest.mark.parametrize("analyte", ["Cd", "Ni"])
def test_without_ph_there_is_no_class(analyte):
    assert class_of(analyte, 1e9, ph=None) == (0, "ph_missing")


def test_without_land_there_is_a_class_only_where_land_makes_no_difference():
    assert class_of("Cd", 0.1, land=None) == (0, "land_missing")
    assert class_of("Ni", 100.0, ph=7.0, land=None) == (1, None)
    assert class_of("Ni", 100.1, ph=7.0, land=None) == (2, None)


def test_an_organic_item_needs_no_ph():
    assert class_of("BaP", 0.55, ph=None, land=None) == (1, None)


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (0.6, (1, None)),
        (0.61, (0, "detection_limit_too_high")),
        (np.nan, (0, "detection_limit_missing")),
    ],
)
def test_a_non_detect_complies_when_its_limit_proves_it(limit, expected):
    assert class_of("Cd", None, 7.0, "paddy", limit=limit) == expected


def test_what_quality_control_did_not_pass_has_no_class():
    assert class_of("Cd", 0.1, usable=False) == (0, "qc_not_passed")


def test_an_item_the_standard_does_not_name_has_no_class():
    assert class_of("Mn", 1.0) == (0, "no_limit")


def test_an_edition_that_is_not_loaded_judges_nothing():
    old = STANDARDS.on("farmland", date(2018, 7, 31))
    found = judge_farmland("Cd", contents(9.0), old)
    assert not old.loaded
    assert (found.classes[0], found.reasons[0]) == (0, "not_loaded")


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2018, 7, 31), "GB 15618-1995"),
        (date(2018, 8, 1), "GB 15618-2018"),
        (date(2030, 1, 1), "GB 15618-2018"),
    ],
)
def test_the_edition_is_that_of_the_day(day, number):
    assert STANDARDS.on("farmland", day).number == number


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2017, 9, 16), "gb2762_2012"),
        (date(2017, 9, 17), "gb2762_2017"),
        (date(2023, 6, 29), "gb2762_2017"),
        (date(2023, 6, 30), "gb2762_2022"),
    ],
)
def test_produce_limits_have_their_edition_too(day, edition):
    assert STANDARDS.on("produce", day).id == edition


def test_before_every_edition_there_is_none():
    with pytest.raises(NoStandard):
        STANDARDS.on("farmland", date(1980, 1, 1))


def test_editions_that_hold_on_the_same_day_are_a_fault():
    twice = [
        Standard(name, "farmland", name, GB15618.title, day, None, "proposed", "")
        for name, day in (("a", date(2018, 1, 1)), ("b", date(2020, 1, 1)))
    ]
    assert check_editions(twice) == ["a and b hold on the same day"]
    assert not check_editions(STANDARDS.editions)


def test_many_contents_are_judged_like_one_alone():
    rng = np.random.default_rng(7)
    lands = np.array(["paddy", "orchard", "rotation", None], dtype=object)
    ph = np.round(rng.uniform(4, 9, 500), 1)
    land = lands[rng.integers(0, 4, 500)]
    for analyte in ("Cd", "Cu", "Zn", "BaP"):
        many = GB15618.find_values(analyte, "screening", land, ph)
        for value, one_land, one_ph in zip(many, land, ph, strict=True):
            cell = GB15618.find(analyte, "screening", one_land, one_ph)
            assert (cell is None) == np.isnan(value)
            assert cell is None or cell.value_mg_per_kg == value


def test_a_table_that_cannot_be_read_says_where(tmp_path):
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    table = tmp_path / "gb2762.csv"
    table.write_text("edition,analyte,food,mg_per_kg\ngb2762_2012,Cd,rice,much\n")
    with pytest.raises(InvalidTable, match="gb2762.csv, line 2: 'much'"):
        read_standards(tmp_path)


def test_standards_are_looked_up_by_id():
    with pytest.raises(NoStandard):
        Standards(()).get("gb15618_2018")


@WITH_TABLES
@pytest.mark.parametrize("kind", ["screening", "intervention"])
def test_farmland_limits_are_those_of_the_domain_table(kind):
    rows = read_table(f"gb15618_{kind}.csv")
    assert len(rows) == len(cells(kind))
    for row in rows:
        ph = float(row["ph_le"]) if row["ph_le"] else 9.0
        land = None if row["land_type"] == "all" else row["land_type"]
        cell = GB15618.find(row["pollutant_code"], kind, land, ph)
        assert cell.value_mg_per_kg == float(row["value_mg_kg"])
        above = float(row["ph_gt"] or "nan")
        if above == above:
            assert not cell.holds_at(above)


@WITH_TABLES
def test_development_land_limits_are_those_of_the_domain_table():
    rows = read_table("gb36600.csv")
    items = GB36600.analytes()
    assert len(items) == len(rows) == 85
    for analyte, row in zip(items, rows, strict=True):
        for land in ("class_1", "class_2"):
            for kind in ("screening", "intervention"):
                cell = GB36600.find(analyte, kind, land)
                assert cell.value_mg_per_kg == float(
                    row[f"{kind}_{land.replace('_', '')}"]
                )
                assert cell.background_rule == (row["background_clause"] == "yes")
