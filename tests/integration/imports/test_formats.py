"""GeoPackage, GeoJSON, CSV and Excel: what they say, and what is refused."""

import io
import json
import tracemalloc

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import pytest
import shapely

from parcels.refusal import Refusal
from parcels.surveys.stated_crs import read_crs_words
from tests.integration.imports.import_steps import FIRST, values, wkb
from tests.survey_files import (
    EAST,
    PARCEL_FIELDS,
    members,
    parcel_code,
    parcel_row_of_squares,
    parcel_rows,
    zipped,
)
from tests.unit.parcels.surveys.test_coordinate_exchange import HEAD, PLOT


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.zip", b"", "empty_file"),
        ("a.dxf", b"0\nSECTION", "format_dxf"),
        ("a.DWG", b"AC1027", "format_dxf"),
        ("a.kml", b"<kml/>", "format_kml"),
        ("a.kmz", b"PK", "format_kml"),
        ("a.vct", b"DataMark: CNSDTF-VCT", "format_vct"),
        ("a.mdb", b"x", "format_mdb"),
        ("a.xls", b"x", "format_xls"),
        ("a.gdb", b"x", "bare_geodatabase"),
        ("a.shp", b"x", "bare_shapefile"),
        ("a.rar", b"Rar!", "format_unknown"),
        ("a", b"x", "format_unknown"),
        ("a.gpkg", b"<OGRVRTDataSource/>", "format_mismatch"),
        ("a.geojson", b"<OGRVRTDataSource/>", "format_mismatch"),
        ("a.zip", b"<html>", "format_mismatch"),
        ("a.xlsx", b"<html>", "format_mismatch"),
        ("a.fgb", b"<html>", "format_mismatch"),
        ("a.parquet", b"<html>", "format_mismatch"),
        ("a.parquet", b"PAR1 and no more", "file_damaged"),
    ],
)
def test_file_that_is_not_what_it_should_be_is_refused(refused, name, data, reason):
    refused(data, reason, name=name)


def written(tmp_path, name, **more):
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
    return path.read_bytes() if path.is_file() else b""


def test_geopackage_is_read_with_its_types(read, tmp_path):
    raw, batch = read(written(tmp_path, "a.gpkg"), "b.gpkg", encoding=None)
    assert raw.crs == "EPSG:4526"
    assert values(batch)["ZDMJ"] == [100.0, 100.0, None]
    assert [one.bounds[0] - EAST for one in wkb(batch)] == [0.0, 10.0, 20.0]


def test_geopackage_is_read_from_a_copy(read, tmp_path):
    before = written(tmp_path, "a.gpkg")
    read(before, "b.gpkg", encoding=None)
    assert (tmp_path / "kept").read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"a.gpkg", "kept", "scratch"}


def test_flatgeobuf_is_read_with_its_types(read, tmp_path):
    raw, batch = read(written(tmp_path, "a.fgb"), "b.fgb", encoding=None)
    assert raw.crs.startswith("EPSG:4526")
    assert sorted(values(batch)["ZDDM"]) == [parcel_code(i + 1) for i in range(3)]
    assert len(wkb(batch)) == 3


def test_flatgeobuf_cut_between_two_rows_is_refused(refused, tmp_path):
    data = written(tmp_path, "a.fgb", SPATIAL_INDEX="NO")
    refusal = refused(data[: last_row(data)], "member_damaged", name="b.fgb")
    assert "its header says 3 records, it holds 2" in refusal.en


def last_row(data):
    """Return where the last row of a FlatGeobuf without an index begins."""
    begins, ends = 0, 12 + int.from_bytes(data[8:12], "little")
    while ends < len(data):
        begins = ends
        ends += 4 + int.from_bytes(data[begins : begins + 4], "little")
    return begins


_LIKE_ESRI = {"driver": "OpenFileGDB"}


def geodatabase(tmp_path, *layers):
    """Return a zipped File Geodatabase of layers of three squares."""
    for number, name in enumerate(layers):
        written(tmp_path, "现状.gdb", **_LIKE_ESRI, layer=name, append=number > 0)
    folder = tmp_path / "现状.gdb"
    return zipped({f"成果/现状.gdb/{p.name}": p.read_bytes() for p in folder.iterdir()})


def test_file_geodatabase_is_read_with_its_types(read, tmp_path):
    raw, batch = read(geodatabase(tmp_path, "宗地"), encoding=None)
    assert raw.fields == ("ZDDM", "ZDMJ")
    assert "4526" in raw.crs
    assert values(batch)["ZDMJ"] == [100.0, 100.0, None]
    assert [one.bounds[0] - EAST for one in wkb(batch)] == [0.0, 10.0, 20.0]


def test_of_several_layers_of_a_geodatabase_one_is_named(read, tmp_path):
    data = geodatabase(tmp_path, "宗地", "房屋")
    raw, _ = read(data, encoding=None, member="房屋")
    assert raw.findings[0].value == "房屋"


