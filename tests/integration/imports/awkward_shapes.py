"""Shapes with a fault (section 5), and shapefiles that are torn."""

import math
import struct

import numpy as np
import shapely

from parcels.crs import transform_from_storage
from tests.integration.imports.awkward_files import Awkward, changed, survey
from tests.survey_files import (
    EAST,
    NORTH,
    PARCEL_FIELDS,
    members,
    parcel_code,
    parcel_rows,
    square_at,
    zipped,
)

_FIRST_VERTEX = 100 + 8 + 4 + 32 + 8 + 4
"""Place in a .shp of the first vertex of a first record of one ring."""


def of_record(number, offset, value):
    """Return a maker of three squares, the second holed; a word of a record changed."""
    holed = shapely.Polygon(
        square_at(20, 0).exterior.coords, [square_at(22, 2, 4.0).exterior.coords]
    )
    squares = [square_at(0, 0), holed, square_at(40, 0)]
    rows = [(parcel_code(i), "甲", 84.0 if i == 2 else 100.0) for i in (1, 2, 3)]

    def make():
        files = members(squares, PARCEL_FIELDS, rows)
        (start,) = struct.unpack_from(">i", files["宗地.shx"], 100 + 8 * (number - 1))
        shp = bytearray(files["宗地.shp"])
        struct.pack_into("<i", shp, 2 * start + 8 + offset, value)
        return zipped(files | {"宗地.shp": bytes(shp)})

    return make


def drawn(*corners):
    return shapely.Polygon([(EAST + x, NORTH + y) for x, y in corners])


def with_number(number):
    """Return a change of a .shp that puts a number for the second vertex's easting."""
    place = _FIRST_VERTEX + 16

    def change(shp):
        return shp[:place] + struct.pack("<d", number) + shp[place + 8 :]

    return changed(".shp", change)


