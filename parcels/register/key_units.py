"""Which key supervised units has each year's list, and which came or left? (shell).

R-B09 土壤污染重点监管单位名录: the list has a version for each year, and a plant that
leaves it may have closed. What is compared is what the register knows now.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import sqlalchemy as sa
from psycopg.rows import dict_row

from parcels.register.repository import PageKey
from parcels.register.statements import Statements, fetch

_SQL: Final = Statements(Path(__file__).parent / "sql" / "key_units.sql")
Change = Literal["added", "dropped", "kept"]


@dataclass(frozen=True, slots=True)
class KeyUnitYear:
    """The units of one year's lists."""

    year: int
    units: int


@dataclass(frozen=True, slots=True)
class KeyUnit:
    """A unit on the lists of one of two years; name and status as known last."""

    division_code: str
    enterprise_code: str
    list_name: str | None
    change: Change
    name: str | None
    status: str | None


def list_years(
    connection: sa.Connection, division: str | None = None
) -> list[KeyUnitYear]:
    """Return the years that have lists, the latest first."""
    values = {"division": division or ""}
    return [
        KeyUnitYear(**row) for row in fetch(connection, _SQL["years"], values, dict_row)
    ]


def compare_years(
    connection: sa.Connection,
    year: int,
    since: int,
    *,
    division: str | None = None,
    change: Change | None = None,
    after: PageKey | None = None,
    limit: int = 100,
) -> list[KeyUnit]:
    """Return a page of the units of a year, and those that left since another."""
    values = {
        "year": year,
        "since": since,
        "division": division or "",
        "change": change,
        "after_division": after.division_code if after else "",
        "after_code": after.code if after else "",
        "limit": limit,
    }
    rows = fetch(connection, _SQL["compared"], values, dict_row)
    return [KeyUnit(**row) for row in rows]
