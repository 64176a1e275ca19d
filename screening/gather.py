"""Which facts does the register hold about a place? One reading, one snapshot (shell).

Two round trips whatever the number of themes and of places: the parcels that are
named, then everything around them; a third where counties meet. The caller's own rows
come through row-level security; what other divisions have near the subject comes
through the one border path of the database and says theme, relation and division only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import shapely
import sqlalchemy as sa
from psycopg.rows import tuple_row
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from parcels.register.layers import INDUSTRY_EDITIONS
from parcels.register.repository import Moment, describe_source
from parcels.register.statements import (
    Statements,
    as_known_now,
    as_known_then,
    box_ewkb,
    ewkb,
    fetch,
    fetch_each,
)
from screening.distance import Bounds, expand_bounds
from screening.known_ground import Ground, KnownGround, tile_bounds
from screening.neighbourhood import (
    BorderHit,
    County,
    Coverage,
    Feature,
    Neighbourhood,
    ParcelRecord,
    ThemeSpec,
)
from screening.themes import RINGS_M

_SQL = Statements(Path(__file__).parent / "sql" / "neighbourhood.sql")
_NOWHERE = ewkb(shapely.Polygon())
_NOW = {name: as_known_now(text) for name, text in _SQL.items()}
_THEN = {name: as_known_then(text) for name, text in _SQL.items()}


class Around(NamedTuple):
    """A place to look around (valid, EPSG:4490), and for what.

    The search distances of the themes set how far each kind of layer is read.
    """

    geometry: MultiPolygon
    themes: tuple[ThemeSpec, ...]


@dataclass(frozen=True, slots=True)
class ParcelFound:
    """A parcel as the register has it, with its geometry (EPSG:4490)."""

    record: ParcelRecord
    geometry: MultiPolygon


def gather_parcels(
    connection: sa.Connection, codes: Sequence[str], moment: Moment
) -> list[ParcelFound]:
    """Return the parcels of those codes in force at the moment, in order of code.

    Codes that the caller's divisions do not have are simply absent.
    """
    parameters = {**_moment(moment), "codes": list(codes)}
    rows = fetch(connection, _statements(moment)["parcels"], parameters, tuple_row)
    return [
        ParcelFound(
            _parcel(row),
            shapely.from_wkb(row[9]),
        )
        for row in rows
    ]


def _parcel(row: tuple[Any, ...]) -> ParcelRecord:
    *values, _, documents = row
    return ParcelRecord(*(*values, tuple(documents or ())))


def gather_neighbourhoods(
    connection: sa.Connection,
    places: Sequence[Around],
    moment: Moment,
    ground: KnownGround,
) -> list[Neighbourhood]:
    """Return what lies on and around each place, in one round trip as a rule.

    Parameters
    ----------
    ground
        What is known of counties and coverage; what is not is asked for and added.
    """
    searches = [_search(place.themes) for place in places]
    questions = [
        _questions(place, search, moment)
        for place, search in zip(places, searches, strict=True)
    ]
    answers = iter(fetch_each(connection, chain.from_iterable(questions)))
    return [
        _neighbourhood(
            connection, place, search, list(islice(answers, len(asked))), moment, ground
        )
        for place, search, asked in zip(places, searches, questions, strict=True)
    ]


def _questions(
    place: Around, search: _Search, moment: Moment
) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the statements for one place with their parameters.

    In the order in which `_neighbourhood` reads the answers.
    """
    names = ["features", "border"]
    if search.shore_themes:
        names += ["shorelines", "border_shorelines"]
    statements = _statements(moment)
    parameters = _moment(moment) | search.parameters(place.geometry)
    return [(statements[name], parameters) for name in names]


