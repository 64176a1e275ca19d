"""Print an extract, with a map of what it names (service)."""

from __future__ import annotations

import sqlalchemy as sa

from parcels.refusal import Language
from parcels.register.division_names import describe_divisions
from parcels.register.repository import Moment, transaction_time
from screening.certificate.drawing import Drawn, draw, find_frame
from screening.certificate.extract_page import (
    divisions_of,
    number_items,
    write_extract_page,
)
from screening.certificate.issue import Stationery
from screening.extract_records import Extract
from screening.gather import gather_outlines


def print_extract(
    connection: sa.Connection,
    stationery: Stationery,
    extract: Extract,
    language: Language,
    *,
    entry: str,
    asked_by: str,
) -> bytes:
    """Return an extract as PDF, in the transaction that made it.

    Raises
    ------
    CannotTypeset
        If the document cannot be set, as without fonts.
    """
    moment = Moment(extract.as_of, extract.known_at)
    page = write_extract_page(
        extract,
        stationery.texts[language],
        language,
        divisions=describe_divisions(
            connection, divisions_of(extract), language, moment
        ),
        entry=entry,
        asked_by=asked_by,
        made_at=transaction_time(connection),
    )
    return stationery.press.typeset(page, _draw(connection, extract, moment), "extract")


def _draw(connection: sa.Connection, extract: Extract, moment: Moment) -> str:
    subject = extract.subject
    drawn = [
        Drawn(one.number, one.theme, one.item.feature.geometry)
        for one in number_items(extract)
    ]
    frame = find_frame(subject.geometry, [one.geometry for one in drawn])
    outlines = [
        outline
        for division in subject.division_codes
        for outline in gather_outlines(connection, frame, moment, division)
    ]
    return draw(subject.geometry, drawn, outlines)
