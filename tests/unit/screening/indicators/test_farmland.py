"""Which polluted farmland counts as in safe use, unit by unit."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels.register.values import (
    FARMLAND_CATEGORIES,
    FARMLAND_MEASURES,
    POLLUTION_LEVELS,
)
from screening.indicators.amounts import (
    WAN_MU_M2,
    count_coverage,
    remediated_m2,
    restructured_m2,
    safe_use_m2,
)
from screening.indicators.farmland import (
    TERM_OF_MEASURE,
    Measure,
    Unit,
    count_units,
)
from screening.indicators.loader import read_marks, read_settings
from screening.indicators.rate import by_place, sum_rows, township_of

SETTINGS = read_settings()


def measure(name="lime", area_m2=100.0, documented=True, samples=10, compliant=10):
    return Measure("M", name, area_m2, documented, samples, compliant)


def unit(category="safe_use", *measures, area_m2=100.0, level=None, township=None):
    return Unit("999901", township, "U", area_m2, category, level, measures)


def count(one, method="category", settings=SETTINGS):
    return count_units([one], method, settings)[0]


def test_every_measure_has_a_term_and_every_setting_a_source():
    assert TERM_OF_MEASURE.keys() == set(FARMLAND_MEASURES)
    assert all(mark and source.zh for mark, source in read_marks().values())


def test_safe_use_land_with_measure_and_compliant_produce_counts_whole():
    row = count(unit("safe_use", measure()))
    assert (row.total, row.counted, row.state) == (100.0, 100.0, "counted")


@pytest.mark.parametrize(
    ("area_m2", "state"), [(99.995, "counted"), (99.99, "partly"), (101.0, "counted")]
)
def test_less_than_a_hundredth_of_a_square_metre_is_no_difference(area_m2, state):
    row = count(unit("safe_use", measure(area_m2=area_m2)))
    assert row.state == state and row.counted <= row.total


@pytest.mark.parametrize(
    ("compliant", "counted"), [(10, 100.0), (9, 100.0), (8, 80.0), (0, 0.0)]
)
def test_produce_below_nine_in_ten_counts_by_its_share(compliant, counted):
    row = count(unit("safe_use", measure(compliant=compliant)))
    assert row.counted == pytest.approx(counted)


def test_without_a_result_of_produce_it_is_not_known():
    row = count(unit("safe_use", measure(samples=None, compliant=None)))
    assert (row.counted, row.open, row.state) == (0.0, 100.0, "unknown")


def test_without_evidence_it_is_not_known_unless_settings_say_otherwise():
    bare = unit("strict_control", measure("fallow", documented=False))
    assert count(bare).state == "unknown"
    lenient = replace(SETTINGS, evidence_required=False)
    assert count(bare, settings=lenient).counted == 100.0


def test_strict_control_land_needs_strict_measures_and_no_produce():
    done = measure("restructuring", samples=None, compliant=None)
    assert count(unit("strict_control", done)).counted == 100.0
    assert count(unit("strict_control", measure("lime"))).state == "not_counted"


def test_strict_measures_alone_on_safe_use_land_are_a_setting():
    land = unit("safe_use", measure("fallow", samples=None, compliant=None))
    assert count(land).counted == 0.0
    open_to_it = replace(SETTINGS, strict_measures_on_safe_use=True)
    assert count(land, settings=open_to_it).counted == 100.0


def test_several_measures_count_once():
    both = unit("safe_use", measure(area_m2=60.0), measure("conditioner", 70.0))
    row = count(both)
    assert row.counted == 70.0
    assert row.why.en.endswith("measures cover 70.0% of the unit")
    summed = replace(SETTINGS, several_measures="sum")
    assert count(both, settings=summed).counted == 100.0


def test_priority_land_is_no_part_and_undivided_land_is_told():
    assert count(unit("priority_protection", measure())).state == "outside"
    row = count(unit("unclassified"))
    assert (row.total, row.undetermined) == (0.0, 100.0)


@pytest.mark.parametrize(
    ("level", "name", "counted"),
    [
        ("slight", "straw_return", 100.0),
        ("slight", "lime", 0.0),
        ("light_moderate", "lime", 100.0),
        ("heavy", "fallow", 100.0),
        ("heavy", "lime", 0.0),
        ("none", "lime", 0.0),
    ],
)
def test_the_census_method_asks_each_level_for_its_own_measures(level, name, counted):
    row = count(unit("priority_protection", measure(name), level=level), "census")
    assert row.counted == counted
    assert row.total == (0.0 if level == "none" else 100.0)


def test_the_census_rate_is_b_c_and_d_over_all_polluted_land():
    land = [
        unit(None, measure("straw_return"), level="slight"),
        unit(None, measure("lime"), level="light_moderate", area_m2=200.0),
        unit(None, measure("fallow"), level="heavy"),
        unit(None, level="heavy"),
    ]
    rate = sum_rows(count_units(land, "census", SETTINGS))
    # 100 + 100 of 200 + 100 of 500.
    assert (rate.numerator, rate.denominator, rate.value) == (300.0, 500.0, 0.6)


def test_unknown_land_is_between_least_and_most():
    land = [
        unit("safe_use", measure()),
        unit("safe_use", measure(samples=None, compliant=None)),
        unit("unclassified", area_m2=200.0),
    ]
    rate = sum_rows(count_units(land, "category", SETTINGS))
    assert (rate.value, rate.at_least, rate.at_most) == (0.5, 0.25, 1.0)
    assert not rate.firm


def test_no_polluted_land_gives_no_rate():
    rate = sum_rows(count_units([unit("priority_protection")], "category", SETTINGS))
    assert rate.value is None


measures = st.lists(
    st.builds(
        Measure,
        st.just("M"),
        st.sampled_from(FARMLAND_MEASURES),
        st.floats(0.01, 1e6),
        st.booleans(),
        st.none() | st.integers(10, 20),
        st.none() | st.integers(0, 10),
    ),
    max_size=4,
)
lands = st.lists(
    st.builds(
        Unit,
        st.just("999901"),
        st.sampled_from([None, "999901001", "999901002"]),
        st.just("U"),
        st.floats(0.01, 1e6),
        st.none() | st.sampled_from(FARMLAND_CATEGORIES),
        st.none() | st.sampled_from(POLLUTION_LEVELS),
        measures,
    ),
    max_size=12,
)


@given(lands, st.sampled_from(["category", "census"]), st.booleans(), st.booleans())
def test_nothing_is_counted_twice_or_beyond_the_land(land, method, strict, proof):
    settings = replace(
        SETTINGS,
        several_measures="sum",
        strict_measures_on_safe_use=strict,
        evidence_required=proof,
    )
    rows = count_units(land, method, settings)
    for one, row in zip(land, rows, strict=True):
        assert 0 <= row.counted <= row.total
        assert row.counted + row.open <= row.total + 1e-9
        assert row.total + row.undetermined in (0.0, one.area_m2)
    rate = sum_rows(rows)
    if rate.value is not None:
        assert 0 <= rate.at_least <= rate.value <= rate.at_most <= 1
    places = by_place(rows, township_of).values()
    parts = sum(each.denominator for each in places)
    assert parts == pytest.approx(rate.denominator, abs=1e-6)


def test_amounts_are_in_wan_mu():
    land = [
        unit("safe_use", measure("remediation", 3 * WAN_MU_M2), area_m2=9 * WAN_MU_M2),
        unit("strict_control", measure("return_to_forest_grass"), area_m2=50.0),
    ]
    rows = count_units(land, "category", SETTINGS)
    assert safe_use_m2(rows) / WAN_MU_M2 == pytest.approx(3)
    assert remediated_m2(land, SETTINGS) / WAN_MU_M2 == pytest.approx(3)
    assert restructured_m2(land, SETTINGS) == 50.0


def test_coverage_is_the_share_of_land_with_a_category():
    land = [unit("safe_use"), unit("unclassified", area_m2=300.0)]
    assert sum_rows(count_coverage(land)).value == 0.25
