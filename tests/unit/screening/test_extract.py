"""What lies on and around a subject, one theme at a time, on squares drawn by hand."""

import dataclasses
import math
from datetime import date

import numpy as np
import pytest
import shapely

from screening.extract import (
    BorderHit,
    ExtractSettings,
    Land,
    ThemeSpec,
    measure_extracts,
)
from screening.facts.themes import evidence_of
from screening.overlay import EmptyGeometry
from tests.builders import (
    COUNTY,
    NEIGHBOUR,
    make_county,
    make_coverage,
    make_feature,
    make_neighbourhood,
    make_subject,
    measure_extract,
    multi,
    point,
    random_polygon,
    rectangle,
    square,
)

PLOT = ThemeSpec("plot", "plot", "area", 100.0)
ZONE = ThemeSpec("water_zone", "water_zone", "area", 0.5)
FARM = ThemeSpec("farmland_unit", "farmland_unit", "area", 0.5)
RECEPTOR = ThemeSpec("receptor", "receptor", "proximity", 1000.0)
RIVER = ThemeSpec("river", "river", "proximity", 1000.0)
SPECS = {spec.theme: spec for spec in (PLOT, ZONE, FARM, RECEPTOR, RIVER)}


def extract(features=(), subject=None, specs=(PLOT,), settings=None, **around):
    """Return the extract of a square of 100 m unless told otherwise."""
    around.setdefault("coverage", [make_coverage(spec.theme) for spec in specs])
    return measure_extract(
        subject or make_subject(),
        make_neighbourhood(features, **around),
        settings or ExtractSettings(),
        specs,
    )


def theme(features=(), spec=PLOT, **options):
    """Return the result of one theme."""
    return extract(features, specs=(spec,), **options).themes[spec.theme]


def plot(geometry, **changes):
    return make_feature(geometry, **changes)


def unit(geometry, category="safe_use", code="A", **changes):
    return make_feature(
        geometry,
        theme="farmland_unit",
        layer="farmland_unit",
        category=category,
        code=code,
        **changes,
    )


def receptor(geometry, code="R", **changes):
    return make_feature(
        geometry,
        theme="receptor",
        layer="receptor",
        category="school",
        code=code,
        **changes,
    )


# Areas and shares


def test_a_plot_on_a_quarter_of_the_parcel_is_on_it_with_its_area():
    result = theme([plot(square(50))])
    (item,) = result.items
    assert result.status == "concerned"
    assert item.relation == "on"
    assert item.area_m2 == pytest.approx(2500, abs=0.01)
    assert item.share == pytest.approx(0.25, abs=1e-6)
    assert item.distance_m == 0.0
    assert (result.area_m2, result.share) == (item.area_m2, item.share)


def test_area_is_the_share_of_the_area_of_record():
    subject = make_subject()
    result = theme([plot(square(50))], subject=subject)
    assert result.area_m2 == result.share * subject.mapped_area_m2


def test_two_units_that_overlap_count_once():
    west = rectangle(-50, -50, 10, 50)
    east = rectangle(-10, -50, 50, 50)
    result = theme([unit(west, code="A"), unit(east, code="B")], FARM)
    assert [item.share for item in result.items] == pytest.approx([0.6, 0.6], abs=1e-6)
    assert result.share == pytest.approx(1.0, abs=1e-6)
    assert result.share <= 1.0


def test_category_shares_are_of_the_union_of_each_category():
    features = [
        unit(rectangle(-50, -50, 0, 50), "safe_use", "A"),
        unit(rectangle(-50, -50, 0, 50), "safe_use", "B"),
        unit(rectangle(0, -50, 25, 50), "strict_control", "C"),
    ]
    shares = {c.category: c.share for c in theme(features, FARM).categories}
    assert shares == {
        "safe_use": pytest.approx(0.5, abs=1e-6),
        "strict_control": pytest.approx(0.25, abs=1e-6),
    }


def test_a_feature_over_the_whole_parcel_has_exactly_all_of_it():
    subject = make_subject()
    result = theme([plot(square(1000))], subject=subject)
    assert result.share == 1.0
    assert result.area_m2 == subject.mapped_area_m2


