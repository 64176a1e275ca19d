"""What lies on and around a place: nearness, drinking water, siting."""

from dataclasses import replace
from typing import Any

import pytest

from screening.extract import BorderHit, CoverageState, Extract
from screening.facts import Facts
from screening.facts.nearness import surroundings
from screening.facts.siting import SitingFacts, asks_of_shorelines
from screening.truth import Truth
from tests.gate_builders import (
    extract_of,
    facts_of,
    request_of,
    rule_sets,
    rules_in_force,
)

FACTORY, HOMES = "ydyh_2023 100101", "ydyh_2023 070101"
CHEMICALS = rules_in_force().parameters.industry_lists["chemicals"]


def facts(**given: Any) -> Facts:
    return facts_of({"transaction": "siting", "planned_use": FACTORY, **given})


def sited(**given: Any) -> SitingFacts:
    found = facts(**given).siting
    assert found is not None
    return found


def with_receptors(extract: Extract, **changes: Any) -> Extract:
    """Return the extract with changes to what it says of receptors."""
    changed = extract.themes["receptor"]._replace(**changes)
    return replace(extract, themes={**extract.themes, "receptor": changed})


def causes(value: Truth) -> set[tuple[str, str, str | None]]:
    return {(m.fact, m.cause, m.theme) for m in value.missing}


class TestNearness:
    """Distances compare as published, touching counts as inside."""

    @pytest.mark.parametrize(
        ("distance_m", "inside"),
        [(499.99, True), (500.0, True), (500.004, True), (500.01, False)],
    )
    def test_ring_is_compared_to_the_centimetre(
        self, distance_m: float, inside: bool
    ) -> None:
        near = [{"theme": "receptor", "kind": "school", "distance_m": distance_m}]
        found = sited(near=near).receptors.within(500.0)
        assert found.is_true is inside
        assert found.is_false is not inside

    def test_only_the_kinds_asked_for_count(self) -> None:
        near = [{"theme": "receptor", "kind": "well", "distance_m": 10}]
        around = sited(near=near).receptors
        assert around.within(500.0, {"school"}).is_false
        assert around.within(500.0, {"well"}).evidence[0].feature == "receptor-1"

    def test_thing_without_a_kind_may_be_one(self) -> None:
        near = [{"theme": "receptor", "distance_m": 10}]
        assert sited(near=near).receptors.within(500.0, {"school"}).is_true

    def test_layer_that_is_not_covered_leaves_what_is_not_found_open(self) -> None:
        near = [{"theme": "receptor", "kind": "school", "distance_m": 300}]
        around = sited(near=near, no_coverage=["receptor"]).receptors
        assert around.within(500.0).is_true
        silent = around.within(100.0)
        assert causes(silent) == {("receptor", "no_coverage", "receptor")}

    def test_stale_layer_is_a_negative_that_rests_on_old_data(self) -> None:
        silent = sited(stale=["receptor"]).receptors.within(500.0)
        assert silent.is_false
        assert [m.theme for m in silent.stale] == ["receptor"]

    @pytest.mark.parametrize(
        ("relation", "ring_m", "metres", "known"),
        [
            ("on", None, 100.0, False),
            ("adjoining", None, 100.0, False),
            ("within", 500.0, 500.0, False),
            ("within", 1000.0, 500.0, True),
            ("within", 1000.0, 500.01, False),
            ("within", 100.0, 50.0, False),
        ],
    )
    def test_ring_of_another_division_is_unknown_where_part_of_it_counts(
        self, relation: Any, ring_m: float | None, metres: float, known: bool
    ) -> None:
        hit = BorderHit("receptor", relation, ring_m, "999902")
        extract = with_receptors(extract_of({}), border=(hit,))
        found = surroundings(extract, "receptor", "receptor").within(metres)
        assert found.is_false is known
        if not known:
            assert found.missing[0].division_code == "999902"
            assert found.evidence[0].feature is None

    @pytest.mark.parametrize(
        ("on_record_only", "known"), [(False, False), (True, True)]
    )
    def test_ground_in_no_county_on_record(
        self, on_record_only: bool, known: bool
    ) -> None:
        nowhere = CoverageState("", "no_coverage", None, True, 0.0, "ring")
        covered = extract_of({}).themes["receptor"].coverage
        extract = with_receptors(extract_of({}), coverage=(*covered, nowhere))
        around = surroundings(
            extract, "receptor", "receptor", on_record_only=on_record_only
        )
        assert around.within(500.0).is_false is known

    def test_theme_the_extract_does_not_answer_is_not_covered(self) -> None:
        extract = extract_of({})
        del extract.themes["receptor"]  # type: ignore[attr-defined]
        silent = surroundings(extract, "receptor", "receptor").within(500.0)
        assert causes(silent) == {("receptor", "no_coverage", "receptor")}


