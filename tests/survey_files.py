"""Survey files as offices send them, written byte by byte: no GDAL between us and them.

Squares are drawn in metres near the crossing of 114°E and 34.75°N, in zone 38 of the
3-degree Gauss-Krüger system with its prefix (EPSG:4526).
"""

import io
import struct
import zipfile

import shapely

EAST, NORTH = 38_500_000.0, 3_846_000.0
"""South-west corner of everything drawn here."""

PARCEL_FIELDS = (("ZDDM", "C", 28, 0), ("ZL", "C", 60, 0), ("ZDMJ", "N", 15, 2))
_NULL, _POINT, _LINE, _POLYGON = 0, 1, 3, 5


def parcel_code(serial, county="999901"):
    """Return the n-th parcel code of a county."""
    return f"{county}001001GB{serial:05d}"


def square_at(east_m, north_m, side_m=10.0):
    """Return a square by its south-west corner, metres from the common origin."""
    west, south = EAST + east_m, NORTH + north_m
    return shapely.box(west, south, west + side_m, south + side_m)


def combs(teeth, gap=0.05, far=0.5, length=10.0):
    """Return two combs that reach into each other: near on one side of each tooth."""
    lower, upper = [(0, -1)], [(0, length + 1), (0, length + far)]
    for i in range(0, 2 * teeth, 2):
        lower += [(i, 0), (i, length), (i + 1, length), (i + 1, 0)]
        west, east = i + 1 + gap, i + 2 - far
        upper += [(west, length + far), (west, far), (east, far), (east, length + far)]
    lower += [(2 * teeth, 0), (2 * teeth, -1)]
    upper += [(2 * teeth, length + far), (2 * teeth, length + 1)]
    return [
        shapely.Polygon([(EAST + x, NORTH + y) for x, y in one])
        for one in (lower, upper)
    ]


def dbf(fields, rows, encoding="gbk", *, count=None):
    """Return an attribute table; `fields` are (name, type, length, decimals).

    A value may be bytes to go in as they are, text, or None for blanks. `count` lets
    the header lie.
    """
    width = 1 + sum(length for _, _, length, _ in fields)
    head = struct.pack(
        "<B3BIHH20x",
        3,
        124,
        1,
        1,
        len(rows) if count is None else count,
        33 + 32 * len(fields),
        width,
    )
    for name, kind, length, decimals in fields:
        raw = name if isinstance(name, bytes) else name.encode(encoding)
        head += struct.pack("<11sc4xBB14x", raw[:10], kind.encode(), length, decimals)
    body = b"".join(b" " + _record(fields, row, encoding) for row in rows)
    return head + b"\r" + body + b"\x1a"


def _record(fields, row, encoding):
    cells = []
    for (_, kind, length, decimals), value in zip(fields, row, strict=True):
        if isinstance(value, int | float) and kind in "NF":
            value = f"{value:.{decimals}f}"
        raw = value if isinstance(value, bytes) else str(value or "").encode(encoding)
        cells.append(raw.rjust(length) if kind in "NF" else raw.ljust(length))
        assert len(cells[-1]) == length
    return b"".join(cells)


def shapes(geometries):
    """Return .shp and .shx of points, polygons, lines or None."""
    records = [_shape(geometry) for geometry in geometries]
    kinds = {struct.unpack("<i", record[:4])[0] for record in records} - {_NULL}
    kind = kinds.pop() if kinds else _POLYGON
    offset = 100
    body, index = bytearray(), bytearray()
    for number, record in enumerate(records, 1):
        words = len(record) // 2
        index += struct.pack(">ii", offset // 2, words)
        body += struct.pack(">ii", number, words) + record
        offset += 8 + len(record)
    return _header(kind, body) + bytes(body), _header(kind, index) + bytes(index)


def _header(kind, body):
    words = (100 + len(body)) // 2
    return struct.pack(">i20xi", 9994, words) + struct.pack(
        "<ii8d", 1000, kind, *[0] * 8
    )


def _shape(geometry):
    if geometry is None:
        return struct.pack("<i", _NULL)
    if geometry.geom_type == "Point":
        return struct.pack("<idd", _POINT, geometry.x, geometry.y)
    parts = _parts(geometry)
    kind = _LINE if "Line" in geometry.geom_type else _POLYGON
    starts, points = [], []
    for part in parts:
        starts.append(len(points))
        points += part
    return (
        struct.pack("<i4d", kind, *geometry.bounds)
        + struct.pack("<ii", len(parts), len(points))
        + struct.pack(f"<{len(starts)}i", *starts)
        + b"".join(struct.pack("<dd", *point[:2]) for point in points)
    )


def _parts(geometry):
    """Return rings, shells clockwise and holes the other way, as the format wants."""
    if hasattr(geometry, "geoms"):
        return [part for one in geometry.geoms for part in _parts(one)]
    if "Line" in geometry.geom_type:
        return [list(geometry.coords)]
    oriented = shapely.orient_polygons(geometry, exterior_cw=True)
    return [list(ring.coords) for ring in (oriented.exterior, *oriented.interiors)]


def members(geometries, fields, rows, encoding="gbk", name="宗地", prj=None):
    """Return the members of a zipped shapefile, by name."""
    shp, shx = shapes(geometries)
    found = {
        f"{name}.shp": shp,
        f"{name}.shx": shx,
        f"{name}.dbf": dbf(fields, rows, encoding),
    }
    return found if prj is None else found | {f"{name}.prj": prj.encode()}


def zipped(files, *, names="utf-8"):
    """Return a zip archive; `names` is the encoding of member names (gbk: no flag)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(
                name if names == "utf-8" else name.encode(names).decode("cp437")
            )
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    data = buffer.getvalue()
    # Python sets the flag for any name beyond ASCII; Chinese Windows does not.
    return data if names == "utf-8" else _as_windows_writes(files, names)


def _as_windows_writes(files, names):
    """Zip under names of the right length, then put the raw bytes in their place."""
    raw = {name: name.encode(names) for name in files}
    stand_ins = {name: f"{i:0{len(raw[name])}d}" for i, name in enumerate(files)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(stand_ins[name], content)
    data = buffer.getvalue()
    for name in files:
        data = data.replace(stand_ins[name].encode(), raw[name])
    return data


def parcel_rows(count, area=100.0, start=1):
    """Return attribute rows of squares of 10 m, valid in every field."""
    return [(parcel_code(start + i), f"净土路{i}号", area) for i in range(count)]


def parcel_row_of_squares(count):
    """Return squares of 10 m side by side."""
    return [square_at(10.0 * i, 0.0) for i in range(count)]


def parcels_zip(geometries=None, rows=None, **more):
    """Return a zipped shapefile of parcels; valid by default."""
    geometries = parcel_row_of_squares(3) if geometries is None else geometries
    rows = parcel_rows(len(geometries)) if rows is None else rows
    return zipped(members(geometries, PARCEL_FIELDS, rows, **more))