def test_holes_and_parts_of_a_feature_are_respected():
    ring = shapely.difference(square(80), square(40))
    corner = rectangle(45, 45, 50, 50)
    result = theme([plot(multi(ring, corner))])
    assert result.area_m2 == pytest.approx(4800 + 25, abs=0.05)


def test_a_subject_of_two_parts_is_measured_on_both():
    subject = make_subject(multi(square(10), square(10, east_m=100)))
    result = theme([plot(square(10, east_m=100))], subject=subject)
    assert result.share == pytest.approx(0.5, abs=1e-6)


def test_features_of_themes_not_asked_for_are_left_out():
    found = extract([plot(square(50)), receptor(square(5))], specs=(PLOT,))
    assert list(found.themes) == ["plot"]


# Slivers


def test_a_touching_neighbour_adjoins_and_leaves_the_theme_clear():
    result = theme([plot(rectangle(50, -50, 80, 50))])
    assert [item.relation for item in result.items] == ["adjoining"]
    assert (result.status, result.area_m2, result.sliver_area_m2) == ("clear", 0.0, 0.0)


@pytest.mark.parametrize(
    ("overlap", "relation"),
    [
        (rectangle(49.99, -50, 80, 49), "sliver"),
        (rectangle(49.89, -50, 80, 49), "on"),
        (rectangle(49.0, 49.02, 80, 80), "sliver"),
        (rectangle(49.0, 49.0, 80, 80), "on"),
    ],
    ids=["1 cm wide", "11 cm wide", "0.98 m²", "1.00 m²"],
)
def test_an_overlap_too_small_or_too_narrow_is_a_sliver(overlap, relation):
    result = theme([plot(overlap)])
    assert result.items[0].relation == relation
    assert result.items[0].distance_m == 0.0
    assert result.status == ("concerned" if relation == "on" else "clear")


def test_slivers_are_reported_with_their_area():
    result = theme([plot(rectangle(49.99, -50, 80, 50))])
    assert result.sliver_area_m2 == pytest.approx(1.0, abs=0.05)
    assert result.items[0].area_m2 == result.sliver_area_m2
    assert (result.area_m2, result.share, result.categories) == (0.0, 0.0, ())


def test_strips_of_one_category_that_add_up_are_no_slivers():
    strips = [
        unit(rectangle(10, 0.09 * k, 20, 0.09 * (k + 1)), code=f"S{k}")
        for k in range(9)
    ]
    result = theme(strips, FARM)
    assert {item.relation for item in result.items} == {"on"}
    assert result.area_m2 == pytest.approx(8.1, abs=0.01)


def test_a_sliver_beside_a_real_overlap_stays_a_sliver():
    features = [
        plot(square(50), code="A"),
        plot(rectangle(49.99, -50, 80, 50), code="B"),
    ]
    result = theme(features)
    assert [(i.feature.code, i.relation) for i in result.items] == [
        ("A", "on"),
        ("B", "sliver"),
    ]
    assert result.area_m2 == pytest.approx(2500, abs=0.02)
    assert result.sliver_area_m2 == pytest.approx(1.0, abs=0.05)


def test_small_overlaps_of_one_category_beside_a_real_one_add_up():
    strips = [
        unit(rectangle(30, 0.09 * k, 40, 0.09 * (k + 1)), "strict_control", f"S{k}")
        for k in range(9)
    ]
    result = theme([unit(rectangle(-50, -50, 0, 50), "safe_use"), *strips], FARM)
    assert {item.relation for item in result.items} == {"on"}
    assert {c.category for c in result.categories} == {"safe_use", "strict_control"}


def test_small_overlaps_of_many_categories_that_add_up_all_count():
    categories = ("safe_use", "strict_control", "unclassified")
    strips = [
        unit(rectangle(10, 0.09 * k, 20, 0.09 * (k + 1)), categories[k % 3], f"S{k}")
        for k in range(3)
    ]
    result = theme(strips, FARM)
    assert {item.relation for item in result.items} == {"on"}
    assert len(result.categories) == 3


