"""Print the certificate of a recorded decision (service).

Made from the record and from the versions of the register that the decision saw; both
never change. What is drawn lies in the county that keeps the decision, whoever prints,
so that everybody gets the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from psycopg.rows import tuple_row

from parcels.refusal import Language
from parcels.register.division_names import describe_divisions
from parcels.register.repository import Moment
from parcels.register.statements import Statements, execute, fetch
from screening.certificate.drawing import FARTHEST_M, Drawn, draw, find_frame
from screening.certificate.page import list_divisions, write_page
from screening.certificate.saying import Catalogue
from screening.certificate.signature import Signer
from screening.certificate.things import list_hits
from screening.certificate.typesetting import Press
from screening.distance import expand_bounds
from screening.gather import gather_features, gather_outlines
from screening.record import subject_geometry

_SQL: Final = Statements(Path(__file__).parent.parent / "sql" / "certificate.sql")
_REASON: Final[dict[Language, str]] = {
    "zh": "地块土壤环境核查意见书",
    "en": "Soil screening certificate",
}


@dataclass(frozen=True, slots=True)
class Stationery:
    """What certificates are made with: press, texts by language, signing key or None.

    `public_url` is where outsiders reach the service; the QR code points there. `form`
    is the mark of the form (`screening.certificate.form`).
    """

    press: Press
    texts: Mapping[Language, Catalogue]
    signer: Signer | None
    public_url: str
    form: str


def print_certificate(
    connection: sa.Connection,
    stationery: Stationery,
    decision_id: UUID,
    language: Language,
) -> bytes | None:
    """Return the certificate of a decision as PDF; None without such a decision.

    Unsigned it is made anew each time, byte for byte the same. With a signing key it is
    signed once and kept: the transaction then has to be one that may write.

    Raises
    ------
    CannotTypeset
        If the document cannot be set, as without fonts.
    """
    rows = fetch(connection, _SQL["record"], {"id": decision_id}, tuple_row)
    if not rows:
        return None
    ((written, digest, division),) = rows
    if stationery.signer is None:
        return _typeset(connection, stationery, written, digest, division, language)
    wanted = {"id": decision_id, "language": language}
    kept = fetch(connection, _SQL["signed"], wanted, tuple_row)
    if not kept:
        document = _typeset(connection, stationery, written, digest, division, language)
        signed = stationery.signer.sign(document, reason=_REASON[language])
        values = {
            **wanted,
            "division_code": division,
            "signer": stationery.signer.name,
            "sha256": hashlib.sha256(signed).digest(),
            "file": signed,
        }
        execute(connection, _SQL["keep_signed"], values)
        kept = fetch(connection, _SQL["signed"], wanted, tuple_row)
    return bytes(kept[0][0])


def _typeset(
    connection: sa.Connection,
    stationery: Stationery,
    written: bytes,
    digest: bytes,
    division: str,
    language: Language,
) -> bytes:
    record: Mapping[str, Any] = orjson.loads(written)
    moment = _moment(record)
    page = write_page(
        record,
        stationery.texts[language],
        language,
        divisions=describe_divisions(
            connection, list_divisions(record), language, moment
        ),
        digest=digest.hex(),
        verify_at=f"{stationery.public_url}/verify",
        form=stationery.form,
        signed=stationery.signer is not None,
    )
    drawing = _draw(connection, record, moment, division)
    return stationery.press.typeset(page, drawing)


def _moment(record: Mapping[str, Any]) -> Moment:
    day = date.fromisoformat(record["as_of"])
    return Moment(day, record["data_versions"]["change"])


def _draw(
    connection: sa.Connection, record: Mapping[str, Any], moment: Moment, division: str
) -> str:
    subject = subject_geometry(record)
    around = expand_bounds(subject.bounds, FARTHEST_M)
    hits = list_hits(record)
    themes = {hit.theme for hit in hits}
    found = {
        (feature.theme, feature.code): feature.geometry
        for feature in gather_features(connection, around, moment, division, themes)
    }
    drawn = [
        Drawn(hit.number, hit.theme, found[hit.theme, hit.feature])
        for hit in hits
        if (hit.theme, hit.feature) in found
    ]
    frame = find_frame(subject, [one.geometry for one in drawn])
    outlines = gather_outlines(connection, frame, moment, division)
    return draw(subject, drawn, outlines)
