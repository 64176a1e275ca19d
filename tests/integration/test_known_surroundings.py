"""What is remembered of the surroundings is what the register says of them."""

import random
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import shapely
import sqlalchemy as sa

from parcels.register.history import end_object, insert_version, next_object_id
from parcels.register.layers import LAYER_BY_NAME, PARCEL
from parcels.register.repository import Moment
from screening import gather, known_surroundings
from screening.search import SOUGHT_IN
from screening.themes import THEMES, with_shorelines
from tests.integration.register_rows import add_parcel, change, element

OWN, OTHER = "999901", "999902"
WEST, SOUTH, SIDE_DEG = 114.0, 34.0, 0.12
"""Ground that is filled with things; nine tiles meet it."""
SHORES = with_shorelines(THEMES, 3000.0, 1000.0)
VALUES = {
    "plot": {"stage": "contaminated", "former_industries": ["2017:3360:1998-"]},
    "former_use": {"industry_code": "3360", "industry_edition": "2017"},
    "enterprise": {"name": "E", "status": "active", "industry_code": "2614"},
    "facility": {"kind": "landfill"},
    "receptor": {"kind": "school"},
    "water_source": {"name": "S", "source_type": "river"},
    "restriction_area": {"theme": "ecological_redline", "mapped_area_m2": 1.0},
    "farmland_unit": {"category": "safe_use", "mapped_area_m2": 1.0},
    "water_zone": {
        "source_code": "S",
        "level": "level_2",
        "basis": "approved",
        "mapped_area_m2": 1.0,
    },
    "river": {},
}
BESIDE = {
    "plot_list_membership": {"plot_code": "P", "list": "contaminated"},
    "plot_document": {"plot_code": "P", "document_type": "initial_survey"},
    "key_unit_list": {"enterprise_code": "E", "year": 2024, "list_name": "L"},
}
"""What is told with a plot or an enterprise, and has no place of its own."""
POINTS = ("plot", "former_use", "enterprise", "facility", "receptor", "water_source")


def add(connection, opened, layer, code, division, geometry=None, **values):
    """Insert one object of any layer."""
    insert_version(
        connection,
        opened,
        LAYER_BY_NAME[layer],
        {
            "object_id": next_object_id(connection),
            "code": code,
            "division_code": division,
            "valid_from": date(2020, 1, 1),
            **({} if geometry is None else {"geom": element(geometry)}),
            **(VALUES | BESIDE)[layer],
            **values,
        },
    )


def today():
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def shape_of(chance, layer):
    """Return a thing of that layer somewhere on the ground."""
    west = WEST + chance.uniform(0, SIDE_DEG)
    south = SOUTH + chance.uniform(0, SIDE_DEG)
    size = chance.choice((0.0005, 0.004, 0.03))
    if layer == "river":
        line = shapely.LineString([(west, south), (west + size, south + size)])
        return shapely.multilinestrings([line])
    if layer in POINTS and chance.random() < 0.6:
        return shapely.Point(west, south)
    square = shapely.box(west, south, west + size, south + size)
    if chance.random() < 0.3:
        square = square.difference(square.buffer(-size / 4))
    return shapely.multipolygons([square])


