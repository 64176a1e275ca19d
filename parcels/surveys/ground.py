"""What does the register know of the ground a file is for? (core).

The outlines of the declared division's counties and townships, against which a file is
placed, proposed and checked. The reading process has no database: they travel to it as
the bytes of one small Arrow table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import pyarrow as pa
import shapely
from shapely.geometry import MultiPolygon, Polygon

from parcels.codes import COUNTY_DIGITS

_SCHEMA = pa.schema(
    [
        *(("code", pa.string()), ("name_zh", pa.string()), ("name_en", pa.string())),
        ("wkb", pa.binary()),
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A division as the register draws it (行政区界线).

    Attributes
    ----------
    code
        Without trailing zeros: six digits for a county, nine for a township.
    name_zh, name_en
        Chinese name; English name, which is the Chinese one where there is no other.
    geometry
        EPSG:4490, longitude before latitude.
    """

    code: str
    name_zh: str
    name_en: str
    geometry: Polygon | MultiPolygon


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Outlines of the ground a file is for (所在区域), each by code; maybe none.

    Attributes
    ----------
    counties
        Counties in the declared division, or the county a declared township lies in.
    townships
        Townships in the declared division; none where it is larger than a county.
    """

    counties: tuple[Outline, ...] = ()
    townships: tuple[Outline, ...] = ()

    def find(self, code: str) -> Outline | None:
        """Return the outline of a county or township, None when it is not known."""
        for outline in (*self.counties, *self.townships):
            if outline.code == code:
                return outline
        return None

    def to_bytes(self) -> bytes:
        """Return the ground as an Arrow stream; `from_bytes` takes it back."""
        outlines = (*self.counties, *self.townships)
        columns: list[list[Any]] = [
            [one.code for one in outlines],
            [one.name_zh for one in outlines],
            [one.name_en for one in outlines],
            [shapely.to_wkb(one.geometry) for one in outlines],
        ]
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, _SCHEMA) as writer:
            writer.write_table(pa.table(columns, schema=_SCHEMA))
        data: bytes = sink.getvalue().to_pybytes()
        return data

    @classmethod
    def from_bytes(cls, data: bytes) -> Ground:
        """Return the ground that `to_bytes` wrote."""
        rows = pa.ipc.open_stream(data).read_all().to_pylist()
        return make_ground([(*row.values(),) for row in rows])


def make_ground(rows: Iterable[tuple[str, str, str | None, bytes]]) -> Ground:
    """Return the ground of rows in any order.

    Of each code, Chinese name, English name if there is one, and WKB in EPSG:4490.
    """
    outlines = [
        Outline(code, zh, en or zh, shapely.from_wkb(wkb))
        for code, zh, en, wkb in sorted(rows, key=itemgetter(0))
    ]
    return Ground(
        tuple(one for one in outlines if len(one.code) == COUNTY_DIGITS),
        tuple(one for one in outlines if len(one.code) > COUNTY_DIGITS),
    )
