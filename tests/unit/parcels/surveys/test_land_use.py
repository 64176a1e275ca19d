"""Land-use classes of a survey are held to the scheme they name."""

import pytest

from parcels.land_use_codes import is_land_use_code
from tests.unit.parcels.surveys.candidate_rows import candidates, told

GBT, YDYH, GB = "gbt21010_2017", "ydyh_2023", "gb50137_2011"


def read(scheme, code):
    """Return the code that is kept, and the kinds of issue."""
    found, issues = candidates("farmland_unit", LBBM=["1"], DLBZ=[scheme], DLBM=[code])
    kinds = [one.kind for one in issues if "land_use" in one.kind]
    return found.values["land_use_code"].to_pylist()[0], kinds


@pytest.mark.parametrize(
    ("scheme", "code", "kept"),
    [
        (GBT, "0701", "0701"),
        (GBT, "07", "07"),
        (GBT, " ０７０１ ", "0701"),
        ("GB/T 21010-2017", "0701", "0701"),
        (YDYH, "070101", "070101"),
        (YDYH, "0806", "0806"),
        (GB, "a33", "A33"),
    ],
)
def test_class_of_its_scheme_is_kept(scheme, code, kept):
    assert read(scheme, code) == (kept, [])


@pytest.mark.parametrize(
    ("scheme", "code"),
    [
        (GBT, "0703"),
        (GBT, "13"),
        (GBT, "070101"),
        (GBT, "011"),
        (GBT, "A33"),
        (GBT, "0703K"),
        (YDYH, "0605"),
        (YDYH, "25"),
        (YDYH, "0201K"),
        (GB, "0701"),
    ],
)
def test_class_of_no_or_another_scheme_is_an_error(scheme, code):
    assert read(scheme, code) == (None, ["land_use_unknown"])


@pytest.mark.parametrize(
    ("code", "kept"),
    [("0201K", "0201"), ("0810A", "0810"), ("05H1", "05H1"), ("08H2", "08H2")],
)
def test_working_code_of_the_land_survey_is_noted(code, kept):
    assert read(GBT, code) == (kept, ["land_use_of_survey"])


def test_fault_names_row_code_and_scheme():
    _, issues = candidates(
        "farmland_unit", LBBM=["1", "2"], DLBZ=[GBT, GBT], DLBM=["0101", "0999"]
    )
    (one,) = [one for one in issues if one.kind == "land_use_unknown"]
    assert (one.rows.tolist(), one.field, one.values) == ([2], "DLBM", ["0999"])
    assert one.details["scheme"] == [GBT]


def test_code_without_scheme_stays_as_it_is():
    found, issues = candidates("farmland_unit", LBBM=["1"], DLBM=["0201K"])
    assert found.values["land_use_code"].to_pylist() == ["0201K"]
    assert told(issues) == {}


def test_code_under_an_unknown_scheme_stays_as_it_is():
    assert read("三调", "0999") == ("0999", [])


@pytest.mark.parametrize(
    ("code", "known"), [("0807", True), ("0808", False), ("0307", True), ("16", True)]
)
def test_second_level_of_the_2023_guide_is_counted_where_it_is_known(code, known):
    assert is_land_use_code("ydyh_2023", code) is known
