"""GeoJSON geometry as the API document describes it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from app.geojson import read_srid
from parcels.register.layers import Shape

GEOMETRY_TYPES: Final[dict[Shape, tuple[str, ...]]] = {
    Shape.AREA: ("Polygon", "MultiPolygon"),
    Shape.AREA_OR_NONE: ("Polygon", "MultiPolygon"),
    Shape.PLACE: ("Point", "Polygon", "MultiPolygon"),
    Shape.POINT: ("Point",),
    Shape.LINE: ("LineString", "MultiLineString"),
}
"""GeoJSON types that each shape takes; a single part becomes a Multi of one."""

SQUARE: Final[Any] = {
    "type": "Polygon",
    "coordinates": [
        [
            [114.0, 34.6],
            [114.001, 34.6],
            [114.001, 34.601],
            [114.0, 34.601],
            [114.0, 34.6],
        ]
    ],
}
"""Example of a geometry."""

EXAMPLES: Final[dict[Shape, dict[str, Any]]] = {
    Shape.AREA: SQUARE,
    Shape.PLACE: {"type": "Point", "coordinates": [114.0005, 34.6005]},
    Shape.POINT: {"type": "Point", "coordinates": [114.0005, 34.6005]},
    Shape.LINE: {"type": "LineString", "coordinates": [[114.0, 34.6], [114.01, 34.61]]},
}
"""Example of a geometry of each shape."""

Crs = Annotated[
    int,
    BeforeValidator(read_srid),
    WithJsonSchema(
        {
            "type": ["integer", "string"],
            "description": "CRS of the geometry sent: EPSG number; default EPSG:4490, "
            "longitude before latitude. Gauss-Krüger zones of CGCS2000 with and "
            "without prefix are converted; Xian 1980 and Beijing 1954 are refused.",
            "examples": [4526, "EPSG:4547"],
        }
    ),
]


PositionText = Annotated[
    str,
    Field(
        max_length=200,
        description="A point in degrees, minutes and seconds (度分秒) of CGCS2000",
        examples=["34°45′47.62″ N, 114°18′36.56″ E"],
    ),
]


class GeometryModel(BaseModel):
    """GeoJSON geometry (RFC 7946), longitude before latitude, EPSG:4490."""

    model_config = ConfigDict(
        title="Geometry", json_schema_extra={"examples": [SQUARE]}
    )

    type: Literal[
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
    ]
    coordinates: list[Any]
