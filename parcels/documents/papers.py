"""What does the register add to a paper that is entered? (service).

A paper (`plot_document`) may name a stored file, which must be of its division; and
its firm is looked up among the listed ones, so that a report by such a firm warns
whoever relies on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from parcels.documents.firms import is_listed
from parcels.documents.repository import check_stored
from parcels.plots.occurrence import Document


def complete_paper(
    connection: sa.Connection, values: Mapping[str, Any], division: str, on: date
) -> dict[str, Any]:
    """Return a paper's columns, its firm marked where it is listed on that day.

    Raises
    ------
    FileNotStored
        If it names a file that the division has not.
    """
    columns = dict(values)
    if columns.get("file_id") is not None:
        check_stored(connection, columns["file_id"], division)
    if is_listed(connection, columns.get("firm"), columns.get("firm_code"), on):
        columns["firm_on_negative_list"] = True
    return columns


def mark_listed(connection: sa.Connection, paper: Document, on: date) -> Document:
    """Return a paper on record, its firm marked where it is listed on that day."""
    if not is_listed(connection, paper.firm, None, on):
        return paper
    return replace(paper, firm_on_negative_list=True)
