"""How does an examined upload stand to the register? (service).

Its accepted rows are held against what the register says at that moment, and the
differences are kept for people to read. Where the register holds nothing of that layer
in that division every row is new, and the database need not look at one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from parcels.surveys.archive import Archive
from parcels.surveys.checks.tolerances import TOLERANCES
from parcels.surveys.comparing import Comparison, compare, holds_nothing
from parcels.surveys.differences import (
    differences_of_new,
    gather_differences,
    keep_differences,
    sum_areas,
)
from parcels.surveys.issues import Issues
from parcels.surveys.lineage import find_lineage
from parcels.surveys.plot_proposals import withhold
from parcels.surveys.repository import Upload
from parcels.surveys.staged_file import find_accepted
from parcels.surveys.staging import Staging, stage_rows


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it.

    Attributes
    ----------
    staged
        The rows in the database with their fates; None where all are new.
    summary
        Numbers by fate, areas and lineage, as the upload keeps them.
    issues
        What is to be told of it, of the file as a whole.
    """

    staged: tuple[Staging, Comparison] | None
    summary: Mapping[str, Any]
    issues: Sequence[Issues] = ()


def compare_with_register(
    connection: sa.Connection,
    archive: Archive,
    upload: Upload,
    faulty: npt.NDArray[np.int32],
) -> Compared:
    """Compare the accepted rows of an upload; keep the differences in the archive.

    `faulty` are numbers of rows that an error names; they are not compared.
    """
    rows, request = archive.staged_path(upload.id), upload.request
    if holds_nothing(connection, request):
        differences = differences_of_new(rows, faulty)
        keep_differences(archive, upload, differences)
        return Compared(None, _summary(_all_new(len(differences)), differences, {}))
    accepted = find_accepted(rows, faulty)
    staging = stage_rows(
        connection, request.register_layer, accepted, request.valid_from
    )
    withhold(connection, staging)
    comparison = compare(connection, staging, request)
    lineage = find_lineage(connection, staging, comparison)
    with archive.scratch() as scratch:
        differences = gather_differences(
            connection, staging, comparison, scratch / "differences.csv"
        )
    keep_differences(archive, upload, differences)
    summary = _summary(comparison.as_json(), differences, lineage)
    ended = check_ended(comparison.missing, comparison.spoken_of)
    return Compared((staging, comparison), summary, ended)


def check_ended(ended: int, spoken_of: int) -> list[Issues]:
    """Warn where a whole update ends a large part of what it speaks of.

    A file that was cut, or holds one township, says by its silence that all the rest
    is no more; nobody can see that in its rows.

    Parameters
    ----------
    ended, spoken_of
        Objects in force on the file's day: those it does not name, of all.

    Examples
    --------
    >>> [one.kind for one in check_ended(ended=11, spoken_of=100)]
    ['whole_update_ends_many']
    >>> check_ended(ended=10, spoken_of=100)
    []
    """
    limit = TOLERANCES.ended_share
    if ended <= limit * spoken_of:
        return []
    details = {
        "ended": ended,
        "spoken_of": spoken_of,
        "limit_percent": 100 * limit,
    }
    return [Issues("whole_update_ends_many", None, details=details)]


def _all_new(count: int) -> dict[str, int]:
    names = ("changed", "changed_geometry", "changed_attributes", "missing")
    return {"new": count, **dict.fromkeys((*names, "identical", "later"), 0)}


def _summary(
    counts: Mapping[str, int], differences: Any, lineage: Mapping[str, int]
) -> dict[str, Any]:
    return {**counts, "lineage": dict(lineage), "areas": sum_areas(differences)}