def test_a_long_film_does_not_hide_a_corner_that_overlaps():
    subject = make_subject(rectangle(0, 0, 2000, 10))
    film = rectangle(0, 9.999, 2000, 40)
    corner = rectangle(-40, 2, 1, 4)
    assert theme([plot(film)], subject=subject).items[0].relation == "sliver"
    both = theme([plot(multi(film, corner))], subject=subject)
    assert both.items[0].relation == "on"
    assert both.area_m2 == pytest.approx(4.0, abs=0.05)


def test_what_covers_a_tiny_subject_whole_is_no_sliver():
    subject = make_subject(square(0.5))
    assert theme([plot(square(50))], subject=subject).items[0].relation == "on"


def test_the_limits_of_a_sliver_are_settings():
    wide = ExtractSettings(sliver_area_m2=100.0, sliver_width_m=5.0)
    assert theme([plot(square(9))], settings=wide).items[0].relation == "sliver"
    assert theme([plot(square(11))], settings=wide).items[0].relation == "on"


# Distance relations


@pytest.mark.parametrize(
    ("gap_m", "relation"),
    [(0.0, "adjoining"), (0.5, "adjoining"), (0.52, "within"), (100.0, "within")],
)
def test_a_neighbour_adjoins_or_lies_within_the_search(gap_m, relation):
    (item,) = theme([plot(rectangle(50 + gap_m, -10, 90 + gap_m, 10))]).items
    assert item.relation == relation
    assert item.distance_m == pytest.approx(gap_m, abs=0.002)


def test_what_lies_beyond_the_search_is_left_out():
    assert theme([plot(rectangle(150.02, -10, 200, 10))]).items == ()


def test_what_lies_near_leaves_an_area_theme_clear():
    assert theme([plot(rectangle(60, -10, 90, 10))]).status == "clear"


def test_what_lies_near_concerns_a_proximity_theme():
    assert theme([receptor(square(10, east_m=1040))], RECEPTOR).status == "concerned"
    assert theme([receptor(square(10, east_m=1060))], RECEPTOR).status == "clear"


def test_items_of_a_proximity_theme_come_by_distance():
    features = [
        receptor(square(10, east_m=700), "far"),
        receptor(square(10), "on it"),
        receptor(square(10, east_m=300), "near"),
    ]
    codes = [item.feature.code for item in theme(features, RECEPTOR).items]
    assert codes == ["on it", "near", "far"]


def test_items_of_an_area_theme_come_by_relation_and_area():
    features = [
        plot(square(10, east_m=100), code="near"),
        plot(square(10), code="small"),
        plot(square(50), code="large"),
    ]
    codes = [item.feature.code for item in theme(features).items]
    assert codes == ["large", "small", "near"]


def test_a_river_across_the_parcel_is_on_it_without_area():
    river = shapely.MultiLineString([[p.coords[0] for p in (point(-500), point(500))]])
    feature = make_feature(river, theme="river", layer="river", category=None)
    (item,) = theme([feature], RIVER).items
    assert (item.relation, item.area_m2, item.distance_m) == ("on", 0.0, 0.0)
    assert not item.point_only


# Points


def test_a_plot_known_as_a_point_on_the_parcel_is_on_it_without_area():
    (item,) = (result := theme([plot(point(0), stated_area_m2=400.0)])).items
    assert result.status == "concerned"
    assert (item.relation, item.area_m2, item.share) == ("on", 0.0, 0.0)
    assert item.point_only
    assert result.categories[0].category == "contaminated"
    assert result.area_m2 == 0.0


@pytest.mark.parametrize(
    ("east_m", "status", "relation"),
    [(154.9, "imprecise", "imprecise"), (155.1, "clear", "adjoining")],
)
def test_a_point_that_may_reach_the_parcel_is_imprecise(east_m, status, relation):
    # Radius of the stated area 100 m, accuracy 5 m; the parcel ends at 50 m.
    feature = plot(point(east_m), stated_area_m2=math.pi * 1e4, accuracy_m=5.0)
    result = theme([feature])
    assert result.status == status
    assert result.items[0].relation == relation
    assert result.items[0].widened_by_m == pytest.approx(105.0)


def test_the_distance_of_a_point_is_shortened_by_what_it_is_widened():
    (item,) = theme([plot(point(130), accuracy_m=20.0)]).items
    assert item.relation == "within"
    assert item.distance_m == pytest.approx(60, abs=0.01)
    assert evidence_of(item).shown()["widened_by_m"] == pytest.approx(20)