def _neighbourhood(
    connection: sa.Connection,
    place: Around,
    search: _Search,
    answers: Sequence[list[tuple[Any, ...]]],
    moment: Moment,
    ground: KnownGround,
) -> Neighbourhood:
    rows, bordering, *shores = answers
    number, ground_number = bordering[0][:2]
    across = [row[2:] for row in bordering if row[2] is not None]
    if shores:
        far = search.shore_themes
        shorelines, border_shorelines = shores
        rows = [row for row in rows if row[0] not in far] + shorelines
        across = [row for row in across if row[0] not in far] + border_shorelines
    far_bounds = expand_bounds(place.geometry.bounds, search.reach_m["far_box"])
    counties, covered = _find_ground(
        connection, far_bounds, moment, ground, ground_number
    )
    return Neighbourhood(
        as_of=moment.as_of,
        known_at=number if moment.known_at is None else moment.known_at,
        features=_features(rows),
        border=tuple(BorderHit(*row) for row in across),
        coverage=covered,
        counties=counties,
    )


def gather_features(
    connection: sa.Connection, bounds: Bounds, moment: Moment, division_code: str
) -> list[Feature]:
    """Return the features of one county that a box of EPSG:4490 meets, for a map.

    Rows of other divisions are left out, so that the map is the same whoever asks.
    """
    box = box_ewkb(bounds)
    boxes = {"area_box": box, "plot_box": box, "wide_box": box}
    statement = _statements(moment)["features"]
    rows = fetch(connection, statement, _moment(moment) | boxes, tuple_row)
    found = _features(rows)
    return [feature for feature in found if feature.division_code == division_code]


def gather_outlines(
    connection: sa.Connection, bounds: Bounds, moment: Moment, division_code: str
) -> list[BaseGeometry]:
    """Return the outlines of one county's parcels in a box, for a map, 2,000 at most.

    In order of code; EPSG:4490.
    """
    parameters = {
        **_moment(moment),
        "box": box_ewkb(bounds),
        "division_code": division_code,
    }
    statement = _statements(moment)["outlines"]
    rows = fetch(connection, statement, parameters, tuple_row)
    return list(shapely.from_wkb([row[0] for row in rows]))


def _statements(moment: Moment) -> Mapping[str, str]:
    return _NOW if moment.known_at is None else _THEN


def _moment(moment: Moment) -> dict[str, Any]:
    return {"as_of": moment.as_of, "known_at": moment.known_at}


def _find_ground(
    connection: sa.Connection,
    bounds: Bounds,
    moment: Moment,
    ground: KnownGround,
    number: int,
) -> Ground:
    """Return counties and coverage in a box, remembered where they are known.

    What is read for a day of the past, as known then, is not worth remembering.
    """
    if moment.known_at is not None:
        return _read_ground(connection, bounds, moment)
    state = (number, moment.as_of)
    for tile in ground.missing(state, bounds):
        ground.learn(state, tile, _read_ground(connection, tile_bounds(tile), moment))
    return ground.find(state, bounds) or _read_ground(connection, bounds, moment)


def _read_ground(connection: sa.Connection, bounds: Bounds, moment: Moment) -> Ground:
    parameters = {**_moment(moment), "far_box": box_ewkb(bounds)}
    statement = _statements(moment)["coverage"]
    return _coverage(fetch(connection, statement, parameters, tuple_row))


@dataclass(frozen=True, slots=True)
class _Search:
    """How far around a subject themes have the register read.

    Attributes
    ----------
    reach_m
        By box. A layer is read as far as the widest search of its themes: areas by what
        adjoins, plots and former uses by the neighbour distance, sources by the widest
        ring, shorelines as far as the project asks; counties as far as any of them.
    shore_themes
        Themes whose shorelines are asked for apart; mostly none.
    rings
        Parameters besides the boxes.
    """

    reach_m: Mapping[str, float]
    shore_themes: frozenset[str]
    rings: Mapping[str, Any]

    def parameters(self, geometry: BaseGeometry) -> dict[str, Any]:
        """Return a subject (EPSG:4490), the box of each reach, and the rings."""
        bounds = geometry.bounds
        boxes = {
            name: box_ewkb(expand_bounds(bounds, metres))
            for name, metres in self.reach_m.items()
        }
        return {"subject": ewkb(geometry), **boxes, **self.rings}


