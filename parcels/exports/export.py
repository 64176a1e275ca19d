"""A layer of the register, as it was at a moment, taken away as a file (service).

First the rows are gathered in one transaction under the asker's rights, into an Arrow
file; the format is written after it has ended, so that no snapshot is held while a file
is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import shapely
import sqlalchemy as sa

from parcels.crs import STORAGE_SRID
from parcels.exports.columns import GEOMETRY, exported_schema, in_milliseconds
from parcels.exports.formats import ExportFormat, needs_ground, too_many
from parcels.exports.geoparquet import write_geoparquet
from parcels.exports.not_held import NotHeld
from parcels.exports.shapefile import write_shapefiles
from parcels.register.layers import Kind, Layer, Shape
from parcels.register.repository import Moment, PageKey, Version, list_versions

_PAGE: Final = 5000
ROWS_FILE: Final = "rows.arrow"
"""Rows as gathered, in the folder of the export."""
_DRIVERS: Final = {"gpkg": "GPKG", "fgb": "FlatGeobuf"}
_GEOMETRIES: Final = {
    Shape.AREA: "MultiPolygon",
    Shape.AREA_OR_NONE: "MultiPolygon",
    Shape.PLACE: "Unknown",
    Shape.POINT: "Point",
    Shape.LINE: "MultiLineString",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which objects of a layer: the filters of a list, and the moment."""

    layer: Layer
    moment: Moment
    division: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    equals: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: rows, and for shapefiles what they do not hold."""

    rows: int
    not_held: Sequence[NotHeld] = ()


def gather_rows(
    connection: sa.Connection, wanted: Wanted, folder: Path, most: int | None = None
) -> int:
    """Keep the objects wanted in a folder, in the order of division and code.

    Raises
    ------
    NotExportable
        If there are more than `most`.
    """
    count = 0
    schema = exported_schema(wanted.layer)
    with pa.OSFile(str(folder / ROWS_FILE), "wb") as sink:
        with pa.ipc.new_file(sink, schema) as writer:
            for page in _walk(connection, wanted):
                count += len(page)
                if most is not None and count > most:
                    raise too_many(count, most)
                writer.write_batch(rows_of(wanted.layer, page))
    return count


def _walk(connection: sa.Connection, wanted: Wanted) -> Iterator[list[Version]]:
    after: PageKey | None = None
    while page := list_versions(
        connection,
        wanted.layer,
        wanted.moment,
        bbox=wanted.bbox,
        division=wanted.division,
        equals=wanted.equals,
        after=after,
        limit=_PAGE,
    ):
        yield page
        if len(page) < _PAGE:
            return
        after = PageKey(page[-1].division_code, page[-1].code)


def rows_of(layer: Layer, versions: Sequence[Version]) -> pa.RecordBatch:
    """Return versions of a layer as exported rows, in their order."""
    columns: dict[str, list[Any]] = {
        layer.code_name: [one.code for one in versions],
        "division_code": [one.division_code for one in versions],
        "valid_from": [one.valid_from for one in versions],
        "valid_to": [one.valid_to for one in versions],
        "recorded_at": [in_milliseconds(one.recorded_at) for one in versions],
        "source": [one.source for one in versions],
    }
    for attribute in layer.attributes:
        values = [one.values[attribute.name] for one in versions]
        columns[attribute.name] = [_written(attribute.kind, one) for one in values]
    if layer.shape is not Shape.NONE:
        shapes = [one.geometry for one in versions]
        columns[GEOMETRY] = shapely.to_wkb(shapes, byte_order=1).tolist()
    return pa.RecordBatch.from_pydict(columns, schema=exported_schema(layer))


def _written(kind: Kind, value: Any) -> Any:
    if value is None:
        return None
    if kind is Kind.TEXT_LIST:
        return ";".join(value)
    if kind is Kind.JSON:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return value


def write_export(
    wanted: Wanted, folder: Path, path: Path, form: ExportFormat
) -> Exported:
    """Write the rows gathered in a folder to a new file of a format.

    Raises
    ------
    NotExportable
        If the format cannot hold the layer.
    """
    layer = wanted.layer
    with (
        pa.memory_map(str(folder / ROWS_FILE)) as source,
        pa.ipc.open_file(source) as reader,
    ):
        if form == "shp":
            rows = reader.read_all()
            lost = write_shapefiles(layer, rows, path, wanted.moment.as_of)
            return Exported(rows.num_rows, tuple(lost))
        if form == "fgb" and not _all_have_ground(layer, reader):
            raise needs_ground(layer)
        if form == "parquet":
            write_geoparquet(layer.shape, reader.schema, _batches(reader), path)
        else:
            _write_with_gdal(layer, reader, path, form)
        return Exported(sum(one.num_rows for one in _batches(reader)))


def _all_have_ground(layer: Layer, reader: Any) -> bool:
    """Tell whether FlatGeobuf can hold the rows.

    GDAL (3.12) writes rows without geometry, and dies when it reads them back.
    """
    if layer.shape is Shape.NONE:
        return False
    return not any(one.column(GEOMETRY).null_count for one in _batches(reader))


def _batches(reader: Any) -> Iterator[pa.RecordBatch]:
    for place in range(reader.num_record_batches):
        yield reader.get_batch(place)


def _write_with_gdal(layer: Layer, reader: Any, path: Path, form: ExportFormat) -> None:
    import pyogrio

    ground = {
        "geometry_type": _GEOMETRIES.get(layer.shape),
        "geometry_name": GEOMETRY,
        "crs": f"EPSG:{STORAGE_SRID}",
    }
    pyogrio.write_arrow(
        pa.RecordBatchReader.from_batches(reader.schema, _batches(reader)),
        path,
        layer=layer.name,
        driver=_DRIVERS[form],
        **(ground if layer.shape is not Shape.NONE else {}),
    )
