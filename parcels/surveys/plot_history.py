"""Which rows would rewrite what events of this system did to a plot? (shell).

What an event did is put right by a correction that two persons decide
(`parcels.plots.corrections`), never by a file: lists of a plot that events have moved,
and the events that moved it. A row that says what is on record anyway is no fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import sqlalchemy as sa

from parcels.register import tables
from parcels.surveys.comparing import same_end, same_values
from parcels.surveys.issues import Issues
from parcels.surveys.staging import Staging

KINDS: Final = {
    "plot_list_membership": "plot_list_by_event",
    "plot_event": "plot_event_on_record",
}
"""Layer → kind of issue of a row that would rewrite it."""


def find_rewritten(
    connection: sa.Connection, staging: Staging, fields: Mapping[str, str | None]
) -> Iterator[Issues]:
    """Tell rows about moved plots that differ from the register.

    Parameters
    ----------
    fields
        Attribute, or ``code`` → field of the file.
    """
    kind, rows = KINDS.get(staging.layer.name), staging.table
    if kind is None or "plot_code" not in rows.c:
        return
    layer = tables.TABLES[staging.layer.name]
    recorded = sa.select(layer.c.version_id).where(
        layer.c.code == rows.c.code,
        layer.c.division_code == rows.c.division_code,
        layer.c.closed_by.is_(None),
    )
    said = recorded.where(same_values(staging, layer), same_end(rows, layer))
    kept, shown = _moved(rows), "list"
    if kind == "plot_event_on_record":
        kept, shown = recorded.where(layer.c.step.is_not(None)).exists(), "code"
    value = rows.c[shown] if shown in rows.c else sa.null()
    found = connection.execute(
        sa.select(rows.c.row_number, value, rows.c.plot_code)
        .where(kept, ~said.exists())
        .order_by(rows.c.row_number)
    ).all()
    if found:
        numbers, values, plots = zip(*found, strict=True)
        yield Issues(
            kind,
            np.array(numbers, np.int32),
            fields.get(shown),
            list(values),
            {"plot": list(plots)},
        )


def _moved(rows: sa.FromClause) -> sa.Exists:
    """Return whether an event of this system has moved a row's plot."""
    event = tables.TABLES["plot_event"]
    return (
        sa.select(event.c.version_id)
        .where(
            event.c.plot_code == rows.c.plot_code,
            event.c.division_code == rows.c.division_code,
            event.c.closed_by.is_(None),
            event.c.step.is_not(None),
        )
        .exists()
    )
