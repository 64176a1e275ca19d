"""How is a layer that holds nothing filled with very many rows? (shell).

Row by row the indexes of a county's first survey take half of the time; made of all
rows at once, a fifth of that. So an empty layer is filled first and indexed after, in
the one transaction that fills it. Nobody can read the layer meanwhile: who asks waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

LEAST_ROWS: Final = 50_000
"""From which it is worth while: some two seconds; a project default."""


@contextmanager
def indexed_after(
    connection: sa.Connection, layer: sa.Table, rows: int
) -> Iterator[None]:
    """Set the indexes of an empty layer aside for the length of a block.

    Nothing is done for few rows, nor when the layer holds anything in any division,
    nor while somebody else is using it. Rows that break a unique index are found when
    the block ends.

    Parameters
    ----------
    rows
        How many the block is going to insert.
    """
    named = sa.literal(layer.name)
    aside = rows >= LEAST_ROWS and connection.scalar(
        sa.select(sa.func.registry.set_indexes_aside(named))
    )
    yield
    if aside:
        connection.execute(sa.select(sa.func.registry.restore_indexes(named)))
