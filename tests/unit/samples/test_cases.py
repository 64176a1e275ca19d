"""The named parcels lie where their cases say, and nothing else disturbs them."""

from datetime import date

import shapely
from sample_county.cases import complete_cases, read_cases

from app.greeting import EXAMPLE_QUESTION
from parcels.area import measure_area
from screening.industries import Industry
from screening.land_use import is_sensitive_wide, parse_land_use
from screening.request import parse_gate_request
from screening.rule_sets import read_rule_sets
from screening.rules import RULES
from screening.vocabulary import OPEN, Outcome, Transaction
from tests.unit.samples.conftest import SAMPLES

MILD = ("allow", "allow_with_conditions")
NEAR_SENSITIVE = {"grant", "allocate", "collective_market", "use_change"}
NEAR_SENSITIVE |= {"detailed_plan"}
ENTRY = {"acquire", "take_back", "purchase", "reserve"}
FACILITY_M = {
    "tailings_pond": 1000.0,
    **dict.fromkeys(("landfill", "informal_dump", "illegal_dump", "waste_yard"), 500.0),
}


def cases_of(county, kept="expect"):
    """Return the cases that are decided, or with "refused" those that are not."""
    cases = complete_cases(read_cases(SAMPLES / "cases.toml"), county)
    return [case for case in cases if kept in case]


def test_there_are_at_least_60_named_parcels(county):
    sites = [parcel["site"] for parcel in read_cases(SAMPLES / "cases.toml")]
    assert len(sites) == len(set(sites)) >= 60
    codes = {parcel.code for parcel in county.sites.values()}
    assert len(codes) == len(county.sites)


def test_the_question_printed_at_the_start_is_about_a_named_parcel(county):
    code = EXAMPLE_QUESTION["subject"]["parcel_code"]
    assert county.sites["pesticide"].code == code


def test_every_request_can_be_asked(county):
    for case in cases_of(county):
        request = parse_gate_request(case["request"], date(2026, 6, 1))
        assert request.transaction is Transaction(case["request"]["transaction"])
        assert Outcome(case["expect"])


def test_every_transaction_has_a_case_in_some_county_and_every_group_in_one(county):
    cases = cases_of(county)
    assert {case["request"]["transaction"] for case in cases} == set(Transaction)
    matched = {rule for case in cases for rule in case["must"]}
    assert {rule[0] for rule in matched} == set("ABCDEFGHIZ")


def test_every_rule_has_a_case_that_meets_it_but_flow_paths(county):
    """Where the pond of the case drains (E10) no river on record says."""
    cases = cases_of(county)
    matched = {rule for case in cases for rule in case["must"]}
    assert {rule.id for rule in RULES} - matched == {"E10"}
    assert "E10" in {rule for case in cases for rule in case["unknown"]}


def test_rules_of_another_place_are_met_there_and_not_here(county):
    """B03, D03 hold in Zhengzhou; C05 is a draft that nobody has switched on."""
    at_home = [case for case in cases_of(county) if "under" not in case]
    there = [case for case in cases_of(county) if "under" in case]
    elsewhere = {"B03", "C05", "D03"}
    assert elsewhere <= {rule for case in there for rule in case["must"]}
    assert elsewhere <= {rule for case in at_home for rule in case["must_not"]}
    assert not elsewhere & {rule for case in at_home for rule in case["must"]}


def test_every_outcome_is_expected_somewhere(county):
    assert {case["expect"] for case in cases_of(county)} == {
        outcome.value for outcome in Outcome
    }


def overlap_m2(county, site, layer, **wanted):
    """Return the area of a site on features with these values."""
    records = county.plots.present if layer == "plot" else county.layers[layer]
    parcel = county.sites[site].geometry
    return sum(
        parcel.intersection(record.geometry).area
        for record in records
        if all(record.values.get(name) == value for name, value in wanted.items())
    )


def test_the_fence_sliver_is_0_4_square_metres(county):
    assert abs(overlap_m2(county, "fence_neighbour", "plot") - 0.4) < 0.005


def test_half_of_the_wangzhai_field_is_basic_farmland(county):
    area = overlap_m2(
        county, "pbf_half", "restriction_area", theme="permanent_basic_farmland"
    )
    assert abs(area / county.sites["pbf_half"].geometry.area - 0.5) < 1e-4


