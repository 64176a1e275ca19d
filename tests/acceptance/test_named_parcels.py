"""All named parcels of the sample county answer as their table says, through HTTP.

The county is loaded from its shipped files by the import a surveyor uses and asked by
the planners of both counties. The table is data/samples/README.md; what is
asked and expected is its twin named_parcels.toml.
"""

import tomllib
from pathlib import Path

import psycopg
import pytest

pytestmark = pytest.mark.acceptance

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
NAMED = tomllib.loads((SAMPLES / "named_parcels.toml").read_text("utf-8"))
CASES = {case["id"]: case for case in NAMED["case"]}
RULE_SETS = {"planner": "national", "planner_other_county": "liangshan"}
FIRST_SURVEY, TODAY_FROM = "2021-06-01", "2024-06-01"

BEYOND_THE_BORDER = """
select p.code from registry.parcel p join registry.division d on d.code = '999901'
where p.division_code = '999902' and p.closed_by is null and d.closed_by is null
    and st_area(st_intersection(p.geom, d.geom)) > 0
order by p.code
"""


def ask(county, case: dict) -> dict:
    place = county.under(case.get("under"))
    answer = place.send(
        "POST", "/v1/gate/decisions", case["role"], json=case["request"]
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def extract_of(county, case: dict) -> dict[str, dict]:
    """Return the themes of a case's parcel by name."""
    code = case["request"]["subject"]["parcel_code"]
    answer = county.send("GET", f"/v1/parcels/{code}/extract", case["role"])
    assert answer.status_code == 200, answer.text
    return {theme["theme"]: theme for theme in answer.json()["themes"]}


def rules_with(decision: dict, status: str) -> set[str]:
    return {f["rule"] for f in decision["findings"] if f["status"] == status}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_named_parcel_is_decided_as_its_table_says(county, case):
    decision = ask(county, case)
    matched = rules_with(decision, "matched")
    assert decision["outcome"] == case["expect"], (matched, case["why"])
    assert set(case["must"]) <= matched
    assert not set(case["must_not"]) & matched
    assert set(case["unknown"]) <= rules_with(decision, "unknown")
    missing = {fact["fact"] for fact in decision["missing_facts"]}
    assert set(case["missing"]) <= missing
    assert decision["rule_set"]["id"] == case.get("under", RULE_SETS[case["role"]])


@pytest.mark.parametrize("case", NAMED["refused"], ids=lambda case: case["id"])
def test_named_parcel_is_refused_as_its_table_says(county, case):
    answer = county.send(
        "POST", "/v1/gate/decisions", case["role"], json=case["request"]
    )
    assert answer.status_code == 422
    assert answer.json()["reason"] == case["refused"]


@pytest.mark.parametrize("code", NAMED["lineage"])
def test_old_parcel_code_answers_with_the_parcels_of_today(county, code):
    answer = county.send("GET", f"/v1/parcels/{code}")
    assert answer.status_code == 410
    assert answer.json()["successors"] == NAMED["lineage"][code]["successors"]


def test_split_parcel_is_whole_as_of_the_first_survey(county):
    old, after = next(iter(NAMED["lineage"].items()))
    then = county.send("GET", f"/v1/parcels/{old}?as_of={FIRST_SURVEY}")
    assert then.status_code == 200
    parts = [
        county.send("GET", f"/v1/parcels/{code}?as_of={TODAY_FROM}").json()
        for code in after["successors"]
    ]
    area = sum(part["mapped_area_m2"] for part in parts)
    assert then.json()["mapped_area_m2"] == pytest.approx(area, abs=0.05)


def test_plot_beyond_the_border_is_found_without_its_code(county):
    code = NAMED["border_parcel"]
    answer = county.send("GET", f"/v1/parcels/{code}/extract")
    assert answer.status_code == 200
    themes = {theme["theme"]: theme for theme in answer.json()["themes"]}
    hits = [hit["division_code"] for hit in themes["plot"]["border"]]
    assert hits == ["999902"]
    assert themes["plot"]["items"] == []
    assert NAMED["border_plot"] not in answer.text


def test_overlapping_basic_farmland_never_exceeds_the_parcel(county):
    themes = extract_of(county, CASES["pbf-1"])
    farmland = themes["permanent_basic_farmland"]
    assert len(farmland["items"]) == 2
    assert sum(item["share"] for item in farmland["items"]) > 1.5
    assert farmland["share"] == pytest.approx(1.0, abs=1e-6)


def test_sliver_along_a_fence_is_shown_and_is_no_overlap(county):
    themes = extract_of(county, CASES["fence_neighbour-1"])
    assert themes["plot"]["sliver_area_m2"] == pytest.approx(0.4, abs=0.01)
    assert themes["plot"]["area_m2"] == 0


@pytest.mark.parametrize(
    ("case", "theme", "status"),
    [
        ("pesticide-1", "plot", "concerned"),
        ("flat-1", "plot", "clear"),
        ("point_near-1", "plot", "imprecise"),
        ("flat-1", "scenic_area", "stale"),
        ("flat-1", "nature_reserve", "no_coverage"),
        ("n_homes-1", "permanent_basic_farmland", "stale"),
        ("n_gap_house-1", "plot", "no_coverage"),
        ("n_house-1", "plot", "clear"),
    ],
)
def test_every_theme_status_occurs(county, case, theme, status):
    assert extract_of(county, CASES[case])[theme]["status"] == status


def test_planner_of_the_other_county_cannot_read_our_parcels(county):
    code = CASES["flat-1"]["request"]["subject"]["parcel_code"]
    answer = county.send("GET", f"/v1/parcels/{code}", "planner_other_county")
    assert answer.status_code == 404


def test_resale_of_a_flat_is_allowed_with_only_the_parcel_sent(county):
    asked = CASES["flat-1"]["request"]
    assert set(asked) == {"transaction", "subject"}
    decision = ask(county, CASES["flat-1"])
    assert decision["outcome"] == "allow"
    assert decision["missing_facts"] == decision["conditions"] == []


def test_parcel_with_a_film_beyond_the_border_is_decided_in_its_county(county):
    with psycopg.connect(county.urls.owner) as connection:
        codes = [row[0] for row in connection.execute(BEYOND_THE_BORDER)]
    assert codes, "neighbouring surveys do not agree to the last digit"
    body = {"transaction": "take_back", "subject": {"parcel_code": codes[0]}}
    decision = ask(county, {"role": "planner_other_county", "request": body})
    assert decision["rule_set"]["id"] == "liangshan"
    assert decision["subject"]["division_codes"] == ["999902"]
