"""Rows for tests of the register: valid by default, one thing overridden."""

from contextlib import contextmanager
from datetime import date

import shapely
import sqlalchemy as sa
from geoalchemy2.elements import WKBElement

from parcels.register.history import (
    insert_version,
    next_object_id,
    number_change,
    open_change,
)
from parcels.register.layers import PARCEL, PARCEL_LINEAGE, PLOT

SQUARE = shapely.multipolygons([shapely.box(114.0, 34.6, 114.001, 34.601)])


@contextmanager
def change(connection, division_code="999901"):
    """A change that is numbered at the end of the block."""
    opened = open_change(connection, actor="test", division_code=division_code)
    yield opened
    number_change(connection, opened)


def narrow(connection, scope):
    """Go on as a caller of another scope, in the same transaction."""
    connection.execute(
        sa.text("select set_config('jingtu.scope', :scope, true)"), {"scope": scope}
    )


def element(geometry):
    """Return a geometry as SQLAlchemy takes it."""
    return WKBElement(shapely.to_wkb(geometry), srid=4490)


def parcel_values(code, valid_from, **more):
    """Return the columns of a parcel."""
    return {
        "code": code,
        "division_code": code[:6],
        "valid_from": valid_from,
        "mapped_area_m2": 10_000.0,
        "geom": element(SQUARE),
        **more,
    }


def add_parcel(connection, opened, code, valid_from, **more):
    """Insert a parcel; return its object number."""
    values = parcel_values(code, valid_from, **more)
    values.setdefault("object_id", next_object_id(connection))
    insert_version(connection, opened, PARCEL, values)
    return values["object_id"]


def add_lineage(connection, opened, old, new, kind, on):
    """Insert a step of lineage from one code to another."""
    insert_version(
        connection,
        opened,
        PARCEL_LINEAGE,
        {
            "object_id": next_object_id(connection),
            "code": f"{old}-{new}",
            "division_code": old[:6],
            "valid_from": on,
            "predecessor_code": old,
            "successor_code": new,
            "kind": kind,
        },
    )


def add_plot(connection, opened, **more):
    """Insert a plot known as a point."""
    values = {
        "object_id": next_object_id(connection),
        "code": "P-1",
        "division_code": "999901",
        "valid_from": date(2020, 1, 1),
        "stage": "contaminated",
        "geom": element(shapely.Point(114.0, 34.6)),
        **more,
    }
    insert_version(connection, opened, PLOT, values)
