"""In which coordinate system is this file, and what shows it? (core).

The order of section 1 of the survey conventions: what the uploader says, what the file
says, its coordinates, the county it is sent for. A guess is proposed; statements that
contradict each other stop the file with the numbers that show it. Nothing is swapped,
shifted or converted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from parcels.crs import (
    STORAGE_SRID,
    CoordinatesOutsideCrs,
    DatumNotConvertible,
    SurveyCrs,
    ZoneWidth,
    coordinates_to_storage,
    get_crs,
    srid_for_zone,
    zone_for,
)
from parcels.surveys.coordinate_patterns import (
    Bounds,
    Seen,
    fits,
)
from parcels.surveys.crs_words import (
    cannot_tell_datum,
    describe_box,
    describe_pattern,
    how_to_mend,
    told_by_county,
    told_by_file,
    told_by_format,
    told_by_pattern,
)
from parcels.surveys.ground import Ground, Outline
from parcels.surveys.proposing import Evidence, Finding, Origin
from parcels.surveys.refusals import FileRefused
from parcels.surveys.stated_crs import StatedCrs, read_crs_words

NEAR_DEGREES: Final = 0.05
"""How far beyond its county a file may lie before the whole of it is refused; about
5 km (project default). Rows are held against the border one by one later."""

_POINTS: Final = 2000
_EARTH_RADIUS_M: Final = 6378137.0


@dataclass(frozen=True, slots=True)
class Words:
    """What a file writes of its coordinate system; `implied` if only its format does.

    RFC 7946 has GeoJSON in WGS 84, which many files do not heed.
    """

    text: str | None
    implied: bool = False


def decide_crs(
    declared: int | None, words: Words, seen: Seen | None, ground: Ground
) -> Finding:
    """Return the coordinate system of a file, where it comes from, and why.

    The value is None where coordinates and county leave it open.

    Raises
    ------
    FileRefused, DatumNotConvertible
        If declaration, file, coordinates and county contradict each other, or the
        system is none that leads to CGCS2000.
    """
    if declared is not None:
        return _settled(get_crs(declared), "declared", (), seen, ground)
    stated = None if words.text is None else read_crs_words(words.text)
    if stated is None or not _speaks(stated, words, seen):
        return _guess(seen, ground)
    crs = _take_stated(stated)
    origin: Origin = "stated" if stated.standing == "named" else "guessed"
    told = told_by_format(crs) if words.implied else told_by_file(stated)
    return _settled(crs, origin, (told,), seen, ground)


def _speaks(stated: StatedCrs, words: Words, seen: Seen | None) -> bool:
    """Whether the file's words are a statement on its coordinates."""
    if stated.standing == "undefined":
        return False
    degrees = seen is None or seen.pattern.kind == "degrees"
    return degrees or not words.implied


def _take_stated(stated: StatedCrs) -> SurveyCrs:
    if stated.crs is None and stated.standing == "local":
        raise FileRefused(
            "crs_local",
            name=stated.name,
            meridian=f"{stated.central_meridian:g}",
            easting=f"{stated.false_easting_m:,.0f}",
        )
    if stated.crs is None:
        raise FileRefused("crs_foreign", name=stated.name)
    if stated.crs.way == "refused":
        raise DatumNotConvertible(stated.crs)
    return stated.crs


def _settled(
    crs: SurveyCrs,
    origin: Origin,
    evidence: tuple[Evidence, ...],
    seen: Seen | None,
    ground: Ground,
) -> Finding:
    """Return a system that was named, after holding it to coordinates and county."""
    if seen is None:
        return Finding("crs", crs.srid, origin, evidence)
    if seen.share > 0.5 and not fits(crs, seen.pattern):
        raise _contradiction(crs, seen)
    told = (*evidence, told_by_pattern(seen), *_told_by_county(crs, seen, ground))
    return Finding("crs", crs.srid, origin, told)


