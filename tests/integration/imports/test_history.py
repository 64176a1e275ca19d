"""A file meets what the register already says: identical, changed, older, ended."""

from datetime import date

import pytest
import shapely
import sqlalchemy as sa

from parcels.register import tables
from parcels.register.layers import PARCEL
from parcels.register.repository import Moment, find_version
from parcels.surveys.reports import list_issues
from tests.integration.imports.import_steps import (
    CODE,
    FIRST,
    SECOND,
    kinds,
    open_versions,
    request,
    versions,
)
from tests.survey_files import members, parcels_zip, square_at, zipped


def test_the_same_file_again_changes_nothing(service, send):
    data = parcels_zip()
    with service() as connection:
        first = send(connection, data)
        before = versions(connection)
        again = send(connection, data)
        assert again.id == first.id
        assert versions(connection) == before


def test_the_same_rows_of_a_later_day_open_no_change(service, send):
    data = parcels_zip()
    with service() as connection:
        send(connection, data)
        before = versions(connection)
        later = send(connection, data, request(SECOND))
        assert versions(connection) == before
        assert connection.scalar(sa.select(tables.change_head.c.number)) == 1
    assert (later.state, later.change_id) == ("committed", None)
    assert later.comparison["identical"] == 3


def test_the_same_ground_drawn_from_another_corner_is_identical(service, send):
    square = square_at(0, 0)
    corners = list(square.exterior.coords)[:-1]
    turned = shapely.Polygon(corners[2:] + corners[:2])
    with service() as connection:
        send(connection, parcels_zip([square]))
        again = send(connection, parcels_zip([turned]), request(SECOND))
    assert again.comparison["identical"] == 1


def _two_imports(connection, send):
    send(connection, parcels_zip([square_at(0, 0)]))
    wider = parcels_zip([square_at(0, 0, 20)], [(CODE, "新址", 400.0)])
    return send(connection, wider, request(SECOND))


def test_changed_parcel_ends_and_begins_anew_as_the_same_object(service, send):
    with service() as connection:
        upload = _two_imports(connection, send)
        old, before, after = versions(connection)
    assert upload.comparison["changed"] == 1
    assert old.closed_by == before.opened_by == after.opened_by == upload.change_id
    assert (before.valid_from, before.valid_to) == (FIRST, SECOND)
    assert (after.valid_from, after.valid_to) == (SECOND, None)
    assert old.object_id == before.object_id == after.object_id
    assert before.geom.data == old.geom.data
    assert after.mapped_area_m2 == pytest.approx(400, abs=0.05)


def test_the_register_is_read_as_of_a_day_and_as_known_then(service, send):
    with service() as connection:
        _two_imports(connection, send)

        def place(day, known_at=None):
            found = find_version(connection, PARCEL, CODE, Moment(day, known_at))
            return found.values["location"] if found else None

        assert place(date(2023, 12, 31)) is None
        assert place(FIRST) == "净土路0号"
        assert place(date(2024, 12, 31)) == "净土路0号"
        assert place(SECOND) == "新址"
        assert place(SECOND, known_at=1) == "净土路0号"
        assert place(SECOND, known_at=2) == "新址"


def test_correction_of_the_same_day_leaves_no_earlier_part(service, send):
    with service() as connection:
        send(connection, parcels_zip([square_at(0, 0)]))
        send(connection, parcels_zip([square_at(0, 0)], [(CODE, "更正", 100.0)]))
        (found,) = open_versions(connection)
        assert len(versions(connection)) == 2
    assert (found.location, found.valid_from) == ("更正", FIRST)


def test_attribute_without_a_field_keeps_what_the_register_says(service, send):
    bare = (("ZDDM", "C", 28, 0),)
    wider = zipped(members([square_at(0, 0, 20)], bare, [(CODE,)]))
    with service() as connection:
        send(connection, parcels_zip([square_at(0, 0)]))
        send(connection, wider, request(SECOND))
        (after,) = [one for one in open_versions(connection) if one.valid_to is None]
    assert after.location == "净土路0号"
    assert after.mapped_area_m2 == pytest.approx(400, abs=0.05)


def test_older_survey_holds_until_the_version_already_there(service, send):
    older = parcels_zip([square_at(0, 0)], [(CODE, "旧址", 100.0)])
    with service() as connection:
        send(connection, parcels_zip([square_at(0, 0)]), request(SECOND))
        upload = send(connection, older)
        found = open_versions(connection)
        (issue,) = list_issues(connection, upload.id)
    spans = {(one.location, one.valid_from, one.valid_to) for one in found}
    assert spans == {("旧址", FIRST, SECOND), ("净土路0号", SECOND, None)}
    assert len({one.object_id for one in found}) == 1
    assert (issue.kind, issue.row) == ("later_version", 1)
    assert (kinds(upload), upload.warning_count) == ({"later_version": 1}, 1)
    assert "2025-01-01" in issue.message("zh")


def _days_zip(begin, end, location="a"):
    fields = (("ZDDM", "C", 28, 0), ("ZL", "C", 20, 0), *_DAYS)
    row = (CODE, location, begin, end)
    return zipped(members([square_at(0, 0)], fields, [row]))


_DAYS = (("生效日期", "D", 8, 0), ("失效日期", "D", 8, 0))


def test_row_may_say_its_own_days(service, send):
    with service() as connection:
        send(connection, _days_zip("20200101", "20210101"))
        (found,) = open_versions(connection)
    assert (found.valid_from, found.valid_to) == (date(2020, 1, 1), date(2021, 1, 1))


def test_parcel_that_had_ended_returns_as_the_same_object(service, send):
    with service() as connection:
        send(connection, _days_zip("20200101", "20210101"))
        send(connection, _days_zip("20220101", None, "b"))
        ended, returned = open_versions(connection)
    assert ended.object_id == returned.object_id
    assert (returned.valid_from, returned.valid_to) == (date(2022, 1, 1), None)


def test_row_with_an_end_ends_what_was_open(service, send):
    with service() as connection:
        send(connection, _days_zip("20200101", None))
        send(connection, _days_zip("20200101", "20230101"))
        (found,) = open_versions(connection)
    assert (found.valid_from, found.valid_to) == (date(2020, 1, 1), date(2023, 1, 1))


def test_end_before_the_beginning_is_an_issue(service, send):
    with service() as connection:
        upload = send(connection, _days_zip(None, "20231231"))
    assert kinds(upload) == {"dates_reversed": 1}
