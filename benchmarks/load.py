"""Load the invented county into an empty register, through its own mechanism (shell).

Everything goes in under one change: `registry.change` is opened, every version says it
was opened by it, `registry.number_change` closes it. The checks of the schema run as
they do for anybody (statement triggers, indexes kept while loading); only row-level
security is not asked, for the owner is under none.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import psycopg
import shapely
from numpy.typing import NDArray
from psycopg import sql

from benchmarks.land import FIRST_DAY, USES, ParcelChunk, digits, parcel_chunks
from benchmarks.land_areas import area_layers
from benchmarks.land_divisions import division_layers, grounds
from benchmarks.land_plots import plot_layers
from benchmarks.land_sites import site_layers
from benchmarks.landscape import County
from benchmarks.layer_rows import LayerRows
from parcels.area import measure_area

CHANGE_REASON: Final = "invented county of {parcels} parcels for a benchmark"
"""Reason of the change; says what is loaded."""

_POSTGRES_EPOCH_DAYS: Final = (FIRST_DAY - FIRST_DAY.replace(year=2000)).days
_COPY_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_TRAILER: Final = b"\xff\xff"
_LOCATION: Final = ("虚构路".encode(), "号".encode())
_PARCEL_COLUMNS: Final = (
    *("object_id", "code", "division_code", "valid_from", "opened_by"),
    *("township_code", "location", "registered_area_m2", "mapped_area_m2"),
    *("survey_srid", "geom", "land_use_scheme", "land_use_code", "supplied"),
)
_SURVEY_SRID: Final = 4547
_NO_AREA: Final = frozenset(("river",))


@dataclass
class LoadReport:
    """Rows and seconds of each table, in the order loaded."""

    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, table: str, rows: int, seconds: float) -> None:
        """Add rows to a table's line."""
        self.rows[table] = self.rows.get(table, 0) + rows
        self.seconds[table] = self.seconds.get(table, 0.0) + seconds


def load_county(
    owner_url: str, county: County, say: Callable[[str], None]
) -> LoadReport:
    """Load the county into the database, all of it or nothing.

    Parameters
    ----------
    owner_url
        Connection of the schema's owner; the register must be empty.
    say
        Takes one line of progress.
    """
    report = LoadReport()
    with psycopg.connect(owner_url) as connection:
        change = _open_change(connection, county)
        for rows in _small_layers(county):
            began = time.perf_counter()
            _copy_rows(connection, rows, change)
            report.add(rows.layer, len(rows.rows), time.perf_counter() - began)
        say(f"{sum(report.rows.values()):,} rows of every layer but parcels")
        began = time.perf_counter()
        _copy_parcels(connection, county, change)
        report.add("parcel", county.parcels, time.perf_counter() - began)
        connection.execute("select registry.number_change(%s)", (change,))
    began = time.perf_counter()
    _analyse(owner_url, list(report.rows))
    report.add("vacuum, analyze", 0, time.perf_counter() - began)
    return report


def _small_layers(county: County) -> Iterator[LayerRows]:
    yield from division_layers(county)
    for ground in grounds(county):
        yield from area_layers(ground)
        yield from plot_layers(ground)
        yield from site_layers(ground)


def _open_change(connection: psycopg.Connection[Any], county: County) -> int:
    row = connection.execute(
        "insert into registry.change (actor, division_code, reason)"
        " values ('benchmark', '99', %s) returning id",
        (CHANGE_REASON.format(parcels=county.parcels),),
    ).fetchone()
    assert row is not None
    return int(row[0])


def _take_object_ids(connection: psycopg.Connection[Any], count: int) -> int:
    """Take that many numbers from the sequence; return the first."""
    row = connection.execute("select nextval('registry.object_id')").fetchone()
    assert row is not None
    first = int(row[0])
    connection.execute(
        "select setval('registry.object_id', %s)", (first + max(count, 1) - 1,)
    )
    return first


def _copy_rows(
    connection: psycopg.Connection[Any], layer: LayerRows, change: int
) -> None:
    """Copy rows of a small layer as text."""
    first = _take_object_ids(connection, len(layer.rows))
    columns = ["object_id", "opened_by", *layer.columns]
    added: list[list[Any]] = []
    if layer.geometries is not None:
        columns.append("geom")
        added.append(_hex(layer.geometries))
        if layer.layer not in _NO_AREA:
            columns.append("mapped_area_m2")
            added.append(_areas(layer.geometries))
    statement = _copy_statement(layer.layer, columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for number, row in enumerate(layer.rows):
            extra = [values[number] for values in added]
            copy.write_row((first + number, change, *row, *extra))


def _copy_statement(
    table: str, columns: list[str], *, binary: bool = False
) -> sql.Composed:
    form = sql.SQL("with (format binary)" if binary else "")
    return sql.SQL("copy registry.{} ({}) from stdin {}").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)), form
    )


def _hex(geometries: NDArray[Any]) -> list[Any]:
    return list(shapely.to_wkb(geometries, hex=True, include_srid=True))


def _areas(geometries: NDArray[Any]) -> list[float | None]:
    """Return areas in m²; None for points and for no geometry."""
    has_area = shapely.get_dimensions(geometries) == 2
    areas = measure_area(geometries)
    return [
        float(area) if has else None for area, has in zip(areas, has_area, strict=True)
    ]


