"""Rows of a file as the file says them, to be repaired (shell, in the child process).

What a check refuses is not lost: the faulty rows are read again from the archived
bytes and written out as they stand there, in the survey's own plane.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from shapely import GeometryType

from parcels.surveys.examine_files import ASIDE_FILE, FACTS_FILE, WANTED_FILE
from parcels.surveys.ground import Ground
from parcels.surveys.limits import Limits
from parcels.surveys.parsing import to_text
from parcels.surveys.raw import RawBatch
from parcels.surveys.read import SurveyFile, read_layer
from parcels.surveys.request import UploadRequest
from parcels.surveys.simple_polygons import make_polygons

ROW: Final = "row"
WKB: Final = "wkb"
FIELDS: Final = "field_"
"""Begins the name of each column that is a field of the file, by its place."""


def extract(
    file: SurveyFile,
    request: UploadRequest,
    ground: Ground,
    limits: Limits,
    results: Path,
) -> None:
    """Write the wanted rows of a file to `results`, fields as text, geometry as WKB.

    The numbers of the rows lie beside `results`; facts say the fields' names.

    Raises
    ------
    FileRefused
        If the file cannot be read any more as it was examined.
    """
    wanted = np.load(results.parent / WANTED_FILE)
    raw = read_layer(file, request, limits)
    schema = pa.schema(
        [
            (ROW, pa.int32()),
            *((f"{FIELDS}{place}", pa.string()) for place in range(len(raw.fields))),
            (WKB, pa.binary()),
        ]
    )
    with pa.OSFile(str(results / ASIDE_FILE), "wb") as sink:
        with pa.ipc.new_file(sink, schema) as writer:
            for batch in raw.batches:
                writer.write_batch(_chosen(batch, raw.fields, wanted, schema))
    text = json.dumps({"fields": list(raw.fields)}, ensure_ascii=False)
    (results / FACTS_FILE).write_text(text, encoding="utf-8")


def _chosen(
    batch: RawBatch,
    fields: tuple[str, ...],
    wanted: npt.NDArray[np.int32],
    schema: pa.Schema,
) -> pa.RecordBatch:
    places = pa.array(np.flatnonzero(np.isin(batch.rows, wanted)))
    columns = [
        pa.array(batch.rows),
        *(to_text(batch.columns[name]) for name in fields),
        _wkb(batch),
    ]
    return pa.record_batch([one.take(places) for one in columns], schema=schema)


def _wkb(batch: RawBatch) -> pa.Array:
    """Return the geometry of every row, also of those that came as plain rings."""
    if batch.geometry is None:
        return pa.nulls(len(batch), pa.binary())
    geometry = batch.geometry.cast(pa.binary())
    if batch.rings is None or not len(batch.rings.owner):
        return geometry
    every = geometry.to_numpy(zero_copy_only=False)
    polygons = make_polygons(batch.rings, GeometryType.POLYGON)
    every[batch.rings.owner] = shapely.to_wkb(polygons, byte_order=1)
    return pa.array(every, pa.binary())
