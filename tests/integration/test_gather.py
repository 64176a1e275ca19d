"""What one reading of the register brings, and what it never brings."""

import re
from datetime import date

import pytest
import shapely
import sqlalchemy as sa

from parcels.register.history import insert_version, next_object_id
from parcels.register.layers import DIVISION, PARCEL, PLOT, THEME_COVERAGE
from parcels.register.repository import Moment, list_touching, list_versions
from parcels.register.statements import driver
from screening import gather
from screening.search import search_boxes
from screening.themes import THEMES, with_shorelines
from tests.integration.register_rows import add_parcel, change, element, narrow

DAY = date(2026, 3, 1)
CODE = "999901001001GB00001"
METRE_EAST = 1 / 91_600
"""Degrees of longitude in a metre at 34.65°N, within 0.1 %."""
BORDER = 114.0
PARCEL_WEST_OF_BORDER = shapely.multipolygons(
    [shapely.box(BORDER - 100 * METRE_EAST, 34.65, BORDER, 34.651)]
)


def eastward(from_m, to_m):
    """A strip beside the parcel, by metres east of the border."""
    return shapely.multipolygons(
        [
            shapely.box(
                BORDER + from_m * METRE_EAST, 34.65, BORDER + to_m * METRE_EAST, 34.651
            )
        ]
    )


def add(connection, opened, layer, code, division, geometry, **values):
    """Insert one object of any layer."""
    insert_version(
        connection,
        opened,
        layer,
        {
            "object_id": next_object_id(connection),
            "code": code,
            "division_code": division,
            "valid_from": date(2020, 1, 1),
            "geom": element(geometry) if geometry is not None else None,
            **values,
        },
    )


def gathered(connection, geometry, moment, themes=THEMES, known=None):
    """What lies around one place."""
    (found,) = gathered_together(
        connection, [gather.Around(geometry, themes)], moment, known
    )
    return found


def gathered_together(connection, places, moment, known=None):
    """What lies around several places."""
    _, sight = gather.gather_parcels(connection, [], moment)
    return gather.gather_neighbourhoods(
        connection, places, moment, sight, known or gather.Known()
    )


def two_counties(connection, neighbour_plot):
    """A parcel up to the border and a neighbour's plot; read as county 999901."""
    for county, west in (("999901", 113.9), ("999902", BORDER)):
        with change(connection, county) as opened:
            add(
                connection,
                opened,
                DIVISION,
                county,
                county,
                shapely.multipolygons([shapely.box(west, 34.6, west + 0.1, 34.7)]),
                name_zh=county,
                mapped_area_m2=1.0,
            )
            add(
                connection,
                opened,
                THEME_COVERAGE,
                "plot",
                county,
                None,
                theme="plot",
                data_date=DAY,
            )
    with change(connection, "999901") as opened:
        geom = element(PARCEL_WEST_OF_BORDER)
        add_parcel(connection, opened, CODE, date(2020, 1, 1), geom=geom)
    with change(connection, "999902") as opened:
        add(
            connection,
            opened,
            PLOT,
            "SECRET",
            "999902",
            neighbour_plot,
            stage="contaminated",
            name="SECRET NAME",
        )
    narrow(connection, "999901")
    return gathered(connection, PARCEL_WEST_OF_BORDER, Moment(DAY))


@pytest.mark.parametrize(
    ("from_m", "to_m", "relation", "within_m"),
    [
        (40, 80, "within", 100.0),
        (0, 40, "adjoining", None),
        (0.4, 40, "adjoining", None),
        (0.6, 40, "within", 100.0),
        (99, 140, "within", 100.0),
        (-10, 40, "on", None),
        (-0.005, 40, "adjoining", None),
    ],
)
def test_plot_over_the_border_is_told_by_relation(
    service, from_m, to_m, relation, within_m
):
    with service(scope="9999", role="admin") as connection:
        found = two_counties(connection, eastward(from_m, to_m))
    (hit,) = found.border
    assert (hit.theme, hit.relation, hit.within_m, hit.division_code) == (
        "plot",
        relation,
        within_m,
        "999902",
    )


def test_plot_over_the_border_is_told_without_code_name_or_shape(service):
    with service(scope="9999", role="admin") as connection:
        found = two_counties(connection, eastward(40, 80))
    assert found.features == ()
    assert "SECRET" not in repr(found)


def test_plot_beyond_every_ring_is_not_told(service):
    with service(scope="9999", role="admin") as connection:
        found = two_counties(connection, eastward(1100, 1200))
    assert found.border == ()


