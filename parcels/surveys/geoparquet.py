"""What does a GeoParquet file hold? (shell).

The GDAL at hand reads no Parquet, Arrow does. Geometry is the primary column of the
``geo`` metadata, WKB; its CRS is PROJJSON, and longitude and latitude of WGS 84 where
the file says nothing (GeoParquet 1.1). A table without that metadata has no geometry.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from parcels.surveys.limits import Limits
from parcels.surveys.raw import BATCH_ROWS, RawBatch, RawLayer, number_rows
from parcels.surveys.refusals import FileRefused

MAGIC: Final = b"PAR1"
_DEFAULT_CRS: Final = "OGC:CRS84"


def read_geoparquet(path: Path, limits: Limits) -> RawLayer:
    """Return the rows of a Parquet file.

    Raises
    ------
    FileRefused
        If it is damaged, has too many rows, or its geometry is no WKB.
    """
    try:
        file = pq.ParquetFile(path, memory_map=False)
        schema = file.schema_arrow
    except (pa.ArrowException, OSError) as error:
        raise FileRefused(
            "file_damaged",
            cause_zh="文件末尾的 Parquet 元数据读不出",
            cause_en="the Parquet metadata at its end cannot be read",
        ) from error
    rows = file.metadata.num_rows
    if rows > limits.rows:
        raise FileRefused("too_many_rows", found=rows, limit=limits.rows)
    column, crs, implied = _geometry(schema)
    plain = [one.name for one in schema if not pa.types.is_struct(one.type)]
    return RawLayer(
        fields=tuple(name for name in plain if name != column),
        has_geometry=column is not None,
        batches=_batches(file, plain, column),
        crs=crs,
        crs_implied=implied,
    )


def _geometry(schema: pa.Schema) -> tuple[str | None, str | None, bool]:
    """Return the geometry column, the words on its CRS, and whether they are implied.

    All empty for a table without geometry.
    """
    raw = (schema.metadata or {}).get(b"geo")
    if raw is None:
        return None, None, False
    try:
        geo = json.loads(raw)
        column = str(geo["primary_column"])
        facts: dict[str, Any] = geo["columns"][column]
    except (ValueError, KeyError, TypeError) as error:
        raise FileRefused(
            "file_damaged",
            cause_zh="“geo”元数据不是 JSON，或缺少主图形列",
            cause_en="its 'geo' metadata is no JSON or names no primary column",
        ) from error
    if column not in schema.names or facts.get("encoding") != "WKB":
        raise FileRefused("geoparquet_encoding", encoding=facts.get("encoding"))
    if "crs" not in facts:
        return column, _DEFAULT_CRS, True
    crs = facts["crs"]
    return column, None if crs is None else json.dumps(crs), False


def _batches(
    file: pq.ParquetFile, names: list[str], column: str | None
) -> Iterator[RawBatch]:
    first = 1
    # A process that forks has no threads.
    batches = file.iter_batches(BATCH_ROWS, columns=names, use_threads=False)
    for batch in _sound(batches):
        rows = number_rows(first, batch.num_rows)
        first += batch.num_rows
        columns = {name: _plain(batch.column(name)) for name in names}
        geometry = None if column is None else columns.pop(column)
        yield RawBatch(rows, columns, geometry)


def _sound(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give batches until the file turns out to be damaged."""
    try:
        yield from batches
    except (pa.ArrowException, OSError) as error:
        # Arrow's word for pages that cannot be read has no number.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise FileRefused(
            "file_damaged",
            cause_zh="有一段记录读不出",
            cause_en="a stretch of its rows cannot be read",
        ) from error


def _plain(values: pa.Array) -> pa.Array:
    """Return values without dictionary or view types, which later steps do not know."""
    kind = values.type
    if isinstance(values, pa.ExtensionArray):
        values, kind = values.storage, values.storage.type
    if pa.types.is_dictionary(kind):
        return values.dictionary_decode()
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return values.cast(pa.string())
    if pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind):
        return values.cast(pa.binary())
    return values
