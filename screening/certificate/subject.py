"""Which land is it, and when was it asked about? (core)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from parcels.area import to_mu
from screening.certificate.saying import Sayer

SHOWN_CODES: Final = 6
"""So many parcels stand among the facts; more are listed below them."""


def say_land(codes: Sequence[str], shape: BaseGeometry, say: Sayer) -> tuple[str, str]:
    """Return the land under the name of its fact: by its parcels, else as drawn."""
    if not codes:
        return "drawn", _say_drawn(shape, say)
    if len(codes) > SHOWN_CODES:
        return "subject", say("certificate.many_codes", count=len(codes))
    return "subject", say.listed(codes)


def list_all(codes: Sequence[str]) -> list[str]:
    """Return all parcels where the facts do not name them all."""
    return list(codes) if len(codes) > SHOWN_CODES else []


def _say_drawn(drawn: BaseGeometry, say: Sayer) -> str:
    """Return where drawn land lies (EPSG:4490): its centre to 1 m, its vertices."""
    centre = shapely.centroid(drawn)
    # The last point of a ring is its first again.
    vertices = shapely.get_num_coordinates(drawn) - len(
        shapely.get_rings(shapely.get_parts(drawn))
    )
    return say(
        "certificate.drawn",
        longitude=f"{centre.x:.5f}",
        latitude=f"{centre.y:.5f}",
        vertices=vertices,
    )


def say_area(area_m2: float, say: Sayer) -> str:
    """Return a mapped area in square metres and mu."""
    return say("certificate.area", m2=f"{area_m2:,.2f}", mu=f"{to_mu(area_m2):,.4f}")


def say_time(time: datetime) -> str:
    """Return a time to the second with its offset from UTC in hours."""
    return f"{time:%Y-%m-%d %H:%M:%S} UTC{time:%z}"[:-2]
