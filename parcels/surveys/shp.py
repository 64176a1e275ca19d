"""Polygons of one ring, straight from the bytes of a .shp (shell).

Most parcels are one ring. Their coordinates lie in the file as they are needed, so
they are cut out for a whole batch at once; all other records (several parts, no
geometry, other types, anything odd) are left to GDAL. Format: ESRI Shapefile Technical
Description (1998), polygon records.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyogrio.raw

from parcels.surveys.checks.rings import Rings
from parcels.surveys.shp_records import Damage, find_damage

_WORD: Final = 4
_HEADER_WORDS: Final = 14
"""Record header (2), type, box (8), parts, points, and where the only part begins."""
_POLYGONS: Final = {5: 16, 15: 24, 25: 24}
"""Polygon, with heights, with measures → bytes of a vertex. Measures and heights lie
behind all vertices, with a range of 16 bytes each; a record with heights may carry
measures, too."""
_RANGE: Final = 16
_LEAST_VERTICES: Final = 4

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Geometry of consecutive records.

    Attributes
    ----------
    rings
        Polygons of one closed ring; `owner` is the record's place in the batch.
    others
        WKB of the remaining records, null for those in `rings` and for null shapes.
    heights
        How many of `rings` had heights or measures in the file.
    damage
        Records that cannot be as they say; they have no geometry.
    """

    rings: Rings
    others: pa.Array
    heights: int
    damage: Damage


class ShpFile:
    """A .shp whose records are known by their places.

    Parameters
    ----------
    starts, lengths
        Where each record begins and how many bytes its content has, as the .shx says;
        known to lie within the file.
    """

    def __init__(
        self,
        path: Path,
        starts: npt.NDArray[np.int64],
        lengths: npt.NDArray[np.int64],
    ) -> None:
        self._path = path
        self._starts, self._lengths = starts, lengths
        self._bytes = np.memmap(path, np.uint8, "r") if len(starts) else None

    def read(self, first: int, last: int) -> Shapes:
        """Return records `first` to before `last` (0-based)."""
        simple, heights = self._find_simple(first, last)
        rings = self._cut(first, last, simple)
        closed = self._is_closed(rings)
        if not closed.all():
            simple[rings.owner[~closed]] = False
            heights &= simple
            rings = self._cut(first, last, simple)
        damage = self._find_damage(first, last, simple)
        left = simple.copy()
        left[damage.places] = True
        others = self._read_others(first, left)
        return Shapes(rings, others, int(heights.sum()), damage)

    def _find_damage(self, first: int, last: int, simple: Mask) -> Damage:
        """Look at the records that are not simple; the simple ones are known whole."""
        assert self._bytes is not None
        starts, lengths = self._starts[first:last], self._lengths[first:last]
        return find_damage(self._bytes, starts, lengths, np.flatnonzero(~simple))

    def _find_simple(self, first: int, last: int) -> tuple[Mask, Mask]:
        """Tell which records are polygons of one ring, and which have heights."""
        starts, lengths = self._starts[first:last], self._lengths[first:last]
        apart = starts[1:] != starts[:-1] + 8 + lengths[:-1]
        nobody = np.zeros(len(starts), dtype=bool)
        if apart.any() or (starts % _WORD).any():
            return nobody, nobody.copy()
        long = lengths >= (_HEADER_WORDS - 2) * _WORD
        if not long.any():
            # Points and null shapes: fewer words than the head of one polygon.
            return nobody, nobody.copy()
        words = self._words(first, last)
        begin = (starts - starts[0]) // _WORD
        begin = np.where(long, begin, 0)
        kind, parts = words[begin + 2], words[begin + 11]
        count, part = words[begin + 12].astype(np.int64), words[begin + 13]
        simple = long & (parts == 1) & (part == 0) & (count >= _LEAST_VERTICES)
        simple &= np.isin(kind, list(_POLYGONS))
        content = (_HEADER_WORDS - 2) * _WORD + 16 * count
        tail = lengths - content
        wide = kind != 5
        # Heights alone, or heights and measures (Z), or measures alone (M).
        extra = _RANGE + 8 * count
        fits = np.where(wide, (tail == extra) | (tail == 2 * extra), tail == 0)
        simple &= fits
        return simple, simple & wide

    def _words(self, first: int, last: int) -> npt.NDArray[np.int32]:
        """Return the bytes of the records as little-endian words."""
        assert self._bytes is not None
        end = self._starts[last - 1] + 8 + self._lengths[last - 1]
        block = self._bytes[self._starts[first] : end]
        return np.frombuffer(block[: len(block) // _WORD * _WORD].data, "<i4")

    def _cut(self, first: int, last: int, simple: Mask) -> Rings:
        """Return the vertices of the simple records."""
        owner = np.flatnonzero(simple)
        if not len(owner):
            return Rings(np.empty((0, 2)), np.zeros(1, np.int64), owner, simple[:0])
        words = self._words(first, last)
        begin = (self._starts[first:last][owner] - self._starts[first]) // _WORD
        counts = words[begin + 12].astype(np.int64)
        coordinates = _take(words, begin + _HEADER_WORDS, counts * 4)
        starts = np.concatenate(([0], np.cumsum(counts)))
        hole = np.zeros(len(owner), dtype=bool)
        return Rings(coordinates.view("<f8").reshape(-1, 2), starts, owner, hole)

    @staticmethod
    def _is_closed(rings: Rings) -> Mask:
        begin, end = rings.starts[:-1], rings.starts[1:] - 1
        closed: Mask = (rings.coordinates[begin] == rings.coordinates[end]).all(axis=1)
        return closed

    def _read_others(self, first: int, simple: Mask) -> pa.Array:
        """Let GDAL read the records that are not simple."""
        others = np.flatnonzero(~simple)
        if not len(others):
            return pa.nulls(len(simple), pa.binary())
        wkb = np.full(len(simple), None, dtype=object)
        _, _, geometry, _ = pyogrio.raw.read(
            self._path, columns=[], fids=(others + first).tolist()
        )
        wkb[others] = geometry
        return pa.array(wkb, pa.binary())


def _take(
    words: npt.NDArray[np.int32],
    begin: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int64],
) -> npt.NDArray[np.int32]:
    """Return runs of words, one behind the other; runs are in order and apart."""
    # Lengths of what is left out and what is taken, in turns.
    ends = begin + counts
    lengths = np.empty(2 * len(begin) + 1, np.int64)
    lengths[1::2] = counts
    lengths[2:-1:2] = begin[1:] - ends[:-1]
    lengths[0], lengths[-1] = begin[0], len(words) - ends[-1]
    wanted = np.zeros(len(lengths), dtype=bool)
    wanted[1::2] = True
    taken: npt.NDArray[np.int32] = words[np.repeat(wanted, lengths)]
    return taken