@lru_cache(maxsize=16)
def _search(themes: tuple[ThemeSpec, ...]) -> _Search:
    reach_m = {"area_box": 0.0, "plot_box": 0.0, "wide_box": 0.0, "shore_box": 0.0}
    for spec in themes:
        box = _box_of(spec)
        reach_m[box] = max(reach_m[box], spec.search_m)
    reach_m["far_box"] = max(reach_m["wide_box"], reach_m["shore_box"])
    far = [spec for spec in themes if _box_of(spec) == "shore_box"]
    rings: dict[str, Any] = {"rings": list(RINGS_M)}
    if far:
        rings |= {
            "shore_themes": [spec.theme for spec in far],
            "shore_rings": sorted({*RINGS_M, *(spec.search_m for spec in far)}),
            "nowhere": _NOWHERE,
        }
    return _Search(reach_m, frozenset(spec.theme for spec in far), rings)


def search_boxes(geometry: BaseGeometry, themes: Sequence[ThemeSpec]) -> dict[str, Any]:
    """Return the subject, the search boxes and the rings as parameters."""
    return _search(tuple(themes)).parameters(geometry)


def _box_of(spec: ThemeSpec) -> str:
    if spec.kind == "proximity":
        return "shore_box" if spec.layer == "restriction_area" else "wide_box"
    return "plot_box" if spec.layer in ("plot", "former_use") else "area_box"


def _features(rows: Sequence[tuple[Any, ...]]) -> tuple[Feature, ...]:
    geometries = shapely.from_wkb([row[9] for row in rows])
    found = [
        _feature(row, geometry) for row, geometry in zip(rows, geometries, strict=True)
    ]
    return (*found, *_key_units(found))


def _feature(row: tuple[Any, ...], geometry: BaseGeometry) -> Feature:
    theme, layer, version_id, code, name, category, division_code = row[:7]
    attributes = row[11]
    if layer == "plot":
        attributes = _plot_attributes(attributes)
    return Feature(
        theme=theme,
        layer=layer,
        code=code,
        name=name,
        category=category,
        division_code=division_code,
        geometry=geometry,
        attributes=attributes,
        accuracy_m=row[7],
        stated_area_m2=row[8],
        source=describe_source(row[12], row[13]),
        data_date=row[10],
        version_id=version_id,
    )


def _plot_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    industries = attributes["former_industries"] or ()
    return {
        **attributes,
        "former_industries": [_former_industry(entry) for entry in industries],
    }


def _former_industry(entry: str) -> dict[str, Any]:
    """Take a former industry apart: ``[edition:]code[:from-to]``, years open at will.

    Examples
    --------
    >>> _former_industry("2017:3360:1998-")["from_year"]
    1998
    >>> _former_industry("3360")["code"]
    '3360'
    """
    first, _, rest = entry.partition(":")
    edition, rest = (first, rest) if first in INDUSTRY_EDITIONS else (None, entry)
    code, _, years = rest.partition(":")
    first_year, _, last_year = years.partition("-")
    return {
        "edition": edition,
        "code": code,
        "from_year": int(first_year) if first_year.isdecimal() else None,
        "to_year": int(last_year) if last_year.isdecimal() else None,
    }


def _key_units(found: Iterable[Feature]) -> Iterable[Feature]:
    """Yield the premises of key supervised units (土壤污染重点监管单位).

    The list names enterprises by code and year; its land is the enterprise's.
    """
    for feature in found:
        listed = feature.attributes.get("key_unit")
        if feature.layer == "enterprise" and listed:
            yield replace(
                feature,
                theme="key_unit",
                layer="key_unit_list",
                attributes={
                    **listed,
                    "enterprise_code": feature.code,
                    "industry_code": feature.attributes["industry_code"],
                },
            )


def _coverage(
    rows: Sequence[tuple[Any, ...]],
) -> tuple[tuple[County, ...], tuple[Coverage, ...]]:
    counties: dict[str, County] = {}
    covered = []
    for code, name_zh, name_en, restricted, boundary, theme, *state in rows:
        if code not in counties:
            shape = shapely.from_wkb(boundary)
            counties[code] = County(code, name_zh, name_en, shape, restricted)
        if theme is not None:
            data_date, stale_on, part = state
            extent = None if part is None else shapely.from_wkb(part)
            covered.append(Coverage(theme, code, data_date, stale_on, extent))
    return tuple(counties.values()), tuple(covered)
