"""What does an exported row say, and under which names? (core).

Attributes under the names of the interface, the code under the layer's own, the days
in law, and where the version comes from; an upload takes the same names back. Lists
are one text with ``;`` between the entries, as surveys write them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyarrow as pa

from parcels.register.layers import Attribute, Layer, Shape
from parcels.surveys.candidates import ARROW_TYPES

GEOMETRY: Final = "geom"
TIME: Final = pa.timestamp("ms", tz="UTC")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an exported layer.

    `attribute` is None for what every layer has beside its attributes.
    """

    name: str
    type: pa.DataType
    attribute: Attribute | None = None


def in_milliseconds(time: datetime) -> datetime:
    """Return a time without its microseconds.

    GDAL keeps seconds as a short float: of 59.9999 it makes second 60, which no reader
    takes, and readers of its fields stop at 44.9996 as well.

    Examples
    --------
    >>> in_milliseconds(datetime(2026, 1, 1, 0, 0, 59, 999_950)).microsecond
    999000
    """
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def list_columns(layer: Layer) -> tuple[Column, ...]:
    """Return the columns of a layer without its geometry, in the order of the file."""
    return (
        Column(layer.code_name, pa.string()),
        Column("division_code", pa.string()),
        *(Column(one.name, ARROW_TYPES[one.kind], one) for one in layer.attributes),
        Column("valid_from", pa.date32()),
        Column("valid_to", pa.date32()),
        Column("recorded_at", TIME),
        Column("source", pa.string()),
    )


def exported_schema(layer: Layer) -> pa.Schema:
    """Return the schema of exported rows; geometry is WKB, EPSG:4490."""
    fields = [pa.field(one.name, one.type) for one in list_columns(layer)]
    if layer.shape is not Shape.NONE:
        fields.append(pa.field(GEOMETRY, pa.binary()))
    return pa.schema(fields)
