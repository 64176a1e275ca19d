"""How is a layer that holds nothing filled with very many rows? (shell).

Row by row the indexes of a county's first survey take half of the time; made of all
rows at once, a fifth of that. And PostgreSQL takes no COPY where a policy looks at each
row. So an empty layer is given to the one transaction that fills it, without indexes
and policies; both stand again, and have seen every row, before it commits. Nobody can
read the layer meanwhile: who asks waits.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

LEAST_ROWS: Final = 50_000
"""From which it is worth while: some two seconds; a project default."""


def begin_filling(connection: sa.Connection, layer: sa.Table, rows: int) -> bool:
    """Take an empty layer for this transaction alone; return whether it was given.

    It is not for few rows, nor when the layer holds anything in any division, nor while
    somebody else is using it. What was begun has to be ended before the commit.

    Parameters
    ----------
    rows
        How many are going to be inserted.
    """
    if rows < LEAST_ROWS:
        return False
    begin = sa.func.registry.begin_filling(sa.literal(layer.name))
    return bool(connection.scalar(sa.select(begin)))


def end_filling(connection: sa.Connection, layer: sa.Table) -> None:
    """Let indexes and policies stand again; rows that break one are found here."""
    end = sa.func.registry.end_filling(sa.literal(layer.name))
    connection.execute(sa.select(end))
