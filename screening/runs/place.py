"""The place a run is asked about, chosen on the map (shell)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import shapely

from parcels.texts import Text
from screening.neighbourhood import Feature
from screening.runs.asked import ParameterFault
from screening.runs.kind import RunOrder
from screening.runs.row import Field

_HINT: Final = Text(
    "CGCS2000 经纬度，两项须一并给出", "CGCS2000 degrees; give both or neither"
)
LONGITUDE_FIELD: Final = Field(
    "longitude",
    Text("经度", "Longitude"),
    "number",
    least=73.0,
    most=136.0,
    hint=_HINT,
)
LATITUDE_FIELD: Final = Field(
    "latitude", Text("纬度", "Latitude"), "number", least=3.0, most=54.0, hint=_HINT
)


def check_place(parameters: Mapping[str, Any]) -> list[ParameterFault]:
    """Return the fault of giving only one of longitude and latitude."""
    given = {"longitude", "latitude"} & set(parameters)
    if len(given) != 1:
        return []
    (missing,) = {"longitude", "latitude"} - given
    text = Text("经度和纬度须一并给出。", "give longitude and latitude together.")
    return [ParameterFault(f"/parameters/{missing}", "missing", text)]


def read_place(order: RunOrder) -> Feature | None:
    """Return the point of a run as a feature without a record; None without one."""
    longitude = order.parameters.get("longitude")
    latitude = order.parameters.get("latitude")
    if longitude is None or latitude is None:
        return None
    return Feature(
        theme="place",
        layer="place",
        code=f"{longitude:.6f},{latitude:.6f}",
        name=None,
        category=None,
        division_code=order.scope,
        geometry=shapely.Point(longitude, latitude),
        attributes={},
    )
