"""The outlines a file is held against are those of its division, as drawn today."""

from datetime import date

import shapely

from parcels.register.history import insert_version, next_object_id
from parcels.register.layers import LAYER_BY_NAME
from parcels.surveys.known_ground import gather_ground
from tests.integration.imports.import_steps import request
from tests.integration.register_rows import change, element

OLD, LATER = date(2020, 1, 1), date(2999, 1, 1)


def draw(connection, code, west, valid_from=OLD):
    """Draw a division one degree wide."""
    outline = shapely.multipolygons([shapely.box(west, 34, west + 1, 35)])
    with change(connection, "*") as opened:
        values = {
            "object_id": next_object_id(connection),
            "code": code,
            "division_code": code,
            "valid_from": valid_from,
            "name_zh": f"区划{code}",
            "name_en": f"Division {code}",
            "mapped_area_m2": 1.0,
            "geom": element(outline),
        }
        insert_version(connection, opened, LAYER_BY_NAME["division"], values)


def codes(outlines):
    return [one.code for one in outlines]


def test_county_comes_with_its_townships_and_nothing_else(service):
    with service(scope="*", role="admin") as connection:
        for west, code in enumerate(("999901", "999901100", "999902", "999902100")):
            draw(connection, code, 110 + west)
        ground = gather_ground(connection, request())
        assert codes(ground.counties) == ["999901"]
        assert codes(ground.townships) == ["999901100"]
        assert ground.find("999901").name_zh == "区划999901"
        assert ground.find("999901").name_en == "Division 999901"
        assert ground.find("999901").geometry.bounds == (110, 34, 111, 35)


def test_larger_division_comes_with_its_counties(service):
    with service(scope="*", role="admin") as connection:
        draw(connection, "999901", 110)
        draw(connection, "999902", 111)
        ground = gather_ground(connection, request(division="9999"))
        assert codes(ground.counties) == ["999901", "999902"]
        assert ground.townships == ()


def test_township_comes_with_the_county_it_lies_in(service):
    with service(scope="*", role="admin") as connection:
        for west, code in enumerate(("999901", "999901100", "999901101")):
            draw(connection, code, 110 + west)
        ground = gather_ground(connection, request(division="999901101"))
        assert codes(ground.counties) == ["999901"]
        assert codes(ground.townships) == ["999901101"]


def test_outline_of_another_time_is_not_ground(service):
    with service(scope="*", role="admin") as connection:
        draw(connection, "999901", 110, valid_from=LATER)
        assert gather_ground(connection, request()).counties == ()
