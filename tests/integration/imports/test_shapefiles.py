"""What shapefiles say, in each encoding, and each way one can be broken."""

import json
import struct

import pytest
import shapely

from tests.integration.imports.import_steps import values, wkb
from tests.survey_files import (
    EAST,
    PARCEL_FIELDS,
    dbf,
    members,
    parcel_code,
    parcel_row_of_squares,
    parcel_rows,
    parcels_zip,
    square_at,
    zipped,
)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_shapefile_is_read_in_the_declared_encoding(read, encoding):
    raw, batch = read(parcels_zip(encoding=encoding), encoding=encoding)
    assert raw.fields == ("ZDDM", "ZL", "ZDMJ")
    assert batch.rows.tolist() == [1, 2, 3]
    assert values(batch)["ZL"] == ["净土路0号", "净土路1号", "净土路2号"]
    assert values(batch)["ZDMJ"] == ["100.00"] * 3
    assert wkb(batch) == parcel_row_of_squares_as_stored(3)


def parcel_row_of_squares_as_stored(count):
    return [
        shapely.orient_polygons(one, exterior_cw=True)
        for one in parcel_row_of_squares(count)
    ]


def test_text_in_another_encoding_is_told_row_by_row(read):
    _, batch = read(parcels_zip(encoding="gbk"), encoding="utf-8")
    (issue,) = batch.issues
    assert (issue.kind, issue.field) == ("text_undecodable", "ZL")
    assert issue.rows.tolist() == [1, 2, 3]
    assert values(batch)["ZL"] == [None] * 3


def test_no_cpg_and_no_driver_byte_can_change_the_encoding(read):
    files = members(parcel_row_of_squares(1), PARCEL_FIELDS, parcel_rows(1), "utf-8")
    files["宗地.cpg"] = b"GBK"
    _, batch = read(zipped(files), encoding="utf-8")
    assert values(batch)["ZL"] == ["净土路0号"]


def with_cpg(cpg, encoding):
    files = members(parcel_row_of_squares(1), PARCEL_FIELDS, parcel_rows(1), encoding)
    return zipped(files | {"宗地.CPG": cpg})


@pytest.mark.parametrize(("cpg", "encoding"), [(b"UTF-8", "utf-8"), (b"936", "gbk")])
def test_cpg_states_the_encoding(read, cpg, encoding):
    raw, batch = read(with_cpg(cpg, encoding), encoding=None)
    assert raw.findings[1].origin == "stated"
    assert values(batch)["ZL"] == ["净土路0号"]


@pytest.mark.parametrize(
    ("cpg", "declared"), [(b"UTF-16", None), (b"GBK", "utf-16"), (b"UTF-16", "utf-16")]
)
def test_a_dbf_is_not_read_as_utf_16(refused, cpg, declared):
    told = refused(with_cpg(cpg, "gbk"), "dbf_in_utf_16", encoding=declared)
    assert "宗地.dbf" in told.zh


def test_cpg_that_the_text_contradicts_is_refused_with_the_row(refused):
    error = refused(with_cpg(b"UTF-8", "gbk"), "cpg_contradicts_bytes", encoding=None)
    assert "row 1, field ZL" in error.en


def test_without_cpg_the_encoding_is_guessed_and_shown_decoded(read):
    raw, _ = read(parcels_zip(), encoding=None)
    _, encoding = raw.findings
    assert (encoding.value, encoding.origin) == ("gb18030", "guessed")
    shown = {one["value"]: one["samples"] for one in encoding.alternatives}
    assert shown["utf-8"][0]["ZL"].startswith("\\xbe\\xbb")


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_chinese_field_name_cut_inside_a_character_is_read(read, encoding):
    fields = (*PARCEL_FIELDS[:2], ("a土地坐落位置".encode(encoding)[:10], "N", 15, 2))
    data = zipped(members(parcel_row_of_squares(1), fields, parcel_rows(1), encoding))
    raw, _ = read(data, encoding=None)
    assert raw.fields[2] == {"utf-8": "a土地坐", "gbk": "a土地坐落"}[encoding]


