"""Read a survey file where it can do no harm (shell).

GDAL, GEOS and zlib meet a stranger's bytes in a process of their own with limits of
time and memory. A crash or a hang ends that upload only; the service reads three small
or mapped files that are left.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import signal
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parcels.surveys.examine_files import (
    ASIDE_FILE,
    DISK_FULL,
    FACTS_FILE,
    GROUND_FILE,
    ISSUES_FILE,
    PROGRESS_FILE,
    PROPOSAL_FILE,
    REJECTED_FILE,
    ROWS_FILE,
    SHOWN_FILE,
    WANTED_FILE,
)
from parcels.surveys.ground import Ground
from parcels.surveys.limits import Limits
from parcels.surveys.progress import Progress, Watch
from parcels.surveys.proposing import Proposal
from parcels.surveys.reader import Look, ReaderPool, TookTooLong
from parcels.surveys.refusals import FileRefused, RefusedElsewhere
from parcels.surveys.request import UploadRequest

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Examination:
    """What was left: files of rows (accepted, others, where all lie), issues, facts.

    The accepted rows are durable, with their SHA-256.
    """

    rows: Path
    rows_sha256: bytes
    rejected: Path
    shown: Path
    issues: pa.Table
    facts: Mapping[str, Any]


def run_examination(
    path: Path,
    name: str,
    request: UploadRequest,
    ground: Ground,
    limits: Limits,
    scratch: Path,
    watch: Watch | None = None,
) -> Examination | Proposal:
    """Examine a file in a process of its own; blocks until it ends.

    A `Proposal` comes back when anything was guessed; nothing else was done then.

    Parameters
    ----------
    path, name
        The bytes, and the name they were sent under (its extension tells the format).
    ground
        What the register draws of the division the file is for.
    scratch
        Empty folder for everything that is written; the caller removes it.
    watch
        Told how far it is, twice a second; what it raises ends the examination.

    Raises
    ------
    FileRefused
        If the file cannot be taken, or reading it broke a limit or the process.
    OSError
        If the disk is full.
    """
    results = _do(path, name, request, ground, limits, scratch, watch)
    if (results / PROPOSAL_FILE).exists():
        proposal = (results / PROPOSAL_FILE).read_text(encoding="utf-8")
        return Proposal.from_json(json.loads(proposal))
    with pa.memory_map(str(results / ISSUES_FILE)) as source:
        issues = pa.ipc.open_file(source).read_all()
    facts = _facts(results)
    return Examination(
        results / ROWS_FILE,
        bytes.fromhex(facts.pop("rows_sha256")),
        results / REJECTED_FILE,
        results / SHOWN_FILE,
        issues,
        facts,
    )


def run_extraction(
    path: Path,
    name: str,
    request: UploadRequest,
    ground: Ground,
    limits: Limits,
    scratch: Path,
    wanted: npt.NDArray[np.int32],
) -> tuple[Path, Mapping[str, Any]]:
    """Write some rows of a file out as they are, in a process of its own.

    Parameters
    ----------
    wanted
        Row numbers, ascending; the other parameters are those of `run_examination`.

    Returns
    -------
    Path, facts
        Arrow file of `set_aside.extract`, and the names of the fields.
    """
    np.save(scratch / WANTED_FILE, wanted)
    results = _do(path, name, request, ground, limits, scratch)
    return results / ASIDE_FILE, _facts(results)


def _facts(results: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(
        (results / FACTS_FILE).read_text(encoding="utf-8")
    )
    return facts


def _do(
    path: Path,
    name: str,
    request: UploadRequest,
    ground: Ground,
    limits: Limits,
    scratch: Path,
    watch: Watch | None = None,
) -> Path:
    """Have a job done; return the folder of what it left."""
    results, work = scratch / "results", scratch / "work"
    results.mkdir()
    work.mkdir()
    wanted = scratch / WANTED_FILE
    (scratch / GROUND_FILE).write_bytes(ground.to_bytes())
    job = scratch / "job.json"
    job.write_text(
        json.dumps(
            {
                "path": str(path),
                "name": name,
                "request": request.as_json(),
                "ground": str(scratch / GROUND_FILE),
                "limits": asdict(limits),
                "scratch": str(work),
                "results": str(results),
                "wanted": str(wanted) if wanted.exists() else None,
                "stderr": str(scratch / "stderr"),
            }
        ),
        encoding="utf-8",
    )
    _refuse(_run(job, limits, _look(results, watch)), limits)
    return results


@cache
def _pool(process: int) -> ReaderPool:
    """Return the pool of this process; a fork of it must not share its pipes."""
    return ReaderPool()


def close_readers() -> None:
    """End idle reading processes now (they end by themselves with this process)."""
    _pool(os.getpid()).close()


def _look(results: Path, watch: Watch | None) -> Look:
    """Return what is done now and then while a job is under way."""

    def look() -> None:
        reached = _find_reached(results)
        if watch is not None and reached is not None:
            watch(reached)

    return look


def _find_reached(results: Path) -> Progress | None:
    """Return how far the reading process says it is; None if it said nothing yet."""
    path = results / PROGRESS_FILE
    if not path.exists():
        return None
    return Progress.from_text(path.read_text(encoding="utf-8"))


def _run(job: Path, limits: Limits, look: Look) -> Mapping[str, Any]:
    """Return the answer of the job; raise if it had to be stopped or died."""
    try:
        status = _pool(os.getpid()).run(job, limits.seconds, look)
    except TookTooLong as error:
        reached = _find_reached(job.with_name("results")) or Progress("read")
        zh, en = reached.describe()
        parts = {"where_zh": zh, "where_en": en}
        raise FileRefused(
            "took_too_long", limit=f"{limits.seconds:g}", **parts
        ) from error
    errors = _tail(job.with_name("stderr"))
    if status == 0:
        answer: Mapping[str, Any] = json.loads(
            (job.with_name("results") / "answer.json").read_text(encoding="utf-8")
        )
        if "broken" in answer or "damaged" in answer:
            log.warning("reading %s failed: %s", job, errors)
        return answer
    log.warning("reading %s ended with %s: %s", job, status, errors)
    if status == DISK_FULL:
        return {"full": errno.ENOSPC}
    if "bad_alloc" in errors or "MemoryError" in errors:
        return {"memory": True}
    raise FileRefused("reader_died", detail=_name_of(status))


def _refuse(answer: Mapping[str, Any], limits: Limits) -> None:
    """Raise what was told; return if the work was done."""
    if "refused" in answer:
        raise RefusedElsewhere(*answer["refused"])
    if "memory" in answer:
        raise FileRefused("took_too_much", limit=limits.memory_bytes // 2**20)
    if "full" in answer:
        raise OSError(answer["full"], os.strerror(answer["full"]))
    if "damaged" in answer:
        raise FileRefused(
            "file_damaged",
            cause_zh="其内容不合该格式",
            cause_en="its content does not keep to its format",
        )
    if "broken" in answer:
        raise FileRefused("reader_died", detail=answer["broken"])


def _tail(path: Path) -> str:
    if not path.exists():
        return ""
    return path.read_bytes()[-4000:].decode("utf-8", errors="replace")


def _name_of(status: int) -> str:
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"exit {status}"