def test_evidence_of_an_outline_is_widened_by_nothing():
    (item,) = theme([plot(point(130).buffer(10))]).items
    assert "widened_by_m" not in evidence_of(item).shown()


@pytest.mark.parametrize(
    ("east_m", "relation"), [(99.9, "imprecise"), (100.1, "within")]
)
def test_a_bare_point_beside_the_parcel_is_not_taken_for_clear(east_m, relation):
    (item,) = theme([plot(point(east_m))]).items
    assert item.relation == relation
    assert item.widened_by_m == 0.0


def test_a_bare_point_of_a_proximity_theme_lies_where_it_is_said():
    (item,) = theme([receptor(point(60))], RECEPTOR).items
    assert item.relation == "within"
    assert item.distance_m == pytest.approx(10, abs=0.001)


def test_a_polygon_is_never_widened():
    (item,) = theme([plot(square(10, east_m=100), accuracy_m=60.0)]).items
    assert item.distance_m == pytest.approx(45, abs=0.01)


def test_a_plot_on_the_parcel_outweighs_an_imprecise_one():
    features = [plot(square(20), code="A"), plot(point(60), accuracy_m=30.0, code="B")]
    result = theme(features)
    assert result.status == "concerned"
    assert [item.relation for item in result.items] == ["on", "imprecise"]


# Coverage


def coverage_of(result):
    return [
        (s.division_code, s.state, s.part, round(s.share, 4), s.reach)
        for s in result.coverage
    ]


def test_nothing_found_in_a_covered_county_is_clear():
    result = theme()
    assert result.status == "clear"
    assert coverage_of(result) == [(COUNTY, "covered", False, 1.0, "subject")]
    assert result.coverage[0].data_date == date(2026, 1, 1)


def test_nothing_found_without_coverage_is_no_coverage():
    result = theme(coverage=[])
    assert result.status == "no_coverage"
    assert coverage_of(result) == [(COUNTY, "no_coverage", False, 1.0, "subject")]
    assert result.coverage[0].data_date is None


def test_coverage_of_another_theme_or_county_proves_nothing():
    others = [make_coverage("receptor"), make_coverage("plot", NEIGHBOUR)]
    assert theme(coverage=others).status == "no_coverage"


@pytest.mark.parametrize(
    ("stale_on", "status"),
    [
        (date(2026, 6, 2), "clear"),
        (date(2026, 6, 1), "stale"),
        (date(2026, 5, 31), "stale"),
        (None, "clear"),
    ],
)
def test_data_are_stale_from_the_day_they_say(stale_on, status):
    assert theme(coverage=[make_coverage(stale_on=stale_on)]).status == status


def test_what_silence_means_is_told_anew_for_another_day_county_or_statement():
    said = (make_coverage(stale_on=date(2026, 6, 2)), make_coverage("receptor"))
    specs = (PLOT, RECEPTOR)
    elsewhere = [make_county(division_code=NEIGHBOUR)]

    def answer(**changes):
        around = {"coverage": said, **changes}
        plots = extract(specs=specs, **around).themes["plot"]
        return plots.status, plots.coverage[0].division_code

    for _ in range(2):
        assert answer() == ("clear", COUNTY)
        assert answer(as_of=date(2026, 6, 2)) == ("stale", COUNTY)
        assert answer(counties=elsewhere) == ("no_coverage", NEIGHBOUR)
        assert answer(coverage=said[1:]) == ("no_coverage", COUNTY)
        assert answer(features=[plot(square(50))]) == ("concerned", COUNTY)


def test_the_freshest_of_several_statements_speaks():
    old = make_coverage(data_date=date(2020, 1, 1), stale_on=date(2021, 1, 1))
    new = make_coverage(data_date=date(2026, 5, 1), stale_on=date(2027, 5, 1))
    for order in ([old, new], [new, old]):
        result = theme(coverage=order)
        assert result.status == "clear"
        assert result.coverage[0].data_date == date(2026, 5, 1)


def test_a_hit_in_a_county_without_coverage_still_concerns():
    result = theme([plot(square(50))], coverage=[])
    assert result.status == "concerned"
    assert result.coverage[0].state == "no_coverage"


