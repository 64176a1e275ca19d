"""The land asked about and what lies on it, drawn to scale (core).

An SVG in a transverse Mercator centred on the subject (`parcels.local_plane`), north
up. The same input gives the same bytes. Features carry the numbers of the table of
evidence beside the drawing; colour is never the only mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parcels.local_plane import LocalPlane

WIDTH_MM: Final = 88.0
HEIGHT_MM: Final = 84.0
"""Size of the drawing on paper, millimetres."""

FARTHEST_M: Final = 1000.0
"""Features beyond it are listed, not drawn; a choice of layout, no legal distance."""

_MARGIN: Final = 0.18
_SMALLEST_M: Final = 60.0
_SCALE_BARS_M: Final = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)

_FILLS: Final = {
    "plot": "#b3261e",
    "former_use": "#8a5a2b",
    "enterprise": "#6b4fa0",
    "key_unit": "#6b4fa0",
    "facility": "#8a5a2b",
    "farmland_unit": "#5f7f1f",
    "permanent_basic_farmland": "#b98a00",
    "water_zone": "#1f6fb2",
    "water_source": "#1f6fb2",
    "river": "#1f6fb2",
    "ecological_redline": "#c2185b",
}
_OTHER: Final = "#5b5f66"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A feature to draw: the number it bears, its theme, its geometry (EPSG:4490)."""

    number: int
    theme: str
    geometry: BaseGeometry


def find_frame(
    subject: BaseGeometry, features: Iterable[BaseGeometry]
) -> tuple[float, float, float, float]:
    """Return what the drawing shows: a box of EPSG:4490, west, south, east, north.

    The subject, and of the features what lies within `FARTHEST_M` of its box.
    """
    plane = LocalPlane.around(subject)
    box = _frame_m(plane, subject, features)
    corners = np.array([[box[0], box[1]], [box[2], box[3]]])
    (west, south), (east, north) = plane.coordinates_to_lonlat(corners)
    return float(west), float(south), float(east), float(north)


def draw(
    subject: BaseGeometry,
    features: Sequence[Drawn],
    surroundings: Sequence[BaseGeometry],
    *,
    numbered: bool = True,
    shown: BaseGeometry | None = None,
) -> str:
    """Return the drawing as SVG.

    Parameters
    ----------
    subject
        Polygon or multipolygon, EPSG:4490.
    features
        What findings rest on, in the order they are drawn.
    surroundings
        Other parcels near, as thin lines without names.
    numbered
        Whether features bear their numbers; many would hide the drawing.
    shown
        The ground to draw instead of the whole subject and what is near it.
    """
    plane = LocalPlane.around(subject if shown is None else shown)
    if shown is None:
        frame = _frame_m(plane, subject, [one.geometry for one in features])
    else:
        frame = _frame_m(plane, shown, [])
    window = _Window(plane, frame)
    parts = [_head()]
    parts += window.paths(
        surroundings, 'fill="none" stroke="#b9bec6" stroke-width="0.12"'
    )
    parts += [_feature(window, one) for one in features]
    parts.append(
        window.path(subject, 'fill="none" stroke="#101418" stroke-width="0.6"')
    )
    parts += [_label(window, one) for one in features if numbered]
    parts += [_scale_bar(window), _north(), "</svg>"]
    return "\n".join(part for part in parts if part)


Shown = TypeVar("Shown", BaseGeometry, NDArray[np.object_])


