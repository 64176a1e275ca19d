"""Parcels that are not one plain polygon: ponds inside fields, lots across a street."""

from __future__ import annotations

import math
from dataclasses import replace

import shapely
from shapely.geometry import Point, Polygon

from sample_county.plane import as_multipolygon, chance, on_grid
from sample_county.survey import Parcel

PONDS = 9
LOTS = 5
ACROSS_M = 26.0


def make_oddities(parcels: list[Parcel]) -> list[Parcel]:
    """Return the parcels with some ponds dug and some lots joined across a street."""
    parcels = [*parcels, *_dig_ponds(parcels)]
    gone = _join_lots(parcels)
    return [parcel for parcel in parcels if parcel not in gone]


def _dig_ponds(parcels: list[Parcel]) -> list[Parcel]:
    """Cut ponds out of large fields; each pond is a parcel of its own."""
    large = [
        p
        for p in parcels
        if p.kind == "field" and not p.taken and p.geometry.area > 28_000
    ]
    ponds = []
    for field in chance("ponds").sample(large, PONDS):
        centre = shapely.maximum_inscribed_circle(field.geometry).coords[0]
        pond = _pond(Point(centre), field.location)
        if not field.geometry.buffer(-6.0).contains(pond):
            continue
        field.geometry = Polygon(field.geometry.exterior, [pond.exterior])
        field.taken = True
        use = "1104" if field.division == "999901" else "1704"
        ponds.append(
            replace(field, geometry=pond, land_use=use, code="", near=set(), taken=True)
        )
    return ponds


def _pond(centre: Point, part: str) -> Polygon:
    dice = chance(f"pond {part}")
    ring = []
    for step in range(11):
        angle = math.tau * step / 11
        reach = dice.uniform(15.0, 24.0)
        ring.append(
            (centre.x + reach * math.cos(angle), centre.y + reach * math.sin(angle))
        )
    return on_grid(Polygon(ring))


def _join_lots(parcels: list[Parcel]) -> set[Parcel]:
    """Make one parcel of two lots of one user on both sides of a street."""
    gone: set[Parcel] = set()
    lots = [p for p in parcels if p.kind in ("town", "park") and not p.taken]
    for lot in chance("lots").sample(lots, len(lots)):
        if len(gone) == LOTS:
            break
        if lot.taken or lot.land_use not in ("0601", "0803", "0604", "0805"):
            continue
        other = _across(lot, lots)
        if other is None:
            continue
        lot.geometry = as_multipolygon(
            shapely.union_all([lot.geometry, other.geometry])
        )
        lot.taken = other.taken = True
        gone.add(other)
    return gone


def _across(lot: Parcel, lots: list[Parcel]) -> Parcel | None:
    for other in lots:
        gap = lot.geometry.distance(other.geometry)
        if not other.taken and other.township == lot.township and 5 < gap < ACROSS_M:
            return other
    return None
