"""What does the register say about this place? (service).

The one use case behind extracts and decisions: find the subject, read what lies around
it in the same snapshot, measure it. Every surface asks here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import shapely
import sqlalchemy as sa
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from parcels.area import measure_area
from parcels.codes import division_contains, normalise_parcel_code
from parcels.refusal import Refusal, attempt, go_on, insist
from parcels.register.repository import Moment, Version, list_successors
from screening.coverage import counties_held, counties_met
from screening.distance_rules import rules_with
from screening.extract import Extract, ExtractSettings, Land, measure_extracts
from screening.facts.siting import CHEMICALS, asks_of_shorelines
from screening.gather import (
    Around,
    Known,
    gather_neighbourhoods,
    gather_parcels,
)
from screening.neighbourhood import (
    County,
    Neighbourhood,
    ParcelRecord,
    Subject,
    ThemeSpec,
)
from screening.parameters import Parameters
from screening.register_rows import ParcelFound
from screening.request import GateRequest
from screening.rule_set import RuleSets
from screening.search import search_boxes
from screening.subject import check_crossings, check_subject
from screening.themes import (
    PLOT_SEARCH_M,
    WIDE_SEARCH_M,
    themes_reaching,
    with_shorelines,
    with_themes_found,
)


class ParcelNotFound(Refusal):
    """No parcel of that code is in force, and none has succeeded it."""

    def __init__(self, code: str) -> None:
        super().__init__(
            "parcel_not_found",
            f"在您的管辖范围内没有有效的宗地 {code}；请核对代码和日期。",
            f"Parcel {code} is not in force in your divisions; check code and date.",
        )
        self.code = code


class ParcelReplaced(Refusal):
    """The parcel was split, merged or renumbered; `successors` are in force."""

    def __init__(self, code: str, successors: Sequence[Version]) -> None:
        codes = [version.code for version in successors]
        super().__init__(
            "parcel_replaced",
            f"宗地 {code} 已变更为 {'、'.join(codes)}；请按现宗地代码查询。",
            f"Parcel {code} has become {', '.join(codes)}; ask for those.",
        )
        self.code = code
        self.successors = codes


class OutsideJurisdiction(Refusal):
    """The subject touches no county of the caller's (rule I04)."""

    def __init__(self) -> None:
        super().__init__(
            "outside_jurisdiction",
            "查询范围不在您的管辖县区内；请核对坐标(经度在前)和坐标系。",
            "The polygon lies in no county of yours; check the coordinates"
            " (longitude first) and their reference system.",
        )


class Inquiry(NamedTuple):
    """What is inquired about: parcels taken together, by code, or a polygon.

    Attributes
    ----------
    geometry
        That somebody drew or surveyed, EPSG:4490; None for parcels.
    request
        To the gate: it is looked around for as far as its project needs, and the
        extract is without the distance table.
    at_any_cost
        Whether a polygon is measured however much it crosses (`check_crossings`): what
        was decided once can be asked again, whatever was drawn there since.
    """

    parcel_codes: Sequence[str] = ()
    geometry: BaseGeometry | None = None
    request: GateRequest | None = None
    at_any_cost: bool = False