def test_the_border_plot_lies_40_m_beyond_the_border(county):
    plot = county.plots.by_site["n_border_plot"].geometry
    parcel = county.sites["border_home"].geometry
    border = county.ground.counties["999901"]
    assert abs(plot.distance(parcel) - 40.0) < 0.05
    assert plot.distance(border) > 0
    assert parcel.intersection(county.ground.counties["999902"]).length > 35


def test_the_point_plot_reaches_its_neighbour_but_lies_outside(county):
    plot = county.plots.by_site["point_inside"]
    reach = plot.values["accuracy_m"] + (plot.values["stated_area_m2"] / 3.1416) ** 0.5
    assert county.sites["point_inside"].geometry.contains(plot.geometry)
    assert 0 < county.sites["point_near"].geometry.distance(plot.geometry) < reach


def test_category_fields_lie_wholly_in_their_category(county):
    for site, category in (
        ("priority", "priority_protection"),
        ("pbf", "priority_protection"),
        ("strict", "strict_control"),
        ("unclassified", "unclassified"),
    ):
        area = overlap_m2(county, site, "farmland_unit", category=category)
        assert abs(area / county.sites[site].geometry.area - 1.0) < 1e-6


def test_only_the_plots_named_lie_on_named_parcels(county):
    expected = {site for site in county.plots.by_site if site != "point_inside"}
    for site, parcel in county.sites.items():
        on = sum(
            parcel.geometry.intersection(plot.geometry).area > 1.0
            for plot in county.plots.present
        )
        assert on == (site in expected), site


def test_redline_and_zones_keep_away_from_other_named_parcels(county):
    barred = [
        record.geometry
        for record in county.layers["restriction_area"]
        if record.values["theme"] == "ecological_redline"
    ]
    barred += [record.geometry for record in county.layers["water_zone"]]
    ground = shapely.union_all(barred).buffer(100.0)
    inside = {"redline_hill", "quasi_hill", "level1_field"}
    inside |= {"level2_field", "level2_house", "n_level2", "zone_plot"}
    for site, parcel in county.sites.items():
        assert ground.intersects(parcel.geometry) == (site in inside), site


def sources_within(county, parcel, distance_m):
    """Return active listed plants and key units within a distance."""
    lists = read_rule_sets().find("999901").spans[-1].parameters.industry_lists
    keys = {r.values["enterprise_code"] for r in county.layers["key_unit_list"]}
    return [
        record.code
        for record in county.layers["enterprise"]
        if parcel.geometry.distance(record.geometry) <= distance_m
        and record.values["status"] == "active"
        and (record.code in keys or _listed(lists, record))
    ]


def _listed(lists, record):
    industry = Industry(
        record.values["industry_code"], record.values["industry_edition"]
    )
    return any(lists[name].holds(industry) is not False for name in ("H1", "H6"))


def test_mild_answers_stay_when_the_rules_of_distance_join(county):
    """Rules H01 to H03 would ask about sensitive uses near sources."""
    for case in cases_of(county):
        if case["expect"] not in MILD:
            continue
        request = case["request"]
        use = request.get("planned_use")
        if request["transaction"] not in NEAR_SENSITIVE or use is None:
            continue
        if not is_sensitive_wide(parse_land_use(use["scheme"], use["code"])):
            continue
        parcel = county.sites[case["id"].rpartition("-")[0]]
        assert not sources_within(county, parcel, 520.0), case["id"]
        for plot in county.plots.present:
            if plot.values["stage"] in OPEN:
                own = plot.geometry.intersection(parcel.geometry).area > 1.0
                widened = 0.0
                if plot.geometry.geom_type == "Point":
                    widened = 30.0 + (plot.values["stated_area_m2"] / 3.1) ** 0.5
                far = plot.geometry.distance(parcel.geometry) - widened > 110.0
                assert own or far, case["id"]
        for facility in county.layers["facility"]:
            reach = FACILITY_M.get(facility.values["kind"], 0.0)
            gap = facility.geometry.distance(parcel.geometry)
            assert gap > reach + 60.0 or not reach, case["id"]


def test_the_drawn_polygon_lies_in_both_counties(county):
    case = next(c for c in cases_of(county, "refused") if c["id"] == "across_border-1")
    shape = shapely.geometry.shape(case["request"]["subject"]["geometry"])
    assert abs(measure_area(shape) - 70 * 50) < 5.0
