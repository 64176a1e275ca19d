"""Codes, values and counts of the rows that are shipped."""

from collections import Counter
from datetime import date

import pytest
import shapely

from parcels.codes import (
    normalise_credit_code,
    normalise_division,
    normalise_industry_code,
    normalise_parcel_code,
    normalise_plot_code,
)
from parcels.register.layers import (
    FACILITY_KINDS,
    LAYER_BY_NAME,
    LAYERS,
    PLOT_LISTS,
    PLOT_STAGES,
    RECEPTOR_KINDS,
    RESTRICTION_THEMES,
    ZONE_LEVELS,
    Shape,
)
from screening.land_use import parse_land_use
from screening.themes import THEMES

COUNTIES = ("999901", "999902")
NOT_SHIPPED = {
    "attention_option",
    "attention_answer",
    "attention_correction",
}
"""Layers that an office fills for its own screening; the default table serves here."""
SHIPPED = [layer.name for layer in LAYERS if layer.name not in NOT_SHIPPED]


def values(records, layer, name):
    return [record.values.get(name) for record in records[layer]]


def test_every_layer_is_shipped(records):
    assert set(records) == set(SHIPPED)


@pytest.mark.parametrize("layer", SHIPPED)
def test_values_are_those_the_register_takes(records, layer):
    attributes = {a.name: a for a in LAYER_BY_NAME[layer].attributes}
    for record in records[layer]:
        for name, value in record.values.items():
            attribute = attributes[name]
            assert not attribute.computed
            if attribute.values and value is not None:
                assert value in attribute.values
        for attribute in attributes.values():
            if attribute.required:
                assert record.values.get(attribute.name) is not None


@pytest.mark.parametrize("layer", SHIPPED)
def test_codes_are_unique_in_a_county(records, layer):
    codes = Counter((record.division, record.code) for record in records[layer])
    assert max(codes.values()) == 1


@pytest.mark.parametrize("layer", SHIPPED)
def test_shapes_fit_their_layer_and_county(county, records, layer):
    shape = LAYER_BY_NAME[layer].shape
    for record in records[layer]:
        if shape is Shape.NONE:
            assert record.geometry is None
        elif shape is not Shape.AREA_OR_NONE:
            land = county.ground.counties[record.division].buffer(0.01)
            assert shapely.is_valid(record.geometry)
            assert land.covers(record.geometry)


def test_parcel_codes_are_well_formed_and_name_their_county(records):
    for record in records["parcel"]:
        assert normalise_parcel_code(record.code) == record.code
        assert record.code.startswith(record.division)


def test_land_use_codes_belong_to_their_scheme(records):
    for layer in ("parcel", "farmland_unit"):
        for record in records[layer]:
            if record.values["land_use_code"] is not None:
                parse_land_use(
                    record.values["land_use_scheme"], record.values["land_use_code"]
                )


def test_plot_credit_industry_and_division_codes_are_well_formed(records):
    for record in records["plot"]:
        assert normalise_plot_code(record.code) == record.code
    for record in records["enterprise"]:
        assert normalise_credit_code(record.code) == record.code
        normalise_industry_code(record.values["industry_code"])
    for record in records["division"]:
        assert normalise_division(record.code) == record.code


def test_divisions_are_marked_as_invented(records):
    assert all(values(records, "division", "invented"))


def test_there_are_60_plots_or_more_over_every_stage(records):
    assert len(records["plot"]) >= 60
    assert set(values(records, "plot", "stage")) == set(PLOT_STAGES)
    assert any(values(records, "plot", "held"))


def test_some_plots_are_known_by_a_point_with_accuracy_and_area(records):
    points = [r for r in records["plot"] if r.geometry.geom_type == "Point"]
    assert len(points) >= 5
    for record in points:
        assert record.values["accuracy_m"] > 0
        assert record.values["stated_area_m2"] > 0


def test_every_list_has_members_and_some_have_left(records):
    memberships = records["plot_list_membership"]
    for name in PLOT_LISTS:
        assert [m for m in memberships if m.values["list"] == name]
    assert [m for m in memberships if m.valid_to]


def test_stage_and_memberships_of_a_plot_agree(records):
    open_lists = {}
    for membership in records["plot_list_membership"]:
        if membership.valid_to is None:
            lists = open_lists.setdefault(membership.values["plot_code"], set())
            lists.add(membership.values["list"])
    on_register = {"rcr_listed", "risk_control", "remediation", "effect_evaluation"}
    on_register |= {"target_not_met"}
    for plot in records["plot"]:
        listed = "rcr" in open_lists.get(plot.code, set())
        assert listed == (plot.values["stage"] in on_register)


def test_the_events_of_a_plot_lead_to_its_stage(records):
    last = {}
    for event in records["plot_event"]:
        code = event.values["plot_code"]
        if code in last:
            assert event.values["from_stage"] == last[code].values["to_stage"]
            assert event.valid_from >= last[code].valid_from
        last[code] = event
    for plot in records["plot"]:
        if plot.values["stage"] != "candidate":
            assert last[plot.code].values["to_stage"] == plot.values["stage"]
            assert last[plot.code].valid_from == plot.valid_from


def test_documents_belong_to_plots_or_parcels_that_exist(records):
    plots = {record.code for record in records["plot"]}
    parcels = {record.code for record in records["parcel"]}
    for record in records["plot_document"]:
        plot, parcel = record.values.get("plot_code"), record.values.get("parcel_code")
        assert plot in plots or parcel in parcels


