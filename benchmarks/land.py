"""What parcels does the invented county have? Streamed, seeded (core).

The parcels are an exact tessellation: neighbours share every point of their common
edge. A chunk can be made alone, so ten million of them need no more memory than one
chunk. Their uses follow the landscape: farming country, towns, and the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.landscape import BLOCK_CELLS, County
from benchmarks.tessellation import Coordinates, Indices, hash_unit
from parcels.area import measure_area

FIRST_DAY: Final = date(2016, 1, 1)
"""Earliest day from which a parcel is valid; the latest is 3,000 days after."""
VALID_DAYS: Final = 3_000


@dataclass(frozen=True, slots=True)
class Use:
    """A use a parcel may have: class, scheme, kind of right, whether supplied.

    `right` is the ownership and feature letter of the parcel code: GB state land for
    construction, JB and JC collective land for construction and homesteads, JD
    contracted farmland, JE contracted forest.
    """

    scheme: str
    code: str
    right: str
    supplied: bool | None


def _uses(scheme: str, right: str, supplied: bool | None, *codes: str) -> list[Use]:
    return [Use(scheme, code, right, supplied) for code in codes]


_GBT, _YDYH, _GB50137 = "gbt21010_2017", "ydyh_2023", "gb50137_2011"

FARMLAND_USES: Final = (
    *_uses(_GBT, "JD", None, "0101", "0102", "0102", "0103", "0103", "0103", "0201"),
    *_uses(_YDYH, "JD", None, "0102", "0103"),
    *_uses(_GBT, "JC", None, "0702"),
)
TOWN_USES: Final = (
    *_uses(_GBT, "GB", True, "0701", "0701", "0701", "0501", "0507", "0601", "0601"),
    *_uses(_GBT, "GB", True, "0604", "0801", "0803", "0805", "0806", "0809", "0810"),
    *_uses(_GBT, "GB", False, "0601", "1201", "1201"),
    *_uses(_YDYH, "GB", True, "070102", "100101", "080403", "0901", "1101"),
    *_uses(_GB50137, "GB", False, "R2", "M2", "A33", "B1", "G1"),
)
OTHER_USES: Final = (
    *_uses(_GBT, "JE", None, "0301", "0301", "0307"),
    *_uses(_GBT, "JD", None, "0103", "0201", "0404"),
    *_uses(_GBT, "JC", None, "0702", "0702"),
    *_uses(_GBT, "JB", False, "0601", "0602"),
    *_uses(_GBT, "GB", None, "1006", "1101", "1204"),
    *_uses(_YDYH, "JC", None, "0703"),
)
USES: Final = FARMLAND_USES + TOWN_USES + OTHER_USES


@dataclass(frozen=True, slots=True)
class ParcelChunk:
    """Some parcels, column by column, in order of their running number.

    Attributes
    ----------
    indices
        Running numbers, from 0.
    codes
        19 ASCII characters each, shape (parcels, 19) uint8.
    townships
        Running number of the township.
    uses
        Index into `USES`.
    days
        Days after `FIRST_DAY` from which the parcel is valid.
    rings
        Closed outlines, EPSG:4490, counter-clockwise, 21 points.
    mapped_area_m2, registered_area_m2
        Ellipsoidal area, and the area once entered by hand, up to 0.3 % off.
    """

    indices: Indices
    codes: NDArray[np.uint8]
    townships: Indices
    uses: Indices
    days: Indices
    rings: Coordinates
    mapped_area_m2: NDArray[np.float64]
    registered_area_m2: NDArray[np.float64]

    def polygons(self) -> NDArray[Any]:
        """Return the outlines as shapely polygons."""
        return np.asarray(shapely.polygons(self.rings))


def parcel_chunks(county: County, chunk_size: int = 50_000) -> Iterator[ParcelChunk]:
    """Yield every parcel of the county, chunk by chunk."""
    for first in range(0, county.parcels, chunk_size):
        last = min(first + chunk_size, county.parcels)
        yield parcels_at(county, np.arange(first, last))


def parcels_at(county: County, indices: Indices) -> ParcelChunk:
    """Return the parcels of these running numbers, in that order."""
    columns, rows = county.cells(indices)
    rings = county.lonlat(county.tessellation.rings(columns, rows))
    uses = uses_at(county, indices)
    centres = county.tessellation.centres(columns, rows)
    areas = measure_area(np.asarray(shapely.polygons(rings)))
    noise = hash_unit(county.seed, 12, indices)
    return ParcelChunk(
        indices=indices,
        codes=parcel_codes(county, indices, uses),
        townships=county.townships(centres),
        uses=uses,
        days=(hash_unit(county.seed, 11, indices) * VALID_DAYS).astype(np.int64),
        rings=rings,
        mapped_area_m2=areas,
        registered_area_m2=np.round(areas * (0.997 + 0.006 * noise), 2),
    )


def uses_at(county: County, indices: Indices) -> Indices:
    """Return the use of each parcel by its running number, as index into `USES`."""
    centres = county.tessellation.centres(*county.cells(indices))
    unit = hash_unit(county.seed, 10, indices)
    farmland, town = county.is_farmland(centres), county.is_town(centres)
    first = np.where(
        farmland,
        0,
        np.where(town, len(FARMLAND_USES), len(FARMLAND_USES) + len(TOWN_USES)),
    )
    number = np.where(
        farmland,
        len(FARMLAND_USES),
        np.where(town, len(TOWN_USES), len(OTHER_USES)),
    )
    return np.asarray(first + (unit * number).astype(np.int64))


def parcel_codes(county: County, indices: Indices, uses: Indices) -> NDArray[np.uint8]:
    """Return the parcel codes as ASCII, shape (parcels, 19).

    District and sub-district are the block's row and column; the serial counts the
    cells of the block.
    """
    columns, rows = county.cells(indices)
    serials = (rows % BLOCK_CELLS) * BLOCK_CELLS + columns % BLOCK_CELLS + 1
    rights = np.array([list(use.right.encode()) for use in USES], dtype=np.uint8)
    parts = (
        np.broadcast_to(list(county.code.encode()), (len(indices), 6)),
        digits(rows // BLOCK_CELLS + 1, 3),
        digits(columns // BLOCK_CELLS + 1, 3),
        rights[uses],
        digits(serials, 5),
    )
    return np.concatenate(parts, axis=1).astype(np.uint8)


def digits(numbers: Indices, width: int) -> NDArray[np.uint8]:
    """Return whole numbers as ASCII digits with leading zeros, shape (n, width).

    Examples
    --------
    >>> digits(np.array([7, 42]), 3).tobytes()
    b'007042'
    """
    powers = 10 ** np.arange(width - 1, -1, -1)
    return np.asarray(numbers[:, None] // powers % 10 + ord("0"), dtype=np.uint8)