def _guess(seen: Seen | None, ground: Ground) -> Finding:
    if seen is None:
        # No row has a place: there is nothing to convert.
        return Finding("crs", None, "stated")
    pattern = seen.pattern
    if pattern.swapped:
        raise _swapped(seen)
    if pattern.kind in ("small", "other", "web_mercator"):
        raise FileRefused(f"coordinates_{pattern.kind}", **_numbers(seen))
    found = [Candidate.make(srid, seen, ground) for srid in _candidates(seen, ground)]
    _refuse_mercator(found, seen, ground)
    best = _best(found, seen, ground)
    evidence = (told_by_pattern(seen), cannot_tell_datum())
    if best is None:
        others = tuple(one.as_json() for one in found)
        return Finding("crs", None, "guessed", evidence, others)
    county = _told_by_county(get_crs(best.srid), seen, ground)
    others = tuple(one.as_json() for one in found if one is not best)
    return Finding("crs", best.srid, "guessed", (*evidence, *county), others)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A system the coordinates could be in, and where they would lie.

    `share` of the rows inside the county, None when the register does not know it;
    `bounds` in degrees, None where the coordinates have no place in the system.
    """

    srid: int
    share: float | None
    bounds: Bounds | None

    @classmethod
    def make(cls, srid: int, seen: Seen, ground: Ground) -> Candidate:
        """Try a system on the rows seen."""
        lonlat = place(seen.points, srid)
        share = None if lonlat is None else share_inside(lonlat, ground)
        return cls(srid, share, None if lonlat is None else box_of(lonlat))

    def as_json(self) -> dict[str, Any]:
        """Return the candidate as an alternative of a finding."""
        crs = get_crs(self.srid)
        return {
            "value": self.srid,
            "zh": crs.name_zh,
            "en": crs.name_en,
            "bounds": None if self.bounds is None else list(self.bounds),
            "share_inside": self.share,
        }


def _candidates(seen: Seen, ground: Ground) -> Iterator[int]:
    pattern = seen.pattern
    if pattern.kind == "degrees":
        yield STORAGE_SRID
    elif pattern.kind == "zone_3" and pattern.zone is not None:
        yield srid_for_zone(pattern.zone, 3)
    elif pattern.kind == "zone_6" and pattern.zone is not None:
        yield srid_for_zone(pattern.zone, 6)
    else:
        yield from _by_county(ground)


def _by_county(ground: Ground) -> Iterator[int]:
    """Give the zones a county may use, its own first: its neighbours' and 6 degrees.

    A 6-degree zone whose meridian is that of a 3-degree one is the same plane.
    """
    middles = [one.geometry.centroid.x for one in ground.counties]
    own: list[int] = []
    widths: tuple[tuple[ZoneWidth, tuple[int, ...]], ...] = (
        (3, (0, -1, 1)),
        (6, (0, -1, 1)),
    )
    for width, steps in widths:
        for step in steps:
            for middle in middles:
                shifted = min(max(middle + width * step, 73.5), 136.4)
                zone = zone_for(shifted, width)
                own.append(srid_for_zone(zone, width, prefixed=False))
    meridians: set[float | None] = set()
    for srid in own:
        meridian = get_crs(srid).central_meridian
        if meridian not in meridians:
            meridians.add(meridian)
            yield srid


def _best(found: list[Candidate], seen: Seen, ground: Ground) -> Candidate | None:
    """Return the candidate with most rows inside; the county's own zone before others.

    Without a county's outline, only coordinates that carry their zone lead anywhere.
    """
    if not ground.counties:
        return found[0] if len(found) == 1 else None
    best = max(found, key=lambda one: one.share or 0.0)
    if not best.share:
        raise _outside(get_crs(best.srid), seen, ground)
    return best


def place(points: npt.NDArray[np.float64], srid: int) -> npt.NDArray[np.float64] | None:
    """Return up to 2,000 points, evenly chosen, as EPSG:4490 degrees; None if lost."""
    step = max(1, len(points) // _POINTS)
    try:
        return coordinates_to_storage(points[::step], srid)
    except CoordinatesOutsideCrs:
        return None


def share_inside(lonlat: npt.NDArray[np.float64], ground: Ground) -> float | None:
    """Return the share of points in a county or near it, None if none is known."""
    if not ground.counties:
        return None
    inside = np.zeros(len(lonlat), dtype=bool)
    box = shapely.box(*box_of(lonlat)).buffer(2 * NEAR_DEGREES)
    for county in ground.counties:
        if shapely.box(*county.geometry.bounds).intersects(box):
            inside |= shapely.contains_xy(_near(county), lonlat[:, 0], lonlat[:, 1])
    return float(inside.mean())


@lru_cache(maxsize=256)
def _near(county: Outline) -> BaseGeometry:
    """Return the ground of a county and what lies near it."""
    near = county.geometry.simplify(NEAR_DEGREES / 5).buffer(NEAR_DEGREES)
    shapely.prepare(near)
    return near


def box_of(lonlat: npt.NDArray[np.float64]) -> Bounds:
    """Return west, south, east, north of some points."""
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _told_by_county(crs: SurveyCrs, seen: Seen, ground: Ground) -> tuple[Evidence, ...]:
    """Tell how many rows lie in the county; raises when none does."""
    lonlat = place(seen.points, crs.srid)
    share = None if lonlat is None else share_inside(lonlat, ground)
    if share is None or lonlat is None:
        return ()
    if not share:
        raise _outside(crs, seen, ground)
    return (told_by_county(share, box_of(lonlat), ground),)


def _numbers(seen: Seen) -> dict[str, Any]:
    low_first, low_second, high_first, high_second = seen.bounds
    zh, en = describe_pattern(seen.pattern)
    return {
        "first": f"{low_first:,.3f} – {high_first:,.3f}",
        "second": f"{low_second:,.3f} – {high_second:,.3f}",
        "count": round(seen.share * seen.rows),
        "rows": seen.rows,
        "pattern_zh": zh,
        "pattern_en": en,
    }


def _swapped(seen: Seen) -> FileRefused:
    return FileRefused("axes_swapped", **_numbers(seen))


def _contradiction(crs: SurveyCrs, seen: Seen) -> FileRefused:
    if seen.pattern.swapped:
        return _swapped(seen)
    hint_zh, hint_en = how_to_mend(crs, seen.pattern)
    return FileRefused(
        "crs_contradicts_coordinates",
        srid=crs.srid,
        name_zh=crs.name_zh,
        name_en=crs.name_en,
        hint_zh=hint_zh,
        hint_en=hint_en,
        **_numbers(seen),
    )


def _outside(crs: SurveyCrs, seen: Seen, ground: Ground) -> FileRefused:
    lonlat = place(seen.points, crs.srid)
    county = ground.counties[0]
    hint_zh, hint_en = _where_else(crs, seen, ground)
    return FileRefused(
        "outside_county",
        srid=crs.srid,
        name_zh=crs.name_zh,
        name_en=crs.name_en,
        found="-" if lonlat is None else describe_box(box_of(lonlat)),
        county_zh=f"{county.code} {county.name_zh}",
        county_en=f"{county.code} {county.name_en}",
        expected=describe_box(county.geometry.bounds),
        hint_zh=hint_zh,
        hint_en=hint_en,
        **_numbers(seen),
    )


def _where_else(crs: SurveyCrs, seen: Seen, ground: Ground) -> tuple[str, str]:
    """Say under which other system the rows would lie in the county, if any."""
    swapped = seen.points[:, ::-1]
    if crs.zone is None and _lies_inside(swapped, STORAGE_SRID, ground):
        return (
            "将两个坐标互换后位于该县内。",
            "With the two coordinates swapped they lie in it.",
        )
    variants = [] if seen.pattern.kind != "no_prefix" else list(_by_county(ground))
    for srid in variants:
        if srid != crs.srid and _lies_inside(seen.points, srid, ground):
            other = get_crs(srid)
            return (
                f"按 EPSG:{srid}（{other.name_zh}）则位于该县内。",
                f"Under EPSG:{srid} ({other.name_en}) they lie in it.",
            )
    return ("请核对坐标系、带号和所报行政区。", "Check the system, zone and division.")


def _lies_inside(points: npt.NDArray[np.float64], srid: int, ground: Ground) -> bool:
    lonlat = place(points, srid)
    return lonlat is not None and bool(share_inside(lonlat, ground))


def _refuse_mercator(found: list[Candidate], seen: Seen, ground: Ground) -> None:
    """Stop where only Web Mercator brings the rows into the county.

    Its eastings overlap the prefixes 13 to 15 of 6-degree zones.
    """
    if seen.pattern.kind != "zone_6" or any(one.share for one in found):
        return
    share = share_inside(_from_mercator(seen.points), ground)
    if share:
        raise FileRefused("coordinates_web_mercator", **_numbers(seen))


def _from_mercator(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return degrees of spherical Mercator metres, good to the place of a county."""
    longitude = np.degrees(points[:, 0] / _EARTH_RADIUS_M)
    turned = 2 * np.arctan(np.exp(points[:, 1] / _EARTH_RADIUS_M)) - np.pi / 2
    return np.column_stack((longitude, np.degrees(turned)))