class _Window:
    """From degrees to millimetres of paper, y downwards."""

    def __init__(
        self, plane: LocalPlane, frame: tuple[float, float, float, float]
    ) -> None:
        self._plane = plane
        self._west, _, east, self._north = frame
        self._box = shapely.box(*frame)
        self.mm_per_m = WIDTH_MM / (east - self._west)

    def paper(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return `(n, 2)` millimetres for `(n, 2)` metres of the plane."""
        return np.column_stack(
            (
                (xy[:, 0] - self._west) * self.mm_per_m,
                (self._north - xy[:, 1]) * self.mm_per_m,
            )
        )

    def inside(self, geometry: Shown) -> Shown:
        """Return what of a geometry (EPSG:4490) the drawing shows, in the plane.

        Of an array of them, what it shows of each.
        """
        placed = shapely.make_valid(self._plane.to_plane(geometry))
        shown: Shown = shapely.intersection(placed, self._box)
        return shown

    def path(self, geometry: BaseGeometry, style: str) -> str:
        """Return the outline of polygons and lines; "" when nothing of it is shown."""
        return "".join(self.paths([geometry], style))

    def paths(self, geometries: Sequence[BaseGeometry], style: str) -> list[str]:
        """Return the outline of each geometry of which something is shown, in order.

        Many are placed and cut in one go, as the parcels around a subject are.
        """
        placed = self.inside(np.array(geometries, dtype=object))
        parts, geometry_of = shapely.get_parts(placed, return_index=True)
        rings, part_of = shapely.get_rings(parts, return_index=True)
        open_lines = np.flatnonzero(shapely.get_dimensions(parts) == 1)
        part_of = np.concatenate((part_of, open_lines))
        order = np.argsort(part_of, kind="stable")
        lines = np.concatenate((rings, parts[open_lines]))[order]
        ends = np.where(order < len(rings), "Z", "")
        outlines: dict[int, list[str]] = {}
        for number, points, end in zip(
            geometry_of[part_of[order]].tolist(), self._points(lines), ends, strict=True
        ):
            outlines.setdefault(number, []).append(f"M{points}{end}")
        return [
            f'<path d="{"".join(drawn)}" fill-rule="evenodd" {style}/>'
            for drawn in outlines.values()
        ]

    def _points(self, lines: NDArray[np.object_]) -> Iterator[str]:
        """Yield the points of each line of the plane as a path names them."""
        xy = self.paper(shapely.get_coordinates(lines)).tolist()
        written = iter([f"{x:.2f} {y:.2f}" for x, y in xy])
        for count in shapely.get_num_coordinates(lines).tolist():
            yield "L".join(islice(written, count))


def _frame_m(
    plane: LocalPlane, subject: BaseGeometry, features: Iterable[BaseGeometry]
) -> tuple[float, float, float, float]:
    """Return the drawn box in metres, in the proportion of the paper."""
    own = np.array(plane.to_plane(subject).bounds)
    reach = own + np.array([-1, -1, 1, 1]) * FARTHEST_M
    box = shapely.box(*reach)
    bounds = [own]
    for geometry in features:
        near = shapely.intersection(shapely.make_valid(plane.to_plane(geometry)), box)
        # A county-wide zone must not make the parcel a dot.
        if not near.is_empty and not _is_vast(near, own):
            bounds.append(np.array(near.bounds))
    together = np.array(bounds)
    west, south = together[:, :2].min(axis=0)
    east, north = together[:, 2:].max(axis=0)
    width = max(east - west, (north - south) * WIDTH_MM / HEIGHT_MM, _SMALLEST_M)
    width *= 1 + 2 * _MARGIN
    height = width * HEIGHT_MM / WIDTH_MM
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _is_vast(near: BaseGeometry, own: NDArray[Any]) -> bool:
    west, south, east, north = near.bounds
    size = max(own[2] - own[0], own[3] - own[1], _SMALLEST_M)
    return bool(max(east - west, north - south) > 6 * size and shapely.area(near) > 0)


def _head() -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_MM}mm" '
        f'height="{HEIGHT_MM}mm" viewBox="0 0 {WIDTH_MM:.0f} {HEIGHT_MM:.0f}">'
        f'<rect width="{WIDTH_MM:.0f}" height="{HEIGHT_MM:.0f}" fill="#ffffff"/>'
    )


def _feature(window: _Window, one: Drawn) -> str:
    colour = _FILLS.get(one.theme, _OTHER)
    if shapely.get_dimensions(one.geometry) == 0:
        placed = window.inside(one.geometry)
        if placed.is_empty:
            return ""
        ((x, y),) = window.paper(shapely.get_coordinates(placed)[:1])
        return (
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="1.1" fill="{colour}" '
            'stroke="#ffffff" stroke-width="0.3"/>'
        )
    if shapely.get_dimensions(one.geometry) == 1:
        return window.path(
            one.geometry, f'fill="none" stroke="{colour}" stroke-width="0.5"'
        )
    return window.path(
        one.geometry,
        f'fill="{colour}" fill-opacity="0.22" stroke="{colour}" stroke-width="0.35"',
    )


def _label(window: _Window, one: Drawn) -> str:
    placed = window.inside(one.geometry)
    if placed.is_empty:
        return ""
    spot = placed.representative_point()
    ((x, y),) = window.paper(np.array([[spot.x, spot.y]]))
    colour = _FILLS.get(one.theme, _OTHER)
    if shapely.get_dimensions(one.geometry) == 0:
        x, y = x + 2.4, y - 2.0
    return (
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="1.9" fill="#ffffff" stroke="{colour}" '
        f'stroke-width="0.3"/><text x="{x:.2f}" y="{y + 0.95:.2f}" font-size="2.6" '
        f'text-anchor="middle" font-family="Noto Sans CJK SC" fill="{colour}">'
        f"{one.number}</text>"
    )


def _scale_bar(window: _Window) -> str:
    longest = 0.34 * WIDTH_MM / window.mm_per_m
    metres = max((m for m in _SCALE_BARS_M if m <= longest), default=_SCALE_BARS_M[0])
    length, y = metres * window.mm_per_m, HEIGHT_MM - 4.0
    shown = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    return (
        f'<path d="M3 {y - 1.2:.2f}V{y:.2f}H{3 + length:.2f}V{y - 1.2:.2f}" '
        'fill="none" stroke="#101418" stroke-width="0.3"/>'
        f'<text x="{3 + length + 1.2:.2f}" y="{y + 0.3:.2f}" font-size="2.6" '
        f'font-family="Noto Sans CJK SC" fill="#101418">{shown}</text>'
    )


def _north() -> str:
    x = WIDTH_MM - 5.0
    return (
        f'<path d="M{x:.1f} 3L{x + 1.6:.1f} 8.4L{x:.1f} 7.2L{x - 1.6:.1f} 8.4Z" '
        'fill="#101418"/>'
        f'<text x="{x:.1f}" y="11.4" font-size="2.8" text-anchor="middle" '
        'font-family="Noto Sans CJK SC" fill="#101418">N</text>'
    )