class TestWater:
    """Zones by their basis; sources without zones."""

    def test_covered_and_nothing_found(self) -> None:
        water = facts().water
        assert water.in_any_zone.is_false
        assert water.not_approved.is_false

    @pytest.mark.parametrize("level", ["level_1", "level_2", "quasi"])
    def test_levels_are_not_inferred_from_each_other(self, level: str) -> None:
        zones = facts(zones=[{"level": level}]).water.zones
        assert {name: zone.is_true for name, zone in zones.items()} == {
            name: name == level for name in ("level_1", "level_2", "quasi")
        }

    def test_default_extent_is_no_zone_in_law(self) -> None:
        water = facts(zones=[{"level": "level_1", "basis": "hj338_default"}]).water
        assert water.in_any_zone.is_false
        assert water.not_approved.is_true

    def test_zone_whose_basis_nobody_knows_cannot_be_told(self) -> None:
        water = facts(zones=[{"level": "level_1", "basis": "unknown"}]).water
        assert causes(water.zones["level_1"]) == {
            ("zone_basis", "not_on_record", "water_zone")
        }
        assert water.zones["level_2"].is_false
        assert water.not_approved.is_true

    def test_zone_of_another_division_may_be_of_any_level(self) -> None:
        zones = facts(border=[{"theme": "water_zone"}]).water.zones
        assert all(zone.is_unknown for zone in zones.values())

    @pytest.mark.parametrize(
        ("source", "counts"),
        [
            ({"kind": "river"}, True),
            ({"kind": "river", "zone_bases": ["approved"]}, False),
            ({"kind": "river", "zone_bases": ["hj338_default"]}, False),
            ({"kind": "river", "status": "withdrawn"}, False),
            ({"kind": "river", "status": "planned"}, True),
        ],
    )
    def test_sources_that_have_no_zone_drawn(
        self, source: dict[str, Any], counts: bool
    ) -> None:
        around = facts(sources=[{**source, "distance_m": 10}]).water.sources
        assert around.within(1000.0).is_true is counts

    def test_scattered_source_is_a_kind_of_its_own(self) -> None:
        source = {"kind": "groundwater", "scale_class": "scattered", "distance_m": 10}
        around = facts(sources=[source]).water.sources
        assert around.within(50.0, {"scattered"}).is_true
        assert around.within(50.0, {"groundwater"}).is_false

    @pytest.mark.parametrize(
        ("area_m2", "width_m", "counts"),
        [
            (1.0, 0.10, True),
            (0.99, 0.10, False),
            (1.0, 0.09, False),
            (None, None, True),
        ],
    )
    def test_sliver_of_a_zone_on_a_plot_is_none(
        self, area_m2: float | None, width_m: float | None, counts: bool
    ) -> None:
        zone = {"code": "Z1", "area_m2": area_m2, "width_m": width_m}
        plots = [{"stage": "contaminated", "water_zones": [zone]}]
        (plot,) = facts(plots=plots).plots
        assert plot.water_zones == (("Z1",) if counts else ())


class TestSiting:
    """Facts of siting, assessment and approval alone."""

    @pytest.mark.parametrize("transaction", ["grant", "transfer", "detailed_plan"])
    def test_nothing_is_sited_by_other_steps(self, transaction: str) -> None:
        assert facts(transaction=transaction).siting is None

    def test_basic_farmland_stands_in_where_its_concentration_is_not_covered(
        self,
    ) -> None:
        silent = {"no_coverage": ["pbf_concentrated_area"]}
        on_farmland = sited(overlaps=["permanent_basic_farmland"], **silent)
        assert on_farmland.pbf_concentrated_area.is_true
        elsewhere = sited(**silent).pbf_concentrated_area
        assert causes(elsewhere) == {
            ("pbf_concentrated_area", "no_coverage", "pbf_concentrated_area")
        }

    def test_basic_farmland_does_not_stand_in_where_its_concentration_is_covered(
        self,
    ) -> None:
        on_farmland = sited(overlaps=["permanent_basic_farmland"])
        assert on_farmland.pbf_concentrated_area.is_false

    def test_flow_path_is_unknown_as_nobody_supplies_it(self) -> None:
        assert causes(sited().flow_path) == {("flow_path", "not_on_record", None)}

    @pytest.mark.parametrize(
        ("transaction", "planned", "project", "asks"),
        [
            ("siting", FACTORY, {"industry_code": "2611"}, True),
            ("siting", FACTORY, {"industry_code": "3360"}, False),
            ("siting", FACTORY, {}, True),
            ("siting", None, {}, True),
            ("siting", HOMES, {}, False),
            ("siting", HOMES, {"industry_code": "2611"}, False),
            ("siting", HOMES, {"facility": "chemical_park"}, True),
            ("eia", HOMES, {"facility": "tailings_pond"}, True),
            ("eia", HOMES, {"facility": "landfill"}, True),
            ("eia", HOMES, {"facility": "landfill", "industry_code": "7723"}, False),
            ("eia", HOMES, {"facility": "none"}, False),
            ("project_approval", FACTORY, {"facility": "tailings_pond"}, True),
            ("grant", FACTORY, {"facility": "tailings_pond"}, False),
        ],
    )
    def test_shorelines_are_asked_of_only_for_what_they_may_bar(
        self, transaction: str, planned: str | None, project: dict, asks: bool
    ) -> None:
        given = {"transaction": transaction, "project": project}
        if planned:
            given["planned_use"] = planned
        assert asks_of_shorelines(request_of(given), CHEMICALS) is asks

    def test_shorelines_not_searched_for_are_not_called_absent(self) -> None:
        given = {"planned_use": HOMES}
        assert sited(**given).main_shoreline.within(3000.0).is_unknown


def test_every_rule_set_has_the_lists_that_siting_reads() -> None:
    for rule_set in rule_sets().sets:
        for span in rule_set.spans:
            assert {"chemicals", "heavy_metals"} <= set(span.parameters.industry_lists)
