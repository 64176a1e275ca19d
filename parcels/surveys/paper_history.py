"""Which rows would make a paper that is relied on say otherwise? (shell).

What a report that passed its review shows, and what an event cites, is corrected by
two persons (`parcels.plots.kept_papers`), never by a file. A row that says what is on
record is no fault, nor is one that only doubts a report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
import sqlalchemy as sa

from parcels.plots.kept_papers import KEPT, PLOT, citing, find_kept, is_relied_on
from parcels.register import tables
from parcels.register.layers import PLOT_DOCUMENT
from parcels.surveys.errors import RevertByAnother, RevertRefused
from parcels.surveys.issues import Issues
from parcels.surveys.plot_proposals import read_events
from parcels.surveys.staging import Staging

_END: Final = "valid_to"


@dataclass(frozen=True, slots=True)
class _Kept:
    row: int
    code: str
    name: str
    found: str
    said: str


def find_kept_papers(
    connection: sa.Connection, staging: Staging, fields: Mapping[str, str | None]
) -> Iterator[Issues]:
    """Tell rows that would change or end papers that are relied on.

    Parameters
    ----------
    fields
        Attribute, or ``code`` → field of the file.
    """
    if staging.layer is not PLOT_DOCUMENT:
        return
    rows = [dict(x) for x in connection.execute(_select_moved(staging)).mappings()]
    plots = sorted({row[f"held_{PLOT}"] for row in rows if row[f"held_{PLOT}"]})
    events = read_events(connection, plots)
    kept = [
        one
        for row in rows
        for one in _of_row(
            row,
            staging.given,
            events.get((row["division_code"], row[f"held_{PLOT}"]), []),
        )
    ]
    for name in sorted({one.name for one in kept}):
        yield _tell([one for one in kept if one.name == name], name, fields.get(name))


def _select_moved(staging: Staging) -> sa.Select[Any]:
    """Select rows whose paper is on record and says otherwise, with what it says."""
    rows, layer = staging.table, tables.TABLES[PLOT_DOCUMENT.name]
    said = [name for name in KEPT if name in staging.given]
    ends = rows.c[_END].is_distinct_from(layer.c[_END]) & rows.c[_END].is_not(None)
    other = [rows.c[name].is_distinct_from(layer.c[name]) for name in said]
    return (
        sa.select(
            rows.c.row_number,
            rows.c.code,
            rows.c.division_code,
            sa.case((ends, rows.c[_END])).label("ends"),
            *(rows.c[name].label(f"said_{name}") for name in said),
            *(layer.c[name].label(f"held_{name}") for name in KEPT),
        )
        .join_from(rows, layer, staging.in_force(layer))
        .where(sa.or_(ends, *other))
        .order_by(rows.c.row_number)
    )


def _of_row(
    row: Mapping[str, Any], given: tuple[str, ...], events: list[Mapping[str, Any]]
) -> Iterator[_Kept]:
    paper: dict[str, Any] = {name: row[f"held_{name}"] for name in KEPT}
    paper["code"] = row["code"]
    if not is_relied_on(paper, events):
        return
    number, code = row["row_number"], row["code"]
    wanted: dict[str, Any] = {x: row[f"said_{x}"] for x in KEPT if x in given}
    for name in find_kept(paper, wanted):
        yield _Kept(number, code, name, _text(paper[name]), _text(wanted[name]))
    if row["ends"] is not None:
        yield _Kept(number, code, _END, "", _text(row["ends"]))


def _tell(alike: list[_Kept], name: str, field: str | None) -> Issues:
    details: dict[str, Any] = {"code": [one.code for one in alike]}
    if name != _END:
        title = PLOT_DOCUMENT.attribute(name)
        details |= {
            "attribute": name,
            "title_zh": title.title_zh,
            "title_en": title.title_en.lower(),
            "found": [one.found for one in alike],
        }
    return Issues(
        "paper_end" if name == _END else "paper_kept",
        np.array([one.row for one in alike], np.int32),
        field,
        [one.said for one in alike],
        details,
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def refuse_if_relied_on(
    connection: sa.Connection, upload_id: UUID, change_id: int
) -> None:
    """Refuse that papers a file brought are taken back under what rests on them.

    Raises
    ------
    RevertRefused
        If events that count cite some of them.
    RevertByAnother
        If reports among them passed review and it is not shown that another person
        takes them back than the one who brought them.
    """
    layer = tables.TABLES[PLOT_DOCUMENT.name]
    brought = sa.select(layer).where(
        layer.c.opened_by == change_id, layer.c.closed_by.is_(None)
    )
    papers = [dict(row) for row in connection.execute(brought).mappings()]
    plots = sorted({row[PLOT] for row in papers if row[PLOT]})
    events = read_events(connection, plots)
    cited = [
        row["code"]
        for row in papers
        if citing(row["code"], events.get((row["division_code"], row[PLOT]), []))
    ]
    if cited:
        raise RevertRefused(upload_id, sorted(cited), len(cited))
    hands = connection.execute(sa.select(sa.func.registry.hands_with(change_id)))
    if any(is_relied_on(row, ()) for row in papers) and hands.scalar_one() != "two":
        raise RevertByAnother(upload_id)