def test_member_names_in_gbk_without_flag_are_read(read):
    files = members(parcel_row_of_squares(1), PARCEL_FIELDS, parcel_rows(1))
    raw, batch = read(zipped({f"成果/{k}": v for k, v in files.items()}, names="gbk"))
    assert len(batch) == 1


def test_case_of_extensions_and_clutter_do_not_matter(read):
    files = members(parcel_row_of_squares(1), PARCEL_FIELDS, parcel_rows(1))
    odd = {name.upper() if "dbf" in name else name: v for name, v in files.items()}
    odd |= {"__MACOSX/._宗地.shp": b"x", "宗地.shp.xml": b"<a/>", "说明.txt": b"-"}
    _, batch = read(zipped(odd))
    assert len(batch) == 1


def test_values_arrive_as_they_are_written(read):
    rows = [
        (parcel_code(1), "a", b"12a".rjust(15)),
        (parcel_code(2), "b", b"*" * 15),
        (parcel_code(3), "c", b" " * 15),
    ]
    _, batch = read(parcels_zip(rows=rows))
    assert values(batch)["ZDMJ"] == ["12a", None, None]


def test_text_ends_at_a_nul_and_trailing_blanks_go(read):
    rows = [(parcel_code(1), b"abc\0\xff\xfe".ljust(60), 1.0)]
    _, batch = read(parcels_zip(parcel_row_of_squares(1), rows))
    assert values(batch)["ZL"] == ["abc"]
    assert batch.issues == ()


def test_deleted_records_are_passed_over_and_numbers_stay(read):
    files = members(parcel_row_of_squares(3), PARCEL_FIELDS, parcel_rows(3))
    _, batch = read(zipped(deleted(files, 2)))
    assert batch.rows.tolist() == [1, 3]
    assert [one.bounds[0] - EAST for one in wkb(batch)] == [0.0, 20.0]


def deleted(files, *rows):
    """Return the members of a survey with records marked as deleted."""
    table = bytearray(files["宗地.dbf"])
    begin, width = (int.from_bytes(table[at : at + 2], "little") for at in (8, 10))
    for row in rows:
        table[begin + (row - 1) * width] = ord("*")
    return files | {"宗地.dbf": bytes(table)}


def test_faults_of_other_rows_are_told_beside_a_deleted_record(read):
    rows = parcel_rows(4)
    for place in (0, 1, 3):
        rows[place] = (rows[place][0], b"\xff" * 60, 100.0)
    files = members(parcel_row_of_squares(4), PARCEL_FIELDS, rows)
    _, batch = read(zipped(deleted(files, 2)))
    (issue,) = batch.issues
    assert (issue.kind, issue.rows.tolist()) == ("text_undecodable", [1, 4])
    assert len(issue.values) == 2


def test_a_damaged_record_is_told_with_its_counts_and_its_row(read):
    files = members(parcel_row_of_squares(3), PARCEL_FIELDS, parcel_rows(3))
    shp = bytearray(files["宗地.shp"])
    for row in (2, 3):
        place = 100 + (row - 1) * (8 + 44 + 4 + 5 * 16) + 8 + 40
        shp[place : place + 4] = (6).to_bytes(4, "little")
    _, batch = read(zipped(deleted(files | {"宗地.shp": bytes(shp)}, 2)))
    (issue,) = batch.issues
    assert (issue.kind, issue.rows.tolist()) == ("geometry_record_damaged", [3])
    (row,) = issue.to_table().to_pylist()
    told = "写有 1 个部分、6 个节点，须有 144 字节，实有 128 字节"
    assert json.loads(row["details"])["cause_zh"] == told
    assert [one is None for one in wkb(batch)] == [False, True]


def test_null_shapes_keep_their_row(read):
    geometries = [square_at(0, 0), None, square_at(10, 0)]
    _, batch = read(parcels_zip(geometries))
    assert [one is None for one in wkb(batch)] == [False, True, False]


