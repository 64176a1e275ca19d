"""A layer as its file says it, before anything is understood (core).

Columns are Arrow arrays: text for shapefiles, CSV and sheets (what is written there,
blanks trimmed, empty is null), typed for formats that type their fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parcels.surveys.checks.rings import Rings
from parcels.surveys.issues import Issues
from parcels.surveys.proposing import Finding

BATCH_ROWS = 32_768
"""Rows that are worked on at once; bounds the memory of everything after reading."""


SAMPLE_ROWS = 5
"""Rows that are shown to whoever confirms how a file is read."""


@dataclass(frozen=True, slots=True, eq=False)
class RawBatch:
    """Some consecutive rows of a file.

    Attributes
    ----------
    rows
        `(n,) int32` row numbers; 1 is the first record (the header does not count).
    columns
        Field name as written in the file → array of n values.
    geometry
        WKB of each row in the file's own coordinates, null where there is none; None
        when the file has no geometry at all.
    rings
        Polygons of one closed ring that came as plain coordinates; `owner` is the
        place of the row, whose `geometry` is null then. None for most formats.
    heights
        How many of `rings` had heights or measures, which were left in the file.
    issues
        What was found wrong while reading (text that cannot be decoded).
    """

    rows: npt.NDArray[np.int32]
    columns: Mapping[str, pa.Array]
    geometry: pa.Array | None = None
    issues: tuple[Issues, ...] = ()
    rings: Rings | None = None
    heights: int = 0

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True, eq=False)
class RawLayer:
    """One layer of a file.

    Attributes
    ----------
    fields
        Field names as written, in the order of the file.
    has_geometry
        Whether rows may carry a geometry of the file's own.
    batches
        The rows; can be walked once.
    crs
        What the file says of its coordinate system (``EPSG:4526`` or WKT), or None.
    crs_implied
        Whether `crs` is only what the format means when a file says nothing (GeoJSON).
    names_cut
        Whether the format cuts long field names (.dbf).
    findings
        What opening the file showed: encoding, and which of several layers it is.
    count
        How many rows there will be, None where the format does not say.
    per_line, result_fields
        Of a table with a column for each item (`wide_results`): how many such columns
        there are, and their names; a row's number is then `row * per_line + place`.
    """

    fields: tuple[str, ...]
    has_geometry: bool
    batches: Iterator[RawBatch] = field(repr=False)
    crs: str | None = None
    crs_implied: bool = False
    names_cut: bool = False
    findings: tuple[Finding, ...] = ()
    count: int | None = None
    per_line: int = 1
    result_fields: tuple[str, ...] = ()


def number_rows(first: int, count: int) -> npt.NDArray[np.int32]:
    """Return `count` row numbers from `first` on."""
    return np.arange(first, first + count, dtype=np.int32)
