"""Which facts does the register hold about a place? One reading, one snapshot (shell).

Two round trips whatever the number of themes and of places: the parcels that are
named, then everything around them; more where what lies around many a place is to be
remembered. The caller's own rows come through row-level security; what other divisions
have near the subject comes through the one border path of the database and says theme,
relation and division only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

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
from screening.search import SOUGHT_IN, search_of

_SQL = Statements(Path(__file__).parent / "sql" / "neighbourhood.sql")
_NOW = {name: as_known_now(text) for name, text in _SQL.items()}
_THEN = {name: as_known_then(text) for name, text in _SQL.items()}


_Question = tuple[str, Mapping[str, Any]]
"""A statement with its parameters."""


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
    grounds = [
        _recall_ground(connection, _far_bounds(place), moment, sight, known.ground)
        for place in places
    ]
    questions = [
        _questions(place, around, ground, moment)
        for place, around, ground in zip(places, recalled, grounds, strict=True)
    ]
    farmland, *others = fetch_each(
        connection,
        [
            _farmland_question(places, moment),
            *chain.from_iterable(asked.values() for asked in questions),
        ],
    )
    units: list[list[Row]] = [[] for _ in places]
    for row in farmland:
        units[row[-1] - 1].append(row)
    answers = iter(others)
    return [
        _neighbourhood(
            place,
            around,
            ground,
            {
                "farmland": own,
                **dict(zip(asked, islice(answers, len(asked)), strict=True)),
            },
            moment,
            sight,
        )
        for place, around, ground, asked, own in zip(
            places, recalled, grounds, questions, units, strict=True
        )
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
    boxes = [search_of(place.themes).boxes(place.geometry, BOXES) for place in places]
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
        layer = feature.layer if feature.layer != "key_unit_list" else "enterprise"
        reach = reaches[layer, feature.version_id]
        read.append(Read(feature, reach, BOXES.index(SOUGHT_IN[layer])))
    return read, [cell for (cell,) in cells]


def _farmland_question(places: Sequence[Around], moment: Moment) -> _Question:
    """Return what the register is asked of farmland units on all the places."""
    boxes = [
        search_of(place.themes).boxes(place.geometry, ["area_box"])["area_box"]
        for place in places
    ]
    parameters = {"boxes": [box_ewkb(box) for box in boxes]}
    return _statements(moment)["farmland"], _moment(moment) | parameters


def _questions(
    place: Around,
    around: Surroundings | None,
    ground: Ground | None,
    moment: Moment,
) -> dict[str, _Question]:
    """Return what else the register is asked of one place, by name; mostly nothing."""
    search = search_of(place.themes)
    names = []
    if around is None:
        names.append("features")
    if around is None or not around.border_clear:
        names.append("border")
    if ground is None:
        names.append("coverage")
    if search.shore_themes:
        names += ["shorelines", "border_shorelines"]
    if not names:
        return {}
    statements = _statements(moment)
    asked = _moment(moment) | search.parameters(place.geometry)
    return {name: (statements[name], asked) for name in names}


def _neighbourhood(
    place: Around,
    around: Surroundings | None,
    ground: Ground | None,
    answers: Mapping[str, list[Row]],
    moment: Moment,
    sight: Sight,
) -> Neighbourhood:
    search = search_of(place.themes)
    features = around.features if around else read_features(answers["features"])
    features += read_features(answers["farmland"])
    across = answers.get("border", [])
    if search.shore_themes:
        far = search.shore_themes
        features = [feature for feature in features if feature.theme not in far]
        features += read_features(answers["shorelines"])
        across = [row for row in across if row[0] not in far]
        across += answers["border_shorelines"]
    counties, covered = ground or read_coverage(answers["coverage"])
    return Neighbourhood(
        as_of=moment.as_of,
        known_at=sight.number if moment.known_at is None else moment.known_at,
        features=tuple(features),
        border=tuple(BorderHit(*row) for row in across),
        coverage=covered,
        counties=counties,
    )


def gather_features(
    connection: sa.Connection,
    bounds: Bounds,
    moment: Moment,
    division_code: str,
    themes: Collection[str],
) -> list[Feature]:
    """Return the features of one county that a box of EPSG:4490 meets, for a map.

    Only those of the themes. Rows of other divisions are left out, so that the map is
    the same whoever asks.
    """
    names = ["farmland"] if "farmland_unit" in themes else []
    if set(themes) - {"farmland_unit"}:
        names.append("features")
    box = box_ewkb(bounds)
    parameters = {
        **_moment(moment),
        **dict.fromkeys(BOXES, box),
        "with_reach": False,
        "boxes": [box],
    }
    statements = _statements(moment)
    rows = fetch_each(connection, [(statements[name], parameters) for name in names])
    found = read_features([*chain.from_iterable(rows)])
    return [
        feature
        for feature in found
        if feature.division_code == division_code and feature.theme in themes
    ]


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


def _far_bounds(place: Around) -> Bounds:
    reach_m = search_of(place.themes).reach_m["far_box"]
    return expand_bounds(place.geometry.bounds, reach_m)


def _recall_ground(
    connection: sa.Connection,
    bounds: Bounds,
    moment: Moment,
    sight: Sight,
    ground: KnownGround,
) -> Ground | None:
    """Return counties and coverage in a box where they are known; None: ask.

    What is read for a day of the past, as known then, is not worth remembering.
    """
    if moment.known_at is not None:
        return None
    state = (sight.ground_at, moment.as_of)
    for tile in ground.missing(state, bounds):
        box = known_ground.GRID.bounds(tile)
        ground.learn(state, tile, _read_ground(connection, box, moment))
    return ground.find(state, bounds)


def _read_ground(connection: sa.Connection, bounds: Bounds, moment: Moment) -> Ground:
    parameters = {**_moment(moment), "far_box": box_ewkb(bounds)}
    statement = _statements(moment)["coverage"]
    return read_coverage(fetch(connection, statement, parameters, tuple_row))