def fill(connection, seed, each, divisions=(OWN, OTHER)):
    """Register so many things of every layer, some of another county's."""
    chance = random.Random(seed)
    for division in divisions:
        with change(connection, division) as opened:
            for layer in VALUES:
                for number in range(each if division == OWN else each // 4):
                    values = {}
                    if layer in POINTS and chance.random() < 0.5:
                        values["accuracy_m"] = chance.choice((5.0, 300.0))
                    if layer == "restriction_area" and chance.random() < 0.3:
                        values["theme"] = chance.choice(
                            ("flood_way", "yangtze_main_shoreline")
                        )
                    shape = shape_of(chance, layer)
                    code = f"{layer}-{seed}-{number}"
                    add(connection, opened, layer, code, division, shape, **values)
            for number in range(each // 4):
                suffix = f"{seed}-{number}"
                for layer, of in (
                    ("plot_list_membership", {"plot_code": f"plot-{suffix}"}),
                    ("plot_document", {"plot_code": f"plot-{suffix}"}),
                    ("key_unit_list", {"enterprise_code": f"enterprise-{suffix}"}),
                ):
                    add(connection, opened, layer, f"{layer}-{suffix}", division, **of)


def places(seed, count):
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        west = WEST + chance.uniform(-0.02, SIDE_DEG)
        south = SOUTH + chance.uniform(-0.02, SIDE_DEG)
        size = chance.choice((0.0004, 0.004))
        square = shapely.box(west, south, west + size, south + size)
        themes = SHORES if chance.random() < 0.2 else THEMES
        found.append(gather.Around(shapely.multipolygons([square]), themes))
    return found


def gathered(registry, asked, known, scope=OWN, isolation="REPEATABLE READ"):
    """What lies around the places, in an order of its own, in one snapshot."""
    moment = Moment(today())
    with registry.service(scope, "permit_system", isolation) as connection:
        _, sight = gather.gather_parcels(connection, [], moment)
        found = gather.gather_neighbourhoods(connection, asked, moment, sight, known)
    return [
        (
            sorted(near.features, key=lambda f: (f.layer, f.version_id)),
            sorted(near.border, key=repr),
            near.known_at,
        )
        for near in found
    ]


def learned(registry, asked, scope=OWN):
    """Return a memory that knows all tiles the places touch."""
    known = gather.Known()
    with pytest.MonkeyPatch.context() as patch:
        # However few questions there are, each may be followed by a tile.
        patch.setattr(known_surroundings, "_TILE_COSTS", 1)
        for _ in range(20):
            gathered(registry, asked * 2, known, scope)
    return known


@pytest.fixture
def told(monkeypatch):
    """Names of the statements that the register is asked, as they are asked."""
    names = []
    real = gather.fetch_each

    def telling(connection, questions):
        questions = list(questions)
        names.extend(
            name
            for statement, _ in questions
            for name in gather._NOW
            if statement in (gather._NOW[name], gather._THEN[name])
        )
        return real(connection, questions)

    monkeypatch.setattr(gather, "fetch_each", telling)
    return names


def test_what_is_remembered_is_what_the_register_says(registry, told):
    with registry.service("9999", "admin") as connection:
        fill(connection, seed=1, each=40)
    asked = places(seed=2, count=60)
    expected = gathered(registry, asked, gather.Known())
    assert sum(len(features) for features, _, _ in expected) > 500
    borders = [border for _, border, _ in expected]
    assert any(borders)
    known = learned(registry, asked)
    told.clear()
    assert gathered(registry, asked, known) == expected
    assert "features" not in told
    assert told.count("farmland") == 1
    # Asked wherever others have something near, which is not everywhere.
    assert sum(map(bool, borders)) <= told.count("border") < len(asked)


def test_after_a_change_of_any_layer_the_register_is_asked(registry, told, monkeypatch):
    with registry.service("9999", "admin") as connection:
        fill(connection, seed=1, each=8)
    asked = places(seed=2, count=20)

    def check():
        told.clear()
        with monkeypatch.context() as patch:
            # Nothing is learned anew meanwhile.
            patch.setattr(known_surroundings, "_ASKED_BEFORE", len(asked))
            found = gathered(registry, asked, known)
        assert told.count("features") == len(asked), layer
        assert found == gathered(registry, asked, gather.Known())

    for layer in [*VALUES, *BESIDE]:
        shape = shape_of(random.Random(3), layer) if layer in VALUES else None
        known = learned(registry, asked)
        with registry.service("9999", "admin") as connection:
            # Of another county, too: it may lie near.
            with change(connection, OTHER) as opened:
                add(connection, opened, layer, "NEW", OTHER, shape)
        check()
        known = learned(registry, asked)
        with registry.service("9999", "admin") as connection:
            with change(connection, OTHER) as opened:
                end_object(connection, opened, LAYER_BY_NAME[layer], "NEW", today())
        check()


def test_change_of_a_parcel_leaves_the_surroundings_known(registry, told):
    with registry.service("9999", "admin") as connection:
        fill(connection, seed=1, each=8)
    asked = places(seed=2, count=10)
    known = learned(registry, asked)
    with registry.service("9999", "admin") as connection:
        with change(connection, OWN) as opened:
            add_parcel(connection, opened, "999901001001GB00001", date(2020, 1, 1))
    told.clear()
    found = gathered(registry, asked, known)
    assert "features" not in told
    assert found == gathered(registry, asked, gather.Known())


def test_callers_of_other_parts_are_not_told_what_one_may_see(registry):
    with registry.service("9999", "admin") as connection:
        fill(connection, seed=1, each=12)
    asked = places(seed=2, count=30)
    known = gather.Known()
    for _ in range(20):
        for scope in (OWN, OTHER, "9999"):
            gathered(registry, asked, known, scope)
    for scope in (OWN, OTHER, "9999"):
        found = gathered(registry, asked, known, scope)
        assert found == gathered(registry, asked, gather.Known(), scope)
        seen = {f.division_code for features, _, _ in found for f in features}
        assert seen == ({OWN, OTHER} if scope == "9999" else {scope})


def test_snapshot_from_before_a_change_is_answered_as_it_was(registry):
    with registry.service("9999", "admin") as connection:
        fill(connection, seed=1, each=12)
    asked = places(seed=2, count=20)
    before = gathered(registry, asked, gather.Known())
    known = gather.Known()
    moment = Moment(today())
    with registry.service(OWN, "permit_system", "REPEATABLE READ") as connection:
        _, sight = gather.gather_parcels(connection, [], moment)
        with registry.service("9999", "admin") as writer:
            fill(writer, seed=5, each=12)
        # Others learn the state after the change, while the old snapshot goes on.
        after = gathered(registry, asked, learned(registry, asked))
        for _ in range(20):
            found = gather.gather_neighbourhoods(
                connection, asked * 2, moment, sight, known
            )
            gathered(registry, asked, known)
        numbers = [{(f.layer, f.version_id) for f in n.features} for n in found[:20]]
    assert numbers == [{(f.layer, f.version_id) for f in n[0]} for n in before]
    assert numbers != [{(f.layer, f.version_id) for f in n[0]} for n in after]
    assert gathered(registry, asked, known) == after


@pytest.mark.parametrize("way", ["another day", "as known then", "many snapshots"])
def test_nothing_is_remembered_of_other_moments(registry, told, way):
    with registry.service("9999", "admin") as connection:
        fill(connection, seed=1, each=4)
    asked = places(seed=2, count=5)
    known = learned(registry, asked)
    moment = {
        "another day": Moment(date(2021, 1, 1)),
        "as known then": Moment(today(), 2),
        "many snapshots": Moment(today()),
    }[way]
    isolation = "READ COMMITTED" if way == "many snapshots" else "REPEATABLE READ"
    told.clear()
    with registry.service(OWN, "permit_system", isolation) as connection:
        for _ in range(30):
            _, sight = gather.gather_parcels(connection, [], moment)
            gather.gather_neighbourhoods(connection, asked, moment, sight, known)
    assert told.count("features") == 30 * len(asked)
    assert "cells" not in told


def test_times_of_changes_only_grow(registry):
    """So a register set back to a backup never comes to a time it had before."""
    head = sa.text("select ground_at, surroundings_at, recorded_at from change_head")
    seen = []
    for layer in ("plot", "theme_coverage", "parcel", "river"):
        with registry.service("9999", "admin") as connection:
            with change(connection, OWN) as opened:
                if layer == "parcel":
                    code = "999901001001GB00001"
                    add_parcel(connection, opened, code, date(2020, 1, 1))
                elif layer == "theme_coverage":
                    insert_version(
                        connection,
                        opened,
                        LAYER_BY_NAME[layer],
                        {
                            "object_id": next_object_id(connection),
                            "code": "river",
                            "division_code": OWN,
                            "valid_from": date(2020, 1, 1),
                            "theme": "river",
                            "data_date": date(2020, 1, 1),
                        },
                    )
                else:
                    shape = shape_of(random.Random(1), layer)
                    add(connection, opened, layer, layer, OWN, shape)
            seen.append(tuple(connection.execute(head).one()))
    plot, coverage, parcel, river = seen
    assert coverage[0] == coverage[2] > plot[2]
    assert coverage[1] == plot[1] == plot[2]
    assert parcel[:2] == coverage[:2]
    assert parcel[2] > coverage[2]
    assert river[0] == parcel[0]
    assert river[1] == river[2] > parcel[2]


def test_every_layer_that_is_looked_for_has_its_box(registry):
    with registry.service("9999", "admin") as connection:
        fill(connection, seed=1, each=4)
        connection.execute(sa.text("select set_config('jingtu.scope', '9999', true)"))
        box = (WEST - 1, SOUTH - 1, WEST + 1, SOUTH + 1)
        themes = {spec.theme for spec in THEMES}
        found = gather.gather_features(connection, box, Moment(today()), OWN, themes)
    layers = {feature.layer for feature in found}
    assert layers == set(SOUGHT_IN)
    assert set(SOUGHT_IN.values()) == set(known_surroundings.BOXES)
    assert PARCEL.name not in layers
