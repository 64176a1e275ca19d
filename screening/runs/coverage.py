"""Which themes does each county of a run know? (shell).

"Nothing found" is "nothing there" only where the theme is covered.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.codes import WHOLE_COUNTRY
from parcels.register.statements import Statements, as_known_now, as_known_then, fetch
from screening.runs.kind import RunOrder

_SQL: Final = Statements(Path(__file__).parents[1] / "sql" / "run_tiles.sql")


def read_coverage(
    connection: sa.Connection, order: RunOrder, themes: Sequence[str]
) -> list[dict[str, Any]]:
    """Return, county by county, what it knows of each theme: covered, stale or not."""
    known = as_known_now if order.moment.known_at is None else as_known_then
    values = {
        "themes": list(themes),
        "division": "" if order.scope == WHOLE_COUNTRY else order.scope,
        "as_of": order.moment.as_of,
        "known_at": order.moment.known_at,
    }
    rows = fetch(connection, known(_SQL["coverage"]), values, tuple_row)
    return [
        {
            "division_code": division,
            "theme": theme,
            "state": _state(data_date, stale, in_parts),
            "data_date": data_date.isoformat() if data_date else None,
        }
        for division, theme, data_date, stale, in_parts in rows
    ]


def list_covered(
    connection: sa.Connection, order: RunOrder, themes: Sequence[str]
) -> dict[str, set[str]]:
    """Return the themes that each county covers whole and up to date."""
    found: dict[str, set[str]] = {}
    for row in read_coverage(connection, order, themes):
        if row["state"] == "covered":
            found.setdefault(row["division_code"], set()).add(row["theme"])
    return found


def _state(data_date: object, stale: bool | None, in_parts: bool | None) -> str:
    if data_date is None:
        return "no_coverage"
    if stale:
        return "stale"
    return "partly" if in_parts else "covered"
