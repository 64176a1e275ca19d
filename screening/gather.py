"""Which facts does the register hold about a place? One reading, one snapshot (shell).

Two round trips whatever the number of themes and of places: the parcels that are
named, then everything around them; a third where counties meet, or where what lies
around many a place is to be remembered. The caller's own rows come through row-level
security; what other divisions have near the subject comes through the one border path
of the database and says theme, relation and division only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import shapely
import sqlalchemy as sa
from psycopg.rows import tuple_row
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from parcels.register.repository import Moment
from parcels.register.statements import (
    Statements,
    as_known_now,
    as_known_then,
    box_ewkb,
    ewkb,
    fetch,
    fetch_each,
)
from screening import known_ground, known_surroundings
from screening.distance import Bounds, expand_bounds
from screening.grid import Tile
from screening.known_ground import Ground, KnownGround
from screening.known_surroundings import (
    BOXES,
    KnownSurroundings,
    Read,
    State,
    Surroundings,
)
from screening.neighbourhood import BorderHit, Feature, Neighbourhood, ThemeSpec
from screening.register_rows import (
    ParcelFound,
    Row,
    read_coverage,
    read_features,
    read_parcel,
)
from screening.themes import RINGS_M

_SQL = Statements(Path(__file__).parent / "sql" / "neighbourhood.sql")
_NOWHERE = ewkb(shapely.Polygon())
_NOW = {name: as_known_now(text) for name, text in _SQL.items()}
_THEN = {name: as_known_then(text) for name, text in _SQL.items()}


_Question = tuple[str, Mapping[str, Any]]
"""A statement with its parameters."""


_SOUGHT_IN: Final = {
    "plot": "plot_box",
    "restriction_area": "area_box",
    "water_zone": "area_box",
    "former_use": "plot_box",
    "enterprise": "wide_box",
    "facility": "wide_box",
    "receptor": "wide_box",
    "water_source": "wide_box",
    "river": "wide_box",
}
"""The box in which the statement `features` looks for each layer."""


class Around(NamedTuple):
    """A place to look around (valid, EPSG:4490), and for what.

    The search distances of the themes set how far each kind of layer is read.
    """

    geometry: MultiPolygon
    themes: tuple[ThemeSpec, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of the register between questions (see each)."""

    ground: KnownGround = field(default_factory=KnownGround)
    surroundings: KnownSurroundings = field(default_factory=KnownSurroundings)


class Sight(NamedTuple):
    """What a transaction sees of the register.

    Attributes
    ----------
    number
        Of the last change.
    ground_at, surroundings_at
        When counties or what they cover, and when a layer that is read around land was
        last changed.
    today
        Day of the transaction, Asia/Shanghai.
    scope
        Division prefix of the rows it sees.
    one_snapshot
        All its statements see the same.
    """

    number: int
    ground_at: datetime
    surroundings_at: datetime
    today: date
    scope: str
    one_snapshot: bool


def gather_parcels(
    connection: sa.Connection, codes: Sequence[str], moment: Moment
) -> tuple[list[ParcelFound], Sight]:
    """Return the parcels of those codes in force at the moment, in order of code.

    Codes that the caller's divisions do not have are simply absent. With them comes
    what the transaction sees; no code may be given.
    """
    statements = _statements(moment)
    asked: list[_Question] = [(statements["sight"], {})]
    if codes:
        asked.append((statements["parcels"], _moment(moment) | {"codes": list(codes)}))
    (sight,), *found = fetch_each(connection, asked)
    return [read_parcel(row) for rows in found for row in rows], Sight(*sight)


def gather_neighbourhoods(
    connection: sa.Connection,
    places: Sequence[Around],
    moment: Moment,
    sight: Sight,
    known: Known,
) -> list[Neighbourhood]:
    """Return what lies on and around each place, in one round trip as a rule.

    Parameters
    ----------
    sight
        Of this transaction, see `gather_parcels`.
    known
        What is not known yet is read and may be added.
    """
    recalled = _recall(connection, places, moment, sight, known.surroundings)
    questions = [
        _questions(place, around, moment)
        for place, around in zip(places, recalled, strict=True)
    ]
    answers = iter(
        fetch_each(connection, chain.from_iterable(q.values() for q in questions))
    )
    return [
        _neighbourhood(
            connection,
            place,
            around,
            dict(zip(asked, islice(answers, len(asked)), strict=False)),
            moment,
            sight,
            known.ground,
        )
        for place, around, asked in zip(places, recalled, questions, strict=True)
    ]


def _recall(
    connection: sa.Connection,
    places: Sequence[Around],
    moment: Moment,
    sight: Sight,
    known: KnownSurroundings,
) -> list[Surroundings | None]:
    """Return what is known to lie around each place; None where it has to be asked.

    What is asked of another day than today, or as known then, is not worth remembering;
    what more than one snapshot saw must not be.
    """
    of_today = moment.known_at is None and moment.as_of == sight.today
    if not of_today or not sight.one_snapshot:
        return [None] * len(places)
    state = State(sight.surroundings_at, sight.today, sight.scope)
    boxes = [_search(place.themes).boxes(place.geometry, BOXES) for place in places]
    found = known.find(state, boxes)
    unknown = [
        each for each, around in zip(boxes, found, strict=True) if around is None
    ]
    # One tile at a time, so that nobody waits for several.
    tile = known.worth_learning(state, unknown) if unknown else None
    if tile is None:
        return found
    known.learn(state, tile, *_read_tile(connection, tile, moment))
    return known.find(state, boxes)


