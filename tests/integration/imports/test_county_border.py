"""A file is held against its county's border: what lies between is told and drawn."""

import json
from datetime import date

import pytest
import shapely

from parcels.area import measure_area
from parcels.crs import transform_to_storage
from parcels.register.history import insert_version, next_object_id
from parcels.register.layers import LAYER_BY_NAME
from parcels.surveys.reports import list_issues
from tests.integration.conftest import CONTEXT
from tests.integration.imports.import_steps import FIRST, request
from tests.integration.register_rows import change, element
from tests.survey_files import EAST, NORTH, parcel_code, parcels_zip, square_at


@pytest.fixture
def county(service):
    """A county of 100 m by 100 m on record; give a transaction beside it."""
    outline = shapely.multipolygons([transform_to_storage(square_at(0, 0, 100), 4526)])
    with service(scope="*", role="admin") as connection:
        with change(connection, "*") as opened:
            values = {
                "object_id": next_object_id(connection),
                "code": "999901",
                "division_code": "999901",
                "valid_from": date(2020, 1, 1),
                "name_zh": "净土县",
                "mapped_area_m2": 10_000.0,
                "geom": element(outline),
            }
            insert_version(connection, opened, LAYER_BY_NAME["division"], values)
        act_as(connection, "surveyor")
        yield connection


def act_as(connection, role):
    connection.execute(CONTEXT, {"scope": "999901", "role": role})


def rectangle(west, south, east, north):
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def parcels(*shapes):
    rows = [(parcel_code(n), "甲", one.area) for n, one in enumerate(shapes, 1)]
    return parcels_zip(list(shapes), rows)


def test_a_strip_between_parcels_and_border_is_told_as_a_polygon(county, send):
    data = parcels(rectangle(0.05, 0, 50, 100), rectangle(50, 0, 100, 100))
    upload = send(county, data, request(FIRST))
    found = [one for one in list_issues(county, upload.id) if "gap" in one.kind]
    ((kind, row),) = [(one.kind, one.row) for one in found]
    assert (kind, row) == ("border_gap_narrow", 1)
    (issue,) = found
    assert issue.details["area_m2"] == pytest.approx(5, abs=0.01)
    assert measure_area(issue.geometry) == pytest.approx(5, abs=0.01)
    assert "净土县" in issue.message("zh") and "border of 净土县" in issue.message("en")


def test_parcels_elsewhere_in_the_county_are_no_gap(county, send):
    upload = send(county, parcels(square_at(30, 30), square_at(40, 30)), request(FIRST))
    assert (upload.state, dict(upload.issue_counts)) == ("committed", {})


def test_a_whole_survey_of_townships_answers_for_its_county(county, send, tmp_path):
    west, east = rectangle(0, 0, 60, 100), rectangle(60, 0, 90, 100)
    path = tmp_path / "乡镇.geojson"
    features = [
        {
            "type": "Feature",
            "properties": {"XZQDM": code, "XZQMC": "镇"},
            "geometry": shapely.geometry.mapping(transform_to_storage(one, 4526)),
        }
        for code, one in (("999901100", west), ("999901101", east))
    ]
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection), encoding="utf-8")
    act_as(county, "admin")
    declared = request(FIRST, layer="division", crs=4490)
    upload = send(county, path.read_bytes(), declared, path.name)
    found = [one for one in list_issues(county, upload.id) if "gap" in one.kind]
    assert [(one.kind, one.row) for one in found] == []
    whole = request(FIRST, layer="division", crs=4490, update="whole")
    upload = send(county, path.read_bytes(), whole, path.name)
    found = [one for one in list_issues(county, upload.id) if "gap" in one.kind]
    assert [(one.kind, one.row) for one in found] == [("border_gap", 2)]
    assert found[0].details["area_m2"] == pytest.approx(1000, abs=1)
    assert upload.comparison["missing"] == 0
