"""Survey files become versions of the register: every layer, CRS and encoding."""

import json
from datetime import date

import pytest
import shapely
import sqlalchemy as sa
from geoalchemy2.shape import to_shape

from parcels.area import measure_area
from parcels.crs import transform_to_storage
from parcels.register import tables
from parcels.register.layers import LAYER_BY_NAME, LAYERS, Kind, Shape
from parcels.surveys.imports import find_today
from parcels.surveys.register_codes import REFERENCES
from parcels.surveys.reports import list_issues
from tests.integration.imports.import_steps import (
    CODE,
    FIRST,
    kinds,
    open_versions,
    request,
    sheet,
)
from tests.survey_files import parcel_code, parcels_zip, square_at


def test_squares_become_parcels_with_area_source_and_survey_crs(service, send):
    with service() as connection:
        upload = send(connection, parcels_zip())
        found = open_versions(connection)
        change = connection.execute(sa.select(tables.change)).one()
    assert upload.state == "committed"
    counts = {key: n for key, n in upload.comparison.items() if isinstance(n, int)}
    assert {key: n for key, n in counts.items() if n} == {"new": 3}
    assert [one.code for one in found] == [parcel_code(i) for i in (1, 2, 3)]
    assert {one.survey_srid for one in found} == {4526}
    assert found[0].mapped_area_m2 == pytest.approx(100, abs=0.01)
    assert found[0].location == "净土路0号"
    assert (found[0].valid_from, found[0].valid_to) == (FIRST, None)
    assert (change.upload_id, change.actor, change.number) == (upload.id, "测绘院", 1)
    assert len({one.object_id for one in found}) == 3


@pytest.mark.parametrize(
    ("srid", "shift"), [(4526, 0), (4547, 38_000_000), (4490, None)]
)
@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_every_declared_crs_and_encoding_gives_the_same_parcel(
    service, send, srid, shift, encoding
):
    square = square_at(0, 0)
    geometry = (
        transform_to_storage(square, 4526)
        if shift is None
        else shapely.transform(square, lambda xy: xy - (shift, 0))
    )
    data = parcels_zip([geometry], encoding=encoding)
    with service() as connection:
        send(connection, data, request(crs=srid, encoding=encoding))
        (found,) = open_versions(connection)
    stored = to_shape(found.geom)
    expected = shapely.MultiPolygon([transform_to_storage(square, 4526)])
    assert shapely.equals_exact(stored.normalize(), expected.normalize(), 1e-11)
    assert found.mapped_area_m2 == pytest.approx(measure_area(stored), rel=1e-12)
    assert found.location == "净土路0号"


def test_today_is_the_day_in_china(service):
    with service() as connection:
        today = find_today(connection)
        written = connection.scalar(
            sa.text("select to_char(now() at time zone 'Asia/Shanghai', 'YYYY-MM-DD')")
        )
    assert today.isoformat() == written


def _property(attribute):
    """Return a value that an attribute takes."""
    if attribute.values:
        return attribute.values[0]
    return {
        Kind.TEXT: "3212" if attribute.name == "industry_code" else "甲",
        Kind.INTEGER: 2024,
        Kind.NUMBER: 1.5,
        Kind.BOOLEAN: True,
        Kind.DATE: "2024-05-01",
        Kind.TEXT_LIST: "镉;铅",
    }[attribute.kind]


_CODES = {
    "parcel_code": CODE,
    "predecessor_code": CODE,
    "successor_code": parcel_code(2),
    "township_code": "999901100",
    "land_use_code": "0701",
    "unit": "mg/kg",
    "current_use_code": "0701",
    "planned_use_code": "0701",
    "negative_list": "gbt21010_2017:0701",
    "published_fields": "name",
}


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_every_layer_takes_every_attribute_under_its_survey_name(service, send, layer):
    code = {"parcel": CODE, "division": "999901"}.get(layer.name, "K-1")
    with service(role="admin") as connection:
        for one in layer.attributes:
            if one.reference and one.required:
                referred = LAYER_BY_NAME[REFERENCES[one.name]]
                send(connection, *_file(referred, _CODES.get(one.name, "甲")))
        upload = send(connection, *_file(layer, code))
        assert [
            one.message("en")
            for one in list_issues(connection, upload.id)
            if one.severity == "error"
        ] == []
        # An entry of a plot's file stands among its events.
        (found,) = [x for x in open_versions(connection, layer.name) if x.code == code]
    for one in layer.attributes:
        if not one.computed and one.name != "registered_area_m2":
            assert getattr(found, one.name) is not None, one.name
    if layer.shape is not Shape.NONE:
        assert to_shape(found.geom).geom_type == _STORED[layer.shape]


def _file(layer, code):
    """Return a file of one object with every attribute, its declaration, its name."""
    given = {
        one.survey_fields[0]: _CODES.get(one.name, _property(one))
        for one in layer.attributes
        if not one.computed and one.name != "registered_area_m2"
    }
    given[layer.code_fields[0]] = code
    geometry = _geometry(layer.shape)
    feature = {"type": "Feature", "properties": given, "geometry": geometry}
    data = json.dumps({"type": "FeatureCollection", "features": [feature]})
    crs = None if layer.shape is Shape.NONE else 4490
    return data.encode(), request(layer=layer.name, crs=crs, encoding=None), "a.geojson"


_STORED = {
    Shape.AREA: "MultiPolygon",
    Shape.AREA_OR_NONE: "MultiPolygon",
    Shape.PLACE: "MultiPolygon",
    Shape.POINT: "Point",
    Shape.LINE: "MultiLineString",
}


def _geometry(shape):
    if shape is Shape.NONE:
        return None
    drawn = {
        Shape.POINT: shapely.Point(114, 34.75),
        Shape.LINE: shapely.LineString([(114, 34.75), (114.001, 34.75)]),
    }.get(shape, shapely.box(114, 34.75, 114.001, 34.751))
    return shapely.geometry.mapping(drawn)


def test_lists_numbers_and_days_of_a_table_are_typed(service, send):
    data = sheet(
        [
            *("DKBM", "DKMC", "JD", "WRW", "ZBKF", "QX", "X", "Y"),
            *("LRML", "LRPC", "LRWJ", "LRRQ"),
        ],
        [
            "DK-1",
            "甲",
            "contaminated",
            "镉; 铅",
            "是",
            "2024年5月1日",
            3846000,
            38500000,
            *("污染地块名录", "2024年第1批", "净环函〔2024〕8号", "20240401"),
        ],
    )
    declared = request(layer="plot", encoding="utf-8")
    with service() as connection:
        upload = send(connection, data, declared, "a.csv")
        (found,) = open_versions(connection, "plot")
    assert kinds(upload) == {"code_unusual": 1}
    assert found.pollutants == ["镉", "铅"]
    assert found.held is True
    assert found.required_activity_due_on == date(2024, 5, 1)
    assert to_shape(found.geom).x == pytest.approx(114.0)


def test_coverage_of_a_whole_county_has_no_geometry(service, send):
    data = sheet(["FGDM", "ZT", "SJRQ"], ["1", "plot", "2024-05-01"])
    declared = request(layer="theme_coverage", crs=None, encoding="utf-8")
    with service() as connection:
        send(connection, data, declared, "a.csv")
        (found,) = open_versions(connection, "theme_coverage")
    assert (found.theme, found.geom) == ("plot", None)
