"""Rows of a survey, understood and on their way to be checked (core)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parcels.register.layers import Kind, Layer
from parcels.surveys.row_shapes import RowShapes

Mask = npt.NDArray[np.bool_]

ARROW_TYPES: Final[dict[Kind, pa.DataType]] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int32(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.TEXT_LIST: pa.string(),
    Kind.JSON: pa.string(),
}
"""Kind of attribute → its column here; lists are text with ``;`` between the parts."""


@dataclass(slots=True, eq=False)
class Candidates:
    """Some rows of a file as the register would hold them (待入库记录).

    Attributes
    ----------
    layer
        Layer they are for.
    rows
        `(n,) int32` row numbers of the file.
    fields
        Attribute name (and ``code``, ``division_code``, ``valid_from``, ``valid_to``)
        → field of the file it came from.
    raw
        The same keys → the value as the file writes it, text.
    values
        Attribute name → typed array; attributes the file says nothing of are absent.
    code, division_code
        Text; null where missing or malformed.
    valid_from, valid_to
        date32, null where the row says nothing of its own.
    plane
        Geometries in the survey's own plane, two dimensions, without those that cannot
        be used; None for layers without geometry.
    clockwise
        `(rings,)` which of the rings of `plane` are walked clockwise.
    stored
        The same geometries in EPSG:4490, in the shape of the layer, counter-clockwise.
    as_sent
        Places of rows whose geometry cannot be used, and what of it can be drawn in
        EPSG:4490.
    mapped_area_m2
        `(n,) float64` ellipsoidal area, NaN where there is no area.
    heights
        How many of the geometries had heights or measures, which are dropped.
    in_mu
        Area attributes that the file gives in mu; `values` holds square metres, `raw`
        what is written.
    others
        Columns of the file that fill nothing in the register, by name in capitals.
    """

    layer: Layer
    rows: npt.NDArray[np.int32]
    fields: Mapping[str, str]
    raw: Mapping[str, pa.Array]
    values: dict[str, pa.Array]
    code: pa.Array
    division_code: pa.Array
    valid_from: pa.Array
    valid_to: pa.Array
    plane: RowShapes | None = None
    clockwise: Mask | None = None
    stored: RowShapes | None = None
    as_sent: tuple[npt.NDArray[np.int64], npt.NDArray[Any]] = (
        np.empty(0, np.int64),
        np.empty(0, dtype=object),
    )
    mapped_area_m2: npt.NDArray[np.float64] | None = None
    heights: int = 0
    in_mu: frozenset[str] = frozenset()
    others: Mapping[str, pa.Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def shown(self, key: str, indices: npt.NDArray[np.int64]) -> list[str | None]:
        """Return what the file writes for an attribute in some rows."""
        if key not in self.raw:
            return [None] * len(indices)
        values: list[str | None] = self.raw[key].take(pa.array(indices)).to_pylist()
        return values


def places_of(mask: pa.Array) -> npt.NDArray[np.int64]:
    """Return the indices at which a mask of rows is true; null is not."""
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))
