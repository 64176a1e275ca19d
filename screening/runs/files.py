"""Results of a run as files an office can use (shell).

Headers are the columns' titles in the reader's language, coded values are put into
words; GeoJSON and the tables for desktop GIS and analysis (GeoPackage, GeoParquet) keep
the plain names and values, for programs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from parcels.codes import WHOLE_COUNTRY
from parcels.crs import STORAGE_SRID
from parcels.refusal import Language
from parcels.texts import Text
from screening.reports.cells import Book
from screening.reports.document import YES_NO
from screening.runs.kind import Kind
from screening.runs.raster import write_raster
from screening.runs.repository import ResultRow, Run
from screening.runs.row import Column, Field, Words, name_choices

ResultFormat = Literal["geojson", "gpkg", "parquet", "xlsx", "tif"]
MEDIA_TYPES: Final[Mapping[ResultFormat, str]] = {
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "tif": "image/tiff; application=geotiff",
}

_BATCH: Final = 10_000
_TYPES: Final[Mapping[str, pa.DataType]] = {
    "text": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "date": pa.string(),
    "yes_no": pa.bool_(),
}
_UNITS: Final[Mapping[str, Text]] = {
    "m": Text("（米）", " (m)"),
    "m2": Text("（平方米）", " (m²)"),
    "share": Text("", ""),
    "": Text("", ""),
}
_NUMBER: Final = Text("序号", "No.")
_WHY: Final = Text("说明", "Why")
_BETWEEN: Final = Text("、", ", ")
_SHEETS: Final = (Text("结果", "Results"), Text("说明", "About"))


@dataclass(frozen=True, slots=True)
class Result:
    """A run that is done, its kind, and its rows, walked once."""

    run: Run
    kind: Kind
    rows: Iterable[ResultRow]
    language: Language
    words: Words


def write_result_file(result: Result, path: Path, form: ResultFormat) -> None:
    """Write the rows of a run to a new file.

    Raises
    ------
    OSError
        If the disk is full.
    NoRaster
        If it is to be a GeoTIFF and the run is no surface.
    """
    writers: Mapping[ResultFormat, Callable[[Result, Path], None]] = {
        "geojson": _write_geojson,
        "gpkg": _write_gpkg,
        "parquet": _write_parquet,
        "xlsx": _write_xlsx,
        "tif": _write_raster,
    }
    writers[form](result, path)


def _write_raster(result: Result, path: Path) -> None:
    write_raster(result.run, result.rows, path)


def _write_geojson(result: Result, path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        for number, found in enumerate(result.rows):
            shape = found.row.geometry
            feature = {
                "type": "Feature",
                "id": found.number,
                "geometry": None
                if shape is None
                else orjson.Fragment(shapely.to_geojson(shape)),
                "properties": _properties(result, found),
            }
            file.write((b",\n" if number else b"\n") + orjson.dumps(feature))
        file.write(b"\n]}\n")


def _properties(result: Result, found: ResultRow) -> dict[str, Any]:
    values = {one.name: found.row.values.get(one.name) for one in result.kind.columns}
    return {**values, "why": found.row.why.of(result.language)}


def _tables(result: Result) -> Iterable[pa.Table]:
    """Yield the rows in tables of some thousands, geometry as WKB; one at least."""
    remaining, first = iter(result.rows), True
    while (rows := list(islice(remaining, _BATCH))) or first:
        first = False
        columns = {"number": pa.array([row.number for row in rows], pa.int64())}
        for one in result.kind.columns:
            values = [row.row.values.get(one.name) for row in rows]
            columns[one.name] = pa.array(values, _TYPES[one.type])
        why = [row.row.why.of(result.language) for row in rows]
        shapes = [row.row.geometry for row in rows]
        columns["why"] = pa.array(why, pa.string())
        columns["geometry"] = pa.array(
            [None if shape is None else shapely.to_wkb(shape) for shape in shapes],
            pa.binary(),
        )
        yield pa.table(columns)


def _write_gpkg(result: Result, path: Path) -> None:
    """Write one layer of any geometry; rows without a place have none."""
    import pyogrio

    for table in _tables(result):
        pyogrio.write_arrow(
            table,
            path,
            layer=result.run.kind,
            driver="GPKG",
            geometry_type="Unknown",
            geometry_name="geometry",
            crs=f"EPSG:{STORAGE_SRID}",
            append=path.exists(),
        )


def _write_parquet(result: Result, path: Path) -> None:
    """Write GeoParquet 1.1: WKB in EPSG:4490, longitude first as that format asks."""
    geometry = {
        "encoding": "WKB",
        "geometry_types": [],
        "crs": CRS.from_epsg(STORAGE_SRID).to_json_dict(),
    }
    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": geometry},
    }
    writer = None
    try:
        for table in _tables(result):
            table = table.replace_schema_metadata({b"geo": json.dumps(geo).encode()})
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


def _write_xlsx(result: Result, path: Path) -> None:
    """Write a sheet of rows, with titles, units and widths, and one on the run."""
    columns, language = result.kind.columns, result.language
    titles = [
        _NUMBER.of(language),
        *(_title(one, language) for one in columns),
        _WHY.of(language),
    ]
    with Book(path) as book:
        widths = [8, *(16 for _ in columns), 60]
        sheet = book.add_sheet(_SHEETS[0].of(language), widths)
        sheet.add_head(titles, frozen_columns=1)
        for found in result.rows:
            sheet.add_row(_cells(result, found))
        sheet.add_filter(len(titles))
        about = book.add_sheet(_SHEETS[1].of(language), (28, 100))
        for name, value in list_facts(result):
            about.add_row([(name, ""), (value, "")])


def _title(column: Column, language: Language) -> str:
    return column.title.of(language) + _UNITS[column.unit].of(language)


def _cells(result: Result, found: ResultRow) -> Iterator[tuple[Any, str]]:
    yield found.number, ""
    for one in result.kind.columns:
        yield in_words(one, found.row.values.get(one.name), result), one.unit
    yield found.row.why.of(result.language), ""


def in_words(column: Column, value: Any, result: Result) -> Any:
    """Return a value as people read it: coded values in words, yes and no.

    Several values stand with ``; `` between; what follows a code stays behind its word.
    """
    if isinstance(value, bool):
        return YES_NO[value].of(result.language)
    if column.words and isinstance(value, str):
        return "; ".join(
            _worded(column.words, one, result) for one in value.split("; ")
        )
    return value


def _worded(group: str, value: str, result: Result) -> str:
    code, space, more = value.partition(" ")
    return f"{result.words(group, code)}{space}{more}"


def list_facts(result: Result) -> Sequence[tuple[str, str]]:
    """Return what a reader must know of a run: what was asked, on which data, when."""
    run, language = result.run, result.language
    versions = run.data_versions or {}
    summary = run.summary or {}
    facts = [
        (Text("筛查类型", "Kind"), result.kind.title.of(language)),
        (Text("说明", "About"), result.kind.about.of(language)),
        (Text("任务编号", "Run"), str(run.id)),
        (Text("行政区", "Division"), _place(result, run.division_code)),
        (Text("筛查人", "Ordered by"), run.actor),
        (Text("下达时间", "Ordered at"), run.ordered_at.isoformat(" ", "seconds")),
        (Text("基准日", "As of"), run.as_of.isoformat()),
        (Text("数据变更号", "Change of the register"), str(versions.get("change"))),
        (Text("规则集", "Rule set"), _rule_set(versions)),
        (Text("程序版本", "Engine"), _engine(versions)),
        *_elevation(versions),
        *((field.title, _parameter(result, field)) for field in result.kind.fields),
        (Text("行数", "Rows"), str(summary.get("rows", 0))),
        (Text("结果摘要", "Digest"), _grouped((run.result_sha256 or b"").hex())),
        (Text("数据覆盖", "Coverage"), _coverage(result)),
    ]
    return [(name.of(language), value) for name, value in facts]


def list_printed_facts(result: Result) -> Sequence[tuple[str, str]]:
    """Return the facts that a paper needs beside its title and what it is about."""
    kind, language = result.kind, result.language
    known = (NOT_GIVEN, kind.title.of(language), kind.about.of(language))
    return [(name, value) for name, value in list_facts(result) if value not in known]


def _place(result: Result, code: str) -> str:
    if code == WHOLE_COUNTRY:
        return Text("全国", "whole country").of(result.language)
    return result.words("division", code)


def _elevation(versions: Mapping[str, Any]) -> list[tuple[Text, str]]:
    """Return on which elevation model a run rests; nothing for one that needs none."""
    if "elevation" not in versions:
        return []
    title, known = Text("高程数据", "Elevation model"), versions["elevation"]
    if known is None:
        return [(title, NOT_GIVEN)]
    parts = [known["name"], f"{known['cell_m']:g} m", known["data_date"] or "?"]
    parts += [known["origin"]] if known.get("origin") else []
    return [(title, f"{', '.join(parts)}, SHA-256 {_grouped(known['sha256'])}")]


def _grouped(digest: str) -> str:
    """Return a digest in groups, so that it breaks on paper."""
    return " ".join(digest[start : start + 16] for start in range(0, 64, 16))


NOT_GIVEN: Final = "—"


def _parameter(result: Result, field: Field) -> str:
    """Return a parameter as people read it; `NOT_GIVEN` where it was left out."""
    value, language = result.run.parameters.get(field.name), result.language
    named = name_choices(field, language, result.words)
    match value:
        case None:
            return NOT_GIVEN
        case str() if field.type == "division":
            return _place(result, value)
        case bool():
            return YES_NO[value].of(language)
        case list():
            between = _BETWEEN.of(language)
            return between.join(named.get(f"{one}", f"{one}") for one in value)
        case dict():
            return orjson.dumps(value).decode()
        case float():
            return f"{value:g}"
        case _:
            return named.get(f"{value}", f"{value}")


def _rule_set(versions: Mapping[str, Any]) -> str:
    known = versions.get("rule_set") or {}
    return f"{known.get('id', '')} {known.get('version', '')}".strip()


def _engine(versions: Mapping[str, Any]) -> str:
    known = versions.get("engine") or {}
    return f"{known.get('edition', '')} {str(known.get('sources_sha256', ''))[:16]}"


def _coverage(result: Result) -> str:
    """Say county by county which themes are not known: nothing found proves nothing."""
    states = {
        "no_coverage": Text("无数据", "no data"),
        "stale": Text("已过期", "stale"),
        "partly": Text("部分覆盖", "in part"),
    }
    entries = [
        f"{_place(result, one['division_code'])} {result.words('theme', one['theme'])}"
        f" {states[one['state']].of(result.language)}"
        for one in (result.run.summary or {}).get("coverage", ())
        if one["state"] in states
    ]
    every = Text("所问专题均有数据", "every theme asked is covered")
    return "; ".join(entries) or every.of(result.language)
