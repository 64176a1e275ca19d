"""Read a survey file and check every row of it (shell, in the child process).

Takes a job from a file and leaves three: accepted rows, issues, and facts about the
file. It knows no database and has no rights beyond its scratch folder's.
"""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parcels.crs import get_crs
from parcels.register.layers import SAMPLE_RESULT, Shape
from parcels.surveys.archive import make_durable
from parcels.surveys.candidates import Candidates
from parcels.surveys.checking import ROW_CHECKS, WHOLE_CHECKS, Survey
from parcels.surveys.checks.edges import Edges
from parcels.surveys.checks.overlaps import TILED_LAYERS
from parcels.surveys.checks.results import REMEMBERED
from parcels.surveys.checks.tolerances import TOLERANCES
from parcels.surveys.examine_files import (
    FACTS_FILE,
    ISSUES_FILE,
    PROGRESS_FILE,
    PROPOSAL_FILE,
    REJECTED_FILE,
    ROWS_FILE,
    SHOWN_FILE,
)
from parcels.surveys.ground import Ground
from parcels.surveys.in_turn import in_turn
from parcels.surveys.issues import Issues, combine
from parcels.surveys.limits import Limits
from parcels.surveys.mapping import FieldMapping, check_fields
from parcels.surveys.placing import place_rows
from parcels.surveys.points import CoordinateFields
from parcels.surveys.progress import Progress
from parcels.surveys.raw import RawBatch, RawLayer
from parcels.surveys.read import SurveyFile, read_layer
from parcels.surveys.refusals import FileRefused
from parcels.surveys.request import UploadRequest
from parcels.surveys.settling import Settled, settle
from parcels.surveys.shown_rows import SCHEMA as SHOWN
from parcels.surveys.shown_rows import list_shown
from parcels.surveys.staged_file import StagedWriter, split_rows, staged_schema
from parcels.surveys.stated_crs import read_crs_words, same_plane
from parcels.surveys.understand import faulty_rows, understand
from parcels.surveys.whole_file import WholeFile, list_edges
from parcels.surveys.wide_results import name_places

THREADS: Final = 2
"""Batches worked on side by side; each more costs the memory of a batch."""