def test_shape_over_the_border_that_crosses_itself_is_told_as_the_ground_it_encloses(
    service,
):
    """A bow-tie: its western half reaches 10 m into the parcel."""
    west, east = (BORDER + metres * METRE_EAST for metres in (-10, 30))
    bow_tie = [(west, 34.65), (east, 34.651), (east, 34.65), (west, 34.651)]
    with service(scope="9999", role="admin") as connection:
        found = two_counties(connection, shapely.multipolygons([bow_tie]))
    assert [hit.relation for hit in found.border] == ["on"]


def test_shape_of_many_corners_over_the_border_is_told_by_its_nearest_edge(service):
    """300 teeth of half a metre along a strip that begins 40 m beyond the border."""
    west, east = (BORDER + metres * METRE_EAST for metres in (40, 80))
    side = [
        (west + (place % 2) * METRE_EAST / 2, 34.65 + place * 0.001 / 600)
        for place in range(601)
    ]
    comb = shapely.multipolygons([[*side, (east, 34.651), (east, 34.65)]])
    with service(scope="9999", role="admin") as connection:
        found = two_counties(connection, comb)
    (hit,) = found.border
    assert (hit.relation, hit.within_m) == ("within", 100.0)


@pytest.mark.parametrize(
    ("metres", "told"),
    [
        (0.4, [("adjoining", None)]),
        (0.6, [("within", 100.0)]),
        (99.5, [("within", 100.0)]),
        (100.5, []),
        (-10, [("on", None)]),
    ],
)
def test_subject_of_many_corners_is_as_far_from_what_lies_over_the_border(
    service, metres, told
):
    """250 teeth that end at the border, beside a shape of 60 corners."""
    west, step = BORDER - 100 * METRE_EAST, 0.001 / 500
    side = [
        (BORDER if place // 2 % 2 else west, 34.65 + (place + 1) // 2 * step)
        for place in range(1000)
    ]
    comb = shapely.multipolygons(
        [[(west - METRE_EAST, 34.65), *side, (west - METRE_EAST, 34.651)]]
    )
    near = BORDER + metres * METRE_EAST
    corners = [(near, 34.65 + row * 0.001 / 60) for row in range(60)]
    shape = shapely.multipolygons([[*corners, (near + 40 * METRE_EAST, 34.65)]])
    with service(scope="9999", role="admin") as connection:
        two_counties(connection, shape)
        found = gathered(connection, comb, Moment(DAY))
    assert [(hit.relation, hit.within_m) for hit in found.border] == told


def test_what_is_known_of_the_ground_is_what_the_register_says(service):
    """Read twice with one memory, and once more after a county said something new."""
    known = gather.Known()
    inside = shapely.multipolygons([shapely.box(113.95, 34.65, 113.951, 34.651)])

    def read():
        found = gathered(connection, inside, Moment(DAY), known=known)
        return found.counties, found.coverage

    with service(scope="9999", role="admin") as connection:
        two_counties(connection, eastward(40, 80))
        for _ in range(2):
            counties, coverage = read()
            assert [county.division_code for county in counties] == ["999901"]
            assert [told.theme for told in coverage] == ["plot"]
        with change(connection, "999901") as opened:
            values = {"theme": "river", "data_date": DAY}
            add(connection, opened, THEME_COVERAGE, "river", "999901", None, **values)
        assert {told.theme for told in read()[1]} == {"plot", "river"}


def test_counties_and_coverage_of_both_sides_are_told(service):
    with service(scope="9999", role="admin") as connection:
        found = two_counties(connection, eastward(40, 80))
    assert {county.division_code for county in found.counties} == {"999901", "999902"}
    assert {c.division_code for c in found.coverage} == {"999901", "999902"}


def test_caller_of_both_counties_sees_the_plot_itself(service):
    with service(scope="9999", role="admin") as connection:
        two_counties(connection, eastward(40, 80))
        narrow(connection, "9999")
        found = gathered(connection, PARCEL_WEST_OF_BORDER, Moment(DAY))
    assert [feature.code for feature in found.features] == ["SECRET"]
    assert found.border == ()


def test_reading_of_the_past_equals_the_reading_then(registry):
    """What is read as known at the last change is what is read now."""
    with registry.service(scope="9999", role="admin") as connection:
        now = two_counties(connection, eastward(40, 80))
        then = gathered(connection, PARCEL_WEST_OF_BORDER, Moment(DAY, now.known_at))
        before = gathered(connection, PARCEL_WEST_OF_BORDER, Moment(DAY, 0))
    assert then == now
    assert (before.features, before.border, before.counties) == ((), (), ())


def explain(connection, statement, parameters):
    """Return the plan of a statement as the service, when no index may be passed by."""
    connection.execute(sa.text("set local enable_seqscan = off"))
    with driver(connection).cursor() as cursor:
        cursor.execute("explain " + statement, parameters)
        return "\n".join(row[0] for row in cursor.fetchall())


INDEXES = {
    "features": (
        "plot_reach",
        "restriction_area_geom",
        "water_zone_geom",
        "former_use_reach",
        "enterprise_reach",
        "facility_reach",
        "receptor_reach",
        "water_source_reach",
        "river_geom",
    ),
    "farmland": ("farmland_unit_geom",),
}


@pytest.mark.parametrize("name", INDEXES)
@pytest.mark.parametrize("statements", ["_NOW", "_THEN"])
def test_plan_of_a_hot_statement_uses_the_spatial_indexes(service, statements, name):
    """A sequential scan is left only where no index can be used at all."""
    with service() as connection:
        parameters = {
            **(boxes := search_boxes(PARCEL_WEST_OF_BORDER, THEMES)),
            "boxes": [boxes["area_box"]],
            "as_of": DAY,
            "known_at": 1,
        }
        plan = explain(connection, getattr(gather, statements)[name], parameters)
    assert "Seq Scan" not in plan
    for index in INDEXES[name]:
        # An index that is read from end to end helps nothing.
        assert re.search(rf"{index} on .*\n *Index Cond: \(\w+ && ", plan), index


@pytest.mark.parametrize("statements", ["_NOW", "_THEN"])
def test_plan_of_naming_a_parcel_uses_its_code(service, statements):
    with service() as connection:
        parameters = {"codes": [CODE], "as_of": DAY, "known_at": 1}
        statement = getattr(gather, statements)["parcels"]
        plan = explain(connection, statement, parameters)
    assert "parcel_code" in plan
    assert "Seq Scan on parcel " not in plan


MANY_PARCELS = sa.text(
    "insert into parcel (object_id, code, division_code, valid_from, opened_by,"
    " mapped_area_m2, geom)"
    " select n, '999901001001GB' || lpad(n::text, 5, '0'), '999901', '2020-01-01',"
    " :change, 100, st_multi(st_makeenvelope(114 + n * 1e-4, 34, 114 + n * 1e-4 + 5e-5,"
    " 34.0001, 4490)) from generate_series(1, 5000) n"
)


def test_box_and_touch_reads_use_the_spatial_index(registry):
    """Lists by box and look-ups by geometry go through the same guarded operator."""
    with registry.service() as connection, change(connection) as opened:
        connection.execute(MANY_PARCELS, {"change": opened.id})
    with registry.owner() as connection:
        connection.execute(sa.text("analyze parcel"))
    plans = []
    with registry.service() as connection:

        def remember(conn, cursor, statement, parameters, context, many):
            if "FROM registry.parcel" in statement:
                with driver(connection).cursor() as plan:
                    plan.execute("explain " + statement, parameters)
                    plans.append("\n".join(row[0] for row in plan.fetchall()))

        sa.event.listen(connection, "before_cursor_execute", remember)
        list_versions(connection, PARCEL, Moment(DAY), bbox=(114, 34, 114.01, 34.01))
        list_touching(connection, PARCEL, shapely.Point(114, 34), Moment(DAY))
    assert len(plans) == 2
    assert all("parcel_geom" in plan for plan in plans), "\n\n".join(plans)


def test_places_read_together_are_what_each_is_alone(service):
    """One near the border, one far from it, and the first with shorelines."""
    far = shapely.multipolygons([shapely.box(113.95, 34.65, 113.951, 34.651)])
    shores = with_shorelines(THEMES, 3000.0, 1000.0)
    places = [
        gather.Around(PARCEL_WEST_OF_BORDER, THEMES),
        gather.Around(PARCEL_WEST_OF_BORDER, shores),
        gather.Around(far, THEMES),
    ]
    with service(scope="9999", role="admin") as connection:
        two_counties(connection, eastward(40, 80))
        together = gathered_together(connection, places, Moment(DAY))
        alone = [
            gathered(connection, place.geometry, Moment(DAY), place.themes)
            for place in places
        ]
    assert together == alone
    assert [len(found.border) for found in together] == [1, 1, 0]