def test_geodatabase_beside_a_shapefile_is_refused(refused, tmp_path):
    files = members(parcel_row_of_squares(1), PARCEL_FIELDS, parcel_rows(1))
    geodatabase(tmp_path, "宗地")
    folder = tmp_path / "现状.gdb"
    files |= {f"现状.gdb/{p.name}": p.read_bytes() for p in folder.iterdir()}
    assert "现状.gdb" in refused(zipped(files), "zip_several_sets").zh


def test_strange_members_of_a_geodatabase_are_left_packed(read, tmp_path):
    written(tmp_path, "a.gdb", **_LIKE_ESRI, layer="宗地")
    files = {f"a.gdb/{p.name}": p.read_bytes() for p in (tmp_path / "a.gdb").iterdir()}
    read(zipped(files | {"a.gdb/run.sh": b"x", "a.gdb/a00000001.lock.x": b"x"}))
    unpacked = {one.name for one in (tmp_path / "scratch" / "layer.gdb").iterdir()}
    assert "run.sh" not in unpacked and "a00000001.lock.x" not in unpacked


def geoparquet(crs="keep", encoding="WKB", geo=True, **more):
    """Return a GeoParquet file of three squares; `more` are further columns."""
    facts = {"encoding": encoding, "geometry_types": ["Polygon"]}
    if crs == "keep":
        facts["crs"] = json.loads(pyproj.CRS("EPSG:4526").to_json())
    elif crs != "absent":
        facts["crs"] = crs
    meta = {"version": "1.1.0", "primary_column": "geom", "columns": {"geom": facts}}
    table = pa.table(
        {
            "ZDDM": pa.array(
                [parcel_code(i + 1) for i in range(3)]
            ).dictionary_encode(),
            "ZDMJ": [100.0, 100.0, None],
            "WRW": [["镉"], None, []],
            "geom": shapely.to_wkb(parcel_row_of_squares(3)),
            "bbox": pa.array([{"xmin": 0.0}] * 3),
            **more,
        }
    )
    metadata = {b"geo": json.dumps(meta).encode()} if geo else {}
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata), buffer)
    return buffer.getvalue()


def test_geoparquet_is_read_with_its_types_and_system(read):
    raw, batch = read(geoparquet(), "a.parquet", encoding=None)
    assert raw.fields == ("ZDDM", "ZDMJ", "WRW")
    assert read_crs_words(raw.crs).crs.srid == 4526
    assert values(batch)["ZDDM"] == [parcel_code(i + 1) for i in range(3)]
    assert values(batch)["WRW"] == [["镉"], None, []]
    assert [one.bounds[0] - EAST for one in wkb(batch)] == [0.0, 10.0, 20.0]


def test_geoparquet_without_a_word_is_longitude_and_latitude(read):
    raw, _ = read(geoparquet("absent"), "a.geoparquet", encoding=None)
    assert (read_crs_words(raw.crs).crs.srid, raw.crs_implied) == (4326, True)


def test_geoparquet_that_does_not_know_its_system_says_nothing(read):
    raw, _ = read(geoparquet(None), "a.parquet", encoding=None)
    assert raw.crs is None


def test_geoparquet_in_another_geometry_encoding_is_refused(refused):
    data = geoparquet(encoding="polygon")
    refused(data, "geoparquet_encoding", name="a.parquet", encoding=None)


def test_plain_parquet_is_a_table(read):
    raw, _ = read(geoparquet(geo=False), "a.parquet", "sample_result", crs=None)
    assert not raw.has_geometry


def test_single_file_in_a_zip_is_read(read, tmp_path):
    data = zipped({"成果/宗地.gpkg": written(tmp_path, "a.gpkg")})
    raw, _ = read(data, encoding=None)
    assert raw.crs == "EPSG:4526"


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("a.csv", "b.csv"), "zip_several_sets"),
        (("a.dxf", "说明.doc"), "format_dxf"),
        (("a.kml",), "format_kml"),
        (("a.dbf", "a.sbn"), "no_layer"),
        (("说明.doc",), "no_layer"),
        (("说明.txt",), "no_layer"),
    ],
)
def test_zip_without_one_layer_is_refused_with_the_reason(refused, names, reason):
    refused(zipped(dict.fromkeys(names, b"x")), reason)


POINTS = [
    ("ZDDM", "圈号", "界址点号", "X", "Y"),
    *(
        (parcel_code(1), "1", f"J{i}", 3_846_000 + north, 38_500_000 + east)
        for i, (east, north) in enumerate(((0, 0), (10, 0), (10, 10), (0, 10)))
    ),
]