def test_an_imprecise_hit_outweighs_missing_coverage():
    result = theme([plot(point(60), accuracy_m=30.0)], coverage=[])
    assert result.status == "imprecise"


def test_missing_coverage_outweighs_stale_data():
    west = multi(rectangle(-500, -500, 0, 500))
    old = make_coverage(geometry=west, stale_on=date(2020, 1, 1))
    result = theme(coverage=[old])
    assert result.status == "no_coverage"
    assert coverage_of(result) == [
        (COUNTY, "stale", True, 0.5, "subject"),
        (COUNTY, "no_coverage", True, 0.5, "subject"),
    ]


def test_a_polygon_that_covers_the_subject_covers_it_whole():
    result = theme(coverage=[make_coverage(geometry=multi(square(300)))])
    assert result.status == "clear"
    assert coverage_of(result) == [(COUNTY, "covered", False, 1.0, "subject")]


def test_the_part_of_the_subject_outside_the_covered_polygon_is_not_covered():
    west = multi(rectangle(-500, -500, -20, 500))
    result = theme(coverage=[make_coverage(geometry=west)])
    assert result.status == "no_coverage"
    assert coverage_of(result) == [
        (COUNTY, "covered", True, 0.3, "subject"),
        (COUNTY, "no_coverage", True, 0.7, "subject"),
    ]


def test_a_polygon_away_from_the_subject_covers_nothing_of_it():
    away = multi(square(100, east_m=400))
    result = theme(coverage=[make_coverage(geometry=away)])
    assert coverage_of(result) == [(COUNTY, "no_coverage", False, 1.0, "subject")]
    assert result.coverage[0].data_date is None


def test_a_sliver_outside_the_covered_polygon_is_boundary_mismatch():
    nearly = multi(rectangle(-500, -500, 49.95, 500))
    assert theme(coverage=[make_coverage(geometry=nearly)]).status == "clear"


def test_old_data_of_the_county_fill_what_a_fresh_polygon_leaves():
    west = multi(rectangle(-500, -500, 0, 500))
    result = theme(
        coverage=[
            make_coverage(geometry=west),
            make_coverage(stale_on=date(2020, 1, 1), data_date=date(2019, 1, 1)),
        ]
    )
    assert result.status == "stale"
    assert coverage_of(result) == [
        (COUNTY, "covered", True, 0.5, "subject"),
        (COUNTY, "stale", True, 0.5, "subject"),
    ]


# Borders

WEST_COUNTY = make_county(COUNTY, rectangle(-20_000, -20_000, 0, 20_000))
EAST_COUNTY = make_county(NEIGHBOUR, rectangle(0, -20_000, 20_000, 20_000))
BOTH = {"counties": [WEST_COUNTY, EAST_COUNTY]}


def west_of_border(metres, spec=PLOT, **options):
    """Return the result for a square of 100 m that ends so far west of the border."""
    subject = make_subject(square(100, east_m=-50 - metres))
    return theme(spec=spec, subject=subject, **BOTH, **options)


def test_both_counties_of_a_subject_across_the_border_are_asked():
    result = west_of_border(-30)
    assert result.status == "no_coverage"
    assert coverage_of(result) == [
        (COUNTY, "covered", False, 0.7, "subject"),
        (NEIGHBOUR, "no_coverage", False, 0.3, "subject"),
    ]


def test_two_counties_that_both_know_the_theme_make_it_clear():
    both = [make_coverage(), make_coverage(division_code=NEIGHBOUR)]
    assert west_of_border(-30, coverage=both).status == "clear"


def test_a_county_near_an_area_theme_is_told_and_changes_nothing():
    result = west_of_border(40)
    assert result.status == "clear"
    assert coverage_of(result) == [
        (COUNTY, "covered", False, 1.0, "subject"),
        (NEIGHBOUR, "no_coverage", False, 0.0, "ring"),
    ]


def test_a_county_beyond_the_search_is_not_asked():
    assert len(west_of_border(150).coverage) == 1


