"""The kind `upstream`: what lies above water and below tailings ponds (shell)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely
import sqlalchemy as sa

from parcels.texts import Text
from screening.distance import Bounds, expand_bounds
from screening.distance_rules import OPEN_STAGES
from screening.neighbourhood import Feature
from screening.parameters import Parameter, marked_source
from screening.runs.border import read_border
from screening.runs.catchment_rows import CatchmentMaterial, list_catchment
from screening.runs.columns import DIVISION_FIELD
from screening.runs.kind import Kind, RunOrder
from screening.runs.place import (
    LATITUDE_FIELD,
    LONGITUDE_FIELD,
    check_place,
    read_place,
)
from screening.runs.row import Choice, Field, Row
from screening.runs.tiles import (
    LayerRead,
    Tile,
    plan_tiles,
    read_around,
    read_box,
    read_tile,
)
from screening.runs.upstream_rows import (
    COLUMNS,
    WATER_THEMES,
    Limit,
    Limits,
    PondMaterial,
    list_below_ponds,
    tally_upstream,
)
from screening.upstream.elevation import read_terrain
from screening.upstream.terrain import Terrain

_PONDS: Final = LayerRead("facility", ("tailings_pond",))
_WATER: Final = (LayerRead("water_source"), LayerRead("water_zone"))
PEOPLE: Final = (LayerRead("receptor"), LayerRead("enterprise", ("active",)))
"""Who and what an overhead pond lies above: 居民和重要设施, by our own choice."""
_FARMLAND: Final = (LayerRead("restriction_area", ("permanent_basic_farmland",)),)
_IN_CATCHMENT: Final = (
    LayerRead("enterprise"),
    LayerRead("facility"),
    LayerRead("plot", tuple(sorted(OPEN_STAGES))),
    LayerRead("former_use"),
)
_QUESTIONS: Final[Mapping[str, Text]] = {
    "ponds_water": Text("水源上游的尾矿库", "tailings ponds above water sources"),
    "ponds_farmland": Text(
        "永久基本农田周边的尾矿库", "tailings ponds around basic farmland"
    ),
    "overhead_ponds": Text("头顶库", "overhead ponds"),
    "catchments": Text("集水区", "catchments"),
}
_OF_PONDS: Final = ("ponds_water", "ponds_farmland", "overhead_ponds")
_MARGIN_M: Final = 1000.0
"""Terrain read beyond the longest path, so that it does not begin to bend."""
_BY_ORDER: Final = Text("由任务指定", "as ordered with the run")


@dataclass(frozen=True, slots=True)
class _Above:
    """A piece of its own: the catchment of one place."""

    place: Feature


def _plan(connection: sa.Connection, order: RunOrder) -> Sequence[Tile | _Above]:
    pieces: list[Tile | _Above] = []
    if set(order.parameters["questions"]) & set(_OF_PONDS):
        pieces += plan_tiles(connection, order, [_PONDS])
    codes = order.parameters.get("sources")
    if codes:
        wanted = LayerRead("water_source", None, tuple(codes))
        everywhere = (-180.0, -90.0, 180.0, 90.0)
        found = read_box(connection, order, everywhere, [wanted])
        pieces += [_Above(source) for source in found]
    place = read_place(order)
    if place is not None:
        pieces.append(_Above(place))
    return pieces


def _read(
    connection: sa.Connection, order: RunOrder, piece: Tile | _Above
) -> PondMaterial | CatchmentMaterial:
    if isinstance(piece, _Above):
        return _read_above(connection, order, piece.place)
    return _read_ponds(connection, order, piece)


def _read_ponds(connection: sa.Connection, order: RunOrder, tile: Tile) -> PondMaterial:
    limits = read_limits(order)
    ponds = read_tile(connection, order, tile, [_PONDS])
    asked = order.parameters["questions"]
    water_m = limits.water.metres if "ponds_water" in asked else 0.0
    people_m = limits.downstream.metres + limits.corridor.metres
    reach_m = max(water_m, people_m if "overhead_ponds" in asked else 0.0)

    def around(question: str, metres: float, layers: Sequence[LayerRead]) -> Any:
        wanted = question in asked
        return read_around(connection, order, ponds, metres, layers) if wanted else []

    across = [
        *read_border(connection, order, ponds, water_m, WATER_THEMES),
        *read_border(connection, order, ponds, people_m, ("receptor", "enterprise")),
        *read_border(
            connection,
            order,
            ponds,
            limits.farmland.metres,
            ("permanent_basic_farmland",),
        ),
    ]
    rivers, terrain = read_ways(connection, order, ponds, reach_m)
    return PondMaterial(
        ponds,
        around("ponds_water", water_m, _WATER),
        around("overhead_ponds", people_m, PEOPLE),
        around("ponds_farmland", limits.farmland.metres, _FARMLAND),
        rivers,
        terrain,
        [(one.feature, one.hit) for one in across if _asked_of(one.hit.theme) in asked],
        limits,
    )


def read_ways(
    connection: sa.Connection,
    order: RunOrder,
    places: Sequence[Feature],
    reach_m: float,
) -> tuple[list[Feature], Terrain | None]:
    """Return reaches and terrain around places; nothing when they are not needed."""
    if reach_m <= 0 or not places:
        return [], None
    rivers = read_around(connection, order, places, reach_m, [LayerRead("river")])
    return rivers, _terrain(order, places, reach_m)


def _asked_of(theme: str) -> str:
    if theme in WATER_THEMES:
        return "ponds_water"
    farmland = theme == "permanent_basic_farmland"
    return "ponds_farmland" if farmland else "overhead_ponds"


def _read_above(
    connection: sa.Connection, order: RunOrder, place: Feature
) -> CatchmentMaterial:
    reach = read_limit(order, "catchment_reach_m", "catchment_reach_m")
    return CatchmentMaterial(
        place,
        read_around(connection, order, [place], reach.metres, _IN_CATCHMENT),
        _terrain(order, [place], reach.metres),
        reach,
        read_limit(order, "snap_m", "flow_snap_m"),
    )


def _terrain(
    order: RunOrder, places: Sequence[Feature], reach_m: float
) -> Terrain | None:
    """Return the terrain around some places; None where the office has none."""
    if order.elevation is None:
        return None
    bounds: Bounds = shapely.total_bounds([one.geometry for one in places]).tolist()
    return read_terrain(order.elevation, expand_bounds(bounds, reach_m + _MARGIN_M))


def read_limits(order: RunOrder) -> Limits:
    """Return the distances of a run, each with its source."""
    return Limits(
        water=read_limit(order, "water_m", "buf_tailings_water_m"),
        farmland=read_limit(order, "farmland_m", "buf_tailings_pbf_m"),
        downstream=read_limit(order, "downstream_m", "overhead_pond_m"),
        corridor=read_limit(order, "corridor_m", "flow_corridor_m"),
        snap=read_limit(order, "snap_m", "flow_snap_m"),
    )


def read_limit(order: RunOrder, field: str, parameter: str) -> Limit:
    """Return a distance as ordered, or as the rule set has it, with its source."""
    own = order.parameters.get(field)
    if own is not None:
        return Limit(float(own), _BY_ORDER)
    given: Parameter = order.numbers.sources[parameter]
    return Limit(float(given.value), marked_source(given.source, given.confidence))


def _work(material: PondMaterial | CatchmentMaterial) -> list[Row]:
    if isinstance(material, CatchmentMaterial):
        return list_catchment(material)
    return list_below_ponds(material)


def _themes(parameters: Mapping[str, Any]) -> Sequence[str]:
    by_question = {
        "ponds_water": ("river", *WATER_THEMES),
        "ponds_farmland": ("permanent_basic_farmland",),
        "overhead_ponds": ("river", "receptor", "enterprise"),
    }
    themes = {"facility"}
    for question in parameters["questions"]:
        themes.update(by_question.get(question, ()))
    if "longitude" in parameters or "sources" in parameters:
        themes.update(("enterprise", "plot", "former_use"))
    return sorted(themes)


def _distance_field(name: str, zh: str, en: str, most: float) -> Field:
    hint = Text("不填按规则集", "by the rule set when left out")
    return Field(name, Text(zh, en), "number", least=0.0, most=most, hint=hint)


UPSTREAM: Final = Kind(
    "upstream",
    Text("上下游筛查", "Upstream and downstream"),
    Text(
        "沿河网或地形查找饮用水水源上游、永久基本农田周边的尾矿库和头顶库，"
        "以及水源或指定点的集水区；每行注明依据河网、高程还是直线距离。",
        "Follows river network or terrain to tailings ponds above drinking-water"
        " sources, around basic farmland and over people (overhead ponds), and to the"
        " catchment of a source or a point. Each row says whether network, terrain or"
        " plain distance was used.",
    ),
    (
        Field(
            "questions",
            Text("筛查内容", "Questions"),
            "choices",
            default=sorted(_OF_PONDS),
            choices=tuple(Choice(*each) for each in _QUESTIONS.items()),
        ),
        Field(
            "sources",
            Text("计算集水区的水源编码", "Catchments of water sources (codes)"),
            "codes",
        ),
        LONGITUDE_FIELD,
        LATITUDE_FIELD,
        _distance_field(
            "water_m", "沿流路查找距离（米）", "Along the path (m)", 50_000
        ),
        _distance_field(
            "farmland_m", "农田周边距离（米）", "Around farmland (m)", 10_000
        ),
        _distance_field(
            "downstream_m", "头顶库下游距离（米）", "Downstream (m)", 10_000
        ),
        _distance_field(
            "corridor_m", "流路两侧宽度（米）", "Beside the path (m)", 1000
        ),
        _distance_field("snap_m", "归入河段的距离（米）", "To a reach (m)", 1000),
        _distance_field(
            "catchment_reach_m",
            "集水区计算范围（米）",
            "Reach of catchments (m)",
            50_000,
        ),
        DIVISION_FIELD,
    ),
    COLUMNS,
    _plan,
    _read,
    _work,
    tally_upstream,
    _themes,
    uses_elevation=True,
    check=check_place,
)
