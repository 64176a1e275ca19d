"""Which parcels were split, merged or renumbered since the first survey.

The old parcels stay in the register until the day of the change; their codes answer
with those that followed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import shapely

from sample_county.plane import MILLIMETRE
from sample_county.survey import Parcel


@dataclass(frozen=True)
class Descent:
    """One old parcel followed by one new parcel on a day; `kind` as in the register."""

    kind: str
    on: date
    predecessor: Parcel
    successor: Parcel


@dataclass
class Lineage:
    """Past parcels, how the present ones came from them, and what replaced what."""

    past: list[Parcel]
    descents: list[Descent]
    named: dict[str, Parcel]
    replaced: dict[Parcel, Parcel]


SPLIT_ON = date(2022, 9, 1)
MERGE_ON = date(2024, 3, 1)
RENUMBER_ON = date(2023, 5, 1)


def trace_lineage(parcels: list[Parcel]) -> tuple[list[Parcel], Lineage]:
    """Return the present parcels, and what lies behind them.

    A residential lot split in two; two shops merged; a village workshop renumbered when
    its land became the state's; a homestead split and one half merged with the
    neighbour later, so that the oldest code has successors in two steps.
    """
    lineage = Lineage([], [], {}, {})
    _split(parcels, lineage)
    _merge(parcels, lineage)
    _renumber(parcels, lineage)
    _split_then_merge(parcels, lineage)
    present = dict.fromkeys(lineage.replaced.get(p, p) for p in parcels)
    return list(present), lineage


def _split(parcels: list[Parcel], lineage: Lineage) -> None:
    first, second = _pair(parcels, "town", "0701")
    old = _joined(first, second, SPLIT_ON)
    _follow(lineage, "split", SPLIT_ON, [old], [first, second])
    lineage.named["split_old"] = old


def _merge(parcels: list[Parcel], lineage: Lineage) -> None:
    first, second = _pair(parcels, "town", "0501")
    old = [_past(first, MERGE_ON), _past(second, MERGE_ON)]
    merged = _joined(first, second, None)
    merged.valid_from, merged.taken = MERGE_ON, True
    lineage.replaced |= {first: merged, second: merged}
    _follow(lineage, "merge", MERGE_ON, old, [merged])
    lineage.named["merged_new"] = merged


def _renumber(parcels: list[Parcel], lineage: Lineage) -> None:
    present = next(p for p in parcels if p.letters == "JB" and not p.taken)
    old = _past(present, RENUMBER_ON)
    present.letters, present.taken = "GB", True
    _follow(lineage, "renumber", RENUMBER_ON, [old], [present])
    lineage.named["renumbered_old"] = old


def _split_then_merge(parcels: list[Parcel], lineage: Lineage) -> None:
    first, second = _pair(parcels, "village", "0702")
    third = next(
        parcels[n]
        for n in sorted(second.near)
        if parcels[n].land_use == "0702"
        and not parcels[n].taken
        and parcels[n] is not first
        and parcels[n].geometry.intersection(second.geometry).length > 8
    )
    oldest = _joined(first, second, SPLIT_ON)
    half, neighbour = _past(second, MERGE_ON), _past(third, MERGE_ON)
    merged = _joined(second, third, None)
    merged.valid_from, merged.taken = MERGE_ON, True
    first.taken = True
    lineage.replaced |= {second: merged, third: merged}
    _follow(lineage, "split", SPLIT_ON, [oldest], [first, half])
    _follow(lineage, "merge", MERGE_ON, [half, neighbour], [merged])
    lineage.named["split_then_merged_old"] = oldest


def _pair(parcels: list[Parcel], kind: str, *uses: str) -> tuple[Parcel, Parcel]:
    """Return two free neighbours of one kind and use with a long common boundary."""
    for first in parcels:
        if first.kind != kind or first.taken or first.land_use not in uses:
            continue
        for number in sorted(first.near):
            second = parcels[number]
            if (
                second.kind == kind
                and not second.taken
                and second.land_use in uses
                and second.township == first.township
                and first.geometry.intersection(second.geometry).length > 15
            ):
                first.taken = second.taken = True
                return first, second
    raise LookupError(f"no two free {kind} parcels of {uses} side by side")


def _joined(first: Parcel, second: Parcel, until: date | None) -> Parcel:
    shape = shapely.union_all([first.geometry, second.geometry], grid_size=MILLIMETRE)
    return replace(first, geometry=shape, code="", valid_to=until, near=set())


def _past(parcel: Parcel, until: date) -> Parcel:
    return replace(parcel, code="", valid_to=until, taken=True, near=set())


def _follow(
    lineage: Lineage, kind: str, on: date, old: list[Parcel], new: list[Parcel]
) -> None:
    for parcel in new:
        parcel.valid_from = on
        parcel.taken = True
    lineage.past += [p for p in old if p not in lineage.past]
    lineage.past += [p for p in new if p.valid_to and p not in lineage.past]
    lineage.descents += [Descent(kind, on, a, b) for a in old for b in new]