@pytest.mark.parametrize(("metres", "asked"), [(990, 2), (1010, 1)])
def test_a_proximity_theme_asks_every_county_its_ring_touches(metres, asked):
    result = west_of_border(metres, RECEPTOR)
    assert len(result.coverage) == asked
    assert result.status == ("clear" if asked == 1 else "no_coverage")


def test_the_neighbour_in_the_ring_holds_nothing_of_the_subject():
    result = west_of_border(500, RECEPTOR)
    assert coverage_of(result) == [
        (COUNTY, "covered", False, 1.0, "subject"),
        (NEIGHBOUR, "no_coverage", False, 0.0, "ring"),
    ]


def test_a_part_of_the_ring_that_nobody_covers_is_told():
    near = make_coverage("receptor", geometry=multi(square(600)))
    result = theme(spec=RECEPTOR, coverage=[near])
    assert result.status == "no_coverage"
    assert coverage_of(result) == [
        (COUNTY, "covered", True, 1.0, "subject"),
        (COUNTY, "no_coverage", True, 0.0, "subject"),
    ]


def test_a_sliver_across_the_border_is_boundary_mismatch():
    result = west_of_border(-0.05)
    assert [state.reach for state in result.coverage] == ["subject", "ring"]
    assert result.status == "clear"


def test_ground_in_no_county_on_record_is_covered_by_nobody():
    subject = make_subject(square(100, east_m=-20))
    result = theme(subject=subject, counties=[WEST_COUNTY])
    assert result.status == "no_coverage"
    assert coverage_of(result) == [
        ("", "no_coverage", False, 0.3, "subject"),
        (COUNTY, "covered", False, 0.7, "subject"),
    ]


def test_without_any_county_nothing_is_covered():
    result = theme(counties=[])
    assert coverage_of(result) == [("", "no_coverage", False, 1.0, "subject")]


def hit(relation, within_m=None, theme_code="plot"):
    return BorderHit(theme_code, relation, within_m, NEIGHBOUR)


def test_a_feature_of_another_division_on_the_subject_concerns():
    result = theme(border=[hit("on")])
    assert result.status == "concerned"
    assert (result.items, result.area_m2) == ((), 0.0)
    assert result.border == (hit("on"),)


@pytest.mark.parametrize("near", [hit("adjoining"), hit("within", 100.0)])
def test_a_neighbours_feature_near_an_area_theme_is_told_and_leaves_it_clear(near):
    result = theme(border=[near])
    assert result.status == "clear"
    assert result.border == (near,)


def test_a_neighbours_feature_in_the_ring_concerns_a_proximity_theme():
    result = theme(spec=RECEPTOR, border=[hit("within", 1000.0, "receptor")])
    assert result.status == "concerned"


def test_border_hits_beyond_the_search_and_of_other_themes_are_left_out():
    hits = [hit("within", 1000.0), hit("on", theme_code="receptor")]
    assert theme(border=hits).border == ()


def test_border_hits_come_nearest_first():
    hits = [hit("within", 100.0), hit("adjoining"), hit("on")]
    relations = [found.relation for found in theme(border=hits).border]
    assert relations == ["on", "adjoining", "within"]


# The whole


def busy_place(seed=1):
    """Return a subject and features of every theme around it."""
    rng = np.random.default_rng(seed)
    features = [
        make_feature(
            random_polygon(
                rng, (114 + e / 9e4, 34.75 + n / 1.1e5), rng.uniform(5, 90), 9
            ),
            theme=name,
            layer=name,
            category=rng.choice(["a", "b"]),
            code=f"{name}{k}",
        )
        for name in ("plot", "farmland_unit", "receptor")
        for k, (e, n) in enumerate(rng.uniform(-150, 150, (12, 2)))
    ]
    subject = make_subject(random_polygon(rng, (114.0, 34.75), 90, 11))
    return subject, features


def test_row_order_changes_nothing():
    subject, features = busy_place()
    specs = (PLOT, FARM, RECEPTOR)
    forward = extract(features, subject, specs)
    assert extract(features[::-1], subject, specs).themes == forward.themes


