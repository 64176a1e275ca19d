"""What does the register look like on a map, tile by tile? (shell).

Vector tiles of the register's layers in the web-mercator scheme (XYZ), drawn by the
database from the versions open and valid today, under the caller's row-level
security. Below `PARCEL_ZOOM` parcels and farmland units are not drawn: the layer
``township`` shows how many there are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.refusal import Refusal
from parcels.register.layers import LAYERS, RESTRICTION_THEMES
from parcels.register.statements import Statements, fetch

PARCEL_ZOOM: Final = 12
"""Lowest zoom of the layers that tile the ground; a project default."""
LABEL_ZOOM: Final = 16
"""Lowest zoom at which parcels come with points for their labels."""
DEEPEST_ZOOM: Final = 22
"""Highest zoom: a grid step of the tile is then 2 micrometres on the ground."""

_BUFFER: Final = 64
"""Grid steps (of 4096) drawn beyond the tile's edge, so that outlines join."""
_FORMAT: Final = "3"
"""Raised when what a tile carries changes: older copies are then no longer good."""

_THEME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_PATHS: Final = frozenset(layer.path.replace("-", "_") for layer in LAYERS)


class UnknownTileLayer(Exception):
    """There is no layer of that name that can be drawn."""


class ImpossibleTile(Refusal):
    """No such tile exists in the scheme, or the layer is not drawn at that zoom."""


@dataclass(frozen=True, slots=True)
class TileLayer:
    """One layer of tiles.

    Attributes
    ----------
    statement
        Its name in ``tiles.sql``.
    tables
        Tables it is drawn from; a change of one of them makes older tiles stale.
    lowest_zoom
        Lowest zoom it is drawn at.
    theme
        For areas of one theme: the theme's code.
    named
        From `LABEL_ZOOM` on it comes with points for labels.
    """

    statement: str
    tables: tuple[str, ...]
    lowest_zoom: int = 0
    theme: str | None = None
    named: bool = False


def _plain(name: str, lowest_zoom: int = 0) -> TileLayer:
    return TileLayer(name, (name,), lowest_zoom)


TILE_LAYERS: Final[Mapping[str, TileLayer]] = {
    "township": TileLayer("township", ("parcel", "plot", "division")),
    "parcel": TileLayer("parcel", ("parcel",), PARCEL_ZOOM, named=True),
    "farmland_unit": _plain("farmland_unit", PARCEL_ZOOM),
    **{
        name: _plain(name)
        for name in (
            "division",
            "plot",
            "restriction_area",
            "water_source",
            "water_zone",
            "enterprise",
            "facility",
            "receptor",
            "former_use",
            "river",
            "monitoring_point",
        )
    },
}
"""Layers by name; every theme of `restriction_area` is one too (`find_tile_layer`)."""


def find_tile_layer(name: str) -> TileLayer:
    """Return the layer of that name; an unlisted name is a bureau's own theme.

    A layer's name in other URLs (``parcels``) is none: it would draw empty tiles.
    A theme that nobody uses gives empty tiles: which themes there are depends on the
    caller's divisions.

    Raises
    ------
    UnknownTileLayer
        If the name cannot be a theme's either.
    """
    if layer := TILE_LAYERS.get(name):
        return layer
    if name in RESTRICTION_THEMES or (_THEME.fullmatch(name) and name not in _PATHS):
        return TileLayer("restriction_theme", ("restriction_area",), theme=name)
    raise UnknownTileLayer(name)


