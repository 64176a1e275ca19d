"""What shall a paper on record say instead, and how is it written? (shell).

A correction names one field of a paper of the plot, or takes the paper back. Where an
event that counts cites it, what the event's own conditions asked of it (that it is
there, its type, its review) is not changed under the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from parcels.codes import InvalidCode, normalise_parcel_code
from parcels.documents.papers import complete_paper
from parcels.plots.correction import WrongPaper
from parcels.plots.kept_papers import DOUBTS, FINDINGS, citing
from parcels.plots.occurrence import Details
from parcels.plots.records import PlotRecord, Row, is_valid
from parcels.plots.restating import NOTHING, read_restated
from parcels.register import history
from parcels.register.layers import PLOT_DOCUMENT
from parcels.texts import Text

CORRECTABLE_OF_PAPERS: Final[Mapping[str, Text]] = {
    name: Text(
        PLOT_DOCUMENT.attribute(name).title_zh, PLOT_DOCUMENT.attribute(name).title_en
    )
    for name in (*FINDINGS, *DOUBTS)
}
"""Fields of a paper that a correction may restate, with their names."""
_ASKED_BY_EVENTS: Final = frozenset({"document_type", "review_outcome"})


def read_wrong_paper(
    record: PlotRecord, details: Details, on: date
) -> WrongPaper | None:
    """Return the paper a correction speaks of; None where it names none, or no value.

    Parameters
    ----------
    on
        Day from which it shall hold: the paper is in force then.
    """
    code = details.wrong_document
    row = next(
        (x for x in record.documents if x["code"] == code and is_valid(x, on)), None
    )
    if row is None or details.right_value is None:
        return None
    cited_by = next(iter(citing(row["code"], record.events)), None)
    if details.wrong_field is None:
        back = details.right_value.strip() == NOTHING
        return WrongPaper(row["code"], None, cited_by) if back else None
    values = _read_values(details.wrong_field, details.right_value)
    if values is None:
        return None
    asked = details.wrong_field in _ASKED_BY_EVENTS
    return WrongPaper(row["code"], values, cited_by if asked else None)


def _read_values(name: str, text: str) -> dict[str, Any] | None:
    if name not in CORRECTABLE_OF_PAPERS:
        return None
    attribute = PLOT_DOCUMENT.attribute(name)
    values = read_restated(attribute, text)
    value = values[name] if values else None
    if value is not None and attribute.values and value not in attribute.values:
        return None
    if value is not None and name == "parcel_code":
        try:
            return {name: normalise_parcel_code(value)}
        except InvalidCode:
            return None
    return values


def write_paper(
    connection: sa.Connection,
    change: history.Change,
    record: PlotRecord,
    paper: WrongPaper,
    on: date,
) -> None:
    """Let a paper say otherwise from a day on, or no longer be on record."""
    if paper.values is None:
        history.end_object(connection, change, PLOT_DOCUMENT, paper.code, on)
        return
    for row in record.documents:
        if row["code"] == paper.code and (is_valid(row, on) or row["valid_from"] > on):
            _restate(connection, change, row, paper.values, on)


def _restate(
    connection: sa.Connection,
    change: history.Change,
    row: Row,
    values: Mapping[str, Any],
    on: date,
) -> None:
    """Let one version hold other values, its firm looked up again."""
    day = max(on, row["valid_from"])
    names = [one.name for one in PLOT_DOCUMENT.attributes]
    wanted = {**{name: row[name] for name in names}, **values}
    columns = complete_paper(connection, wanted, change.division_code, day)
    history.replace_version(
        connection, change, PLOT_DOCUMENT, row["code"], columns, day
    )
