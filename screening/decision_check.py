"""Is every decision the one that was entered into the ledger? (service).

The row of a decision holds its record as it was written, and columns beside it for
look-ups. Both must fit the entry: the record by its digest, the columns because they
are read from the record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
import sqlalchemy as sa
from psycopg.rows import dict_row, tuple_row

from parcels.ledger.rows import compare_with_entries
from parcels.ledger.verify import Report, parse_content, read_all
from parcels.register.statements import Statements, driver, fetch

_SQL: Final = Statements(Path(__file__).parent / "sql" / "decision_check.sql")
_BATCH: Final = 500


def check_decisions(connection: sa.Connection, report: Report) -> int:
    """Note every decision that does not fit its entry; return the number checked.

    The connection sees every row (the owner's), in one snapshot.
    """
    checked = 0
    roots = dict(fetch(connection, _SQL["roots"], {}, tuple_row))
    with driver(connection).cursor("decisions", row_factory=dict_row) as cursor:
        cursor.itersize = _BATCH
        for row in cursor.execute(_SQL["decisions"]):
            checked += 1
            _check(row, roots, report)
    for (decision_id,) in fetch(connection, _SQL["removed"], {}, tuple_row):
        report.add("decision_removed", decision=decision_id)
    return checked


def check_events(connection: sa.Connection, report: Report) -> None:
    """Check what became of decisions against the entries of it."""
    with driver(connection).cursor(row_factory=dict_row) as cursor:
        events = cursor.execute(_SQL["events"]).fetchall()
    rows = ((event.pop("event"), event) for event in events)
    entries = read_all(connection, _SQL["event_entries"])
    compare_with_entries("event", rows, entries, report)


def _check(row: Mapping[str, Any], roots: Mapping[int, str], report: Report) -> None:
    if row["entry"] is None:
        report.add("decision_unentered", decision=row["id"])
        return
    digest = hashlib.sha256(row["record"])
    body = parse_content(row["entry"]).get("body", {})
    if body.get("record_sha256") != digest.hexdigest():
        report.add("decision_changed", decision=row["id"], column="record")
        return
    record = orjson.loads(row["record"])
    if (head := record.get("ledger_head")) and roots.get(head["size"]) != head["root"]:
        told = {name: head[name] for name in ("size", "signed_at")}
        report.add("decision_head_contradicted", decision=row["id"], **told)
    beside = {
        **_columns_of(record),
        "client_id": body.get("client"),
        "record_sha256": digest.digest(),
    }
    for column, value in beside.items():
        if value != row[column]:
            report.add("decision_changed", decision=row["id"], column=column)


def _columns_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the columns beside a record must say."""
    return {
        "certificate_number": record["certificate_number"],
        "division_code": record["division_code"],
        "transaction": record["request"]["transaction"],
        "outcome": record["decision"]["outcome"],
        "parcel_codes": record["subject"]["parcel_codes"],
        "as_of": record["as_of"],
        "change_number": record["data_versions"]["change"],
        "recorded_at": datetime.fromisoformat(record["recorded_at"]),
        "valid_until": record["valid_until"],
        "actor": record["asked_by"]["name"],
        "geometry_wkb": record["subject"]["geometry_wkb"],
    }
