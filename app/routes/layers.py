"""The layers of the register: one implementation, a path each (shell).

Read in the order of code, at any moment; write one object at a time, each write one
change. Whole files are imported under ``/v1/uploads``.
"""

from __future__ import annotations

from fastapi import APIRouter

from app.routes.guard import guarded_router
from app.routes.layer_reads import add_get, add_list, add_versions
from app.routes.layer_writes import add_create, add_end, add_revise
from parcels.register.layers import LAYERS, PARCEL, RESTRICTED_LAYERS, Layer


def layer_router(layer: Layer) -> APIRouter:
    """Return the routes of one layer; one parcel is read by `app.routes.parcels`."""
    router = guarded_router(prefix=f"/v1/{layer.path}", tags=[layer.path])
    add_list(router, layer)
    add_create(router, layer)
    if layer is not PARCEL:
        add_get(router, layer)
    add_versions(router, layer)
    add_revise(router, layer)
    add_end(router, layer)
    return router


def layer_routers() -> list[APIRouter]:
    """Return the routers of every layer that has a path."""
    return [
        layer_router(layer) for layer in (*LAYERS, *RESTRICTED_LAYERS) if layer.path
    ]
