"""Results as laboratories write them, long and wide."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from parcels.concentrations import convert, find_unit
from parcels.surveys.checks.results import REMEMBERED, check_outliers, check_repeats
from parcels.surveys.constants import with_constants
from parcels.surveys.ground import make_ground
from parcels.surveys.laboratory import as_results, read_value
from parcels.surveys.raw import RawBatch, RawLayer
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest
from parcels.surveys.settling import settle
from parcels.surveys.wide_results import name_places, unfold

LONG = {"JGBH": ["R1"], "DWBM": ["P1"], "XM": ["Cd"], "SZ": ["0.3"], "DW": ["mg/kg"]}


def layer_of(**columns):
    count = len(next(iter(columns.values())))
    batch = RawBatch(
        np.arange(1, count + 1, dtype=np.int32),
        {name: pa.array(values, pa.string()) for name, values in columns.items()},
    )
    return RawLayer(tuple(columns), False, iter([batch]))


def declared(mapping=None):
    return UploadRequest("sample_result", "999901", date(2024, 1, 1), mapping=mapping)


def read(mapping=None, **columns):
    """Return the columns of results, and kind of issue → rows."""
    request = declared({} if mapping is None else mapping)
    raw, _ = unfold(layer_of(**columns), request)
    raw = as_results(with_constants(raw, request), request)
    (batch,) = raw.batches
    issues = {}
    for one in name_places(list(batch.issues), raw.per_line, raw.result_fields):
        issues.setdefault(one.kind, []).extend(
            (one.field, row) for row in one.rows.tolist()
        )
    return {n: c.to_pylist() for n, c in batch.columns.items()}, issues


def long(**changed):
    return read(**(LONG | {name: [value] for name, value in changed.items()}))


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("<0.01", "0.01"),
        ("＜0.01", "0.01"),
        ("< 0.01", "0.01"),
        ("≤0.01", "0.01"),
        ("小于0.01", "0.01"),
        ("0.01L", "0.01"),
        ("0.01 L", "0.01"),
        ("未检出", None),
        ("未检出(<0.01)", "0.01"),
        ("ND", None),
        ("n.d.", None),
        ("<LOD", None),
    ],
)
def test_a_non_detect_is_read_in_every_way_it_is_written(text, limit):
    reading = read_value(text)
    assert (reading.number, reading.non_detect, reading.limit) == (None, True, limit)


@pytest.mark.parametrize("text", ["abc", "1,200", "0.3-0.5", "0.01LL", "<", "3 ppm"])
def test_what_no_laboratory_means_is_not_read(text):
    assert read_value(text) is None


def test_a_non_detect_keeps_its_text_and_its_limit_but_no_number():
    found, issues = long(SZ="<0.01")
    assert found["SZ"] == [None]
    assert (found["WJC"], found["JCX"], found["YSZ"]) == (["1"], ["0.01"], ["<0.01"])
    assert issues == {}


def test_the_higher_of_two_limits_is_kept():
    found, _ = long(SZ="<0.05", JCX="0.01")
    assert found["JCX"] == ["0.05"]


@pytest.mark.parametrize(
    ("text", "unit", "value", "kept"),
    [
        ("350", "μg/kg", "0.350", "mg/kg"),
        ("350", "ug/kg", "0.350", "mg/kg"),
        ("350", "微克/千克", "0.350", "mg/kg"),
        ("0.35", "mg·kg-1", "0.35", "mg/kg"),
        ("5", "μg/L", "0.005", "mg/L"),
        ("0.4 mg/L", "mg/kg", "0.4", "mg/L"),
    ],
)
def test_numbers_are_brought_to_the_units_of_the_register(text, unit, value, kept):
    found, issues = long(SZ=text, DW=unit)
    assert (found["SZ"], found["DW"], issues) == ([value], [kept], {})


def test_a_converted_number_says_what_was_written():
    found, _ = long(SZ="350", DW="μg/kg", JCX="10")
    assert (found["YSZ"], found["JCX"]) == (["350 μg/kg"], ["0.010"])


def test_conversion_is_exact_in_decimal():
    assert convert("0.1", find_unit("ug/kg")) == "0.0001"
    assert float(convert("400.1", find_unit("ug/kg"))) == 0.4001


@pytest.mark.parametrize("unit", ["ppm", "mg", "公斤"])
def test_an_unknown_unit_is_told_and_not_guessed(unit):
    assert long(DW=unit)[1] == {"unit_unknown": [("DW", 1)]}


@pytest.mark.parametrize(
    ("item", "unit", "medium", "unfit"),
    [
        ("Cd", "mg/L", "soil", True),
        ("Cd", "mg/kg", "地下水", True),
        ("Cd", "mg/L", "灌溉水", False),
        ("Cd", "mg/kg", "农产品", False),
        ("pH", "mg/kg", "soil", True),
        ("pH", "无量纲", "灌溉水", False),
        ("Cd", "无量纲", "soil", True),
    ],
)
def test_a_unit_unfit_for_the_medium_or_the_item_is_told(item, unit, medium, unfit):
    issues = long(XM=item, DW=unit, JZ=medium)[1]
    assert ("unit_unfit" in issues) is unfit


def test_ph_needs_no_unit():
    found, issues = long(XM="土壤pH", SZ="6.5", DW=None)
    assert (found["XM"], found["DW"], issues) == (["pH"], ["无量纲"], {})


@pytest.mark.parametrize(("ph", "told"), [("14", False), ("14.1", True), ("-1", True)])
def test_a_ph_no_water_has_is_told(ph, told):
    assert ("ph_impossible" in long(XM="pH", SZ=ph, DW=None)[1]) is told


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        ("1000000", "mg/kg", False),
        ("1000001", "mg/kg", True),
        ("1000001", "µg/kg", False),
        ("100.1", "%", True),
        ("1000001", "mg/L", False),
    ],
)
def test_a_content_of_more_than_the_sample_weighs_is_told(value, unit, told):
    assert ("content_impossible" in long(SZ=value, DW=unit)[1]) is told


def test_items_get_their_code_and_unknown_ones_are_kept_and_told():
    assert long(XM="总镉")[0]["XM"] == ["Cd"]
    found, issues = long(XM="魔石")
    assert (found["XM"], issues) == (["魔石"], {"analyte_unknown": [("XM", 1)]})


def test_a_non_detect_with_a_number_is_told():
    found, issues = long(WJC="是", SZ="0.005")
    assert issues == {"non_detect_with_value": [("SZ", 1)]}
    assert found["SZ"] == ["0.005"]


def test_a_wide_table_becomes_one_row_a_result():
    found, issues = read(
        DWBM=["P1", "P2"],
        YPBH=["S1", "S2"],
        **{
            "pH": ["6.1", "7.2"],
            "镉（mg/kg）": ["0.3", "<0.01"],
            "Hg_ug/kg": ["40", "-"],
        },
    )
    assert issues == {}
    assert found["JGBH"] == ["S1-pH", "S1-Cd", "S1-Hg", "S2-pH", "S2-Cd"]
    assert found["SZ"] == ["6.1", "0.3", "0.040", "7.2", None]
    assert found["DWBM"] == ["P1"] * 3 + ["P2"] * 2
    assert found["DW"] == ["无量纲", "mg/kg", "mg/kg", "无量纲", "mg/kg"]


def test_a_fault_of_a_wide_table_names_row_and_column():
    _, issues = read(DWBM=["P1", "P2"], **{"Cd(mg/kg)": ["1", "2"], "pH": ["7", "77"]})
    assert issues == {"ph_impossible": [("pH", 2)]}


def test_units_may_stand_in_a_line_of_their_own():
    found, _ = read(DWBM=[None, "P1"], Cd=["mg/kg", "0.3"], Hg=["μg/kg", "40"])
    assert found["SZ"] == ["0.3", "0.040"]


def test_a_sample_without_number_is_keyed_by_point_day_and_depth():
    found, _ = read(
        DWBM=["P1", "P1"], CYRQ=["20240501"] * 2, SDS=["0", "0.2"], Cd=["1", "2"]
    )
    assert found["JGBH"] == ["P1-20240501-0-Cd", "P1-20240501-0.2-Cd"]


def test_one_item_in_two_columns_is_refused():
    with pytest.raises(FileRefused) as refused:
        read(DWBM=["P1"], Cd=["1"], 镉=["1"])
    assert refused.value.reason == "field_twice"


def test_a_value_may_be_declared_for_every_row():
    found, _ = read(
        {"campaign": "=2019年详查", "unit": "=μg/kg"},
        DWBM=["P1"],
        YPBH=["S"],
        Cd=["40"],
    )
    assert (found["=2019年详查"], found["SZ"]) == (["2019年详查"], ["0.040"])


def ask(mapping):
    ground = make_ground([])
    return settle(
        layer_of(DWBM=["P1"], YPBH=["S1"], Cd=["1"]), declared(mapping), ground
    )


def test_a_unit_that_nothing_states_is_proposed_and_confirmed():
    proposal = ask(None).proposal
    assert proposal.must_confirm == ("mapping",)
    assert proposal.mapping["unit"] == "=mg/kg"
    assert proposal.evidence[0].kind == "unit_not_stated"
    confirmed = ask(proposal.mapping)
    assert confirmed.proposal.must_confirm == ()
    (batch,) = confirmed.raw.batches
    assert batch.columns["=mg/kg"].to_pylist() == ["mg/kg"]


def results(**columns):
    count = len(columns["analyte"])
    kinds = {"sampled_on": pa.date32(), "depth_from_m": pa.float64()}
    kinds["value"] = pa.float64()
    return pa.table(
        {
            name: pa.array(
                columns.get(name, [None] * count), kinds.get(name, pa.string())
            )
            for name in REMEMBERED
        }
    )


def test_the_same_thing_measured_twice_is_told_with_the_row_before():
    table = results(
        point_code=["P1", "P1", "P1", "P2"],
        analyte=["Cd", "Pb", "Cd", "Cd"],
        value=[1.0, 2.0, 3.0, 4.0],
    )
    (issue,) = check_repeats(table, np.array([1, 2, 3, 4], np.int32), "XM")
    assert (issue.kind, issue.rows.tolist()) == ("result_repeated", [3])
    assert issue.details == {"other_row": [1]}


def test_another_depth_is_another_thing():
    table = results(point_code=["P"] * 2, analyte=["Cd"] * 2, depth_from_m=[0.0, 0.2])
    assert not list(check_repeats(table, np.array([1, 2], np.int32), "XM"))


@pytest.mark.parametrize(("last", "told"), [(0.6, []), (300.0, [12])])
def test_a_number_far_from_the_others_is_told(last, told):
    values = [0.2, 0.25, 0.3, 0.35, 0.4, 0.22, 0.28, 0.33, 0.37, 0.24, 0.31, last]
    table = results(analyte=["Cd"] * 12, value=values, unit=["mg/kg"] * 12)
    found = list(check_outliers(table, np.arange(1, 13, dtype=np.int32), "SZ"))
    assert [one.kind for one in found] == ["value_outlying"] * len(found)
    assert [row for one in found for row in one.rows.tolist()] == told
