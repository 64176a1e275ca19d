"""Which of the layers in a file is the one that is meant? (core).

A geodatabase, a zip archive or a workbook often holds several. The one whose geometry
and fields suit the register's layer best is proposed; a person confirms it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from parcels.register.layers import Layer, Shape
from parcels.surveys.mapping import map_fields
from parcels.surveys.proposing import Evidence, Finding
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest

_GEOMETRIES: Final[dict[Shape, tuple[str, ...]]] = {
    Shape.AREA: ("polygon", "surface"),
    Shape.AREA_OR_NONE: ("polygon", "surface"),
    Shape.PLACE: ("polygon", "surface", "point"),
    Shape.POINT: ("point",),
    Shape.LINE: ("line", "curve"),
    Shape.NONE: (),
}


@dataclass(frozen=True, slots=True)
class FoundLayer:
    """One layer, table or sheet of a file.

    `geometry` names its type in English, None where it has none; `rows` is None where
    only reading would tell.
    """

    name: str
    fields: tuple[str, ...]
    rows: int | None = None
    geometry: str | None = None


def choose_member(found: Sequence[FoundLayer], request: UploadRequest) -> Finding:
    """Return the name of the layer to read, and how it was found.

    Raises
    ------
    FileRefused
        If there is none, or not the one that was declared.
    """
    if not found:
        raise FileRefused("no_layer")
    if request.member is not None:
        return Finding("member", _find(found, request.member), "declared")
    filled = [one for one in found if one.rows != 0] or list(found)
    if len(filled) == 1:
        return Finding("member", filled[0].name, "stated")
    best = max(filled, key=lambda one: _rank(one, request))
    others = tuple(_as_json(one) for one in filled if one is not best)
    return Finding("member", best.name, "guessed", (_tell(best, filled),), others)


def _find(found: Sequence[FoundLayer], wanted: str) -> str:
    plain = wanted.strip().lower().removesuffix(".shp")
    for one in found:
        if one.name.lower() == plain:
            return one.name
    names = ", ".join(one.name for one in found)
    raise FileRefused("layer_not_in_file", member=wanted, found=names)


def _rank(one: FoundLayer, request: UploadRequest) -> tuple[bool, int, int]:
    layer = request.register_layer
    mapping = map_fields(one.fields, replace(request, mapping=None))
    known = len(mapping.attributes) + (mapping.code is not None)
    return _suits(one, layer), known, one.rows or 0


def _suits(one: FoundLayer, layer: Layer) -> bool:
    wanted = _GEOMETRIES[layer.shape]
    if one.geometry is None:
        return not wanted
    return any(word in one.geometry.lower() for word in wanted)


def _as_json(one: FoundLayer) -> dict[str, object]:
    return {
        "value": one.name,
        "rows": one.rows,
        "geometry": one.geometry,
        "fields": list(one.fields),
    }


def _tell(best: FoundLayer, found: Sequence[FoundLayer]) -> Evidence:
    names = ", ".join(one.name for one in found)
    return Evidence(
        "member",
        "several_layers",
        f"文件里有 {len(found)} 个图层：{names}；“{best.name}”的图形和字段最相符。",
        f"The file holds {len(found)} layers: {names}; {best.name!r} suits best by"
        " geometry and fields.",
        {"layers": len(found), **_as_json(best)},
    )
