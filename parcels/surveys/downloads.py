"""The reports of an upload that can be taken away as a file (service).

Every issue with its sentence and advice; every faulty row as the file says it, with
what is wrong with it, to be repaired and sent again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
import sqlalchemy as sa

from parcels.crs import STORAGE_SRID
from parcels.refusal import Language
from parcels.surveys.archive import Archive
from parcels.surveys.confinement import run_extraction
from parcels.surveys.ground import Ground
from parcels.surveys.issues import Issue
from parcels.surveys.known_ground import gather_ground
from parcels.surveys.limits import Limits
from parcels.surveys.reports import IssueFilter, list_faulty_rows, list_issue_page
from parcels.surveys.repository import Upload
from parcels.surveys.set_aside import FIELDS, ROW, WKB
from parcels.surveys.vector_files import Format, Record, Report, write_report

ISSUE_COLUMNS: Final = (
    "number",
    "severity",
    "kind",
    "row",
    "code",
    "other_row",
    "other_code",
    "area_m2",
    "field",
    "value",
    "message",
    "advice",
)
_PAGE: Final = 5000
_FAULTS_SHOWN: Final = 20
_ERRORS: Final = IssueFilter(severity="error")


def write_issues(
    connection: sa.Connection,
    upload: Upload,
    wanted: IssueFilter,
    language: Language,
    path: Path,
    form: Format,
) -> None:
    """Write the issues of an upload that fit a filter to a new file."""
    records = (
        _issue_record(issue, language) for issue in _walk(connection, upload, wanted)
    )
    write_report(Report(ISSUE_COLUMNS, records), path, form)


def _walk(
    connection: sa.Connection, upload: Upload, wanted: IssueFilter
) -> Iterator[Issue]:
    after = 0
    while page := list_issue_page(
        connection, upload.id, wanted, after=after, limit=_PAGE
    ):
        yield from page
        after = page[-1].number


def _issue_record(issue: Issue, language: Language) -> Record:
    values = (
        issue.number,
        issue.severity,
        issue.kind,
        issue.row,
        issue.details.get("code"),
        issue.other_row,
        issue.details.get("other_code"),
        issue.details.get("area_m2"),
        issue.field,
        issue.value,
        issue.message(language),
        issue.advice(language),
    )
    return Record(values, issue.geometry)


@dataclass(frozen=True, slots=True, eq=False)
class Faulty:
    """The rows of an upload that an error names, ascending, and what is wrong."""

    rows: npt.NDArray[np.int32]
    sentences: Mapping[int, str]
    ground: Ground


def gather_faulty(
    connection: sa.Connection, upload: Upload, language: Language
) -> Faulty:
    """Return which rows of an upload are faulty and why."""
    return Faulty(
        list_faulty_rows(connection, upload),
        _sentences(connection, upload, language),
        gather_ground(connection, upload.request),
    )


def write_faulty_rows(
    archive: Archive, upload: Upload, faulty: Faulty, path: Path, form: Format
) -> None:
    """Write the faulty rows of an upload as its file says them to a new file.

    Fields as text, geometry in the survey's own coordinate system where the format has
    one, and in ``faults`` what is wrong with the row. Takes as long as reading the
    file, and no transaction.

    Raises
    ------
    FileRefused
        If the archived file cannot be read.
    """
    if not len(faulty.rows):
        write_report(Report((ROW, "faults"), ()), path, form)
        return
    with archive.scratch() as scratch:
        extracted, facts = run_extraction(
            archive.path(upload.file.sha256),
            upload.filename,
            upload.request,
            faulty.ground,
            Limits(),
            scratch,
            faulty.rows,
        )
        columns = (ROW, "faults", *_distinct(facts["fields"]))
        records = _rows_of(extracted, faulty.sentences)
        srid = upload.survey_srid or STORAGE_SRID
        write_report(Report(columns, records, srid), path, form)


def _distinct(fields: list[str]) -> list[str]:
    """Return field names that are told apart whatever their case, and from our own."""
    taken, names = {ROW, "faults", "fid", "geom", "longitude", "latitude"}, []
    for name in fields:
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        names.append(name)
    return names


def _sentences(
    connection: sa.Connection, upload: Upload, language: Language
) -> dict[int, str]:
    """Return row → what is wrong with it."""
    found: dict[int, list[str]] = {}
    for issue in _walk(connection, upload, _ERRORS):
        for row in (issue.row, issue.other_row):
            told = [] if row is None else found.setdefault(row, [])
            if len(told) < _FAULTS_SHOWN:
                told.append(issue.message(language))
    return {row: " ".join(told) for row, told in found.items()}


def _rows_of(path: Path, faults: Mapping[int, str]) -> Iterator[Record]:
    with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
        for place in range(reader.num_record_batches):
            batch = reader.get_batch(place)
            columns = [
                batch.column(name).to_pylist()
                for name in batch.schema.names
                if name.startswith(FIELDS)
            ]
            shapes = shapely.from_wkb(
                batch.column(WKB).to_pylist(), on_invalid="ignore"
            )
            for n, row in enumerate(batch.column(ROW).to_pylist()):
                values = (row, faults.get(row), *(column[n] for column in columns))
                yield Record(values, shapes[n])