def test_of_several_layers_the_likeliest_is_proposed(read):
    one = members(parcel_row_of_squares(1), PARCEL_FIELDS, parcel_rows(1), name="a")
    two = members(parcel_row_of_squares(2), PARCEL_FIELDS, parcel_rows(2), name="b/c")
    raw, batch = read(zipped(one | two))
    member = raw.findings[0]
    assert (member.value, member.origin, len(batch)) == ("b/c", "guessed", 2)
    (other,) = member.alternatives
    assert (other["value"], other["rows"], other["geometry"]) == ("a", 1, "Polygon")


def test_layer_that_is_not_there_is_refused_with_those_that_are(refused):
    assert "宗地" in refused(parcels_zip(), "layer_not_in_file", member="x").zh


def test_layer_without_rows_is_no_alternative(read):
    one = members(parcel_row_of_squares(1), PARCEL_FIELDS, parcel_rows(1), name="a")
    empty = members([], PARCEL_FIELDS, [], name="b")
    raw, _ = read(zipped(one | empty))
    assert (raw.findings[0].value, raw.findings[0].origin) == ("a", "stated")


@pytest.mark.parametrize("member", ["b/c", "B/C.SHP"])
def test_named_layer_is_read(read, member):
    one = members(parcel_row_of_squares(1), PARCEL_FIELDS, parcel_rows(1), name="a")
    two = members(parcel_row_of_squares(2), PARCEL_FIELDS, parcel_rows(2), name="b/c")
    _, batch = read(zipped(one | two), member=member)
    assert len(batch) == 2


def test_prj_is_kept_to_be_compared(read):
    raw, _ = read(parcels_zip(prj='GEOGCS["x"]'))
    assert raw.crs == 'GEOGCS["x"]'


@pytest.mark.parametrize("missing", [".shx", ".dbf"])
def test_incomplete_shapefile_names_what_is_missing(refused, missing):
    files = members(parcel_row_of_squares(1), PARCEL_FIELDS, parcel_rows(1))
    del files[f"宗地{missing}"]
    assert missing in refused(zipped(files), "member_missing").zh


def test_zip_without_any_shapefile_is_refused(refused):
    refused(zipped({"a.dbf": dbf(PARCEL_FIELDS, [])}), "no_layer")


def _cut(suffix, keep):
    files = members(parcel_row_of_squares(3), PARCEL_FIELDS, parcel_rows(3))
    files[f"宗地{suffix}"] = files[f"宗地{suffix}"][:keep]
    return zipped(files)


@pytest.mark.parametrize(
    ("suffix", "keep"),
    [
        (".shp", 0),
        (".shp", 50),
        (".shp", -10),
        (".shx", 0),
        (".shx", 104),
        (".dbf", 0),
        (".dbf", 20),
        (".dbf", 100),
        (".dbf", -120),
    ],
)
def test_member_that_was_cut_short_is_refused_by_name(refused, suffix, keep):
    assert suffix in refused(_cut(suffix, keep), "member_damaged").en


def test_different_numbers_of_shapes_and_records_are_refused(refused):
    files = members(parcel_row_of_squares(3), PARCEL_FIELDS, parcel_rows(3))
    files["宗地.dbf"] = dbf(PARCEL_FIELDS, parcel_rows(2))
    error = refused(zipped(files), "member_damaged")
    assert "2" in error.en and "3" in error.en


def test_record_count_that_lies_is_refused(refused):
    files = members(parcel_row_of_squares(3), PARCEL_FIELDS, parcel_rows(3))
    files["宗地.dbf"] = dbf(PARCEL_FIELDS, parcel_rows(3), count=2**31)
    refused(zipped(files), "member_damaged")


def test_index_that_points_beyond_the_shapes_is_refused(refused):
    files = members(parcel_row_of_squares(1), PARCEL_FIELDS, parcel_rows(1))
    files["宗地.shx"] = files["宗地.shx"][:100] + struct.pack(">ii", 10**6, 64)
    refused(zipped(files), "member_damaged")


def test_field_that_occurs_twice_is_refused(refused):
    fields = (("ZDDM", "C", 28, 0), ("zddm", "C", 5, 0))
    rows = [(parcel_code(1), "x")]
    data = zipped(members(parcel_row_of_squares(1), fields, rows))
    refused(data, "field_twice")


def test_empty_layer_has_no_rows(read):
    _, batch = read(parcels_zip([], []))
    assert batch is None
