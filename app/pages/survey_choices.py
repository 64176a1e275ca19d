"""What does the upload page let a surveyor choose from? (shell)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, get_args

from app.schemas.uploads import State
from app.security.permissions import LAYERS_WRITTEN
from app.security.principals import Role
from parcels.crs import STORAGE_SRID, SurveyCrs, list_crs
from parcels.refusal import Language
from parcels.register.layers import LAYERS, Layer

Choice = tuple[str, str]
"""A value and the words it is shown with."""

STATES: Final[tuple[str, ...]] = get_args(State)
"""States of an upload, in the order it goes through them."""


def all_layers(language: Language) -> list[Choice]:
    """Return every layer of the register by its title."""
    return [(layer.name, _title(layer, language)) for layer in LAYERS]


def writable_layers(role: Role, language: Language) -> list[Choice]:
    """Return the layers a role may send files for; empty for one that only reads."""
    written = LAYERS_WRITTEN[role]
    return [choice for choice in all_layers(language) if choice[0] in written]


def coordinate_systems(language: Language) -> list[tuple[int, str]]:
    """Return the systems whose coordinates are taken, the national one first."""
    usable = [crs for crs in list_crs() if crs.way != "refused"]
    usable.sort(key=_usual_first)
    return [
        (crs.srid, crs.name_zh if language == "zh" else crs.name_en) for crs in usable
    ]


def _usual_first(crs: SurveyCrs) -> tuple[bool, bool, int, bool, int]:
    kept = crs.srid == STORAGE_SRID
    rank = (crs.way != "exact", crs.zone_width or 0, not crs.prefixed, crs.srid)
    return (not kept, *rank)


def write_attributes(language: Language) -> str:
    """Return, as JSON, each layer's title and what a file for it may fill."""
    return json.dumps(
        {
            layer.name: {
                "title": _title(layer, language),
                "attributes": list(_attributes(layer, language)),
            }
            for layer in LAYERS
        },
        ensure_ascii=False,
    )


def _attributes(layer: Layer, language: Language) -> Iterator[dict[str, object]]:
    code = {"zh": "编码", "en": "code"}[language]
    yield {"name": "code", "title": code, "required": True}
    for attribute in layer.attributes:
        if not attribute.computed:
            title = attribute.title_zh if language == "zh" else attribute.title_en
            yield {
                "name": attribute.name,
                "title": title,
                "required": attribute.required,
            }


def _title(layer: Layer, language: Language) -> str:
    return layer.title_zh if language == "zh" else layer.title_en
