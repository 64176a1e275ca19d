"""The place a run is asked about, chosen on the map (shell)."""

from __future__ import annotations

from typing import Final

import shapely

from parcels.refusal import Refusal
from screening.neighbourhood import Feature
from screening.runs.kind import RunOrder
from screening.runs.row import Field
from screening.texts import Text

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


class HalfAPlace(Refusal):
    """Of longitude and latitude only one was given."""

    def __init__(self) -> None:
        super().__init__(
            "half_a_place",
            "经度和纬度须一并给出。",
            "Give longitude and latitude together.",
        )


def read_place(order: RunOrder) -> Feature | None:
    """Return the point of a run as a feature without a record; None when none is asked.

    Raises
    ------
    HalfAPlace
        If only one of the two is given.
    """
    longitude = order.parameters.get("longitude")
    latitude = order.parameters.get("latitude")
    if longitude is None and latitude is None:
        return None
    if longitude is None or latitude is None:
        raise HalfAPlace
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
