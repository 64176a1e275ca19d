"""Arrow columns as PostgreSQL's binary COPY takes them (shell).

Every value is its length (4 bytes, big-endian; −1 for null) and its bytes; Arrow joins
the columns row by row, so no row passes through Python. Format: PostgreSQL 15, COPY,
"Binary Format".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql
from psycopg.copy import QueuedLibpqWriter

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"
_EPOCH: Final = 10_957
"""Days from 1970-01-01 (Arrow) to 2000-01-01 (PostgreSQL)."""
_TEXT: Final = 25
"""The type text, as every PostgreSQL numbers it."""

_NETWORK_ORDER: Final = {
    pa.int16(): ">i2",
    pa.int32(): ">i4",
    pa.int64(): ">i8",
    pa.float64(): ">f8",
}


def copy_batches(
    connection: psycopg.Connection[Any],
    table: str,
    columns: Iterable[str],
    batches: Iterable[pa.RecordBatch],
) -> None:
    """Append record batches to a table; columns in the order of the batches.

    `table` may be preceded by its schema and a dot. Column types must be the table's:
    int, float64, bool, date32, string, lists of strings for text[], and binary for
    bytea or geometry (WKB; one without SRID gets that of its column).
    """
    statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(
        sql.Identifier(*table.split(".")),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
    with connection.cursor() as cursor:
        # Batches are encoded while the one before is sent.
        writer = QueuedLibpqWriter(cursor)
        with cursor.copy(statement, writer=writer) as copy:
            copy.write(_HEADER)
            for batch in batches:
                if batch.num_rows:
                    copy.write(encode_batch(batch))
            copy.write(_TRAILER)


def encode_batch(batch: pa.RecordBatch) -> memoryview:
    """Return the rows of a batch in the binary format, without header and trailer."""
    parts: list[Any] = [_constant(len(batch.columns).to_bytes(2, "big"))]
    for column in batch.columns:
        parts += _encode(column)
    joined = _join(parts)
    _, offsets, data = joined.buffers()
    size = int(np.frombuffer(offsets, np.int64)[joined.offset + len(joined)])
    return memoryview(data)[:size]


def _join(parts: Iterable[Any]) -> pa.Array:
    """Return the parts of each row behind each other."""
    return pc.binary_join_element_wise(*parts, _constant(b""))


def _constant(value: bytes) -> pa.Scalar:
    return pa.scalar(value, pa.large_binary())


def _encode(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return lengths and bytes of a column."""
    valid = column.is_valid().to_numpy(zero_copy_only=False)
    payload = _payload(column)
    lengths = np.where(valid, pc.binary_length(payload).to_numpy(), -1)
    if column.null_count:
        payload = pc.if_else(pa.array(valid), payload, _constant(b""))
    return _fixed(lengths, ">i4"), payload


def _payload(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_list(kind):
        return _lists(column)
    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        return pc.fill_null(column.cast(pa.large_binary()), b"")
    if pa.types.is_boolean(kind):
        return _fixed(_values(column, pa.uint8()), "u1")
    if pa.types.is_date32(kind):
        return _fixed(_values(column, pa.int32()) - _EPOCH, ">i4")
    return _fixed(_values(column, kind), _NETWORK_ORDER[kind])


def _lists(column: pa.ListArray) -> pa.Array:
    """Return lists of strings as PostgreSQL's arrays: dimensions, then the elements."""
    counts = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
    head = np.empty((len(column), 5), ">i4")
    # One dimension, no null among them, their type, how many, the first is number 1.
    head[:] = [1, 0, _TEXT, 0, 1]
    head[:, 3] = counts
    elements = _join(_encode(column.flatten()))
    ends = np.concatenate([[0], np.cumsum(counts)])
    parts = pa.LargeListArray.from_arrays(ends, elements)
    return _join(
        [_fixed(head.view("V20")[:, 0]), pc.binary_join(parts, _constant(b""))]
    )


def _values(column: pa.Array, kind: pa.DataType) -> npt.NDArray[Any]:
    values: npt.NDArray[Any] = pc.fill_null(column.cast(kind), 0).to_numpy(
        zero_copy_only=False
    )
    return values


def _fixed(values: npt.NDArray[Any], dtype: str | None = None) -> pa.Array:
    data = np.ascontiguousarray(values, dtype)
    width = data.dtype.itemsize
    array = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(width), len(data), [None, pa.py_buffer(data)]
    )
    return array.cast(pa.large_binary())
