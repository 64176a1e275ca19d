"""What are divisions called? (shell).

Divisions are known to every caller, whatever his own. Names are those of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from parcels.refusal import Language
from parcels.register.repository import today
from parcels.register.tables import TABLES


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
    day = today(connection)
    rows = connection.execute(
        sa.select(division.code, name)
        .where(
            division.code.in_(sorted(set(codes))),
            division.closed_by.is_(None),
            division.valid_from <= day,
            sa.or_(division.valid_to.is_(None), division.valid_to > day),
        )
        .order_by(division.code)
    )
    return {row[0]: row[1] for row in rows}
