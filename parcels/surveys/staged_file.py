"""The accepted rows of a file, between checking and committing (shell).

An Arrow file, one column an attribute, typed as the register types them; geometry is
WKB in EPSG:4490. Kept as a file and not as a table: a million rows would be written
and logged twice, and a lost file is made again from the archived bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parcels.register.layers import Layer, Shape
from parcels.surveys.candidates import ARROW_TYPES, Candidates
from parcels.surveys.geometry import to_wkb
from parcels.surveys.mapping import FieldMapping
from parcels.surveys.row_shapes import RowShapes
from parcels.surveys.simple_polygons import rings_to_wkb

_OWN: Final = (
    ("row", pa.int32()),
    ("code", pa.string()),
    ("division_code", pa.string()),
    ("valid_from", pa.date32()),
    ("valid_to", pa.date32()),
)
GEOMETRY: Final = "geom"


_PER_LINE: Final = b"per_line"


def staged_schema(layer: Layer, mapping: FieldMapping, per_line: int = 1) -> pa.Schema:
    """Return the columns of accepted rows: what the file says, and areas.

    An attribute the file has no field for has no column. `per_line` is that of the
    file's layer (`RawLayer`).
    """
    columns = list(_OWN)
    for one in layer.attributes:
        measured = one.name == "mapped_area_m2"
        if measured or one.name in mapping.attributes:
            columns.append((one.name, ARROW_TYPES[one.kind]))
    if layer.shape is not Shape.NONE:
        columns.append((GEOMETRY, pa.binary()))
    return pa.schema(columns, {_PER_LINE: str(per_line).encode()})


def per_line_of(schema: pa.Schema) -> int:
    """Return how many staged rows a row of the file may be."""
    return int((schema.metadata or {}).get(_PER_LINE, b"1"))


class StagedWriter:
    """Writes accepted rows batch by batch; use in a ``with`` block."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._sink = pa.OSFile(str(path), "wb")
        self._writer = pa.ipc.new_file(self._sink, schema)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()
        self._sink.close()

    def write(self, rows: pa.RecordBatch) -> None:
        """Write rows of the schema."""
        if rows.num_rows:
            self._writer.write_batch(rows)


def split_rows(
    candidates: Candidates, faulty: npt.NDArray[np.int32], schema: pa.Schema
) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """Return the rows that no error names, as they are staged, and the others."""
    columns = [_column(candidates, field.name) for field in schema]
    batch = pa.record_batch(columns, schema=schema)
    if not len(faulty):
        return batch, batch.slice(0, 0)
    # A row of the file is taken whole or not at all.
    per_line = per_line_of(schema)
    bad = np.isin(candidates.rows // per_line, faulty // per_line)
    return batch.filter(pa.array(~bad)), batch.filter(pa.array(bad))


def _column(candidates: Candidates, name: str) -> pa.Array:
    if name == "row":
        return pa.array(candidates.rows)
    if name == GEOMETRY:
        assert candidates.stored is not None
        return _wkb(candidates.stored)
    if name == "mapped_area_m2":
        return pa.array(candidates.mapped_area_m2, from_pandas=True)
    if name in ("code", "division_code", "valid_from", "valid_to"):
        return getattr(candidates, name)
    return candidates.values[name]


def _wkb(stored: RowShapes) -> pa.Array:
    rings = stored.rings
    if not len(rings.owner):
        return to_wkb(stored.others)
    plain = rings_to_wkb(rings)
    rest = np.ones(len(stored), dtype=bool)
    rest[rings.owner] = False
    if not rest.any():
        return plain
    place = np.empty(len(stored), np.int64)
    place[rings.owner] = np.arange(len(plain))
    place[rest] = len(plain) + np.arange(int(rest.sum()))
    both = pa.chunked_array([plain, to_wkb(stored.others[rest])])
    return both.combine_chunks().take(pa.array(place))


@contextmanager
def open_staged(path: Path) -> Iterator[Any]:
    """Give a reader of the record batches; the file is mapped, not loaded."""
    with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
        yield reader


def read_batches(
    reader: Any,
    without: npt.NDArray[np.int32] | None,
    columns: tuple[str, ...] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Give the batches of a staged file, some rows of the file left out.

    `columns` are those wanted, ``row`` among them; None is all. A damaged file raises
    ArrowInvalid, or gives other rows than were written.
    """
    per_line = per_line_of(reader.schema)
    for place in range(reader.num_record_batches):
        batch = reader.get_batch(place)
        if columns is not None:
            batch = batch.select(columns)
        # Offsets of a damaged file would lead out of its memory.
        batch.validate(full=True)
        if without is not None and len(without):
            kept = ~np.isin(batch.column("row").to_numpy() // per_line, without)
            batch = batch if kept.all() else batch.filter(pa.array(kept))
        yield batch


@dataclass(frozen=True, slots=True, eq=False)
class AcceptedRows:
    """Rows of a staged file that are to be written.

    Attributes
    ----------
    without
        Numbers of rows of the file that stay out: those that only a check of the whole
        file found faulty; None for none.
    """

    path: Path
    without: npt.NDArray[np.int32] | None
    schema: pa.Schema
    count: int

    @contextmanager
    def batches(self) -> Iterator[Iterator[pa.RecordBatch]]:
        """Give them batch by batch."""
        with open_staged(self.path) as reader:
            yield read_batches(reader, self.without)

    def values_of(self, column: str) -> set[str]:
        """Return the values of a column of text, each once, null left out."""
        found: set[str] = set()
        with open_staged(self.path) as reader:
            for batch in read_batches(reader, self.without, ("row", column)):
                found.update(pc.unique(batch.column(column)).drop_null().to_pylist())
        return found


def find_accepted(
    path: Path, without: npt.NDArray[np.int32] | None = None
) -> AcceptedRows:
    """Return the rows of a staged file, some rows of the file left out."""
    with open_staged(path) as reader:
        rows = read_batches(reader, without, ("row",))
        count = sum(batch.num_rows for batch in rows)
        return AcceptedRows(path, without, reader.schema, count)
