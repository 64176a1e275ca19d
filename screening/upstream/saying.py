"""What is said of how a path was found, and of where it ends (core)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parcels.texts import Text
from screening.upstream.network import Ends
from screening.upstream.paths import FlowPath
from screening.upstream.terrain import Terrain

_ENDS: Final[Mapping[Ends, Text]] = {
    "network": Text("在案河网到此为止", "the network on record ends there"),
    "loop": Text("河段首尾相接成环", "the reaches lead back to themselves"),
    "gap": Text("相接河段在图上不相连", "reaches that should join lie apart"),
    "ground": Text("高程数据到此为止", "the elevation model ends there"),
    "edge": Text("到达高程计算窗口边缘", "the window of terrain ends there"),
    "no_height": Text("此后没有高程", "no heights are known beyond"),
    "reach": Text("已达所查长度", "as long as was asked"),
}


def describe_end(path: FlowPath, ring: str) -> Text:
    """Return why it is not known whether a path meets a thing."""
    if path.ends == "reach" and ring == "cannot_be_placed":
        return Text(
            "对象仅有点位，无法确定是否在流路上",
            "known as a point only; whether it lies on the path cannot be told",
        )
    length, (zh, en) = f"{path.length_m:.0f}", _ENDS[path.ends]
    return Text(
        f"流路只知前 {length} 米（{zh}），此前未遇该对象，以后不明",
        f"the path is known for {length} m ({en}); not met so far, unknown beyond",
    )


def describe_method(path: FlowPath | None, terrain: Terrain | None) -> Text:
    """Return what was followed, how fine and how old it is, and what was assumed."""
    if path is None:
        return Text(
            "附近没有在案河段，也没有高程数据，流路不明",
            "no reach on record near it and no terrain: the path is not known",
        )
    if path.method == "network":
        return _network(path)
    assert terrain is not None
    return describe_terrain(terrain)


def _network(path: FlowPath) -> Text:
    zh = f"依在案河网，距河段 {path.offset_m:.2f} 米"
    en = f"by the river network on record, {path.offset_m:.2f} m from the reach"
    if path.assumed:
        zh += "，部分河段流向按绘制方向推定"
        en += ", the direction of some reach assumed as drawn"
    return Text(zh, en)


def describe_terrain(terrain: Terrain) -> Text:
    """Return which terrain was followed, its cell and date."""
    source = terrain.source
    zh = f"依高程数据“{source.name}”，格网 {terrain.cell_m:.2f} 米"
    en = f"by the elevation model {source.name}, cells of {terrain.cell_m:.2f} m"
    if terrain.coarsened > 1:
        zh += f"（由 {source.cell_m:g} 米合并）"
        en += f" (made of {source.cell_m:g} m)"
    if source.data_date is None:
        return Text(f"{zh}，文件未注明日期", f"{en}, of no stated date")
    return Text(f"{zh}，{source.data_date}", f"{en}, of {source.data_date}")