def test_text_of_boundary_points_is_a_table(read):
    data = "\n".join("\t".join(map(str, line)) for line in POINTS).encode("gbk")
    raw, batch = read(data, "界址点.txt")
    assert (raw.has_geometry, len(batch)) == (False, 4)


def test_text_for_the_ministry_is_read_from_a_zip(read):
    data = zipped({"报部.txt": (HEAD + PLOT).encode("gbk"), "说明.doc": b"x"})
    raw, _ = read(data, encoding=None)
    assert raw.crs == "EPSG:4526"


def test_text_for_the_ministry_is_read_as_outlines(read):
    raw, batch = read((HEAD + PLOT).encode("gbk"), "报部.txt", encoding=None)
    assert raw.crs == "EPSG:4526"
    assert [one.area for one in wkb(batch)] == [100.0]


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


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_geojson_in_utf_16_is_refused_by_name(refused, encoding):
    data = '{"type": "FeatureCollection", "features": []}'.encode(encoding)
    assert "UTF-16" in refused(data, "geojson_in_utf_16", name="a.geojson").zh


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


def test_a_cell_touched_far_away_is_left_out_and_does_not_fill_the_memory(read):
    book = openpyxl.load_workbook(io.BytesIO(workbook(("点", [["DWBM"], ["P1"]]))))
    book.active.cell(4_000, 3_000, "x")
    buffer = io.BytesIO()
    book.save(buffer)
    tracemalloc.start()
    raw, batch = read(
        buffer.getvalue(), "a.xlsx", "sample_result", crs=None, encoding=None
    )
    # All its empty cells were kept once, 8 bytes each.
    assert tracemalloc.get_traced_memory()[1] < 4_000 * 3_000
    tracemalloc.stop()
    assert (raw.fields, batch.rows.tolist()) == (("DWBM",), [1])


def test_of_several_filled_sheets_the_likeliest_is_proposed(read):
    data = workbook(("说明", [["x"], ["1"]]), ("样品", [["DWBM", "XM"], ["2", "镉"]]))
    raw, batch = read(data, "a.xlsx", "sample_result", crs=None, encoding=None)
    (member,) = raw.findings
    assert (member.value, member.origin) == ("样品", "guessed")
    assert [one["value"] for one in member.alternatives] == ["说明"]
    assert values(batch)["DWBM"] == ["2"]


def test_named_sheet_is_read(read):
    data = workbook(("a", [["DWBM"], ["1"]]), ("b", [["DWBM"], ["2"]]))
    _, batch = read(
        data, "a.xlsx", "sample_result", crs=None, encoding=None, member="b"
    )
    assert values(batch) == {"DWBM": ["2"]}


def test_lines_of_an_old_mac_are_read(read):
    data = b"DWBM,MC\rP1,x\rP2,y\r"
    _, batch = read(data, "a.csv", "monitoring_point", crs=4490, encoding="utf-8")
    assert values(batch)["DWBM"] == ["P1", "P2"]


def test_parquet_damaged_inside_is_refused(refused):
    data = bytearray(geoparquet())
    data[4:40] = b"\xff" * 36
    refusal = refused(bytes(data), "file_damaged", name="a.parquet", encoding=None)
    assert "有一段记录读不出" in refusal.zh


@pytest.mark.parametrize(
    ("crs", "implied"), [(None, True), ("urn:ogc:def:crs:EPSG::4526", False)]
)
def test_geojson_may_name_its_system(read, crs, implied):
    square = shapely.geometry.mapping(parcel_row_of_squares(1)[0])
    members = json.loads(geojson(square))
    if crs is not None:
        members["crs"] = {"type": "name", "properties": {"name": crs}}
    raw, _ = read(json.dumps(members).encode(), "a.json", encoding=None)
    assert raw.crs_implied is implied
    assert raw.crs == ("EPSG:4326" if crs is None else "EPSG:4526")


def test_geojson_in_gbk_is_refused_with_the_byte(refused):
    data = json.dumps({"type": "净土"}, ensure_ascii=False).encode("gbk")
    error = refused(data, "text_undecodable", name="a.geojson", encoding=None)
    assert "byte 11" in error.en


def test_titles_above_a_table_are_passed_over(read):
    lines = [["界址点成果表"], [], ["单位：米", None], ["DWBM", "MC"], ["P1", "甲"]]
    more = {"crs": 4490, "encoding": None}
    _, batch = read(workbook(("a", lines)), "a.xlsx", "monitoring_point", **more)
    assert batch.rows.tolist() == [1]
    assert values(batch) == {"DWBM": ["P1"], "MC": ["甲"]}


def test_table_of_one_column_has_no_title(read):
    lines = [["DWBM"], ["P1"]]
    more = {"crs": 4490, "encoding": None}
    _, batch = read(workbook(("a", lines)), "a.xlsx", "monitoring_point", **more)
    assert values(batch) == {"DWBM": ["P1"]}
