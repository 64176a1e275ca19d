"""Every cell of the shipped tables: below, at and above each limit.

The tables are read here as they lie in the files, not through the loader: a cell lost
on the way is missed. Which row a land or food reads is written out anew.
"""

import csv
from datetime import timedelta

import numpy as np
import pytest

from screening.standards.judgement import (
    Contents,
    judge_development_land,
    judge_farmland,
)
from screening.standards.limits import FOODS, LAND_TYPES
from screening.standards.loader import FOLDER, read_standards
from screening.standards.produce import judge_produce

STANDARDS = read_standards()


def table(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FARMLAND, SITES, PRODUCE = (
    table(f"{name}.csv") for name in ("gb15618_2018", "gb36600_2018", "gb2762")
)
JUST_BELOW, JUST_ABOVE = 1 - 1e-9, 1 + 1e-9


def classes(judge, analyte, standard, land, ph, values):
    count = len(values)
    contents = Contents(
        np.array(values, float),
        np.zeros(count, bool),
        np.full(count, np.nan),
        np.ones(count, bool),
        np.full(count, ph),
        np.array([land] * count, dtype=object),
    )
    found = judge(analyte, contents, standard)
    return found.classes.tolist(), set(found.reasons.tolist())


def around(limit):
    return [limit * JUST_BELOW, limit, limit * JUST_ABOVE]


# GB 15618-2018

BAND_OF = {
    3.0: "5.5",
    5.5: "5.5",
    5.5 + 1e-9: "6.5",
    6.0: "6.5",
    6.5: "6.5",
    6.5 + 1e-9: "7.5",
    7.0: "7.5",
    7.5: "7.5",
    7.5 + 1e-9: "",
    9.5: "",
}
"""pH → upper end of its band, as the table writes it: an edge is of the band below."""
FIVE = {"paddy": ["paddy"], "rotation": ["paddy", "other"]}
ORCHARDS = {"orchard": ["orchard"]}
ROWS_OF = {
    **dict.fromkeys(("Cd", "Hg", "As", "Pb", "Cr"), FIVE),
    "Cu": ORCHARDS,
}
"""Item → land → rows it reads, of several the lower; else those of `other` or `all`."""


def farmland_rows(analyte, kind, land, ph):
    """Return the rows that say the limit, each with its place in the table."""
    said = {row["land"] for row in FARMLAND if kind_of(row, analyte, kind)}
    wanted = ["all"] if said <= {"all"} else ROWS_OF[analyte].get(land, ["other"])
    return [
        place
        for place, row in enumerate(FARMLAND)
        if kind_of(row, analyte, kind)
        and row["land"] in wanted
        and (not (row["ph_above"] or row["ph_to"]) or row["ph_to"] == BAND_OF[ph])
    ]


def kind_of(row, analyte, kind):
    return (row["analyte"], row["kind"]) == (analyte, kind)


def farmland_limit(analyte, kind, land, ph):
    rows = farmland_rows(analyte, kind, land, ph)
    return min((float(FARMLAND[row]["mg_per_kg"]) for row in rows), default=None)


FARMLAND_ITEMS = list(dict.fromkeys(row["analyte"] for row in FARMLAND))


@pytest.mark.parametrize("land", LAND_TYPES)
@pytest.mark.parametrize("analyte", FARMLAND_ITEMS)
def test_on_every_land_at_every_ph_a_limit_belongs_to_the_class_below(analyte, land):
    standard = STANDARDS.get("gb15618_2018")
    for ph in BAND_OF:
        screening = farmland_limit(analyte, "screening", land, ph)
        found = classes(judge_farmland, analyte, standard, land, ph, around(screening))
        assert found == ([1, 1, 2], {None}), ph
        most = farmland_limit(analyte, "intervention", land, ph)
        beyond, expected = ([1e9], [2]) if most is None else (around(most), [2, 2, 3])
        found = classes(judge_farmland, analyte, standard, land, ph, beyond)
        assert found == (expected, {None}), ph


def test_no_cell_of_the_farmland_table_is_left_out():
    read = {
        row
        for analyte in FARMLAND_ITEMS
        for kind in ("screening", "intervention")
        for land in LAND_TYPES
        for ph in BAND_OF
        for row in farmland_rows(analyte, kind, land, ph)
    }
    assert len(read) == len(FARMLAND) == len(STANDARDS.get("gb15618_2018").limits)


# GB 36600-2018


@pytest.mark.parametrize("land", ["class_1", "class_2"])
@pytest.mark.parametrize("analyte", list(dict.fromkeys(r["analyte"] for r in SITES)))
def test_every_limit_of_development_land_belongs_to_the_class_below(analyte, land):
    standard = STANDARDS.get("gb36600_2018")
    screening, most = (
        float(row["mg_per_kg"])
        for kind in ("screening", "intervention")
        for row in SITES
        if kind_of(row, analyte, kind) and row["land"] == land
    )

    def judge(values):
        return classes(judge_development_land, analyte, standard, land, np.nan, values)

    # Where both are the same (1,2-dichlorobenzene) nothing lies between them.
    if screening == most:
        assert judge(around(most)) == ([1, 1, 3], {None})
        return
    assert judge(around(screening)) == ([1, 1, 2], {None})
    assert judge(around(most)) == ([2, 2, 3], {None})


def test_no_cell_of_the_development_land_table_is_left_out():
    assert len(SITES) == 85 * 4 == len(STANDARDS.get("gb36600_2018").limits)


# GB 2762

NONE = None
PRODUCE_LIMITS = {
    # edition, item: rice, paddy, brown and white rice, wheat, maize, other cereals
    ("gb2762_2012", "Cd"): (0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1),
    ("gb2762_2012", "Pb"): (0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2),
    ("gb2762_2012", "Hg"): (0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02),
    ("gb2762_2012", "As"): (NONE, NONE, NONE, NONE, NONE, NONE, NONE),
    ("gb2762_2012", "iAs"): (NONE, NONE, NONE, NONE, NONE, NONE, NONE),
    ("gb2762_2012", "Cr"): (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    ("gb2762_2017", "Cd"): (0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1),
    ("gb2762_2017", "Pb"): (0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2),
    ("gb2762_2017", "Hg"): (0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02),
    ("gb2762_2017", "As"): (NONE, NONE, NONE, NONE, 0.5, 0.5, 0.5),
    ("gb2762_2017", "iAs"): (0.2, 0.2, 0.2, 0.2, NONE, NONE, NONE),
    ("gb2762_2017", "Cr"): (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    ("gb2762_2022", "Cd"): (0.2, 0.2, 0.2, 0.2, NONE, NONE, NONE),
    ("gb2762_2022", "Pb"): (NONE, NONE, NONE, NONE, NONE, NONE, NONE),
    ("gb2762_2022", "Hg"): (0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02),
    ("gb2762_2022", "As"): (NONE, NONE, NONE, NONE, 0.5, 0.5, 0.5),
    ("gb2762_2022", "iAs"): (0.2, 0.35, 0.35, 0.2, NONE, NONE, NONE),
    ("gb2762_2022", "Cr"): (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
}
"""mg/kg, from the notes on farmland classification, section 6; none where none is
known. Rice of unknown form takes the lowest limit of its forms."""
READ_IN_A_SOURCE = {
    *(
        ("gb2762_2012", item, food)
        for item in ("Cd", "Pb")
        for food in ("rice", "rest")
    ),
    *(
        ("gb2762_2017", item, food)
        for item in ("Cd", "Pb")
        for food in ("rice", "rest")
    ),
    ("gb2762_2022", "Cd", "rice"),
}


def days_of(edition):
    """Return the first and the last day of an edition."""
    standard = STANDARDS.get(edition)
    ends = standard.valid_to
    last = standard.valid_from.replace(year=2040) if ends is None else ends
    return standard.valid_from, last - timedelta(days=1)


@pytest.mark.parametrize(("edition", "item"), PRODUCE_LIMITS)
def test_each_limit_of_produce_and_twice_it_belong_to_the_class_below(edition, item):
    for day in days_of(edition):
        standard = STANDARDS.on("produce", day)
        assert standard.id == edition
        for food, limit in zip(FOODS, PRODUCE_LIMITS[edition, item], strict=True):
            if limit is not None:
                values = around(limit) + around(2 * limit)
                found = classes(judge_produce, item, standard, food, np.nan, values)
                assert found == ([1, 1, 2, 2, 2, 3], {None}), food


@pytest.mark.parametrize(("edition", "item"), PRODUCE_LIMITS)
def test_produce_without_a_limit_of_its_edition_has_no_class(edition, item):
    standard, limits = STANDARDS.get(edition), PRODUCE_LIMITS[edition, item]
    for food, limit in zip(FOODS, limits, strict=True):
        part = PRODUCE_LIMITS[edition, "iAs"][FOODS.index(food)]
        if limit is None and not (item == "As" and part is not None):
            found = classes(judge_produce, item, standard, food, np.nan, [1e-9, 1e9])
            assert found == ([0, 0], {"no_limit"}), food


@pytest.mark.parametrize("edition", ["gb2762_2017", "gb2762_2022"])
def test_total_arsenic_complies_up_to_each_limit_of_its_part(edition):
    limits = PRODUCE_LIMITS[edition, "iAs"]
    for food, limit in zip(FOODS, limits, strict=True):
        if limit is not None:
            standard = STANDARDS.get(edition)
            found = classes(judge_produce, "As", standard, food, np.nan, around(limit))
            assert found == ([1, 1, 0], {None, "total_arsenic"}), food


def test_no_cell_of_the_produce_table_is_left_out():
    for row in PRODUCE:
        limits = PRODUCE_LIMITS[row["edition"], row["analyte"]]
        assert limits[FOODS.index(row["food"])] == float(row["mg_per_kg"])
    loaded = [one for one in STANDARDS.editions if one.family == "produce"]
    assert len(PRODUCE) == sum(len(one.limits) for one in loaded)


def test_a_limit_nobody_has_read_in_a_source_is_marked_so():
    for row in PRODUCE:
        food = "rice" if row["food"] == "rice" else "rest"
        read = (row["edition"], row["analyte"], food) in READ_IN_A_SOURCE
        assert row["confidence"] == ("verified" if read else "recalled"), row
        loaded = STANDARDS.get(row["edition"]).find(
            row["analyte"], "produce_limit", row["food"]
        )
        assert loaded.confidence == row["confidence"]
