"""How does an officer add, change or end one object of the register? (service).

Each function is one change: it locks the county, so that what it checks still holds
when it writes, and numbers the change last. Row-level security decides whether the
caller may. Whole files go through `parcels.surveys`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
import sqlalchemy as sa
from geoalchemy2.elements import WKBElement
from shapely.geometry.base import BaseGeometry

from parcels.area import measure_area
from parcels.crs import STORAGE_SRID
from parcels.register import history
from parcels.register.county_ground import check_counties
from parcels.register.layers import DIVISION, Layer, Shape
from parcels.register.repository import Moment, Version, list_versions

_WRITERS_OF_A_COUNTY = 726001
"""Key of the lock that the triggers of the register take as well."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What an object shall be from a day on.

    Attributes
    ----------
    values
        Attributes by column; areas are measured here, not taken.
    geometry
        EPSG:4490, valid, of a type the layer holds; None where it holds none.
    survey_srid
        EPSG number the geometry was surveyed in; kept by layers that ask for it.
    valid_from
        First day on which it holds.
    """

    values: Mapping[str, Any]
    geometry: BaseGeometry | None
    valid_from: date
    survey_srid: int | None = None


def lock_county(connection: sa.Connection, division_code: str) -> None:
    """Let other writers of the county wait until this transaction ends."""
    county = int(division_code[:6])
    connection.execute(
        sa.select(sa.func.pg_advisory_xact_lock(_WRITERS_OF_A_COUNTY, county))
    )


def find_objects(
    connection: sa.Connection,
    layer: Layer,
    code: str,
    moment: Moment,
    division: str | None = None,
) -> list[Version]:
    """Return the versions with that code at a moment: one for each division.

    Codes are unique within a division, so a caller with several may get several.
    """
    found = list_versions(
        connection, layer, moment, division=division, equals=(("code", code),)
    )
    return found


def add_object(
    connection: sa.Connection,
    layer: Layer,
    code: str,
    division_code: str,
    edit: Edit,
    *,
    actor: str,
) -> Version:
    """Enter a new object; return its first version.

    Raises
    ------
    AlreadyRegistered
        If an object with that code is valid in that time.
    """
    lock_county(connection, division_code)
    change = history.open_change(
        connection, actor=actor, division_code=division_code, reason="add"
    )
    history.insert_version(
        connection,
        change,
        layer,
        {
            "object_id": history.next_object_id(connection),
            "code": code,
            "division_code": division_code,
            "valid_from": edit.valid_from,
            "valid_to": None,
            **columns_of(layer, edit),
        },
    )
    return _close(connection, change, layer, code, edit.valid_from)


def revise_object(
    connection: sa.Connection,
    layer: Layer,
    code: str,
    division_code: str,
    edit: Edit,
    *,
    actor: str,
) -> Version:
    """Let other values hold from a day on; return the version that holds then.

    Raises
    ------
    NotInForce
        If the object is not in force on that day.
    CountyInUse
        If objects of a county would lie far beyond it.
    """
    change = history.open_change(
        connection, actor=actor, division_code=division_code, reason="revise"
    )
    history.replace_version(
        connection, change, layer, code, columns_of(layer, edit), edit.valid_from
    )
    if layer is DIVISION:
        check_counties(connection, change)
    return _close(connection, change, layer, code, edit.valid_from)


def end_object(
    connection: sa.Connection,
    layer: Layer,
    code: str,
    division_code: str,
    on: date,
    *,
    actor: str,
    reason: str,
) -> int:
    """End an object in law; return the number of the change.

    Raises
    ------
    NotInForce
        If the object is not in force on that day.
    CountyInUse
        If objects of a county would be left in none.
    """
    change = history.open_change(
        connection, actor=actor, division_code=division_code, reason=reason
    )
    history.end_object(connection, change, layer, code, on)
    if layer is DIVISION:
        check_counties(connection, change)
    return history.number_change(connection, change)


def _close(
    connection: sa.Connection,
    change: history.Change,
    layer: Layer,
    code: str,
    day: date,
) -> Version:
    history.number_change(connection, change)
    return find_objects(connection, layer, code, Moment(day), change.division_code)[0]


def columns_of(layer: Layer, edit: Edit) -> dict[str, Any]:
    """Return the columns an edit fills, areas measured."""
    columns = dict(edit.values)
    names = {attribute.name for attribute in layer.attributes}
    if "mapped_area_m2" in names:
        columns["mapped_area_m2"] = _area(edit.geometry)
    if "survey_srid" in names:
        columns["survey_srid"] = edit.survey_srid
    if layer.shape is not Shape.NONE:
        columns["geom"] = _element(edit.geometry)
    return columns


def columns_of_place(geometry: BaseGeometry) -> dict[str, Any]:
    """Return the columns that say where an object with a mapped area lies."""
    return {"geom": _element(geometry), "mapped_area_m2": _area(geometry)}


def _area(geometry: BaseGeometry | None) -> float | None:
    if geometry is None or shapely.get_dimensions(geometry) < 2:
        return None
    area_m2: float = measure_area(geometry)
    return area_m2


def _element(geometry: BaseGeometry | None) -> WKBElement | None:
    if geometry is None:
        return None
    return WKBElement(shapely.to_wkb(geometry), srid=STORAGE_SRID)
