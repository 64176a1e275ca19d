"""How is the world cut into tiles? WebMercatorQuad (core).

OGC Two Dimensional Tile Matrix Set and Tile Set Metadata 2.0 (17-083r4), annex D.1:
powers of two of one square, Spherical Mercator. Tilesets say which of its matrices
hold tiles.
"""

from __future__ import annotations

import math
from typing import Any, Final

from parcels.register.tiles import DEEPEST_ZOOM, TileLayer

ID: Final = "WebMercatorQuad"
TITLE: Final = "Google Maps Compatible for the World"
URI: Final = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{ID}"
CRS: Final = "http://www.opengis.net/def/crs/EPSG/0/3857"
_SCALE_SET: Final = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible"
_RADIUS_M: Final = 6_378_137
_HALF_M: Final = math.pi * _RADIUS_M
_PIXELS: Final = 256
_PIXEL_M: Final = 0.00028
"""Size of a pixel from which a scale is told: 0.28 mm (17-083r4, 6.2)."""
_DEEPEST: Final = 24


def tile_matrix_set() -> dict[str, Any]:
    """Return the definition of the set."""
    return {
        "id": ID,
        "title": TITLE,
        "uri": URI,
        "crs": CRS,
        "orderedAxes": ["E", "N"],
        "wellKnownScaleSet": _SCALE_SET,
        "tileMatrices": [_matrix(zoom) for zoom in range(_DEEPEST + 1)],
    }


def _matrix(zoom: int) -> dict[str, Any]:
    cell_m = 2 * _HALF_M / _PIXELS / 2**zoom
    return {
        "id": str(zoom),
        "scaleDenominator": cell_m / _PIXEL_M,
        "cellSize": cell_m,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-_HALF_M, _HALF_M],
        "tileWidth": _PIXELS,
        "tileHeight": _PIXELS,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }


def limits_of(layer: TileLayer) -> list[dict[str, Any]]:
    """Return which matrices hold tiles of a layer: whole ones, of certain zooms."""
    return [
        {
            "tileMatrix": str(zoom),
            "minTileRow": 0,
            "maxTileRow": 2**zoom - 1,
            "minTileCol": 0,
            "maxTileCol": 2**zoom - 1,
        }
        for zoom in range(layer.lowest_zoom, DEEPEST_ZOOM + 1)
    ]
