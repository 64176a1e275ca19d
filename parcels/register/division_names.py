"""Which divisions does the register know, and what are they called? (shell).

Divisions are known to every caller, whatever his own. Names are those of today, or
those that were in force and known at a moment: these never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from parcels.codes import COUNTY_DIGITS, WHOLE_COUNTRY
from parcels.refusal import Language
from parcels.register.repository import Moment, today
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
    wanted = sorted(set(codes))
    if moment is None or moment.known_at is None:
        day = today(connection) if moment is None else moment.as_of
        rows: sa.FromClause = TABLES["division"]
        named: sa.ColumnElement[bool] = in_force_on(rows, day) & rows.c.code.in_(wanted)
    else:
        # The changes that opened them are hidden where they are another county's.
        rows = sa.func.registry.division_names_then(
            sa.cast(wanted, ARRAY(sa.Text)), moment.as_of, moment.known_at
        ).table_valued("code", "name_zh", "name_en")
        named = sa.true()
    name: sa.ColumnElement[str] = rows.c.name_zh
    if language == "en":
        name = sa.func.coalesce(rows.c.name_en, rows.c.name_zh)
    found = sa.select(rows.c.code, name).where(named).order_by(rows.c.code)
    return {row[0]: row[1] for row in connection.execute(found)}


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
