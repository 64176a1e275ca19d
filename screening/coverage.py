"""What does each county asked know of a theme? (core).

"Nothing found" proves something only where somebody has looked. Coverage (覆盖范围) is
what a county says it knows of a theme, whole or inside polygons, and until when that
counts as fresh. An area theme is asked of the counties that hold part of the subject;
those that its small search distance also reaches are told but change nothing. A
proximity theme is asked of every county its ring touches. Ground in no county on record
is covered by nobody.

A county may have given several statements; the freshest that reaches a piece of ground
speaks for it. A rest that is a sliver is boundary mismatch and does not count.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from screening.distance import buffer_for_display, expand_bounds, measure_distances
from screening.extract_records import CoverageState, CoverageStateName, Reach
from screening.neighbourhood import County, Coverage, Subject, ThemeKind
from screening.overlay import (
    MOST_SQUARE_M2,
    Shapes,
    is_ground,
    measure_shares,
    overlap_pieces,
    subtract,
    unite,
)

NO_COUNTY: Final = ""
"""Division of ground that lies in no county on record."""

_CIRCUMSCRIBED: Final = 1.0005
"""A displayed ring has its corners on the circle; so much wider it holds all of it."""


def counties_met(
    geometry: BaseGeometry, counties: Sequence[County]
) -> tuple[County, ...]:
    """Return the counties that share ground with a subject, the largest part first.

    Both EPSG:4490. Parts of the same size follow the code, the highest first.
    """
    if len(counties) == 1 and shapely.covers(counties[0].geometry, geometry):
        return (counties[0],)
    shapes = np.array([county.geometry for county in counties], dtype=object)
    touched = shapely.intersects(shapes, geometry).nonzero()[0]
    if len(touched) == 1 and shapely.covers(shapes[touched[0]], geometry):
        return (counties[touched[0]],)
    parts = shapely.intersection(shapes[touched], geometry)
    ranked = sorted(
        zip(
            shapely.area(parts).tolist(),
            (counties[index] for index in touched),
            strict=True,
        ),
        key=lambda part: (part[0], part[1].division_code),
        reverse=True,
    )
    return tuple(county for area, county in ranked if area > 0)


def counties_held(
    geometry: BaseGeometry,
    met: Sequence[County],
    sliver_area_m2: float,
    sliver_width_m: float,
) -> tuple[str, ...]:
    """Return the codes of the counties a subject lies in: those met, but for slivers.

    The first always counts. Neighbours survey their common border each for himself:
    a film between the two must not bring a parcel under the law of both.
    """
    if len(met) < 2:
        return tuple(county.division_code for county in met)
    others = np.array([county.geometry for county in met[1:]], dtype=object)
    held = [county.division_code for county in met[:1]]
    for county, piece in zip(met[1:], overlap_pieces(geometry, others), strict=True):
        if is_ground(piece, sliver_area_m2, sliver_width_m):
            held.append(county.division_code)
    return tuple(held)


@dataclass(frozen=True, slots=True)
class Ground:
    """A piece of what is asked, and the county to ask.

    Attributes
    ----------
    geometry
        The piece, EPSG:4490. None for all that is asked, where one county holds it, and
        for a county that only the search distance of an area theme reaches.
    share
        Of the subject that lies on it, 0 to 1.
    """

    division_code: str
    geometry: BaseGeometry | None
    reach: Reach
    share: float


class Grounds:
    """A subject and the rings around it, split by county once for all themes.

    Parameters
    ----------
    farthest_m
        Widest search distance that will be asked for.
    sliver_area_m2, sliver_width_m
        Pieces strictly below either are boundary mismatch.
    """

    def __init__(
        self,
        subject: Subject,
        counties: Sequence[County],
        farthest_m: float,
        sliver_area_m2: float,
        sliver_width_m: float,
    ) -> None:
        self._subject = subject
        self._codes = [county.division_code for county in counties]
        self._shapes = np.array([county.geometry for county in counties], dtype=object)
        self._farthest_m = farthest_m
        self._sliver = (sliver_area_m2, sliver_width_m)
        self._zones: dict[float, BaseGeometry] = {}
        self._split: dict[tuple[ThemeKind, float], tuple[Ground, ...]] = {}
        self.judged: dict[Hashable, tuple[CoverageState, ...]] = {}
        self._alone: dict[float, Ground | None] = {}
        self.alone = self._find_alone(farthest_m)

    def alone_within(self, search_m: float) -> Ground | None:
        """Return all that is asked so far around when one county alone reaches there.

        Then nothing has to be cut. None where several counties do, or none.
        """
        if self.alone is not None:
            return self.alone
        if search_m not in self._alone:
            self._alone[search_m] = self._find_alone(search_m)
        return self._alone[search_m]

    def _find_alone(self, search_m: float) -> Ground | None:
        box = shapely.box(*expand_bounds(self._subject.geometry.bounds, search_m))
        met = shapely.intersects(self._shapes, box).nonzero()[0]
        if len(met) != 1 or not shapely.covers(self._shapes[met[0]], box):
            return None
        return Ground(self._codes[met[0]], None, "subject", 1.0)

    def split(self, kind: ThemeKind, search_m: float) -> tuple[Ground, ...]:
        """Return the pieces of ground to ask about."""
        key = (kind, search_m)
        if key not in self._split:
            self._split[key] = tuple(self._pieces(kind, search_m))
        return self._split[key]

    def _pieces(self, kind: ThemeKind, search_m: float) -> Iterator[Ground]:
        alone = self.alone_within(search_m)
        if alone is not None:
            yield alone
        elif kind == "area":
            yield from self._on_subject
            for code, gap in zip(self._codes, self._gaps, strict=True):
                if gap <= search_m and code not in self._own_shares:
                    yield Ground(code, None, "ring", 0.0)
        else:
            zone = self.zone(kind, search_m)
            yield from self._cut(zone, self._gaps <= search_m)

    @cached_property
    def _gaps(self) -> NDArray[np.float64]:
        """Distance of each county from the subject, metres; infinite if far."""
        subject = self._subject.geometry
        gaps = np.zeros(len(self._shapes))
        apart = (~shapely.intersects(self._shapes, subject)).nonzero()[0]
        gaps[apart] = measure_distances(
            subject, self._shapes[apart], within_m=self._farthest_m
        )
        return gaps

    @cached_property
    def _on_subject(self) -> tuple[Ground, ...]:
        return tuple(self._cut(self._subject.geometry, self._gaps == 0.0))

    @cached_property
    def _own_shares(self) -> dict[str, float]:
        """Share of the subject in each county that holds more than a sliver of it."""
        return {ground.division_code: ground.share for ground in self._on_subject}

    def _cut(self, zone: BaseGeometry, touched: NDArray[np.bool_]) -> Iterator[Ground]:
        """Yield the zone county by county, and what of it lies in none."""
        index = touched.nonzero()[0]
        pieces = overlap_pieces(zone, self._shapes[index])
        if len(pieces) == 1 and pieces[0] is zone:
            # One county holds all of it: nothing to measure, nothing left.
            if self.is_ground(zone):
                yield self._ground(self._codes[index[0]], zone, zone, 1.0)
            return
        # Of a ring only which county it reaches is told, not how much.
        own = zone is self._subject.geometry
        shares = measure_shares(pieces, zone) if own else np.zeros(len(pieces))
        for place, piece, share in zip(index, pieces, shares.tolist(), strict=True):
            if self.is_ground(piece):
                yield self._ground(self._codes[place], zone, piece, share)
        nowhere = self._left(zone, pieces)
        if nowhere is not None and self.is_ground(nowhere):
            share = float(measure_shares(np.array([nowhere]), zone)[0]) if own else 0.0
            yield self._ground(NO_COUNTY, zone, nowhere, share)

    def _left(self, zone: BaseGeometry, pieces: Shapes) -> BaseGeometry | None:
        """Return what the pieces leave of the zone; None for less than a sliver.

        Counties do not overlap: when their pieces fill the zone, nothing is left.
        """
        missing = zone.area - sum(piece.area for piece in pieces)
        if missing * MOST_SQUARE_M2 < self._sliver[0]:
            return None
        return subtract(zone, unite(pieces))

    def _ground(
        self, code: str, zone: BaseGeometry, piece: BaseGeometry, share: float
    ) -> Ground:
        if zone is not self._subject.geometry:
            share = self._own_shares.get(code, 0.0)
        return Ground(code, piece, "subject" if share > 0 else "ring", share)

    def zone(self, kind: ThemeKind, search_m: float) -> BaseGeometry:
        """Return all that is asked: the subject, or all within its ring."""
        if kind == "area":
            return self._subject.geometry
        if search_m not in self._zones:
            self._zones[search_m] = buffer_for_display(
                self._subject.geometry, search_m * _CIRCUMSCRIBED
            )
        return self._zones[search_m]

    def box(self, kind: ThemeKind, search_m: float) -> BaseGeometry:
        """Return a box around all that is asked."""
        bounds = self._subject.geometry.bounds
        reach_m = 0.0 if kind == "area" else search_m * _CIRCUMSCRIBED
        return shapely.box(*expand_bounds(bounds, reach_m))

    def is_ground(self, piece: BaseGeometry) -> bool:
        """Whether a piece is more than a sliver."""
        return is_ground(piece, *self._sliver)

    def subject_share(self, piece: BaseGeometry) -> float:
        """Return the share of the subject on a piece, 0 for a sliver."""
        subject = self._subject.geometry
        shared = overlap_pieces(subject, np.array([piece]))
        if not self.is_ground(shared[0]):
            return 0.0
        return float(measure_shares(shared, subject)[0])


def judge_coverage(
    grounds: Grounds,
    kind: ThemeKind,
    search_m: float,
    statements: Sequence[Coverage],
    as_of: date,
) -> tuple[CoverageState, ...]:
    """Return what each county asked knows of one theme, in order of county.

    Parameters
    ----------
    statements
        Coverage of this theme in any county, in any order. A statement is stale from
        its `stale_on` on, that day included.
    """
    alone = grounds.alone_within(search_m)
    if alone is not None:
        own = [s for s in statements if s.division_code == alone.division_code]
        if all(said.geometry is None for said in own):
            return (_judge_whole(alone, own, as_of),)
    # Most themes are asked of the same ground, and told of it in the same words.
    words = [
        (s.division_code, s.data_date, s.stale_on, id(s.geometry)) for s in statements
    ]
    key = (kind, search_m, as_of, *words)
    if key not in grounds.judged:
        grounds.judged[key] = _judge(grounds, kind, search_m, statements, as_of)
    return grounds.judged[key]


def _judge(
    grounds: Grounds,
    kind: ThemeKind,
    search_m: float,
    statements: Sequence[Coverage],
    as_of: date,
) -> tuple[CoverageState, ...]:
    asked = grounds.split(kind, search_m)
    states: list[CoverageState] = []
    for ground in asked:
        own = [s for s in statements if s.division_code == ground.division_code]
        whole: list[Coverage] | None = [said for said in own if said.geometry is None]
        # Where only the search distance reaches, a word on a part proves nothing.
        reached = ground.geometry is None and ground.reach == "ring"
        if len(own) > len(whole or ()) and not reached:
            whole = _all_or_nothing(own, grounds.box(kind, search_m))
        if whole is not None:
            states.append(_judge_whole(ground, whole, as_of))
        else:
            piece = ground.geometry or grounds.zone(kind, search_m)
            states.extend(_judge_parts(grounds, ground, piece, own, as_of))
    states.sort(key=lambda state: (state.division_code, _ORDER.index(state.state)))
    return tuple(states)


_ORDER: Final[tuple[CoverageStateName, ...]] = ("covered", "stale", "no_coverage")


def _all_or_nothing(
    own: Sequence[Coverage], box: BaseGeometry
) -> list[Coverage] | None:
    """Return the statements that hold for a whole box; None if others reach into it."""
    holding = []
    for said in own:
        if said.geometry is None or shapely.covers(said.geometry, box):
            holding.append(said)
        elif shapely.intersects(said.geometry, box):
            return None
    return holding


def _judge_whole(ground: Ground, own: Sequence[Coverage], as_of: date) -> CoverageState:
    """Judge a county whose statements all hold for the whole of the ground."""
    fresh = [statement for statement in own if not _is_stale(statement, as_of)]
    state: CoverageStateName = "covered" if fresh else "stale" if own else "no_coverage"
    told = fresh or own
    return CoverageState(
        ground.division_code,
        state,
        told[0].data_date if len(told) == 1 else _newest(told),
        share=ground.share,
        reach=ground.reach,
    )


def _judge_parts(
    grounds: Grounds,
    ground: Ground,
    piece: BaseGeometry,
    own: Sequence[Coverage],
    as_of: date,
) -> Iterator[CoverageState]:
    """Judge a county by parts: fresh ground first, then stale, then what is left."""
    near = [
        s for s in own if s.geometry is None or shapely.intersects(s.geometry, piece)
    ]
    fresh = [s for s in near if not _is_stale(s, as_of)]
    stale = [s for s in near if _is_stale(s, as_of)]
    on_fresh, rest = _take(piece, fresh)
    on_stale, rest = _take(rest, stale)
    found: list[tuple[CoverageStateName, date | None, BaseGeometry]] = [
        ("covered", _newest(fresh), on_fresh),
        ("stale", _newest(stale), on_stale),
        ("no_coverage", None, rest),
    ]
    solid = [entry for entry in found if grounds.is_ground(entry[2])] or found[-1:]
    part = len(solid) > 1
    for state, data_date, ground_left in solid:
        share = grounds.subject_share(ground_left) if part else ground.share
        yield CoverageState(
            ground.division_code, state, data_date, part, share, ground.reach
        )


def _take(
    ground: BaseGeometry, statements: Sequence[Coverage]
) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the ground the statements reach and the ground they leave."""
    if any(statement.geometry is None for statement in statements):
        return ground, shapely.Polygon()
    shapes = np.array([s.geometry for s in statements], dtype=object)
    pieces = overlap_pieces(ground, shapes)
    if any(piece is ground for piece in pieces):
        return ground, shapely.Polygon()
    reached = unite(pieces)
    return reached, ground if reached.is_empty else subtract(ground, reached)


def _is_stale(statement: Coverage, as_of: date) -> bool:
    return statement.stale_on is not None and statement.stale_on <= as_of


def _newest(statements: Iterable[Coverage]) -> date | None:
    return max((statement.data_date for statement in statements), default=None)