def typed(kind, numbers):
    """Return a maker of one square whose record is Z (15) or M (25), values behind."""

    def make():
        files = members([square_at(0, 0)], PARCEL_FIELDS, parcel_rows(1))
        record = struct.pack("<i", kind) + files["宗地.shp"][112:]
        record += struct.pack(f"<{numbers}d", *range(numbers))
        words = len(record) // 2
        for suffix, body in (
            (".shp", struct.pack(">ii", 1, words) + record),
            (".shx", struct.pack(">ii", 50, words)),
        ):
            head = bytearray(files[f"宗地{suffix}"][:100])
            struct.pack_into(">i", head, 24, (100 + len(body)) // 2)
            struct.pack_into("<i", head, 32, kind)
            files[f"宗地{suffix}"] = bytes(head) + body
        return zipped(files)

    return make


def ring_of(count):
    """Return a circle of so many vertices, 500 m wide."""
    turn = np.linspace(0, 2 * math.pi, count, endpoint=False)
    xy = np.column_stack((np.cos(turn), np.sin(turn))) * 500
    return shapely.Polygon(xy + (EAST, NORTH))


AREAS = {"rows": parcel_rows(1, area=None)}


def bytes_of(shp, *rings):
    """Return a .shp of one square with rings as they are put, neither turned nor
    closed."""
    points = [point for ring in rings for point in ring]
    starts, count = [], 0
    for ring in rings:
        starts.append(count)
        count += len(ring)
    record = shp[108:144] + struct.pack("<ii", len(rings), count)
    record += struct.pack(f"<{len(rings)}i", *starts)
    record += b"".join(struct.pack("<dd", EAST + x, NORTH + y) for x, y in points)
    words = len(record) // 2
    head = bytearray(shp[:100])
    struct.pack_into(">i", head, 24, (100 + 8) // 2 + words)
    return bytes(head) + struct.pack(">ii", 1, words) + record, words


def as_put(*rings):
    """Return a maker of one parcel whose rings are written as they are put."""

    def make():
        files = members([square_at(0, 0)], PARCEL_FIELDS, parcel_rows(1))
        shp, words = bytes_of(files["宗地.shp"], *rings)
        shx = files["宗地.shx"][:100] + struct.pack(">ii", 50, words)
        return zipped(files | {"宗地.shp": shp, "宗地.shx": shx})

    return make


_CORNER = transform_from_storage(np.array([shapely.Point(114.1, 34.75)]), 4526)[0]
BORDER = (_CORNER.x - EAST, _CORNER.y - NORTH)
"""Metres from the origin of a point on the county's eastern border."""
SQUARE = ((0, 0), (0, 10), (10, 10), (10, 0), (0, 0))
INNER = ((2, 2), (2, 8), (8, 8), (8, 2), (2, 2))
RING = shapely.difference(square_at(0, 0, 30), square_at(10, 10))


CASES = (
    Awkward("overlap", survey(square_at(0, 0), square_at(5, 0)), "told overlap@2"),
    Awkward(
        "overlap_contained",
        survey(square_at(0, 0, 20), square_at(5, 5)),
        "told area_differs@1 overlap@2",
    ),
    Awkward(
        "polygon_in_three_rows",
        survey(square_at(0, 0), square_at(20, 0), *[square_at(0, 0)] * 2),
        "told geometry_repeated@3 geometry_repeated@4",
    ),
    Awkward(
        "outline_over_all_rows",
        survey(
            square_at(-10, -10, 580),
            *(square_at(10.0 * i, 0.0) for i in range(56)),
            rows=parcel_rows(57, area=None),
        ),
        "told "
        + " ".join(sorted([f"overlap@{row}" for row in range(2, 58)]))
        + " overlap_many@1",
    ),
    Awkward(
        "gap_strip", survey(square_at(0, 0), square_at(10.05, 0)), "told gap_narrow@1"
    ),
    Awkward(
        "sliver",
        survey(square_at(0, 0), square_at(30, 0, 0.5)),
        "told area_differs@2 geometry_sliver@2",
    ),
    Awkward(
        "bow_tie",
        survey(drawn((0, 0), (10, 10), (10, 0), (0, 10))),
        "told geometry_invalid@1",
    ),
    Awkward(
        "repeated_points",
        survey(drawn((0, 0), (0, 10), (0, 10), (10, 10), (10, 0)), **AREAS),
        "told geometry_repeated_points@1",
    ),
    Awkward(
        "close_vertices",
        survey(drawn((0, 0), (0, 10), (0.0005, 10), (10, 10), (10, 0)), **AREAS),
        "told geometry_close_vertices@1",
    ),
    Awkward(
        "spike",
        survey(
            drawn((0, 0), (0, 10), (5, 10), (5.05, 25), (5.1, 10), (10, 10), (10, 0))
        ),
        "told geometry_spike@1",
    ),
    Awkward(
        "multipart",
        survey(shapely.MultiPolygon([square_at(0, 0), square_at(20, 0)])),
        "told area_differs@1 geometry_multipart@1",
    ),
    *(
        Awkward(
            f"record_{name}_{number}",
            of_record(number, offset, value),
            f"told geometry_record_damaged@{number}",
        )
        for number in (1, 2)
        for name, offset, value in (
            ("of_no_type", 0, 99),
            ("of_more_vertices_than_bytes", 40, 11),
            ("of_very_many_vertices", 40, 2**31 - 1),
            ("of_fewer_than_no_vertices", 40, -5),
            ("of_parts_without_vertices", 40, 0),
            ("of_very_many_parts", 36, 2**30),
            ("of_fewer_than_no_parts", 36, -1),
            ("of_vertices_without_parts", 36, 0),
            ("whose_first_part_begins_later", 44, 3),
        )
    ),
    *(
        Awkward(
            f"record_whose_second_part_begins_at_{start}",
            of_record(2, 48, start),
            "told geometry_record_damaged@2",
        )
        for start in (9999, -9, 0)
    ),
    Awkward(
        "null_shape",
        survey(square_at(0, 0), None, square_at(20, 0)),
        "told geometry_missing@2",
    ),
    Awkward(
        "zero_area", survey(drawn((0, 0), (10, 0), (5, 0))), "told geometry_zero_area@1"
    ),
    Awkward(
        "tiny_hole",
        survey(shapely.difference(square_at(0, 0), square_at(3, 3, 0.5))),
        "told gap_narrow@1 geometry_tiny_hole@1",
    ),
    Awkward(
        "outside_the_county",
        survey(square_at(0, 0), square_at(30_000, 0)),
        "told outside_county@2",
    ),
    Awkward(
        "duplicate_code",
        survey(square_at(0, 0), square_at(20, 0), rows=parcel_rows(1) * 2),
        "told code_duplicate@2",
    ),
    Awkward(
        "overlap_slight",
        survey(square_at(0, 0), square_at(9.95, 0)),
        "told overlap_slight@2",
    ),
    Awkward(
        "gap_in_a_ring",
        survey(RING, square_at(10.04, 10, 9.96), rows=parcel_rows(2, area=None)),
        "told gap_narrow@1",
    ),
    Awkward(
        "multipart_land_use_parcel",
        lambda: zipped(
            members(
                [shapely.MultiPolygon([square_at(0, 0, 30), square_at(50, 0, 30)])],
                (("ZDDM", "C", 19, 0), ("TBBH", "C", 8, 0)),
                [(parcel_code(1), "1")],
            )
        ),
        "told geometry_multipart_land_survey@1",
    ),
    Awkward("ring_order", as_put(SQUARE, INNER), "told geometry_invalid@1"),
    Awkward("ring_unclosed", as_put(SQUARE[:-1]), "told geometry_ring_unclosed@1"),
    Awkward(
        "beyond_the_county",
        survey(square_at(*BORDER)),
        "told beyond_county@1 border_not_matched@1",
    ),
    Awkward(
        "beside_the_county_border",
        survey(square_at(BORDER[0] - 10.03, BORDER[1])),
        "told border_not_matched@1",
    ),
    Awkward("heights", typed(15, 7), "told heights_dropped"),
    Awkward("heights_and_measures", typed(15, 14), "told heights_dropped"),
    Awkward("measures", typed(25, 7), "told heights_dropped"),
    Awkward("not_a_number", with_number(math.nan), "told geometry_not_finite@1"),
    Awkward("infinite", with_number(math.inf), "told geometry_not_finite@1"),
    Awkward("minus_infinite", with_number(-math.inf), "told geometry_not_finite@1"),
    Awkward("beyond_any_zone", with_number(1e300), "told geometry_outside_crs@1"),
    Awkward("ring_of_ten_thousand", survey(ring_of(10_000), **AREAS), "clean"),
    Awkward("empty_layer", survey(), "refused no_rows"),
    Awkward(
        "shp_of_no_bytes", changed(".shp", lambda _: b""), "refused member_damaged"
    ),
    Awkward(
        "shx_of_no_bytes", changed(".shx", lambda _: b""), "refused member_damaged"
    ),
    Awkward(
        "dbf_of_no_bytes", changed(".dbf", lambda _: b""), "refused member_damaged"
    ),
    Awkward("prj_of_no_bytes", changed(".prj", lambda _: b""), "clean"),
    Awkward("cpg_of_no_bytes", changed(".cpg", lambda _: b""), "clean"),
    Awkward(
        "shp_cut_short",
        changed(".shp", lambda shp: shp[:-40]),
        "refused member_damaged",
    ),
    Awkward(
        "shx_cut_short", changed(".shx", lambda shx: shx[:-4]), "refused member_damaged"
    ),
    Awkward(
        "dbf_cut_short",
        changed(".dbf", lambda dbf: dbf[:-60]),
        "refused member_damaged",
    ),
    Awkward(
        "more_records_said_than_there",
        changed(".dbf", lambda dbf: dbf[:4] + struct.pack("<I", 7) + dbf[8:]),
        "refused member_damaged",
    ),
    Awkward(
        "fewer_records_said_than_there",
        changed(".dbf", lambda dbf: dbf[:4] + struct.pack("<I", 2) + dbf[8:]),
        "refused member_damaged",
    ),
)
