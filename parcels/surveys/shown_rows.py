"""Which rows of a checked file lie in a place, and how are they drawn? (shell).

Whoever reads a fault on the map has to see the rows around it. The reading process
leaves the box of every row in one Arrow file; the shapes lie where they are staged, and
only those asked for are read. A million boxes are compared in some milliseconds, so
that no order in space has to be made and kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from parcels.surveys.archive import Archive
from parcels.surveys.candidates import Candidates
from parcels.surveys.staged_file import GEOMETRY, open_staged

Drawn = Literal["usable", "as_sent", "not_placed"]
Bounds = tuple[float, float, float, float]

_SIDES: Final = ("west", "south", "east", "north")
SCHEMA: Final = pa.schema(
    [
        ("row", pa.int32()),
        ("accepted", pa.bool_()),
        *((side, pa.float64()) for side in _SIDES),
        ("as_sent", pa.binary()),
    ]
)
"""`accepted` tells in which staged file a row is the next one; `as_sent` is the outline
of a row whose geometry cannot be used, WKB in EPSG:4490, null for all others."""

WHOLE_VERTICES: Final = 1000
"""A shape of more is cut off at the box that is asked about."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a file as it is drawn (图形).

    Attributes
    ----------
    row, code
        Its number (1 is the first record), and code where the file has one for it.
    drawn
        ``usable``; ``as_sent`` where its geometry cannot be used (不可用) and is drawn
        as the file has it; ``not_placed`` where it has no place on the map.
    cut
        Whether the shape goes on beyond the box that was asked about.
    geometry
        EPSG:4490; of what is drawn as sent, and of what was cut, lines, None where
        none of them lies in the box.
    """

    row: int
    code: str | None
    drawn: Drawn
    cut: bool
    geometry: BaseGeometry | None


def list_shown(candidates: Candidates, accepted: pa.RecordBatch) -> pa.RecordBatch:
    """Return the next rows of a file as `SCHEMA` has them.

    Parameters
    ----------
    accepted
        Those of the rows that are staged; the others are among the rejected.
    """
    rows = candidates.rows
    bounds = np.full((len(rows), 4), np.nan)
    if candidates.stored is not None:
        bounds = candidates.stored.bounds.copy()
    as_sent = np.full(len(rows), None, dtype=object)
    places, outlines = candidates.as_sent
    if len(places):
        bounds[places] = shapely.bounds(outlines)
        as_sent[places] = shapely.to_wkb(outlines)
    columns = [
        pa.array(rows),
        pa.array(np.isin(rows, accepted.column("row").to_numpy())),
        *(pa.array(side) for side in bounds.T),
        pa.array(as_sent, pa.binary()),
    ]
    return pa.record_batch(columns, schema=SCHEMA)


def find_shown(
    archive: Archive,
    upload_id: UUID,
    box: Bounds | None,
    rows: Sequence[int] = (),
    *,
    after: int = 0,
    limit: int,
) -> list[ShownRow] | None:
    """Return rows whose box meets a box, and the rows named, in the file's order.

    None where the rows are kept no longer: an upload that is committed or given up
    has none.

    Parameters
    ----------
    box
        West, south, east, north in degrees; None for the named rows alone, and with
        none named for every row.
    after
        Number of the row before the first.
    """
    try:
        with ExitStack() as opened:
            index, *files = (
                opened.enter_context(open_staged(path(upload_id)))
                for path in (
                    archive.shown_path,
                    archive.rejected_path,
                    archive.staged_path,
                )
            )
            chosen = list(islice(_choose(index, box, rows, after), limit))
            shapes = [_Rows(file) for file in files]
            return [_draw(one, shapes[one.accepted], box) for one in chosen]
    except FileNotFoundError:
        return None


class _Chosen(NamedTuple):
    """A row, which of the files it is in, and where; its outline as sent."""

    row: int
    accepted: bool
    place: int
    as_sent: bytes | None


def _choose(
    index: Any, box: Bounds | None, rows: Sequence[int], after: int
) -> Iterator[_Chosen]:
    """Give the rows that are asked for, batch by batch."""
    seen = np.zeros(2, np.int64)
    for n in range(index.num_record_batches):
        batch = index.get_batch(n)
        number = batch.column("row").to_numpy()
        accepted = batch.column("accepted").to_numpy(zero_copy_only=False)
        chosen = np.flatnonzero(_is_asked(batch, box, rows) & (number > after))
        if len(chosen):
            # A row is the next of its file: as many came before as are of its kind.
            place = np.where(accepted, np.cumsum(accepted), np.cumsum(~accepted)) - 1
            place += seen[accepted.astype(np.intp)]
            for one in chosen.tolist():
                wkb = batch.column("as_sent")[one].as_py()
                yield _Chosen(
                    int(number[one]), bool(accepted[one]), int(place[one]), wkb
                )
        seen += (np.count_nonzero(~accepted), np.count_nonzero(accepted))


def _is_asked(
    batch: pa.RecordBatch, box: Bounds | None, rows: Sequence[int]
) -> npt.NDArray[np.bool_]:
    number = batch.column("row").to_numpy()
    if box is None and not rows:
        return np.full(len(number), True)
    asked: npt.NDArray[np.bool_] = np.zeros(len(number), dtype=bool)
    if rows:
        asked |= np.isin(number, rows)
    if box is not None:
        west, south, east, north = (batch.column(side).to_numpy() for side in _SIDES)
        # Without a place there is no box: no comparison with NaN holds.
        meets = (west <= box[2]) & (east >= box[0])
        asked |= meets & (south <= box[3]) & (north >= box[1])
    return asked


class _Rows:
    """The rows of a staged file by their place in it."""

    def __init__(self, file: Any) -> None:
        self._batches = [file.get_batch(n) for n in range(file.num_record_batches)]
        self._starts = np.cumsum([0, *(batch.num_rows for batch in self._batches)])

    def read(self, place: int) -> tuple[str | None, bytes | None]:
        """Return code and geometry of a row."""
        n = int(np.searchsorted(self._starts, place, side="right")) - 1
        batch, place = self._batches[n], place - int(self._starts[n])
        has_shape = GEOMETRY in batch.schema.names
        wkb = batch.column(GEOMETRY)[place].as_py() if has_shape else None
        return batch.column("code")[place].as_py(), wkb


def _draw(one: _Chosen, rows: _Rows, box: Bounds | None) -> ShownRow:
    code, wkb = rows.read(one.place)
    drawn: Drawn = "usable" if one.as_sent is None else "as_sent"
    wkb = wkb if one.as_sent is None else one.as_sent
    shape = shapely.from_wkb(wkb, on_invalid="ignore")
    return _shown(one.row, code, shape, drawn, box)


def _shown(
    row: int,
    code: str | None,
    shape: BaseGeometry | None,
    drawn: Drawn,
    box: Bounds | None,
) -> ShownRow:
    if shape is None or shape.is_empty:
        return ShownRow(row, code, "not_placed", False, None)
    large = shapely.get_num_coordinates(shape) > WHOLE_VERTICES
    cut = bool(large and box is not None)
    if cut or drawn == "as_sent":
        # Lines are sound whatever the polygon is, and have no edge along the cut.
        shape = _lines(shape)
    if cut:
        shape = shapely.intersection(shape, shapely.box(*box or ()))
        parts = [one for one in shapely.get_parts(shape) if one.length]
        shape = shapely.multilinestrings(parts) if parts else None
    return ShownRow(row, code, drawn, cut, shape)


def _lines(shape: BaseGeometry) -> BaseGeometry:
    """Return the rings of polygons as lines; lines and points as they are."""
    parts = shapely.get_parts(shape)
    if shapely.get_dimensions(shape) < 2:
        return shape
    rings = shapely.get_rings(parts)
    lines = [shapely.LineString(shapely.get_coordinates(one)) for one in rings]
    return shapely.MultiLineString(lines)
