"""What do the documents of `/ogc` say? Landing page, collections, tilesets (shell)."""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request

from app.answers import GEOJSON
from app.ogc import tile_matrix_set as quad
from app.ogc.queries import queryables_of, values_of
from app.ogc.words import CRS84, CRS_LIST, EPSG_4490
from app.security.permissions import RIGHTS
from app.security.principals import Principal
from app.services import services_of
from parcels.register.layers import LAYERS, Layer, Shape
from parcels.register.selecting import Box
from parcels.register.tiles import TILE_LAYERS

COLLECTIONS: Final = {one.name: one for one in LAYERS if one.shape is not Shape.NONE}
COLLECTIONS_PATH: Final = "/ogc/collections"
SETS_PATH: Final = "/ogc/tileMatrixSets"
JSON: Final = "application/json"
SCHEMA: Final = "application/schema+json"
MVT: Final = "application/vnd.mapbox-vector-tile"
_OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.1"
_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0"
TILING_SCHEME: Final = f"{_REL}/tiling-scheme"


def link(
    request: Request, path: str, rel: str, kind: str = JSON, **more: Any
) -> dict[str, Any]:
    """Return a link with an address that outsiders reach."""
    base = services_of(request).settings.public_url or str(request.base_url)
    return {"href": base.rstrip("/") + path, "rel": rel, "type": kind, **more}


def landing_page(request: Request) -> dict[str, Any]:
    """Return where everything is."""
    return {
        "title": "Jingtu 净土",
        "description": "宗地与土壤风险登记库 Land parcels and soil risk, by layer",
        "links": [
            link(request, "/ogc", "self"),
            link(request, "/openapi.json", "service-desc", _OPENAPI),
            link(request, "/ogc/conformance", "conformance"),
            link(request, COLLECTIONS_PATH, "data"),
            link(request, SETS_PATH, f"{_REL}/tiling-schemes"),
        ],
    }


def collections(
    request: Request, asker: Principal, around: Box | None
) -> dict[str, Any]:
    """Return the collections that the caller may read; `around` as in `collection`."""
    return {
        "links": [link(request, COLLECTIONS_PATH, "self")],
        "crs": list(CRS_LIST),
        "collections": [
            collection(request, layer, asker, around)
            for layer in COLLECTIONS.values()
            if asker.role in RIGHTS[f"read:{layer.name}"].roles
        ],
    }


def collection(
    request: Request, layer: Layer, asker: Principal, around: Box | None
) -> dict[str, Any]:
    """Return what a collection is and where its features and tiles are.

    `around` is a box that holds all the caller's features, degrees west, south, east,
    north; without one a desktop GIS reads every feature to find out.
    """
    path = path_of(layer)
    known = {} if around is None else {"extent": _extent(around)}
    links = [
        link(request, path, "self"),
        link(request, f"{path}/items", "items", GEOJSON),
        link(request, f"{path}/queryables", f"{_REL}/queryables", SCHEMA),
    ]
    if layer.name in TILE_LAYERS and asker.role in RIGHTS["read_tiles"].roles:
        links.append(link(request, f"{path}/tiles", f"{_REL}/tilesets-vector"))
    return {
        "id": layer.name,
        "title": f"{layer.title_zh} {layer.title_en}",
        "description": "在您管辖范围内今日有效的对象；datetime 可指定其他日期。"
        " Objects of your divisions in force today; datetime asks of other days.",
        **known,
        "itemType": "feature",
        "crs": list(CRS_LIST),
        "storageCrs": EPSG_4490,
        "links": links,
    }


def _extent(around: Box) -> dict[str, Any]:
    return {"spatial": {"bbox": [list(around)], "crs": CRS84}}


def path_of(layer: Layer) -> str:
    """Return the path of a collection."""
    return f"{COLLECTIONS_PATH}/{layer.name}"


def queryables(request: Request, layer: Layer) -> dict[str, Any]:
    """Return the properties by which a collection can be asked."""
    properties = {name: _queryable(layer, name) for name in queryables_of(layer)}
    ground = {"format": "geometry-any", "x-ogc-role": "primary-geometry"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": link(request, f"{path_of(layer)}/queryables", "self")["href"],
        "type": "object",
        "title": layer.title_en,
        "properties": {**properties, "geometry": ground},
        "additionalProperties": False,
    }


def _queryable(layer: Layer, name: str) -> dict[str, Any]:
    values = values_of(layer, name)
    choice = {"enum": list(values)} if values else {}
    return {"title": name, "type": "string", **choice}


def tilesets(request: Request, layer: Layer) -> dict[str, Any]:
    """Return the tilesets of a collection: there is one."""
    whole = tileset(request, layer)
    kept = ("title", "dataType", "crs", "tileMatrixSetURI")
    own = {name: whole[name] for name in kept}
    links = [one for one in whole["links"] if one["rel"] in ("self", TILING_SCHEME)]
    return {
        "tilesets": [{**own, "links": links}],
        "links": [link(request, f"{path_of(layer)}/tiles", "self")],
    }


def tileset(request: Request, layer: Layer) -> dict[str, Any]:
    """Return the metadata of a collection's tiles."""
    path = f"{path_of(layer)}/tiles/{quad.ID}"
    template = f"{path}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    return {
        "title": f"{layer.title_zh} {layer.title_en}",
        "dataType": "vector",
        "crs": quad.CRS,
        "tileMatrixSetURI": quad.URI,
        "tileMatrixSetLimits": quad.limits_of(TILE_LAYERS[layer.name]),
        "layers": [{"id": layer.name, "dataType": "vector"}],
        "links": [
            link(request, path, "self"),
            link(request, f"{SETS_PATH}/{quad.ID}", TILING_SCHEME),
            link(request, template, "item", MVT, templated=True),
        ],
    }


def tile_matrix_sets(request: Request) -> dict[str, Any]:
    """Return the sets in which there are tiles: one."""
    definition = link(request, f"{SETS_PATH}/{quad.ID}", TILING_SCHEME)
    own = {"id": quad.ID, "title": quad.TITLE, "uri": quad.URI, "crs": quad.CRS}
    return {
        "links": [link(request, SETS_PATH, "self")],
        "tileMatrixSets": [{**own, "links": [{**definition, "rel": "self"}]}],
    }
