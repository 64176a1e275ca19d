"""May one person edit or end a paper on record? (service).

The transaction is confined to the paper's division, and its county is locked: what is
asked here still holds when the paper is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from parcels.plots.kept_papers import PLOT, find_kept, is_relied_on
from parcels.plots.records import Row, open_of_plot
from parcels.plots.refusals import PaperChangesByCorrection
from parcels.register.layers import PLOT_EVENT
from parcels.register.repository import Version


def check_paper_edit(
    connection: sa.Connection, found: Version, wanted: Mapping[str, Any]
) -> None:
    """Refuse that one person makes a paper that is relied on say otherwise.

    Raises
    ------
    PaperChangesByCorrection
    """
    kept = find_kept(found.values, wanted)
    if kept and is_relied_on(*_paper_and_events(connection, found)):
        raise PaperChangesByCorrection(found.code, found.values[PLOT], kept)


def check_paper_end(connection: sa.Connection, found: Version) -> None:
    """Refuse that one person ends a paper that is relied on.

    Raises
    ------
    PaperChangesByCorrection
    """
    if is_relied_on(*_paper_and_events(connection, found)):
        raise PaperChangesByCorrection(found.code, found.values[PLOT], ())


def _paper_and_events(
    connection: sa.Connection, found: Version
) -> tuple[Row, list[Row]]:
    plot_code = found.values[PLOT]
    events = open_of_plot(connection, PLOT_EVENT, plot_code) if plot_code else []
    return {**found.values, "code": found.code}, events
