"""What divisions were called at a moment is the same whoever asks."""

from datetime import date
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.database import Database
from app.security.principals import Principal
from parcels.register.division_names import describe_divisions, find_division_names
from parcels.register.history import insert_version, next_object_id, replace_version
from parcels.register.layers import DIVISION
from parcels.register.repository import Moment
from tests.integration.register_rows import SQUARE, change, element

OWN, OTHER = "999901", "999902"
DAY = date(2026, 6, 1)


@pytest.fixture
def numbers(fresh_database_urls):
    """A county that was renamed: the database, and the numbers of both changes."""
    database = Database(fresh_database_urls.service, pool_size=2)
    values = {
        "code": OTHER,
        "division_code": OTHER,
        "valid_from": date(2020, 1, 1),
        "name_zh": "旧县",
        "name_en": "Old County",
        "mapped_area_m2": 1.0,
        "geom": element(SQUARE),
    }
    with database.transaction(Principal(uuid4(), "test", "admin", "*")) as connection:
        found = []
        with change(connection, OTHER) as opened:
            values["object_id"] = next_object_id(connection)
            insert_version(connection, opened, DIVISION, values)
        found.append(number_of(connection))
        with change(connection, OTHER) as opened:
            renamed = {"name_zh": "新县", "name_en": None}
            replace_version(connection, opened, DIVISION, OTHER, renamed, DAY)
        found.append(number_of(connection))
    yield database, *found
    database.close()


def number_of(connection):
    return connection.scalar(sa.text("select max(number) from registry.change"))


@pytest.mark.parametrize("scope", ["*", "99", OTHER, OWN])
def test_names_of_then_are_the_same_whoever_asks(numbers, scope):
    database, first, second = numbers
    asker = Principal(uuid4(), "test", "planner", scope)
    with database.transaction(asker, read_only=True) as connection:

        def named(day, number, language="zh"):
            moment = Moment(day, number)
            return find_division_names(connection, [OTHER], language, moment)

        assert named(DAY, first) == {OTHER: "旧县"}
        assert named(DAY, first, "en") == {OTHER: "Old County"}
        assert named(DAY, second) == {OTHER: "新县"}
        assert named(DAY, second, "en") == {OTHER: "新县"}
        assert named(date(2026, 5, 31), second) == {OTHER: "旧县"}
        assert named(DAY, first - 1) == {}
        assert named(date(2019, 12, 31), second) == {}
        township = OTHER + "001"
        described = describe_divisions(connection, [township], "zh", Moment(DAY, first))
        assert described == {township: f"旧县 {township}"}