def test_past_versions_end_where_the_next_begins(county):
    present = {record.code: record for record in county.plots.present}
    for code in present:
        versions = [
            record
            for year in sorted(county.plots.past)
            for record in county.plots.past[year]
            if record.code == code
        ]
        later_ones = [*versions[1:], present[code]][: len(versions)]
        for earlier, later in zip(versions, later_ones, strict=True):
            assert earlier.valid_from < earlier.valid_to == later.valid_from


def test_nothing_is_dated_in_the_future_or_before_the_law(records):
    for layer in records.values():
        for record in layer:
            if record.valid_from is not None:
                assert date(2018, 1, 1) <= record.valid_from <= date(2026, 6, 30)


def test_enterprises_of_every_state_are_there(records):
    assert set(values(records, "enterprise", "status")) == {"active", "closed", "moved"}


def test_every_listed_industry_has_an_enterprise(records):
    industries = values(records, "enterprise", "industry_code")
    for prefix in (
        *("08", "09", "31", "32", "26", "251", "2521", "27", "336", "191", "1931"),
        *("06", "3843", "7724", "4210", "2319", "5265"),
    ):
        assert [code for code in industries if code.startswith(prefix)], prefix


def test_key_units_are_enterprises_of_several_years(records):
    firms = {record.code for record in records["enterprise"]}
    assert set(values(records, "key_unit_list", "enterprise_code")) <= firms
    assert {2019, 2023, 2026} <= set(values(records, "key_unit_list", "year"))


def test_former_uses_carry_their_edition(records):
    assert {"2002", "2017"} <= set(values(records, "former_use", "industry_edition"))


def test_zones_of_three_levels_and_a_source_without_any(records):
    assert set(values(records, "water_zone", "level")) == set(ZONE_LEVELS)
    sources = {record.code for record in records["water_source"]}
    zoned = set(values(records, "water_zone", "source_code"))
    assert zoned < sources


def test_level_2_has_a_hole_for_level_1(records):
    zones = {record.code: record.geometry for record in records["water_zone"]}
    inner, outer = zones["999901SY001-level_1"], zones["999901SY001-level_2"]
    assert outer.intersection(inner).area < 1.0
    assert outer.convex_hull.contains(inner.centroid)


def test_receptors_of_every_kind_but_other(records):
    assert set(values(records, "receptor", "kind")) == set(RECEPTOR_KINDS) - {"other"}


def test_facilities_of_every_kind_but_illegal_dumps(records):
    found = set(values(records, "facility", "kind"))
    assert found == set(FACILITY_KINDS) - {"illegal_dump"}


def test_two_delimitations_of_basic_farmland_overlap(records):
    shapes = [
        record.geometry
        for record in records["restriction_area"]
        if record.values["theme"] == "permanent_basic_farmland"
        and record.division == "999901"
    ]
    union = shapely.union_all(shapes).area
    assert sum(shape.area for shape in shapes) > union + 100_000


def test_the_bureau_has_a_theme_of_its_own(records):
    themes = set(values(records, "restriction_area", "theme"))
    assert themes - set(RESTRICTION_THEMES) == {"flood_detention_area"}


def test_coverage_names_every_theme_with_every_state(records):
    rows = records["theme_coverage"]
    known = {spec.theme for spec in THEMES}
    for code in COUNTIES:
        mine = [row for row in rows if row.division == code]
        themes = [row.values["theme"] for row in mine]
        assert len(themes) == len(set(themes))
        assert known - set(themes)
        assert [row for row in mine if row.values["stale_on"]]
        assert [row for row in mine if row.geometry is not None]
        assert [row for row in mine if row.geometry is None]


def test_rivers_flow_on_to_a_reach_that_begins_where_they_end(records):
    reaches = {record.code: record for record in records["river"]}
    for record in reaches.values():
        follows = record.values["downstream_code"]
        if follows is not None:
            end = shapely.get_point(record.geometry, -1)
            start = shapely.get_point(reaches[follows].geometry, 0)
            assert end.distance(start) < 0.01


def test_lineage_ends_in_parcels_of_today(county):
    past = {parcel.code for parcel in county.lineage.past}
    today = {parcel.code for parcel in county.parcels}
    assert not past & today
    assert {d.kind for d in county.lineage.descents} == {"split", "merge", "renumber"}
    for descent in county.lineage.descents:
        assert descent.predecessor.code in past
        assert descent.predecessor.valid_to == descent.on
        assert descent.successor.valid_from == descent.on
        assert descent.successor.code in past | today


def test_measures_are_on_polluted_units_of_their_county_and_fit_them(records):
    units = {(u.division, u.code): u for u in records["farmland_unit"]}
    for measure in records["farmland_measure"]:
        unit = units[measure.division, measure.values["unit_code"]]
        assert unit.values["category"] in ("safe_use", "strict_control")
        assert 0 < measure.values["area_m2"] <= unit.values["registered_area_m2"] + 0.01
        assert measure.valid_from.year == measure.values["year"]
        samples = measure.values.get("produce_samples")
        assert samples is None or measure.values["produce_compliant"] <= samples


def test_some_polluted_land_has_no_measure_proof_or_compliant_produce(records):
    of_2026 = [m for m in records["farmland_measure"] if m.values["year"] == 2026]
    done = {(m.division, m.values["unit_code"]) for m in of_2026}
    polluted = [
        (u.division, u.code)
        for u in records["farmland_unit"]
        if u.values["category"] in ("safe_use", "strict_control")
    ]
    assert 0.8 < len(done) / len(polluted) < 1.0
    assert any(m.values["evidence"] is None for m in of_2026)
    produce = [m for m in of_2026 if m.values.get("produce_samples")]
    assert any(
        m.values["produce_compliant"] < m.values["produce_samples"] for m in produce
    )