class Inquirer:
    """Asks the register of places, as far around them as the rules need."""

    def __init__(self, rule_sets: RuleSets) -> None:
        self._rule_sets = rule_sets
        self._known = Known()
        numbers = [span.parameters for each in rule_sets.sets for span in each.spans]
        # By identity: what holds on a day is one object as long as the rule sets live.
        self._settings = {id(number): _settings(number) for number in numbers}
        # A decision says nothing of the distance table.
        self._settings_of_gate = {
            key: replace(settings, distance_rules=())
            for key, settings in self._settings.items()
        }
        self._themes = themes_reaching(
            max(PLOT_SEARCH_M, *(p.buf_plot_m for p in numbers)),
            max(WIDE_SEARCH_M, *(_widest_m(p) for p in numbers)),
        )
        self._themes_with_shorelines = with_shorelines(
            self._themes,
            max(max(p.yangtze_chemical_m, p.yangtze_tailings_main_m) for p in numbers),
            max(
                max(p.yangtze_chemical_m, p.yangtze_tailings_tributary_m)
                for p in numbers
            ),
        )
        self._chemicals = numbers[0].industry_lists[CHEMICALS]

    def inquire(
        self, connection: sa.Connection, inquiry: Inquiry, moment: Moment, scope: str
    ) -> Extract:
        """Return the extract of one place.

        Parameters
        ----------
        scope
            Of the caller: a polygon has to lie in it; other parcels are not there.

        Raises
        ------
        InvalidCode
            If a code is not a parcel code.
        ParcelNotFound, ParcelReplaced
            If a parcel is not in force at the moment.
        InvalidSubjectGeometry
            If the polygon is not valid; the coordinate is named (rule I04). If its
            boundary crosses too much of what lies there.
        OutsideJurisdiction
            If the polygon lies in no county of the caller's scope (rule I04).
        """
        (answer,) = self.inquire_several(connection, [inquiry], moment, scope)
        return insist(answer)

    def inquire_several(
        self,
        connection: sa.Connection,
        inquiries: Sequence[Inquiry],
        moment: Moment,
        scope: str,
    ) -> list[Extract | Refusal]:
        """Return the extract of each place, or why there is none (see `inquire`).

        The register is read for all of them together.
        """
        named = [attempt(_read_codes, inquiry) for inquiry in inquiries]
        wanted = {code for codes in named if isinstance(codes, list) for code in codes}
        parcels, sight = gather_parcels(connection, sorted(wanted), moment)

        def look_around(found: list[_Found]) -> list[Land | Refusal]:
            around = gather_neighbourhoods(
                connection,
                [Around(land.geometry, self._asked(land.request)) for land in found],
                moment,
                sight,
                self._known,
            )
            return [
                attempt(self._prepare, land, near, moment, scope)
                for land, near in zip(found, around, strict=True)
            ]

        lands = [
            attempt(_find_land, connection, inquiry, codes, parcels, moment)
            if isinstance(codes, list)
            else codes
            for inquiry, codes in zip(inquiries, named, strict=True)
        ]
        return go_on(measure_extracts, go_on(look_around, lands))

    def _prepare(
        self, found: _Found, around: Neighbourhood, moment: Moment, scope: str
    ) -> Land:
        geometry, parcels, request, at_any_cost = found
        met = counties_met(geometry, around.counties)
        numbers = self._numbers(met, moment)
        inside = counties_held(
            geometry, met, numbers.sliver_area_m2, numbers.sliver_width_m
        )
        if not parcels and not any(division_contains(scope, code) for code in inside):
            raise OutsideJurisdiction
        if not parcels and not at_any_cost:
            there = [feature.geometry for feature in around.features]
            check_crossings(geometry, np.array(there, dtype=object))
        subject = Subject(geometry, _area_m2(geometry, parcels), inside, parcels)
        known = frozenset(feature.theme for feature in around.features)
        covered = frozenset(coverage.theme for coverage in around.coverage)
        themes = with_themes_found(self._asked(request), known | covered)
        settings = self._settings if request is None else self._settings_of_gate
        return Land(subject, around, settings[id(numbers)], themes)

    def search_boxes(
        self, geometry: BaseGeometry, request: GateRequest
    ) -> dict[str, Any]:
        """Return how far each kind of layer is read for a request, as parameters."""
        return search_boxes(geometry, self._asked(request))

    @property
    def farthest_m(self) -> float:
        """How far any question looks around its subject, metres."""
        return max(spec.search_m for spec in self._themes_with_shorelines)

    def _asked(self, request: GateRequest | None) -> tuple[ThemeSpec, ...]:
        if request and asks_of_shorelines(request, self._chemicals):
            return self._themes_with_shorelines
        return self._themes

    def _numbers(self, counties: Sequence[County], moment: Moment) -> Parameters:
        """Return the numbers of the rule set of the first county."""
        first = [county.division_code for county in counties[:1]]
        return self._rule_sets.find(first).at(moment.as_of).parameters


class _Found(NamedTuple):
    """Land as the register or the caller gave it: valid, EPSG:4490."""

    geometry: MultiPolygon
    parcels: tuple[ParcelRecord, ...]
    request: GateRequest | None
    at_any_cost: bool = False


def _read_codes(inquiry: Inquiry) -> list[str]:
    return sorted({normalise_parcel_code(code) for code in inquiry.parcel_codes})


def _find_land(
    connection: sa.Connection,
    inquiry: Inquiry,
    codes: Sequence[str],
    parcels: Sequence[ParcelFound],
    moment: Moment,
) -> _Found:
    if inquiry.geometry is not None:
        drawn = check_subject(inquiry.geometry)
        return _Found(drawn, (), inquiry.request, inquiry.at_any_cost)
    found = [parcel for parcel in parcels if parcel.record.code in codes]
    for code in codes:
        if all(parcel.record.code != code for parcel in found):
            raise absent_parcel(connection, code, moment)
    geometry = _union([parcel.geometry for parcel in found])
    records = tuple(parcel.record for parcel in found)
    return _Found(geometry, records, inquiry.request)


def _settings(numbers: Parameters) -> ExtractSettings:
    """Return the limits and distances of the rule set for measuring an extract."""
    return ExtractSettings(
        sliver_area_m2=numbers.sliver_area_m2,
        sliver_width_m=numbers.sliver_width_m,
        distance_rules=rules_with(numbers),
        industry_lists=numbers.industry_lists,
    )


def _widest_m(numbers: Parameters) -> float:
    return max(
        numbers.buf_key_unit_m,
        numbers.buf_key_unit_wide_m,
        numbers.buf_landfill_m,
        numbers.buf_waste_yard_m,
        numbers.buf_tailings_m,
        numbers.buf_smelter_farm_m,
        numbers.buf_other_farm_m,
        numbers.buf_siting_consult_m,
        numbers.overhead_pond_m,
        numbers.hj338_river_m,
        numbers.hj338_lake_m,
        numbers.hj338_groundwater_m,
        numbers.hj338_scattered_m,
    )


def _area_m2(geometry: MultiPolygon, parcels: tuple[ParcelRecord, ...]) -> float:
    """Return the mapped area (图形面积): of one parcel as the register measured it.

    Every path into the register measures the stored geometry by the same function.
    """
    if len(parcels) == 1:
        return parcels[0].mapped_area_m2
    area_m2: float = measure_area(geometry)
    return area_m2


def absent_parcel(connection: sa.Connection, code: str, moment: Moment) -> Refusal:
    """Return why a parcel is not there: replaced by others, or not known."""
    successors = list_successors(connection, code, moment)
    return ParcelReplaced(code, successors) if successors else ParcelNotFound(code)


def _union(geometries: Sequence[MultiPolygon]) -> MultiPolygon:
    if len(geometries) == 1:
        return geometries[0]
    union = shapely.union_all(geometries)
    return union if isinstance(union, MultiPolygon) else MultiPolygon([union])
