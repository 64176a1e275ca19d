"""GeoPackage, GeoJSON, CSV and Excel: what they say, and what is refused."""

import io
import json

import openpyxl
import pyarrow as pa
import pyogrio
import pytest
import shapely

from parcels.refusal import Refusal
from tests.integration.imports.import_steps import FIRST, values, wkb
from tests.survey_files import EAST, parcel_code, parcel_row_of_squares


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.zip", b"", "empty_file"),
        ("a.dxf", b"0\nSECTION", "format_dxf"),
        ("a.shp", b"x", "bare_shapefile"),
        ("a.rar", b"Rar!", "format_unknown"),
        ("a", b"x", "format_unknown"),
        ("a.gpkg", b"<OGRVRTDataSource/>", "format_mismatch"),
        ("a.geojson", b"<OGRVRTDataSource/>", "format_mismatch"),
        ("a.zip", b"<html>", "format_mismatch"),
        ("a.xlsx", b"<html>", "format_mismatch"),
    ],
)
def test_file_that_is_not_what_it_should_be_is_refused(refused, name, data, reason):
    refused(data, reason, name=name)


def _written(tmp_path, name, **more):
    """Return a file that GDAL writes of three squares."""
    table = pa.table(
        {
            "ZDDM": [parcel_code(i + 1) for i in range(3)],
            "ZDMJ": [100.0, 100.0, None],
            "geometry": shapely.to_wkb(parcel_row_of_squares(3)),
        }
    )
    path = tmp_path / name
    pyogrio.write_arrow(
        table,
        path,
        geometry_name="geometry",
        geometry_type="Polygon",
        crs="EPSG:4526",
        **more,
    )
    return path.read_bytes()


def test_geopackage_is_read_with_its_types(read, tmp_path):
    raw, batch = read(_written(tmp_path, "a.gpkg"), "b.gpkg", encoding=None)
    assert raw.crs == "EPSG:4526"
    assert values(batch)["ZDMJ"] == [100.0, 100.0, None]
    assert [one.bounds[0] - EAST for one in wkb(batch)] == [0.0, 10.0, 20.0]


def test_geopackage_is_read_from_a_copy(read, tmp_path):
    before = _written(tmp_path, "a.gpkg")
    read(before, "b.gpkg", encoding=None)
    assert (tmp_path / "kept").read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"a.gpkg", "kept", "scratch"}


def geojson(*geometries, **properties):
    features = [
        {
            "type": "Feature",
            "properties": {"ZDDM": parcel_code(i + 1), **properties},
            "geometry": geometry,
        }
        for i, geometry in enumerate(geometries)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_geojson_is_read_with_nulls_and_lists(read):
    square = shapely.geometry.mapping(shapely.box(114, 34, 114.001, 34.001))
    data = geojson(square, None, WRW=["镉", "铅"])
    raw, batch = read(data, "a.json", crs=4490, encoding=None)
    assert values(batch)["WRW"] == [["镉", "铅"]] * 2
    assert [one is None for one in wkb(batch)] == [False, True]


@pytest.mark.parametrize(
    "data", [b"{", b"{}", b'{"type": "Topology", "objects": {}}', b"{" * 100_000]
)
def test_broken_geojson_is_refused_or_raises_a_library_error(read, data):
    with pytest.raises((Refusal, pyogrio.errors.DataSourceError)):
        read(data, "a.geojson", crs=4490, encoding=None)


CSV = "DWBM,MC,经度,纬度\nP1,甲,114.0,34.0\n\nP2,,114.1,34.1\n"


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig"])
def test_csv_is_text_with_empty_values_as_null(read, encoding):
    declared = "gbk" if encoding == "gbk" else "utf-8"
    _, batch = read(
        CSV.encode(encoding), "a.csv", "monitoring_point", crs=4490, encoding=declared
    )
    assert values(batch)["DWBM"] == ["P1", "P2"]
    assert values(batch)["MC"] == ["甲", None]


def test_csv_keeps_leading_zeros_quotes_and_line_breaks(read):
    data = b'DWBM,MC\n007,"a,""b""\nc"\n'
    _, batch = read(data, "a.csv", "monitoring_point", crs=4490, encoding="utf-8")
    assert values(batch) == {"DWBM": ["007"], "MC": ['a,"b"\nc']}


def test_tabs_separate_where_there_is_no_comma(read):
    data = b"DWBM\tMC\nP1\tx\n"
    _, batch = read(data, "a.csv", "monitoring_point", crs=4490, encoding="utf-8")
    assert values(batch) == {"DWBM": ["P1"], "MC": ["x"]}


def test_csv_in_another_encoding_is_refused_with_the_byte(refused):
    error = refused(
        CSV.encode("gbk"),
        "text_undecodable",
        name="a.csv",
        layer="monitoring_point",
        encoding="utf-8",
    )
    assert "byte 9" in error.en


def test_csv_line_with_another_number_of_values_is_refused_by_row(refused):
    error = refused(
        b"DWBM,MC\nP1,x\nP2,x,y\n",
        "row_length",
        name="a.csv",
        layer="monitoring_point",
    )
    assert "Row 2" in error.en


def test_encoding_of_a_table_is_proposed_with_its_lines(read):
    data = "DWBM,MC\nP1,净土路点\n".encode("gbk")
    raw, batch = read(data, name="a.csv", layer="monitoring_point", encoding=None)
    (encoding,) = raw.findings
    assert (encoding.value, encoding.origin) == ("gb18030", "guessed")
    assert values(batch)["MC"] == ["净土路点"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_mark_states_the_encoding(read, encoding):
    data = "DWBM,MC\nP1,净土路点\n".encode(encoding)
    raw, batch = read(data, name="a.csv", layer="monitoring_point", encoding=None)
    assert raw.findings[0].origin == "stated"
    assert values(batch)["MC"] == ["净土路点"]


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in sheets:
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_sheet_is_read_as_text_and_keeps_row_numbers(read):
    data = workbook(
        ("样品", [["DWBM", "SZ", "CYRQ"], ["P1", 0.3, FIRST], [], ["P2", 12.0, None]]),
        ("空", []),
    )
    _, batch = read(data, "a.xlsx", "sample_result", crs=None, encoding=None)
    assert batch.rows.tolist() == [1, 3]
    assert values(batch) == {
        "DWBM": ["P1", "P2"],
        "SZ": ["0.3", "12"],
        "CYRQ": ["2024-01-01", None],
    }


def test_several_filled_sheets_must_be_named(refused):
    data = workbook(("a", [["DWBM"], ["1"]]), ("b", [["DWBM"], ["2"]]))
    more = {"name": "a.xlsx", "layer": "sample_result", "crs": None, "encoding": None}
    refused(data, "several_layers", **more)


def test_named_sheet_is_read(read):
    data = workbook(("a", [["DWBM"], ["1"]]), ("b", [["DWBM"], ["2"]]))
    _, batch = read(
        data, "a.xlsx", "sample_result", crs=None, encoding=None, member="b"
    )
    assert values(batch) == {"DWBM": ["2"]}