@dataclass(frozen=True, slots=True)
class TileAddress:
    """Zoom, column from 180° W, row from the north (XYZ scheme)."""

    z: int
    x: int
    y: int

    def box(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north in degrees, with the drawn margin.

        The sphere of web mercator takes longitude and latitude of EPSG:4490 as they
        are; the sheet ends at 85.06°.
        """
        margin = _BUFFER / 4096
        west, east = (self._longitude(self.x + d) for d in (-margin, 1 + margin))
        north, south = (self._latitude(self.y + d) for d in (-margin, 1 + margin))
        return west, south, east, north

    def half_pixel_m2(self) -> float:
        """Return the ground area of half by half a pixel of a 512 pixel tile, in m²."""
        equator_m = 40_075_016.686
        width = equator_m * math.cos(math.radians(self._latitude(self.y + 0.5)))
        return math.ldexp(width / 1024, -self.z) ** 2

    def _longitude(self, column: float) -> float:
        return min(max(math.ldexp(column, -self.z) * 360 - 180, -180.0), 180.0)

    def _latitude(self, row: float) -> float:
        mercator = math.pi * (1 - 2 * math.ldexp(row, -self.z))
        return math.degrees(math.atan(math.sinh(mercator)))


def check_address(layer: TileLayer, address: TileAddress) -> None:
    """Refuse a tile that cannot exist.

    Raises
    ------
    ImpossibleTile
        If zoom, column or row lie outside the scheme or the layer's zooms.
    """
    if not layer.lowest_zoom <= address.z <= DEEPEST_ZOOM:
        raise ImpossibleTile(
            "zoom",
            f"缩放级别 {address.z} 不提供该图层，可用 {layer.lowest_zoom} 至"
            f" {DEEPEST_ZOOM} 级；更小的级别请用 township 图层。",
            f"zoom {address.z} is not drawn for this layer; use {layer.lowest_zoom} to"
            f" {DEEPEST_ZOOM}, and the layer township below that",
        )
    last = 2**address.z - 1
    if not (0 <= address.x <= last and 0 <= address.y <= last):
        raise ImpossibleTile(
            "address",
            f"级别 {address.z} 的行列号为 0 至 {last}，收到 x={address.x}、"
            f"y={address.y}。",
            f"at zoom {address.z} columns and rows run from 0 to {last}; found"
            f" x={address.x}, y={address.y}",
        )


@dataclass(frozen=True, slots=True)
class TileMark:
    """What a tile drawn now would show: the day and the last change of its layers."""

    day: date
    number: int

    def tag(self, scope: str) -> str:
        """Return the entity tag (weak: drawing twice may order features otherwise)."""
        return f'W/"{_FORMAT}-{self.number}-{scope}-{self.day:%Y%m%d}"'


def read_mark(connection: sa.Connection, layer: TileLayer) -> TileMark:
    """Return the mark of a layer for the caller; one short look-up.

    Read before the tile: a change in between makes the copy newer than its tag, and
    the next question fetches it again.
    """
    row = fetch(connection, _STATEMENTS["mark"], {"tables": list(layer.tables)})[0]
    return TileMark(row["day"], row["number"])


def render_tile(
    connection: sa.Connection, layer: TileLayer, address: TileAddress, day: date
) -> bytes:
    """Return a tile as the caller may see it on a day; no features, no bytes."""
    west, south, east, north = address.box()
    parameters: dict[str, Any] = {
        **{"z": address.z, "x": address.x, "y": address.y, "day": day},
        **{"west": west, "south": south, "east": east, "north": north},
        "least_m2": address.half_pixel_m2(),
    }
    if layer.theme:
        parameters["theme"] = layer.theme
    named = layer.named and address.z >= LABEL_ZOOM
    statement = _STATEMENTS[f"{layer.statement}_named" if named else layer.statement]
    return bytes(fetch(connection, statement, parameters, tuple_row)[0][0] or b"")


_BOX: Final = "st_makeenvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)"
_IN_FORCE: Final = (
    "{0}.closed_by is null and {0}.valid_from <= %(day)s"
    " and ({0}.valid_to is null or {0}.valid_to > %(day)s)"
)
_MACROS: Final = {
    "shape": (
        "st_asmvtgeom(st_transform({0}.geom, 3857),"
        " st_tileenvelope(%(z)s::integer, %(x)s::integer, %(y)s::integer),"
        f" 4096, {_BUFFER}) as shape"
    ),
    "spot": (
        "st_asmvtgeom(st_transform(st_pointonsurface({0}.geom), 3857),"
        " st_tileenvelope(%(z)s::integer, %(x)s::integer, %(y)s::integer),"
        " 4096, 0) as spot"
    ),
    "worth drawing": "{0}.mapped_area_m2 >= %(least_m2)s",
    "in tile": f"{{0}}.geom && {_BOX} and {_IN_FORCE}",
    "reaching tile": f"{{0}}.reach && {_BOX} and {_IN_FORCE}",
}
_MACRO: Final = re.compile(
    r"\{(shape|spot|worth drawing|in tile|reaching tile) (\w+)\}"
)


def _read_statements() -> Mapping[str, str]:
    raw = Statements(Path(__file__).parent / "sql" / "tiles.sql")
    return {
        name: _MACRO.sub(lambda m: _MACROS[m[1]].format(m[2]), text)
        for name, text in raw.items()
    }


_STATEMENTS: Final = _read_statements()
