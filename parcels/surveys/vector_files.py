"""Reports as files for spreadsheets and desktop GIS (shell).

CSV that no spreadsheet takes for formulas, GeoJSON in EPSG:4490, and GeoPackage with
one layer a kind of geometry: points, lines, polygons, and a plain table for what has
no place.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import orjson
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from parcels.crs import STORAGE_SRID
from parcels.surveys.geometry import to_storage

Format = Literal["csv", "geojson", "gpkg"]
MEDIA_TYPES: Final[Mapping[Format, str]] = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}

Value = str | int | float | None
_BATCH: Final = 10_000
_FORMULA: Final = (*"=+-@＝＋－＠", "\t", "\r", "\n")
"""How a formula begins; programs set to Chinese take the wide signs as well."""
_LAYERS: Final = (
    (0, "points", "MultiPoint", shapely.multipoints),
    (1, "lines", "MultiLineString", shapely.multilinestrings),
    (2, "polygons", "MultiPolygon", shapely.multipolygons),
)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a report; `geometry` in the report's CRS, None where it has none."""

    values: Sequence[Value]
    geometry: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Report:
    """What is written: named columns and records, walked once.

    `srid` is the EPSG number of the geometries.
    """

    columns: Sequence[str]
    records: Iterable[Record]
    srid: int = STORAGE_SRID


def write_report(report: Report, path: Path, form: Format) -> None:
    """Write a report to a new file.

    Raises
    ------
    OSError
        If the disk is full.
    """
    write = {"csv": _write_csv, "geojson": _write_geojson, "gpkg": _write_gpkg}[form]
    write(report, path)


def harmless(value: Value) -> Value:
    """Return a value that no spreadsheet takes for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("＝1+1"), harmless(-1.5), harmless("宗地")
    ("'=1+1", "'＝1+1", -1.5, '宗地')
    """
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _write_csv(report: Report, path: Path) -> None:
    """Write UTF-8 with a byte order mark, as office programs expect it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow([*map(harmless, report.columns), "longitude", "latitude"])
        for record in report.records:
            place = _place(record.geometry, report.srid)
            sheet.writerow([*map(harmless, record.values), *place])


def _place(geometry: BaseGeometry | None, srid: int) -> tuple[Value, Value]:
    """Return a point of a geometry in degrees, or nothing."""
    stored = _stored(geometry, srid)
    if stored is None or stored.is_empty:
        return None, None
    inner = stored.point_on_surface()
    return inner.x, inner.y


def _stored(geometry: BaseGeometry | None, srid: int) -> BaseGeometry | None:
    """Return a geometry in EPSG:4490; None where it cannot be brought there."""
    if geometry is None or srid == STORAGE_SRID:
        return geometry
    stored = to_storage(np.array([geometry], dtype=object), srid)[0]
    finite = stored is not None and np.isfinite(shapely.get_coordinates(stored)).all()
    return stored if finite else None


def _write_geojson(report: Report, path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        for number, record in enumerate(report.records):
            stored = _stored(record.geometry, report.srid)
            properties = dict(zip(report.columns, record.values, strict=True))
            feature = {
                "type": "Feature",
                "geometry": None
                if stored is None
                else orjson.Fragment(shapely.to_geojson(stored)),
                "properties": properties,
            }
            file.write((b",\n" if number else b"\n") + orjson.dumps(feature))
        file.write(b"\n]}\n")


def _write_gpkg(report: Report, path: Path) -> None:
    """Write one layer a dimension; a layer is there even when it has no record."""
    import pyogrio

    for _, layer, kind, _ in _LAYERS:
        pyogrio.write_arrow(
            _table(report.columns, [], []),
            path,
            layer=layer,
            driver="GPKG",
            geometry_type=kind,
            geometry_name="geom",
            crs=f"EPSG:{report.srid}",
            append=path.exists(),
        )
    remaining = iter(report.records)
    while records := list(islice(remaining, _BATCH)):
        _append(report, path, records)


def _append(report: Report, path: Path, records: Sequence[Record]) -> None:
    import pyogrio

    dimensions = np.array(
        [
            -1 if r.geometry is None else shapely.get_dimensions(r.geometry)
            for r in records
        ]
    )
    for dimension, layer, kind, collect in _LAYERS:
        chosen = [
            records[place] for place in np.flatnonzero(dimensions == dimension).tolist()
        ]
        if chosen:
            shapes = [_collected(one.geometry, dimension, collect) for one in chosen]
            pyogrio.write_arrow(
                _table(report.columns, chosen, shapes),
                path,
                layer=layer,
                driver="GPKG",
                geometry_type=kind,
                geometry_name="geom",
                crs=f"EPSG:{report.srid}",
                append=True,
            )
    rest = [records[place] for place in np.flatnonzero(dimensions == -1).tolist()]
    if rest:
        table = _table(report.columns, rest, None)
        pyogrio.write_arrow(
            table, path, layer="without_place", driver="GPKG", append=True
        )


def _collected(geometry: BaseGeometry | None, dimension: int, collect: Any) -> bytes:
    """Return the parts of that dimension as one multi-geometry, WKB."""
    parts = shapely.get_parts(geometry)
    while (shapely.get_type_id(parts) > 3).any():
        parts = shapely.get_parts(parts)
    parts = parts[shapely.get_dimensions(parts) == dimension]
    # An unclosed or damaged ring has no polygon's form any more; lines hold it.
    wkb: bytes = shapely.to_wkb(collect(parts))
    return wkb


def _table(
    columns: Sequence[str], records: Sequence[Record], shapes: list[bytes] | None
) -> pa.Table:
    fields = {
        name: _column([record.values[place] for record in records])
        for place, name in enumerate(columns)
    }
    if shapes is not None:
        fields["geom"] = pa.array(shapes, pa.binary())
    return pa.table(fields)


def _column(values: list[Value]) -> pa.Array:
    return pa.array([None if v is None else str(v) for v in values], pa.string())