def _copy_parcels(
    connection: psycopg.Connection[Any], county: County, change: int
) -> None:
    """Copy the parcels, one statement, chunk by chunk, as binary records."""
    first = _take_object_ids(connection, county.parcels)
    statement = _copy_statement("parcel", list(_PARCEL_COLUMNS), binary=True)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_COPY_HEADER)
        for chunk in parcel_chunks(county):
            copy.write(parcel_records(county, chunk, first, change))
        copy.write(_COPY_TRAILER)


def parcel_records(
    county: County, chunk: ParcelChunk, first_object_id: int, change: int
) -> bytes:
    """Return the chunk as records of PostgreSQL's binary COPY.

    All but the use has one width, so the records are made as one array; the few
    different uses are ready-made endings.
    """
    head = np.zeros(len(chunk.indices), dtype=_head_type(county))
    head["fields"] = len(_PARCEL_COLUMNS)
    for name in _PARCEL_COLUMNS[:-3]:
        head[f"{name}_size"] = head.dtype[name].itemsize
    head["object_id"] = first_object_id + chunk.indices
    head["code"] = _text(chunk.codes)
    head["division_code"] = county.code.encode()
    head["valid_from"] = _POSTGRES_EPOCH_DAYS + chunk.days
    head["opened_by"] = change
    townships = digits(chunk.townships + 1, 3)
    head["township_code"] = _text(_beside(county.code.encode(), townships))
    before, after = _LOCATION
    head["location"] = _text(_beside(before, digits(chunk.indices, 8), after))
    head["registered_area_m2"] = chunk.registered_area_m2
    head["mapped_area_m2"] = chunk.mapped_area_m2
    head["survey_srid"] = _SURVEY_SRID
    head["geom"] = _multipolygons(chunk.rings)
    heads = head.view(f"V{head.dtype.itemsize}").tolist()
    endings = [_use_ending(use.scheme, use.code, use.supplied) for use in USES]
    return b"".join(
        part
        for record, use in zip(heads, chunk.uses.tolist(), strict=True)
        for part in (record, endings[use])
    )


def _head_type(county: County) -> np.dtype[Any]:
    location = sum(map(len, _LOCATION)) + 8
    points = county.tessellation.ring_size
    types = {
        "object_id": ">i8",
        "code": "S19",
        "division_code": "S6",
        "valid_from": ">i4",
        "opened_by": ">i8",
        "township_code": "S9",
        "location": f"S{location}",
        "registered_area_m2": ">f8",
        "mapped_area_m2": ">f8",
        "survey_srid": ">i4",
        "geom": _multipolygon_type(points),
    }
    fields: list[tuple[str, Any]] = [("fields", ">i2")]
    for name, kind in types.items():
        fields += [(f"{name}_size", ">i4"), (name, kind)]
    return np.dtype(fields)


def _multipolygon_type(points: int) -> np.dtype[Any]:
    """Return the layout of an EWKB MultiPolygon of one ring."""
    return np.dtype(
        [
            *(("order", "u1"), ("type", "<u4"), ("srid", "<u4"), ("parts", "<u4")),
            *(("part_order", "u1"), ("part_type", "<u4"), ("rings", "<u4")),
            *(("points", "<u4"), ("lonlat", "<f8", (points, 2))),
        ]
    )


def _multipolygons(rings: NDArray[np.float64]) -> NDArray[Any]:
    points = rings.shape[1]
    records = np.zeros(len(rings), dtype=_multipolygon_type(points))
    records["order"] = records["part_order"] = 1
    records["type"], records["srid"] = 0x20000006, 4490
    records["part_type"] = 3
    records["parts"] = records["rings"] = 1
    records["points"] = points
    records["lonlat"] = rings
    return records


def _beside(*parts: bytes | NDArray[np.uint8]) -> NDArray[np.uint8]:
    count = next(len(part) for part in parts if isinstance(part, np.ndarray))
    columns = [
        np.broadcast_to(np.frombuffer(part, np.uint8), (count, len(part)))
        if isinstance(part, bytes)
        else part
        for part in parts
    ]
    return np.concatenate(columns, axis=1)


def _text(characters: NDArray[np.uint8]) -> NDArray[np.bytes_]:
    whole = np.ascontiguousarray(characters)
    return np.asarray(whole.view(f"S{whole.shape[1]}")[:, 0])


def _use_ending(scheme: str, code: str, supplied: bool | None) -> bytes:
    fields = [scheme.encode(), code.encode()]
    fields += [] if supplied is None else [bytes([supplied])]
    ending = b"".join(len(value).to_bytes(4, "big") + value for value in fields)
    return ending if supplied is not None else ending + b"\xff\xff\xff\xff"


def _analyse(owner_url: str, tables: list[str]) -> None:
    """Set the visibility map and the planner's statistics, as autovacuum would."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        for table in dict.fromkeys((*tables, "change", "change_head")):
            statement = sql.SQL("vacuum (analyze) registry.{}")
            connection.execute(statement.format(sql.Identifier(table)))
