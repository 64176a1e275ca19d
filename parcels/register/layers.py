"""Which layers does the register keep, and what does each row of them say? (core).

One entry a layer: its table, its attributes with the field names that surveys use
for them, and the kind of geometry it holds. Tables, imports and the HTTP interface
all read this list, so an attribute is named in one place only.

Sources: survey field names after the second and third land survey and the
real-estate standards as collected in the domain notes (marks there).
"""

from __future__ import annotations

from parcels.register.attention_layers import (
    ATTENTION_ANSWER,
    ATTENTION_CORRECTION,
    ATTENTION_OPTION,
)
from parcels.register.land_layers import (
    DIVISION,
    FARMLAND_UNIT,
    PARCEL,
    PARCEL_LINEAGE,
)
from parcels.register.layer import Attribute, Kind, Layer, Shape
from parcels.register.measure_layers import FARMLAND_MEASURE
from parcels.register.plot_layers import (
    PLOT,
    PLOT_DOCUMENT,
    PLOT_EVENT,
    PLOT_LIST_MEMBERSHIP,
    PLOT_PARTY,
    PLOT_POLLUTANT,
)
from parcels.register.surrounding_layers import (
    ENTERPRISE,
    FACILITY,
    FORMER_USE,
    KEY_UNIT_LIST,
    MONITORING_POINT,
    RECEPTOR,
    RESTRICTION_AREA,
    RIVER,
    SAMPLE_RESULT,
    THEME_COVERAGE,
    WATER_SOURCE,
    WATER_ZONE,
)
from parcels.register.values import (
    ATTENTION_LEVELS,
    ATTENTION_MEDIA,
    ATTENTION_SCHEMES,
    COORDINATE_SOURCES,
    FACILITY_KINDS,
    FARMLAND_CATEGORIES,
    FARMLAND_MEASURES,
    INDUSTRY_EDITIONS,
    LAND_USE_SCHEMES,
    PLOT_LISTS,
    PLOT_STAGES,
    POLLUTION_LEVELS,
    PUBLISHABLE,
    RECEPTOR_KINDS,
    RESTRICTION_THEMES,
    SOIL_CLASSES,
    SOIL_RESULTS,
    ZONE_LEVELS,
)

__all__ = [
    "ATTENTION_ANSWER",
    "ATTENTION_CORRECTION",
    "ATTENTION_LEVELS",
    "ATTENTION_MEDIA",
    "ATTENTION_OPTION",
    "ATTENTION_SCHEMES",
    "Attribute",
    "COORDINATE_SOURCES",
    "DIVISION",
    "ENTERPRISE",
    "FACILITY",
    "FACILITY_KINDS",
    "FARMLAND_CATEGORIES",
    "FARMLAND_MEASURE",
    "FARMLAND_MEASURES",
    "FARMLAND_UNIT",
    "FORMER_USE",
    "INDUSTRY_EDITIONS",
    "KEY_UNIT_LIST",
    "Kind",
    "LAND_USE_SCHEMES",
    "LAYERS",
    "LAYER_BY_NAME",
    "Layer",
    "MONITORING_POINT",
    "PARCEL",
    "PARCEL_LINEAGE",
    "PLOT",
    "PLOT_DOCUMENT",
    "PLOT_EVENT",
    "PLOT_LISTS",
    "PLOT_LIST_MEMBERSHIP",
    "PLOT_PARTY",
    "PLOT_POLLUTANT",
    "PLOT_STAGES",
    "POLLUTION_LEVELS",
    "PUBLISHABLE",
    "RECEPTOR",
    "RECEPTOR_KINDS",
    "RESTRICTED_LAYERS",
    "RESTRICTION_AREA",
    "RESTRICTION_THEMES",
    "RIVER",
    "SAMPLE_RESULT",
    "SOIL_CLASSES",
    "SOIL_RESULTS",
    "Shape",
    "THEME_COVERAGE",
    "WATER_SOURCE",
    "WATER_ZONE",
    "ZONE_LEVELS",
]

LAYERS: tuple[Layer, ...] = (
    DIVISION,
    PARCEL,
    PARCEL_LINEAGE,
    PLOT,
    PLOT_EVENT,
    PLOT_DOCUMENT,
    PLOT_LIST_MEMBERSHIP,
    PLOT_POLLUTANT,
    FARMLAND_UNIT,
    FARMLAND_MEASURE,
    ENTERPRISE,
    KEY_UNIT_LIST,
    WATER_SOURCE,
    WATER_ZONE,
    FACILITY,
    RECEPTOR,
    RESTRICTION_AREA,
    FORMER_USE,
    RIVER,
    MONITORING_POINT,
    SAMPLE_RESULT,
    ATTENTION_OPTION,
    ATTENTION_ANSWER,
    ATTENTION_CORRECTION,
    THEME_COVERAGE,
)
RESTRICTED_LAYERS: tuple[Layer, ...] = (PLOT_PARTY,)
"""Kept and versioned like the others; only roles with the right read them, and no file,
tile, extract or published register holds them."""
LAYER_BY_NAME = {layer.name: layer for layer in LAYERS}
