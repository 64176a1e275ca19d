"""Can the counts in these records of a .shp be true? (core).

A record tells how many parts and vertices it has. Where they do not fit into it, or
contradict each other, GDAL gives no geometry, or one of other numbers, without a word.
A record that is longer than its counts need is left to it: some programs leave room.
Format: ESRI Shapefile Technical Description (1998).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from parcels.surveys.issues import Issues

DAMAGED: Final = "geometry_record_damaged"
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]

_LEAST: Final = {0: 4, 1: 20, 11: 28, 21: 20, 31: 44}
"""Type of record without vertices to count, or whose counts are not looked at (a
multipatch) → its bytes at least."""
_MULTIPOINTS: Final = (8, 18, 28)
_PARTED: Final = (3, 5, 13, 15, 23, 25)
_WITH_HEIGHTS: Final = (13, 15, 18)
"""Types with a height a vertex and a range of 16 bytes; measures may be left out."""
_BOX: Final = 36
"""Bytes of type and box; the counts follow."""


class Damage(NamedTuple):
    """Records that cannot be as they say: their places, and why, in both languages."""

    places: Numbers
    zh: list[str]
    en: list[str]


class _Counts(NamedTuple):
    """What records say of themselves, and how many bytes they need and have."""

    kind: Numbers
    parts: Numbers
    points: Numbers
    needed: Numbers
    found: Numbers

    def at(self, place: int) -> dict[str, int]:
        """Return the figures of one record by name."""
        return {name: int(column[place]) for name, column in self._asdict().items()}


def find_damage(
    data: Bytes, starts: Numbers, lengths: Numbers, places: Numbers
) -> Damage:
    """Return which of some records cannot be true.

    Parameters
    ----------
    data
        The whole .shp.
    starts, lengths
        Where each record begins and how many bytes its content has; within the file.
    places
        Which of them to look at.
    """
    begin, found = starts[places] + 8, lengths[places]
    kinds = _words(data, begin, found, 0)
    least = np.zeros(len(places), np.int64)
    for kind, size in _LEAST.items():
        least[kinds == kind] = size
    parted, multipoint = np.isin(kinds, _PARTED), np.isin(kinds, _MULTIPOINTS)
    least[parted], least[multipoint] = _BOX + 8, _BOX + 4
    parts = np.where(parted, _words(data, begin, found, _BOX), 0)
    points = _words(data, begin, found, np.where(parted, _BOX + 4, _BOX))
    counted = (parted | multipoint) & (found >= least)
    empty = (points == 0) & (parts == 0)
    against = counted & ~empty & ((points < 1) | (parted & (parts < 1)))
    against |= counted & (parts > points)
    heights = np.isin(kinds, _WITH_HEIGHTS)
    needed = least + 4 * parts + 16 * points + heights * (16 + 8 * points)
    beyond = counted & ~against & (needed > found)
    torn = np.zeros(len(places), bool)
    whole = np.flatnonzero(counted & ~against & ~beyond & parted & ~empty)
    torn[whole] = _are_torn(data, begin[whole], parts[whole], points[whole])
    counts = _Counts(kinds, parts, points, needed, found)
    damage, damaged = Damage(places[:0], [], []), []
    for bad, (zh, en) in (
        (least == 0, _NO_TYPE),
        ((least > 0) & (found < least), _SHORT),
        (against, _CONTRADICTS),
        (beyond, _BEYOND),
        (torn, _TORN),
    ):
        told = [counts.at(place) for place in np.flatnonzero(bad).tolist()]
        damage.zh.extend(zh.format(**one) for one in told)
        damage.en.extend(en.format(**one) for one in told)
        damaged.append(places[bad])
    return damage._replace(places=np.concatenate(damaged))


def tell_damage(damage: Damage, rows: npt.NDArray[np.int32]) -> Iterator[Issues]:
    """Give an issue for each damaged record; `rows` are the numbers of all of them."""
    if len(damage.places):
        details = {"cause_zh": damage.zh, "cause_en": damage.en}
        yield Issues(DAMAGED, rows[damage.places], details=details)


_NO_TYPE: Final = ("图形类型 {kind} 不存在", "its shape type {kind} does not exist")
_SHORT: Final = ("记录只有 {found} 字节", "it has only {found} bytes")
_CONTRADICTS: Final = (
    "写有 {parts} 个部分、{points} 个节点，自相矛盾",
    "it tells of {parts} parts and {points} vertices, which cannot be",
)
_BEYOND: Final = (
    "写有 {parts} 个部分、{points} 个节点，须有 {needed} 字节，实有 {found} 字节",
    "it tells of {parts} parts and {points} vertices, which need {needed} bytes; it has"
    " {found}",
)
_TORN: Final = (
    "{parts} 个部分的起点不在 {points} 个节点之内，或次序颠倒",
    "its {parts} parts begin outside of its {points} vertices, or out of order",
)


def _words(
    data: Bytes, begin: Numbers, found: Numbers, offset: int | Numbers
) -> Numbers:
    """Return a signed number of each record, 0 where it is too short for it."""
    there = found >= offset + 4
    at = np.where(there, begin + offset, 0)
    words = data[at[:, None] + np.arange(4)].view("<i4")[:, 0].astype(np.int64)
    return np.where(there, words, 0)


def _are_torn(
    data: Bytes, begin: Numbers, parts: Numbers, points: Numbers
) -> npt.NDArray[np.bool_]:
    """Tell which records have parts that do not follow each other in their vertices."""
    if not len(begin):
        return np.zeros(0, bool)
    ends = np.cumsum(parts)
    owner = np.repeat(np.arange(len(parts)), parts)
    number = np.arange(len(owner)) - (ends - parts)[owner]
    at = begin[owner] + _BOX + 8 + 4 * number
    first = data[at[:, None] + np.arange(4)].view("<i4")[:, 0].astype(np.int64)
    before = np.where(number == 0, -1, np.roll(first, 1))
    bad = (first <= before) | (first >= points[owner]) | ((number == 0) & (first != 0))
    return np.bincount(owner, bad, len(parts)) > 0
