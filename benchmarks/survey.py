"""The invented county's parcels as an office sends them: a zipped shapefile (shell).

Plane coordinates to the millimetre in zone 38 of the 3-degree system with its prefix,
rings clockwise, 21 vertices, neighbours share every vertex; attributes in GBK and no
.cpg. Written by numpy chunk by chunk: neither memory nor GDAL is asked.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from benchmarks.land import USES, digits, parcel_codes, uses_at
from benchmarks.landscape import TOWNSHIP_SPLIT, County
from parcels.area import measure_area
from parcels.crs import coordinates_to_storage, transform_to_storage

SRID: Final = 4526
"""CGCS2000, 3-degree zone 38 (114°E), with prefix."""
STEM: Final = "parcels"
_ORIGIN: Final = (38_463_000.0, 3_810_000.0)
"""South-west corner of county 999801 in that plane, metres."""
_APART_M: Final = 100_000.0
"""From one county to the next, northward."""
_CHUNK: Final = 50_000
_HEADER: Final = 100
FIELDS: Final = (
    ("ZDDM", "C", 19, 0),
    ("ZL", "C", 30, 0),
    ("ZDMJ", "N", 15, 2),
    ("ZLDWDM", "C", 12, 0),
    ("DLBZ", "C", 16, 0),
    ("DLBM", "C", 8, 0),
    ("GY", "C", 2, 0),
)
"""Name, type, length and decimals of each attribute."""

Records = NDArray[Any]


def _origin(county: County) -> tuple[float, float]:
    """Return the south-west corner of a county in that plane, metres."""
    east, north = _ORIGIN
    return east, north + _APART_M * (int(county.code[-2:]) - 1)


def draw_divisions(county: County) -> list[tuple[str, str, bytes]]:
    """Return code, name and WKB (EPSG:4490) of the county and its townships.

    A parcel on the line between two townships lies a little in both.
    """
    width, height = county.size_m
    drawn = [(county.code, "虚构县", (0.0, 0.0, width, height))]
    for number in range(TOWNSHIP_SPLIT**2):
        row, column = divmod(number, TOWNSHIP_SPLIT)
        west, south = (part / TOWNSHIP_SPLIT for part in (column * width, row * height))
        box = (
            west,
            south,
            west + width / TOWNSHIP_SPLIT,
            south + height / TOWNSHIP_SPLIT,
        )
        drawn.append((f"{county.code}{number + 1:03d}", f"虚构乡{number + 1}", box))
    origin = np.tile(_origin(county), 2)
    return [(code, name, _outline(np.array(box) + origin)) for code, name, box in drawn]


def _outline(box: NDArray[np.float64]) -> bytes:
    west, south, east, north = box
    # The outermost parcels reach a fifth of their side beyond the grid.
    plane = shapely.box(west - 8.0, south - 8.0, east + 8.0, north + 8.0)
    lonlat = transform_to_storage(shapely.segmentize(plane, 200.0), SRID)
    return bytes(shapely.to_wkb(shapely.multipolygons([lonlat]), byte_order=1))


@dataclass(frozen=True, slots=True)
class SurveyChunk:
    """Some consecutive rows of the survey, ready to be written.

    Attributes
    ----------
    first
        Row number of the first of them; the file's first row is 1.
    shapes
        .shp records: fields `number`, `words`, `kind`, `box`, `points` … (big and
        little endian as the format wants), `points` of shape (21, 2).
    attributes
        .dbf records: one bytes field each of `FIELDS`, blanks behind (numbers: before).
    """

    first: int
    shapes: Records
    attributes: Records

    def rows(self) -> range:
        """Return the row numbers."""
        return range(self.first, self.first + len(self.shapes))


Alter = Callable[[SurveyChunk], None]
"""Changes records of a chunk in place before they are written."""


def write_survey(county: County, path: Path, alter: Alter | None = None) -> None:
    """Write the county's parcels as a zipped shapefile.

    Parameters
    ----------
    alter
        Seeds faults.
    """
    folder = path.parent
    members = {
        suffix: folder / f"{STEM}{suffix}" for suffix in (".shp", ".shx", ".dbf")
    }
    with ExitStack() as stack:
        files = {s: stack.enter_context(one.open("wb")) for s, one in members.items()}
        _write_headers(files, county)
        for chunk in survey_chunks(county):
            if alter is not None:
                alter(chunk)
            files[".shp"].write(chunk.shapes.tobytes())
            files[".dbf"].write(chunk.attributes.tobytes())
            files[".shx"].write(_index(chunk).tobytes())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for suffix, member in members.items():
            archive.write(member, f"{STEM}{suffix}")
            member.unlink()
        words = CRS.from_epsg(SRID).to_wkt("WKT1_ESRI")
        archive.writestr(f"{STEM}.prj", words)


def survey_chunks(county: County) -> Iterator[SurveyChunk]:
    """Yield the rows of the survey in their order."""
    for first in range(0, county.parcels, _CHUNK):
        indices = np.arange(first, min(first + _CHUNK, county.parcels))
        rings = np.round(county.tessellation.rings(*county.cells(indices)), 3)
        rings = np.round(rings + np.array(_origin(county)), 3)
        yield SurveyChunk(
            first + 1, _shapes(indices, rings), _attributes(county, indices, rings)
        )


def shape_type(points: int) -> np.dtype[Any]:
    """Return the layout of a .shp record of one ring."""
    return np.dtype(
        [
            *(("number", ">i4"), ("words", ">i4"), ("kind", "<i4")),
            *(("box", "<f8", (4,)), ("parts", "<i4"), ("count", "<i4")),
            *(("start", "<i4"), ("points", "<f8", (points, 2))),
        ]
    )


def _shapes(indices: NDArray[np.int64], rings: NDArray[np.float64]) -> Records:
    records = np.zeros(len(rings), dtype=shape_type(rings.shape[1]))
    records["number"] = indices + 1
    records["words"] = (records.dtype.itemsize - 8) // 2
    records["kind"], records["parts"], records["count"] = 5, 1, rings.shape[1]
    records["box"] = np.concatenate([rings.min(axis=1), rings.max(axis=1)], axis=1)
    # Shells are walked clockwise in shapefiles.
    records["points"] = rings[:, ::-1]
    return records


def _index(chunk: SurveyChunk) -> NDArray[Any]:
    """Return the .shx records; every .shp record is equally long."""
    words = chunk.shapes.dtype.itemsize // 2
    places = np.arange(chunk.first - 1, chunk.first - 1 + len(chunk.shapes))
    entries = np.empty((len(places), 2), dtype=">i4")
    entries[:, 0] = _HEADER // 2 + places * words
    entries[:, 1] = words - 4
    return entries


def _attributes(
    county: County, indices: NDArray[np.int64], rings: NDArray[np.float64]
) -> Records:
    types = [("deleted", "S1"), *((name, f"S{size}") for name, _, size, _ in FIELDS)]
    records = np.zeros(len(indices), dtype=types)
    uses = uses_at(county, indices)
    codes = parcel_codes(county, indices, uses)
    centres = county.tessellation.centres(*county.cells(indices))
    townships = digits(county.townships(centres) + 1, 3)
    texts = {
        "deleted": [b" "] * len(indices),
        "ZDDM": codes.view("S19")[:, 0].tolist(),
        "ZL": [f"虚构路{one}号".encode("gbk") for one in indices.tolist()],
        "ZDMJ": [f"{area:15.2f}".encode() for area in _areas(rings).tolist()],
        "ZLDWDM": [
            county.code.encode() + one + b"000" for one in townships.view("S3")[:, 0]
        ],
        "DLBZ": [USES[use].scheme.encode() for use in uses.tolist()],
        "DLBM": [USES[use].code.encode() for use in uses.tolist()],
        "GY": [_SUPPLIED[USES[use].supplied] for use in uses.tolist()],
    }
    for name, kind, size, _ in FIELDS:
        pad = bytes.rjust if kind == "N" else bytes.ljust
        texts[name] = [pad(one, size) for one in texts[name]]
    for name, values in texts.items():
        records[name] = values
    return records


_SUPPLIED: Final = {True: "是".encode("gbk"), False: "否".encode("gbk"), None: b""}


def _areas(rings: NDArray[np.float64]) -> NDArray[np.float64]:
    lonlat = coordinates_to_storage(rings.reshape(-1, 2), SRID).reshape(rings.shape)
    areas: NDArray[np.float64] = measure_area(np.asarray(shapely.polygons(lonlat)))
    return areas


def _write_headers(files: Mapping[str, IO[bytes]], county: County) -> None:
    points = county.tessellation.ring_size
    west, south = _origin(county)
    width, height = county.size_m
    margin = 100.0
    box = [
        west - margin,
        south - margin,
        west + width + margin,
        south + height + margin,
    ]
    for suffix, size in ((".shp", shape_type(points).itemsize), (".shx", 8)):
        words = (_HEADER + size * county.parcels) // 2
        head = np.zeros(7, ">i4")
        head[0], head[6] = 9994, words
        files[suffix].write(head.tobytes())
        files[suffix].write(np.array([1000, 5], "<i4").tobytes())
        files[suffix].write(np.array([*box, 0, 0, 0, 0], "<f8").tobytes())
    files[".dbf"].write(_dbf_header(county.parcels))


def _dbf_header(rows: int) -> bytes:
    width = 1 + sum(size for _, _, size, _ in FIELDS)
    head = bytes([3, 124, 1, 1]) + rows.to_bytes(4, "little")
    head += (33 + 32 * len(FIELDS)).to_bytes(2, "little")
    head += width.to_bytes(2, "little") + bytes(20)
    for name, kind, size, decimals in FIELDS:
        one = name.encode().ljust(11, b"\0") + kind.encode() + bytes(4)
        head += one + bytes([size, decimals]) + bytes(14)
    return head + b"\r"
