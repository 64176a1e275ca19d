"""Which divisions does the register know, and what are they called? (shell).

Divisions are known to every caller, whatever his own. Names are those of today, or
those that were in force and known at a moment: these never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from parcels.codes import COUNTY_DIGITS, WHOLE_COUNTRY
from parcels.refusal import Language
from parcels.register.layers import DIVISION
from parcels.register.repository import Moment, today
from parcels.register.selecting import select_known_then
from parcels.register.tables import TABLES, in_force_on


def find_division_names(
    connection: sa.Connection,
    codes: Iterable[str],
    language: Language,
    moment: Moment | None = None,
) -> Mapping[str, str]:
    """Return the names of those divisions that the register has, by code.

    In English the Chinese name stands where the register has no other.

    Parameters
    ----------
    moment
        Day and change whose names are meant; None for the names of today.
    """
    if moment is None or moment.known_at is None:
        day = today(connection) if moment is None else moment.as_of
        # Without the changes that opened them: those of other counties are hidden.
        rows: sa.FromClause = TABLES[DIVISION.name]
        statement: sa.Select[Any] = sa.select(rows).where(in_force_on(rows, day))
        values: dict[str, Any] = {}
    else:
        rows, statement = select_known_then(DIVISION)
        values = {"as_of": moment.as_of, "known_at": moment.known_at}
    name: sa.ColumnElement[str] = rows.c.name_zh
    if language == "en":
        name = sa.func.coalesce(rows.c.name_en, rows.c.name_zh)
    named = (
        statement.with_only_columns(rows.c.code, name, maintain_column_froms=True)
        .where(rows.c.code.in_(sorted(set(codes))))
        .order_by(rows.c.code)
    )
    return {row[0]: row[1] for row in connection.execute(named, values)}


def describe_divisions(
    connection: sa.Connection,
    codes: Iterable[str],
    language: Language,
    moment: Moment | None = None,
) -> Mapping[str, str]:
    """Return divisions by code as people read them: the name, and the code behind it.

    A township that has no name of its own is told by its county's; what the register
    does not have is left out. `moment` as of `find_division_names`.
    """
    wanted = set(codes)
    counties = {code[:COUNTY_DIGITS] for code in wanted}
    names = find_division_names(connection, wanted | counties, language, moment)
    named = {
        code: names.get(code) or names.get(code[:COUNTY_DIGITS]) for code in wanted
    }
    return {code: f"{name} {code}" for code, name in named.items() if name}


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
