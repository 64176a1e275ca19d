"""How far around a subject is each kind of layer read? (shell).

A layer is looked for in one of a few boxes around the subject, each as far as the
widest search of the themes that read such a layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from parcels.register.statements import box_ewkb, ewkb
from screening.distance import Bounds, expand_bounds
from screening.neighbourhood import ThemeSpec
from screening.themes import RINGS_M

SOUGHT_IN: Final = {
    "plot": "plot_box",
    "farmland_unit": "area_box",
    "restriction_area": "area_box",
    "water_zone": "area_box",
    "former_use": "plot_box",
    # They come with the enterprises whose land they name.
    "key_unit_list": "wide_box",
    "enterprise": "wide_box",
    "facility": "wide_box",
    "receptor": "wide_box",
    "water_source": "wide_box",
    "river": "wide_box",
}
"""The box in which the register is asked for each layer."""
_NOWHERE: Final = ewkb(shapely.Polygon())


@dataclass(frozen=True, slots=True)
class Search:
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
def search_of(themes: tuple[ThemeSpec, ...]) -> Search:
    """Return how far these themes have the register read."""
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
    return Search(reach_m, frozenset(spec.theme for spec in far), rings)


def search_boxes(geometry: BaseGeometry, themes: Sequence[ThemeSpec]) -> dict[str, Any]:
    """Return the subject, the search boxes and the rings as parameters."""
    return search_of(tuple(themes)).parameters(geometry)


def _box_of(spec: ThemeSpec) -> str:
    if spec.layer == "restriction_area" and spec.kind == "proximity":
        return "shore_box"
    return SOUGHT_IN[spec.layer]
