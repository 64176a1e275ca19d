"""What is open in a declaration, and what a person is asked about it."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
import shapely

from parcels.surveys.ground import Ground, make_ground
from parcels.surveys.raw import RawBatch, RawLayer
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest
from parcels.surveys.settling import settle
from tests.survey_files import EAST, NORTH, parcel_code, parcel_row_of_squares

COUNTY = make_ground(
    [("999901", "虚构县", None, shapely.to_wkb(shapely.box(113.5, 34.5, 114.5, 35.0)))]
)
OPEN = {"crs": None, "mapping": None}


def layer_of(columns, geometries=None, **more):
    """Return a raw layer of text columns."""
    count = len(next(iter(columns.values())))
    batch = RawBatch(
        np.arange(1, count + 1, dtype=np.int32),
        {name: pa.array(values, pa.string()) for name, values in columns.items()},
        None if geometries is None else pa.array(shapely.to_wkb(geometries)),
    )
    return RawLayer(tuple(columns), geometries is not None, iter([batch]), **more)


def parcels(fields=None, **more):
    columns = fields or {"ZDDM": [parcel_code(i + 1) for i in range(3)]}
    return layer_of(columns, parcel_row_of_squares(3), **more)


def points(**columns):
    return layer_of({"DWBM": ["P1"]} | {name: [one] for name, one in columns.items()})


def settled(raw, layer="parcel", ground=COUNTY, division="999901", **declared):
    request = UploadRequest(layer, division, date(2024, 1, 1), **(OPEN | declared))
    return settle(raw, request, ground)


def proposed(raw, **more):
    return settled(raw, **more).proposal


def test_fully_declared_file_needs_no_confirmation():
    found = settled(parcels(), crs=4526, mapping={})
    assert found.proposal.must_confirm == ()
    assert found.request.crs == 4526
    assert [len(batch) for batch in found.raw.batches] == [3]


def test_system_the_file_states_completes_the_declaration():
    found = settled(parcels(crs="EPSG:4526"))
    assert found.proposal.must_confirm == ()
    assert found.request.crs == 4526


def test_guessed_system_is_proposed_with_rows_and_where_they_would_lie():
    proposal = proposed(parcels())
    assert (proposal.crs, proposal.must_confirm) == (4526, ("crs",))
    assert proposal.samples[0] == {"ZDDM": parcel_code(1)}
    west, south, east, north = proposal.bounds
    assert 114.0 <= west < east < 114.001 and 34.7 < south < north < 34.8


def test_file_of_a_prefecture_may_be_of_a_county_not_drawn_yet():
    outline = shapely.to_wkb(shapely.box(110.0, 30.0, 110.5, 30.5))
    elsewhere = make_ground([("999902", "另一县", None, outline)])
    proposal = proposed(parcels(), ground=elsewhere, division="9999")
    assert (proposal.crs, proposal.must_confirm) == (4526, ("crs",))
    with pytest.raises(FileRefused) as refused:
        settled(parcels(), ground=elsewhere, division="999902")
    assert refused.value.reason == "outside_county"


def test_required_attribute_without_a_field_is_asked_for():
    proposal = proposed(parcels({"编号": ["1", "2", "3"]}), crs=4526)
    assert proposal.must_confirm == ("mapping",)
    assert [one.kind for one in proposal.evidence][0] == "field_unfilled"
    (other,) = proposal.alternatives["mapping"]
    assert other == {"value": "编号", "samples": ["1", "2", "3"]}


def test_nothing_is_asked_when_no_field_is_left_to_choose():
    raw = parcels({"ZL": ["a", "b", "c"]})
    assert proposed(raw, crs=4526).must_confirm == ()


def test_declared_mapping_is_not_asked_again():
    raw = parcels({"编号": ["1", "2", "3"]})
    assert proposed(raw, crs=4526, mapping={}).must_confirm == ()


@pytest.mark.parametrize("cut", ["土壤环", "土壤环境质"])
def test_field_name_cut_by_a_dbf_is_proposed(cut):
    fields = {"LBBM": ["1", "2", "3"], cut: ["优先保护"] * 3}
    raw = parcels(fields, names_cut=True)
    proposal = proposed(raw, layer="farmland_unit", crs=4526)
    assert proposal.must_confirm == ("mapping",)
    assert proposal.mapping == {"code": "LBBM", "category": cut}
    assert proposal.evidence[0].kind == "name_cut"


def test_name_cut_so_that_two_attributes_fit_is_not_guessed():
    fields = {"LBBM": ["1"] * 3, "ZLLB": ["x"] * 3, "land_use_": ["0101"] * 3}
    raw = parcels(fields, names_cut=True)
    assert proposed(raw, layer="farmland_unit", crs=4526).must_confirm == ()


def test_survey_axes_need_no_question():
    raw = points(X="3846924.0", Y="38465205.0")
    found = settled(raw, layer="monitoring_point", crs=4526)
    assert found.place == ("Y", "X")
    assert found.proposal.must_confirm == ()


def test_columns_named_as_on_maps_are_turned_and_asked():
    raw = points(X="38465205.0", Y="3846924.0")
    found = settled(raw, layer="monitoring_point", crs=4526)
    assert found.place == ("X", "Y")
    assert found.proposal.must_confirm == ("mapping",)
    mapping = found.proposal.mapping
    assert (mapping["east"], mapping["north"]) == ("X", "Y")


def test_confirmed_columns_are_taken():
    raw = points(X="38465205.0", Y="3846924.0")
    mapping = {"east": "X", "north": "Y"}
    found = settled(raw, layer="monitoring_point", crs=4526, mapping=mapping)
    assert found.place == ("X", "Y")
    assert found.proposal.must_confirm == ()


def test_columns_against_the_declaration_stop():
    raw = points(X="38465205.0", Y="3846924.0")
    with pytest.raises(FileRefused) as refused:
        settled(raw, layer="monitoring_point", crs=4526, mapping={})
    assert refused.value.reason == "axes_swapped"


def test_points_in_degrees_and_minutes_propose_degrees():
    raw = points(经度="113°37′12″", 纬度="34°45′")
    proposal = proposed(raw, layer="monitoring_point")
    assert (proposal.crs, proposal.must_confirm) == (4490, ("crs",))


def test_table_of_facts_has_no_system_to_ask_for():
    raw = layer_of({"MLBH": ["1"], "TYSHXYDM": ["2"], "ND": ["2024"]})
    assert proposed(raw, layer="key_unit_list").must_confirm == ()


def test_several_open_values_are_asked_together():
    raw = parcels({"编号": ["1", "2", "3"]})
    assert proposed(raw).must_confirm == ("mapping", "crs")


def test_without_prefix_and_outline_the_system_has_to_be_said():
    squares = shapely.transform(
        np.array(parcel_row_of_squares(3)), lambda xy: xy - [38_000_000, 0]
    )
    raw = layer_of({"ZDDM": ["1", "2", "3"]}, squares)
    proposal = proposed(raw, ground=Ground())
    assert (proposal.crs, proposal.must_confirm, proposal.bounds) == (
        None,
        ("crs",),
        None,
    )


def test_file_without_rows_leaves_nothing_to_propose():
    empty = RawLayer(("ZDDM",), True, iter(()))
    assert proposed(empty).must_confirm == ()


def test_one_point_a_parcel_is_no_list_of_boundary_points():
    codes = [parcel_code(1), parcel_code(2)]
    raw = layer_of({"ZDDM": codes, "X": ["3846924.0"] * 2, "Y": ["38465205.0"] * 2})
    with pytest.raises(FileRefused) as refused:
        settled(raw, crs=4526)
    assert refused.value.reason == "no_boundary_points"


@pytest.mark.parametrize("layer", ["parcel", "monitoring_point", "theme_coverage"])
@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("WKT", "POLYGON((113.9 34.7, 113.91 34.7, 113.91 34.71, 113.9 34.7))"),
        ("WKT", "srid=4490; MultiPolygon Z (((113.9 34.7 0, 114 34.7 0, 114 35 0)))"),
        ("GeoJSON", '{"type": "Point", "coordinates": [113.9, 34.7]}'),
        ("WKB", shapely.to_wkb(shapely.box(0, 0, 1, 1), hex=True)),
    ],
)
def test_a_table_with_geometry_as_text_is_refused_by_its_column(layer, form, text):
    raw = layer_of({"编码": ["K-1", "K-2"], "图形": [None, text]})
    with pytest.raises(FileRefused) as refused:
        settled(raw, layer, crs=4490)
    assert refused.value.reason == "geometry_as_text"
    assert f"“图形”列是写成文字的图形（{form}）" in refused.value.zh
    assert "GeoPackage" in refused.value.en


def test_a_table_with_coordinates_beside_geometry_as_text_is_read_by_these():
    raw = points(经度="113.9", 纬度="34.7", WKT="POINT(113.9 34.7)")
    assert settled(raw, "monitoring_point", crs=4490).place == ("经度", "纬度")


@pytest.mark.parametrize("text", ["0123456789abcdef" * 4, "POINTE(1 2)", "{}", "(1 2)"])
def test_what_only_looks_like_geometry_is_none(text):
    with pytest.raises(FileRefused) as refused:
        settled(layer_of({"ZDDM": ["1"], "备注": [text]}), crs=4490)
    assert refused.value.reason == "no_boundary_points"


def test_file_of_another_geometry_is_refused_once_with_counts():
    raw = layer_of({"ZDDM": ["1", "2"]}, [shapely.Point(1, 1)] * 2)
    with pytest.raises(FileRefused, match="POINT × 2") as refused:
        settled(raw)
    assert refused.value.reason == "layer_of_other_geometry"


def test_one_row_that_suits_is_enough_to_look_at_every_row():
    shapes = [shapely.Point(EAST, NORTH), parcel_row_of_squares(1)[0]]
    raw = layer_of({"ZDDM": [parcel_code(1), parcel_code(2)]}, shapes)
    assert proposed(raw, crs=4526).must_confirm == ()
