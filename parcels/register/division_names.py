"""Which divisions does the register know, and what are they called? (shell).

Divisions are known to every caller, whatever his own. Names are those of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa

from parcels.codes import WHOLE_COUNTRY
from parcels.refusal import Language
from parcels.register.repository import today
from parcels.register.tables import TABLES, in_force_on


def find_division_names(
    connection: sa.Connection, codes: Iterable[str], language: Language
) -> Mapping[str, str]:
    """Return the names of those divisions that the register has, by code.

    In English the Chinese name stands where the register has no other.
    """
    division = TABLES["division"].c
    name: sa.ColumnElement[str] = division.name_zh
    if language == "en":
        name = sa.func.coalesce(division.name_en, division.name_zh)
    rows = connection.execute(
        sa.select(division.code, name)
        .where(
            division.code.in_(sorted(set(codes))),
            in_force_on(TABLES["division"], today(connection)),
        )
        .order_by(division.code)
    )
    return {row[0]: row[1] for row in rows}


def knows_division(
    connection: sa.Connection, code: str, on: date | None = None
) -> bool:
    """Return whether a division is on record, or one within it or around it.

    Parameters
    ----------
    code
        Without trailing zeros (`parcels.codes.normalise_division`). The whole country
        is always known.
    on
        Day on which it has to be in force; None for any day.
    """
    if code == WHOLE_COUNTRY:
        return True
    division = TABLES["division"].c
    wanted = sa.select(division.code).where(
        division.closed_by.is_(None)
        if on is None
        else in_force_on(TABLES["division"], on),
        sa.or_(
            division.code.startswith(code, autoescape=True),
            sa.literal(code).startswith(division.code),
        ),
    )
    return connection.execute(wanted.limit(1)).first() is not None
