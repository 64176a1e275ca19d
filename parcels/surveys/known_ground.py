"""Where in the register are the outlines a file is held against? (shell)."""

from __future__ import annotations

import sqlalchemy as sa

from parcels.codes import COUNTY_DIGITS, TOWNSHIP_DIGITS, WHOLE_COUNTRY
from parcels.register.repository import TIME_ZONE
from parcels.register.tables import TABLES, in_force_on
from parcels.surveys.ground import Ground, make_ground
from parcels.surveys.request import UploadRequest

_MOST_LISTED = 5
_LENGTH = sa.func.length(TABLES["division"].c.code)
_TODAY = sa.cast(sa.func.timezone(TIME_ZONE, sa.func.now()), sa.Date)


def list_counties(connection: sa.Connection) -> list[str]:
    """Return the codes of the first few counties that the register draws."""
    division = TABLES["division"].c
    return list(
        connection.scalars(
            sa.select(division.code)
            .where(
                sa.func.length(division.code) == COUNTY_DIGITS,
                division.closed_by.is_(None),
            )
            .distinct()
            .order_by(division.code)
            .limit(_MOST_LISTED)
        )
    )


def gather_ground(connection: sa.Connection, request: UploadRequest) -> Ground:
    """Return what the register draws today of the division a file is for.

    Divisions are known to every caller. Nothing is known (an empty ground) where the
    register has no outline yet, and for a file of the whole country, which no outline
    could contradict.
    """
    scope = request.division_code
    if scope == WHOLE_COUNTRY:
        return Ground()
    division = TABLES["division"].c
    county = sa.and_(
        _LENGTH == COUNTY_DIGITS,
        division.code.startswith(scope[:COUNTY_DIGITS], autoescape=True),
    )
    township = sa.and_(
        _LENGTH == TOWNSHIP_DIGITS, division.code.startswith(scope, autoescape=True)
    )
    wanted = county if len(scope) < COUNTY_DIGITS else sa.or_(county, township)
    return _read(connection, wanted)


def gather_county(connection: sa.Connection, division_code: str) -> Ground:
    """Return what the register draws today of the county of a division; maybe nothing.

    Parameters
    ----------
    division_code
        A county or below it.
    """
    county = TABLES["division"].c.code == division_code[:COUNTY_DIGITS]
    return _read(connection, county)


def _read(connection: sa.Connection, wanted: sa.ColumnElement[bool]) -> Ground:
    """Return the divisions in force today of which a condition holds."""
    division = TABLES["division"].c
    rows = connection.execute(
        sa.select(
            *(division.code, division.name_zh, division.name_en),
            sa.func.ST_AsBinary(division.geom),
        )
        .where(wanted, in_force_on(TABLES["division"], _TODAY))
        .order_by(division.code)
    )
    return make_ground([(*said, bytes(wkb)) for *said, wkb in rows])