def test_vertex_order_and_ring_start_change_nothing():
    subject, features = busy_place(2)
    turned = [
        dataclasses.replace(f, geometry=shapely.normalize(f.geometry)) for f in features
    ]
    one = extract(features, subject, (PLOT, FARM, RECEPTOR))
    two = extract(turned, subject, (PLOT, FARM, RECEPTOR))
    for name, result in one.themes.items():
        assert two.themes[name].share == pytest.approx(result.share, abs=1e-12)
        assert [i.feature.code for i in two.themes[name].items] == [
            i.feature.code for i in result.items
        ]


@pytest.mark.parametrize("seed", range(10))
def test_shares_hold_together(seed):
    subject, features = busy_place(seed)
    for result in extract(features, subject, (PLOT, FARM, RECEPTOR)).themes.values():
        on = [item.share for item in result.items if item.relation == "on"]
        assert 0.0 <= max(on, default=0.0) <= result.share + 1e-10
        assert result.share <= min(1.0, sum(on) + 1e-10)
        assert sum(c.share for c in result.categories) >= result.share - 1e-10
        assert all(c.share <= result.share + 1e-10 for c in result.categories)


def test_the_extract_says_when_and_as_known_at_what():
    found = extract()
    assert (found.as_of, found.known_at) == (date(2026, 6, 1), 1)
    assert [county.division_code for county in found.counties] == [COUNTY]


def test_themes_answer_in_the_order_asked():
    found = extract(specs=(RECEPTOR, PLOT, ZONE))
    assert list(found.themes) == ["receptor", "plot", "water_zone"]


def test_a_subject_without_area_is_refused():
    flat = make_subject()
    line = shapely.MultiPolygon(
        [shapely.Polygon([(114, 34.75), (114.001, 34.75), (114, 34.75)])]
    )
    with pytest.raises(EmptyGeometry):
        extract([plot(square(50))], dataclasses.replace(flat, geometry=line))


def test_broken_geometry_of_the_register_is_measured_by_the_ground_it_encloses():
    bow = multi(
        shapely.Polygon(
            [
                point(e, n).coords[0]
                for e, n in ((-50, -50), (50, 50), (50, -50), (-50, 50))
            ]
        )
    )
    assert theme([plot(bow)]).share == pytest.approx(0.5, abs=1e-6)


def scattered(rng, place):
    """Return a land somewhere in China with a few things of every kind around it."""
    parcel = random_polygon(rng, place, radius_m=120, vertices=9)
    east, north = rng.uniform(-400, 400, (2, 6))
    shapes = [
        random_polygon(rng, place, radius_m=150, vertices=6),
        random_polygon(rng, place, radius_m=3000, vertices=400),
        square(60, place, east[0], north[0]),
        point(east[1], north[1], place),
        point(east[2], north[2], place),
        shapely.MultiLineString(
            [[point(e, n, place).coords[0] for e, n in zip(east, north, strict=True)]]
        ),
    ]
    features = [
        plot(shapes[0]),
        make_feature(shapes[1], theme="water_zone", layer="water_zone", code="Z"),
        plot(shapes[2], code="P2"),
        plot(shapes[3], code="P3", accuracy_m=float(rng.uniform(1, 300))),
        make_feature(shapes[4], theme="receptor", layer="receptor", code="R"),
        make_feature(shapes[5], theme="river", layer="river", code="V"),
    ]
    county = make_county(geometry=square(20_000, place))
    chosen = [one for one in features if rng.uniform() < 0.7]
    around = make_neighbourhood(
        chosen,
        coverage=[make_coverage(name) for name in SPECS],
        counties=[county],
    )
    return Land(make_subject(parcel), around, ExtractSettings(), tuple(SPECS.values()))


@pytest.mark.parametrize("seed", range(5))
def test_lands_measured_together_are_measured_as_alone(seed):
    """From the south of China to the north, to the last digit; one with nothing."""
    rng = np.random.default_rng(seed)
    lands = [
        scattered(rng, (rng.uniform(80, 130), rng.uniform(20, 50))) for _ in range(6)
    ]
    bare = make_neighbourhood(coverage=[], counties=[make_county()])
    lands.insert(3, Land(make_subject(), bare, ExtractSettings(), (PLOT,)))
    assert measure_extracts(lands) == [measure_extract(*land) for land in lands]


def test_nothing_is_measured_for_nobody():
    assert measure_extracts([]) == []
