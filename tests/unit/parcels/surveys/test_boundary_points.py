"""Lists of boundary points draw outlines: rings, holes, parts, blanks."""

import numpy as np
import pyarrow as pa
import pytest
import shapely

from parcels.register.layers import LAYER_BY_NAME
from parcels.surveys.boundary_points import (
    ListFields,
    assemble_outlines,
    draw_outline,
    find_list_fields,
)
from parcels.surveys.points import CoordinateFields
from parcels.surveys.raw import RawBatch, RawLayer
from tests.unit.parcels.surveys.test_mapping import map_fields, request

SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]
HOLE = [(2, 2), (4, 2), (4, 4), (2, 4)]
ISLAND = [(2.5, 2.5), (3, 2.5), (3, 3), (2.5, 3)]
FAR = [(20, 0), (30, 0), (30, 10), (20, 10)]
FIELDS = ListFields("ZDDM", "圈号", CoordinateFields("Y", "X"))


def ring(points):
    return np.array(points, dtype=float)


def lines(*points):
    """Return a layer of (code, ring, east, north, more) lines."""
    codes, rings, east, north, more = zip(*points, strict=True)
    columns = {"ZDDM": codes, "圈号": rings, "Y": east, "X": north, "ZL": more}
    texts = {
        name: pa.array([None if v is None else str(v) for v in values], pa.string())
        for name, values in columns.items()
    }
    rows = np.arange(1, len(points) + 1, dtype=np.int32)
    return RawLayer(tuple(columns), False, iter([RawBatch(rows, texts)]))


def drawn(*points, fields=FIELDS):
    """Return the only batch of what is assembled, and its outlines."""
    (batch,) = assemble_outlines(lines(*points), fields).batches
    return batch, [one and shapely.from_wkb(one) for one in batch.geometry.to_pylist()]


def walk(code, points, number="1", more="路"):
    return [(code, number, x, y, more) for x, y in points]


@pytest.mark.parametrize(
    ("rings", "area", "parts"),
    [
        ([SQUARE], 100, 1),
        ([[*SQUARE, SQUARE[0]]], 100, 1),
        ([SQUARE, HOLE], 96, 1),
        ([HOLE, SQUARE], 96, 1),
        ([SQUARE, HOLE[::-1]], 96, 1),
        ([SQUARE, HOLE, ISLAND], 96.25, 2),
        ([SQUARE, FAR], 200, 2),
        ([SQUARE, FAR, HOLE], 196, 2),
    ],
)
def test_rings_enclose_an_area_in_any_order(rings, area, parts):
    outline = draw_outline([ring(one) for one in rings])
    assert outline.is_valid and outline.area == area
    assert shapely.get_num_geometries(outline) == parts


@pytest.mark.parametrize("count", [1, 2])
def test_ring_of_too_few_points_is_drawn_and_not_valid(count):
    assert not draw_outline([ring(SQUARE[:count])]).is_valid


def test_lines_of_a_parcel_become_one_row_at_its_first_line():
    batch, outlines = drawn(*walk("A", SQUARE), *walk("B", FAR, more=None))
    assert batch.rows.tolist() == [1, 5]
    assert batch.columns["ZDDM"].to_pylist() == ["A", "B"]
    assert batch.columns["ZL"].to_pylist() == ["路", None]
    assert set(batch.columns) == {"ZDDM", "ZL"}
    assert [one.bounds for one in outlines] == [(0, 0, 10, 10), (20, 0, 30, 10)]


def test_rings_are_told_apart_by_their_number():
    _, (outline,) = drawn(*walk("A", SQUARE), *walk("A", HOLE, "2"))
    assert outline.area == 96


def test_blank_cells_repeat_the_line_before():
    points = [("A", "1", 0, 0, "路"), *walk(None, SQUARE[1:], None, None)]
    batch, (outline, _) = drawn(*points, *walk("B", FAR))
    assert batch.columns["ZDDM"].to_pylist() == ["A", "B"]
    assert batch.columns["ZL"].to_pylist() == ["路", "路"]
    assert outline.area == 100


def test_parcel_with_an_unreadable_point_has_no_outline_and_is_told():
    points = walk("A", SQUARE)
    points[2] = ("A", "1", "十", 10, "路")
    batch, (outline,) = drawn(*points)
    assert outline is None
    told = [(one.kind, one.rows.tolist()) for one in batch.issues if len(one.rows)]
    assert told == [("number_unreadable", [3])]


def test_which_tables_are_lists_of_boundary_points():
    place = CoordinateFields("Y", "X")

    def found(layer, *fields):
        raw = RawLayer((*fields, "X", "Y"), False, iter(()))
        mapping = map_fields(raw.fields, request(layer))
        return find_list_fields(raw, mapping, place, LAYER_BY_NAME[layer])

    assert found("parcel", "ZDDM", "圈号") == ListFields("ZDDM", "圈号", place)
    assert found("parcel", "ZDDM") == ListFields("ZDDM", None, place)
    assert found("parcel", "ZL") is None
    assert found("plot", "DKBM", "JZDH") == ListFields("DKBM", None, place)
    assert found("plot", "DKBM") is None
    assert found("monitoring_point", "DWBM", "JZDH") is None