def _read_tile(
    connection: sa.Connection, tile: Tile, moment: Moment
) -> tuple[list[Read], list[int]]:
    """Return what lies in a tile, and the cells in which others have anything."""
    box = box_ewkb(known_surroundings.GRID.bounds(tile))
    parameters = {
        **_moment(moment),
        **dict.fromkeys(BOXES, box),
        "with_reach": True,
        "cells_box": box_ewkb(known_surroundings.cells_box(tile)),
    }
    statements = _statements(moment)
    rows, cells = fetch_each(
        connection, [(statements[name], parameters) for name in ("features", "cells")]
    )
    reaches = {(row[1], row[2]): row[-1] for row in rows}
    read = []
    for feature in read_features(rows):
        # Key units come with the enterprises whose land they name.
        layer = feature.layer if feature.layer != "key_unit_list" else "enterprise"
        reach = reaches[layer, feature.version_id]
        read.append(Read(feature, reach, BOXES.index(_SOUGHT_IN[layer])))
    return read, [cell for (cell,) in cells]


def _questions(
    place: Around, around: Surroundings | None, moment: Moment
) -> dict[str, _Question]:
    """Return what the register is asked of one place, by name."""
    search = _search(place.themes)
    names = ["farmland"]
    if around is None:
        names.append("features")
    if around is None or not around.border_clear:
        names.append("border")
    if search.shore_themes:
        names += ["shorelines", "border_shorelines"]
    statements = _statements(moment)
    if len(names) > 1:
        parameters = search.parameters(place.geometry)
    else:
        (box,) = search.boxes(place.geometry, ["area_box"]).values()
        parameters = {"area_box": box_ewkb(box)}
    asked = _moment(moment) | parameters
    return {name: (statements[name], asked) for name in names}


def _neighbourhood(
    connection: sa.Connection,
    place: Around,
    around: Surroundings | None,
    answers: Mapping[str, list[Row]],
    moment: Moment,
    sight: Sight,
    ground: KnownGround,
) -> Neighbourhood:
    search = _search(place.themes)
    features = around.features if around else read_features(answers["features"])
    features += read_features(answers["farmland"])
    across = answers.get("border", [])
    if search.shore_themes:
        far = search.shore_themes
        features = [feature for feature in features if feature.theme not in far]
        features += read_features(answers["shorelines"])
        across = [row for row in across if row[0] not in far]
        across += answers["border_shorelines"]
    far_bounds = expand_bounds(place.geometry.bounds, search.reach_m["far_box"])
    counties, covered = _find_ground(connection, far_bounds, moment, ground, sight)
    return Neighbourhood(
        as_of=moment.as_of,
        known_at=sight.number if moment.known_at is None else moment.known_at,
        features=tuple(features),
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
    box = dict.fromkeys(BOXES, box_ewkb(bounds))
    parameters = {**_moment(moment), **box, "with_reach": False}
    statements = _statements(moment)
    rows = fetch_each(
        connection,
        [(statements[name], parameters) for name in ("features", "farmland")],
    )
    found = read_features([*chain.from_iterable(rows)])
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
    sight: Sight,
) -> Ground:
    """Return counties and coverage in a box, remembered where they are known.

    What is read for a day of the past, as known then, is not worth remembering.
    """
    if moment.known_at is not None:
        return _read_ground(connection, bounds, moment)
    state = (sight.ground_at, moment.as_of)
    for tile in ground.missing(state, bounds):
        box = known_ground.GRID.bounds(tile)
        ground.learn(state, tile, _read_ground(connection, box, moment))
    return ground.find(state, bounds) or _read_ground(connection, bounds, moment)


def _read_ground(connection: sa.Connection, bounds: Bounds, moment: Moment) -> Ground:
    parameters = {**_moment(moment), "far_box": box_ewkb(bounds)}
    statement = _statements(moment)["coverage"]
    return read_coverage(fetch(connection, statement, parameters, tuple_row))


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

    def boxes(self, geometry: BaseGeometry, names: Iterable[str]) -> dict[str, Bounds]:
        """Return the boxes of these reaches around a subject, degrees."""
        bounds = geometry.bounds
        return {name: expand_bounds(bounds, self.reach_m[name]) for name in names}

    def parameters(self, geometry: BaseGeometry) -> dict[str, Any]:
        """Return a subject (EPSG:4490), the box of each reach, and the rings."""
        boxes = self.boxes(geometry, self.reach_m)
        return {
            "subject": ewkb(geometry),
            "with_reach": False,
            **{name: box_ewkb(bounds) for name, bounds in boxes.items()},
            **self.rings,
        }


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
