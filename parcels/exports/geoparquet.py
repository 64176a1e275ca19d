"""Exported rows as GeoParquet 1.1 (shell)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import pyproj

from parcels.crs import STORAGE_SRID
from parcels.exports.columns import GEOMETRY
from parcels.register.layers import Shape

_TYPES: Final = {
    Shape.AREA: ["MultiPolygon"],
    Shape.AREA_OR_NONE: ["MultiPolygon"],
    Shape.PLACE: ["MultiPolygon", "Point"],
    Shape.POINT: ["Point"],
    Shape.LINE: ["MultiLineString"],
}


def write_geoparquet(
    shape: Shape, schema: pa.Schema, batches: Iterator[pa.RecordBatch], path: Path
) -> None:
    """Write rows to a new file; without ground it is an ordinary Parquet file."""
    if shape is not Shape.NONE:
        schema = schema.with_metadata({b"geo": _describe(shape)})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch.replace_schema_metadata(schema.metadata))


def _describe(shape: Shape) -> bytes:
    column = {
        "encoding": "WKB",
        "geometry_types": _TYPES[shape],
        "crs": json.loads(pyproj.CRS.from_epsg(STORAGE_SRID).to_json()),
        "edges": "planar",
    }
    described = {
        "version": "1.1.0",
        "primary_column": GEOMETRY,
        "columns": {GEOMETRY: column},
    }
    return json.dumps(described).encode()