def examine(
    file: SurveyFile,
    request: UploadRequest,
    ground: Ground,
    limits: Limits,
    results: Path,
) -> None:
    """Examine one file; `results` is the folder for the files it leaves.

    When anything was guessed it leaves a proposal, and nothing else is done.

    Parameters
    ----------
    ground
        What the register draws of the division the file is for.

    Raises
    ------
    FileRefused
        If the file as a whole cannot be taken.
    """
    layer = request.register_layer
    _note(results, Progress("read"))
    settled = settle(read_layer(file, request, limits), request, ground)
    if settled.proposal.must_confirm:
        _write_json(results / PROPOSAL_FILE, settled.proposal.as_json())
        return
    raw, request, mapping = settled.raw, settled.request, settled.mapping
    survey = Survey(request, mapping, ground)
    remembers = REMEMBERED if layer is SAMPLE_RESULT else ()
    whole = WholeFile(request.valid_from, layer.name in TILED_LAYERS, remembers)
    done = _Done(check_fields(mapping, layer) + _check_crs(raw, request), Counter(), 0)
    done = _read_rows(settled, survey, whole, done, results)
    if not len(whole):
        raise FileRefused("no_rows")
    with ThreadPoolExecutor(1) as beside:
        rows = beside.submit(make_durable, results / ROWS_FILE)
        done = _check_whole(settled, survey, whole, done, results)
    _write_table(results / ISSUES_FILE, _with_places(combine(done.issues), whole))
    facts = {
        "rows": _count_lines(whole.rows // raw.per_line),
        "rows_sha256": rows.result().hex(),
        "results_per_row": raw.per_line,
        "accepted": done.accepted,
        "fields": list(raw.fields),
        "checks": dict(done.seen),
        "tolerances": TOLERANCES.describe(),
        "reading": settled.proposal.as_json(),
        **_used_fields(mapping, settled.place),
    }
    _write_json(results / FACTS_FILE, facts)


def _count_lines(lines: npt.NDArray[np.int32]) -> int:
    """Return how many different numbers ascending ones are; there is one at least."""
    return 1 + int(np.count_nonzero(np.diff(lines)))


class _Done(NamedTuple):
    """What was found so far, how many rows each check saw, how many are accepted."""

    issues: list[Issues]
    seen: Counter[str]
    accepted: int


def _read_rows(
    settled: Settled, survey: Survey, whole: WholeFile, before: _Done, results: Path
) -> _Done:
    """Read every row, check it by itself, and keep it among accepted or rejected."""
    raw, accepted = settled.raw, before.accepted
    issues, seen = list(before.issues), Counter(before.seen)
    schema = staged_schema(
        settled.request.register_layer, settled.mapping, raw.per_line
    )

    def work(batch: RawBatch) -> _Examined:
        return _examine_batch(batch, survey, settled.place, schema)

    with (
        StagedWriter(results / ROWS_FILE, schema) as writer,
        StagedWriter(results / REJECTED_FILE, schema) as rest,
        StagedWriter(results / SHOWN_FILE, SHOWN) as shown,
    ):
        for done in in_turn(work, raw.batches, THREADS):
            writer.write(done.accepted)
            rest.write(done.rejected)
            shown.write(list_shown(done.candidates, done.accepted))
            accepted += done.accepted.num_rows
            issues += name_places(done.issues, raw.per_line, raw.result_fields)
            seen.update(done.seen)
            whole.add(done.candidates, done.edges)
            _note(results, Progress("read", len(whole), raw.count))
    return _Done(issues, seen, accepted)


def _check_whole(
    settled: Settled, survey: Survey, whole: WholeFile, before: _Done, results: Path
) -> _Done:
    """Check rows against each other and against the register."""
    raw = settled.raw
    issues, seen = list(before.issues), Counter(before.seen)
    for place, (name, check) in enumerate(WHOLE_CHECKS):
        state = Progress(
            "check", len(whole), len(whole), name, place, len(WHOLE_CHECKS)
        )
        _note(results, state)
        found = list(check(whole, survey))
        issues += name_places(found, raw.per_line, raw.result_fields)
        seen[name] += len(whole)
    return _Done(issues, seen, before.accepted)


def _note(results: Path, progress: Progress) -> None:
    """Say how far it is; a reader sees the one before or this one, never a half."""
    path = results / PROGRESS_FILE
    part = path.with_suffix(".part")
    part.write_text(progress.to_text(), encoding="utf-8")
    part.replace(path)


def _check_crs(raw: RawLayer, request: UploadRequest) -> list[Issues]:
    """Tell when the file's own words on its CRS differ from the declaration."""
    stated = None if raw.crs is None else read_crs_words(raw.crs)
    if stated is None or request.crs is None or raw.crs_implied:
        return []
    if stated.standing == "undefined" or same_plane(stated.crs, get_crs(request.crs)):
        return []
    named = stated.name if stated.crs is None else f"EPSG:{stated.crs.srid}"
    details = {"found": named, "srid": request.crs}
    return [Issues("crs_contradicts_file", None, details=details)]


class _Examined(NamedTuple):
    """Some rows after their checks; `seen` is check → number of rows it saw."""

    candidates: Candidates
    issues: list[Issues]
    accepted: pa.RecordBatch
    rejected: pa.RecordBatch
    edges: list[Edges]
    seen: dict[str, int]


def _examine_batch(
    batch: RawBatch, survey: Survey, place: CoordinateFields | None, schema: pa.Schema
) -> _Examined:
    """Understand some rows, place them and check them."""
    request = survey.request
    layer = request.register_layer
    candidates, issues = understand(batch, survey.mapping, layer, request.division_code)
    seen = {}
    if layer.shape is not Shape.NONE:
        issues += place_rows(candidates, batch, request.crs, place, request.repairs)
        seen["geometry"] = len(batch)
    for name, check in ROW_CHECKS:
        issues += check(candidates, survey)
        seen[name] = len(batch)
    accepted, rejected = split_rows(candidates, faulty_rows(issues), schema)
    edges = list_edges(candidates) if layer.name in TILED_LAYERS else []
    return _Examined(candidates, issues, accepted, rejected, edges, seen)


def _with_places(issues: pa.Table, whole: WholeFile) -> pa.Table:
    """Give every issue of a row a coordinate where the row has a geometry."""
    rows, places = whole.rows, whole.places
    if places is None or not issues.num_rows:
        return issues
    named = issues["row"].fill_null(0).to_numpy()
    index = np.minimum(np.searchsorted(rows, named), len(rows) - 1)
    known = rows[index] == named
    for axis, name in enumerate(("longitude", "latitude")):
        own = issues[name].to_numpy()
        filled = np.where(np.isnan(own) & known, places[index, axis], own)
        place = issues.schema.get_field_index(name)
        column = pa.array(filled, from_pandas=True)
        issues = issues.set_column(place, issues.schema.field(name), column)
    return issues


def _write_table(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as out:
        out.write_table(table)


def _write_json(path: Path, facts: dict[str, Any]) -> None:
    path.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def _used_fields(
    mapping: FieldMapping, place: CoordinateFields | None
) -> dict[str, Any]:
    """Return what each field of the file was used for."""
    coordinates = place or ()
    return {
        "mapping": {"code": mapping.code, **mapping.as_json()},
        "coordinate_fields": list(coordinates),
        "unused_fields": [one for one in mapping.unused if one not in coordinates],
    }
