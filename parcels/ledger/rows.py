"""Is every change of the register the one that was entered into the ledger? (service).

The database writes the entries of numbered rows itself (migrations 0011 and 0015); what
stands in the rows now must be what stands in the entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

import sqlalchemy as sa

from parcels.ledger.verify import VERIFY, Report, parse_content, read_all, read_moment


def check_changes(connection: sa.Connection, report: Report) -> None:
    """Check every change of the register against its entry."""
    entries = read_all(connection, VERIFY["change_entries"])
    compare_with_entries("change", _read_changes(connection), entries, report)


def _read_changes(connection: sa.Connection) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in read_all(connection, VERIFY["changes"]):
        number, actor, division_code, recorded_at, reason, upload_id, sha256 = row
        digest = sha256.hex() if sha256 else None
        yield (
            number,
            {
                "actor": actor,
                "division_code": division_code,
                "recorded_at": recorded_at,
                "reason": reason,
                "upload": {"id": str(upload_id), "sha256": digest}
                if upload_id
                else None,
            },
        )


_OF_A_STEP: Final = (
    *("actor", "bureau", "client_id", "documents", "due_on", "kind", "note", "person"),
    *("subject", "task_id", "task_kind", "division_code", "recorded_at"),
)


def check_task_events(connection: sa.Connection, report: Report) -> None:
    """Check every step of a task against its entry."""
    rows = (
        (number, dict(zip(_OF_A_STEP, beside, strict=True)))
        for number, *beside in read_all(connection, VERIFY["task_events"])
    )
    entries = read_all(connection, VERIFY["task_event_entries"])
    compare_with_entries("task_event", rows, entries, report)


def compare_with_entries(
    name: Literal["change", "event", "task_event", "snapshot"],
    rows: Iterable[tuple[int | str, Mapping[str, Any]]],
    entries: Iterable[tuple[Any, ...]],
    report: Report,
    *,
    member: str | None = None,
) -> None:
    """Check numbered rows against the entries that the database wrote of them.

    Parameters
    ----------
    name
        What a row is called in the report.
    member
        Member of an entry's body that holds the row's number; its name by default.
    rows
        Number, and what the entry must say: members of its body or beside it.
    entries
        Contents of the entries of that kind.
    """
    entered = _read_entries(member or name, entries)
    for number, beside in rows:
        entry = entered.pop(number, None)
        if entry is None:
            report.add(f"{name}_unentered", **{name: number})
            continue
        for column, value in beside.items():
            if entry.get(column) != value:
                report.add(f"{name}_changed", **{name: number, "column": column})
    for unmatched in entered:
        report.add(f"{name}_removed", **{name: unmatched})


def _read_entries(
    name: str, entries: Iterable[tuple[Any, ...]]
) -> dict[int | str | None, dict[str, Any]]:
    found: dict[int | str | None, dict[str, Any]] = {}
    for (content,) in entries:
        written = parse_content(content)
        # A body may say itself what its entry is: a step of a task has a kind.
        said = {**written, **written.get("body", {})}
        said["recorded_at"] = read_moment(said.get("recorded_at"))
        found[said.get(name)] = said
    return found
