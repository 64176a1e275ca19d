"""Which papers come with an event, and under which codes? (service).

An event cites papers on record of its plot and brings new ones, which get a code of the
plot's where they have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from parcels.plots.occurrence import Document
from parcels.plots.records import PlotRecord, Row, add_row, document_of
from parcels.plots.refusals import DocumentNotUsable
from parcels.register import history
from parcels.register.history import AlreadyRegistered
from parcels.register.layers import PLOT_DOCUMENT


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A paper that comes with an event; `code` None: one is made.

    `values` are columns of `plot_document` without code and plot.
    """

    values: Mapping[str, Any]
    code: str | None = None


def list_cited(record: PlotRecord, codes: Sequence[str]) -> tuple[Document, ...]:
    """Return papers on record that an event cites, each once.

    Raises
    ------
    DocumentNotUsable
        If the plot has none of that code.
    """
    known = {row["code"]: row for row in record.documents}
    for code in codes:
        if code not in known:
            raise DocumentNotUsable(
                code,
                "document_unknown",
                f"地块 {record.code} 名下没有该资料；请先登记，或随事件提交。",
                f"not on file for plot {record.code}; enter it first or send it along.",
            )
    return tuple(document_of(known[code]) for code in dict.fromkeys(codes))


def name_papers(record: PlotRecord, new: Sequence[NewDocument]) -> tuple[Row, ...]:
    """Return new papers as rows, each with a code of its own.

    Raises
    ------
    DocumentNotUsable
        If a code is taken.
    """
    taken = {row["code"] for row in record.documents}
    rows: list[Row] = []
    for document in new:
        code = document.code or _next_document_code(record.code, taken)
        if code in taken:
            raise DocumentNotUsable(
                code,
                "document_registered",
                "代码已登记；请引用该资料，或换用代码。",
                "the code is on record; cite that paper, or take another code.",
            )
        taken.add(code)
        rows.append({**_BLANK, **document.values, "code": code})
    return tuple(rows)


_BLANK: Row = dict.fromkeys(Document.__dataclass_fields__)


def _next_document_code(plot_code: str, taken: set[str]) -> str:
    number = len(taken) + 1
    while (code := f"{plot_code}-D{number:02d}") in taken:
        number += 1
    return code


def write_papers(
    connection: sa.Connection,
    change: history.Change,
    plot_code: str,
    new: Sequence[Row],
    on: date,
) -> None:
    """Enter the papers that come with an event.

    Raises
    ------
    DocumentNotUsable
        If a code is that of another plot's paper.
    """
    for row in new:
        values = {name: value for name, value in row.items() if name != "code"}
        try:
            add_row(
                connection,
                change,
                PLOT_DOCUMENT,
                row["code"],
                on,
                {**values, "plot_code": plot_code},
            )
        except AlreadyRegistered:
            raise DocumentNotUsable(
                row["code"],
                "document_of_another",
                "代码已被另一地块的资料使用；请换用代码。",
                "the code is used by a paper of another plot; take another.",
            ) from None
