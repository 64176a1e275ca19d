"""How long does a county's survey take into the register, beside ogr2ogr? (command).

Ours receives the zipped shapefile, reads and checks every row, and commits it: every
version under its change, in all indexes. The peer copies the same file into a plain
table with a spatial index and looks at nothing. Both take turns on one server, after a
copy that is not measured. With ``--held`` the register holds another county before.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple
from uuid import UUID

import psycopg
import pyarrow as pa

from app.cluster import ClusterUrls, running_database
from app.database import Database
from app.migration import upgrade
from app.refusals import CannotRun
from app.security.principals import Principal
from benchmarks.database import database_pid, settings_for
from benchmarks.landscape import County
from benchmarks.memory import PeakMemory
from benchmarks.processor_time import tree_seconds
from benchmarks.survey import SRID, STEM, draw_divisions, write_survey
from benchmarks.survey_faults import count_seeded, find_unseen, seed_faults
from parcels.surveys.archive import Archive
from parcels.surveys.committing import commit_upload
from parcels.surveys.confinement import close_readers, run_examination
from parcels.surveys.ground import make_ground
from parcels.surveys.imports import (
    examine_upload,
    receive_upload,
    record_examination,
)
from parcels.surveys.known_ground import gather_ground
from parcels.surveys.limits import Limits
from parcels.surveys.proposing import Proposal
from parcels.surveys.repository import Upload
from parcels.surveys.request import UploadRequest

MARK = 2.0
MEMORY_MARK_BYTES = 3 * 2**30
HELD_CODE = "999802"
"""The county that a register holds before, so many kilometres to the north."""
FIRST_DAY = date(2024, 1, 1)


_INSERT_DIVISION = """
insert into registry.division
    (object_id, code, division_code, valid_from, opened_by, name_zh, geom,
     mapped_area_m2)
values (nextval('registry.object_id'), %(code)s, %(code)s, date '2020-01-01',
    %(change)s, %(name)s, st_geomfromwkb(%(geom)s, 4490),
    st_area(st_geomfromwkb(%(geom)s, 4490)::geography))
"""

_OTHER_SESSIONS = """
select count(*) from pg_stat_activity
where backend_type = 'client backend' and pid <> pg_backend_pid()
"""


class NotAsItShouldBe(Exception):
    """The import did something else than it should have."""


class Cpu(NamedTuple):
    """Processor seconds of the program's processes and of the database."""

    program: float
    database: float

    def __sub__(self, other: Cpu) -> Cpu:
        return Cpu(self.program - other.program, self.database - other.database)


@dataclass(slots=True)
class Turn:
    """Seconds of one turn by step, processor time, and the most memory it used."""

    steps: dict[str, float] = field(default_factory=dict)
    peak_bytes: int = 0
    cpu: Cpu = Cpu(0.0, 0.0)

    @property
    def seconds(self) -> float:
        """From the first byte received to the commit."""
        return sum(self.steps.values())

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        began = time.perf_counter()
        yield
        self.steps[name] = time.perf_counter() - began


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; 0 when the marks are met and every row arrived."""
    options = _read_options(arguments)
    try:
        with _folder(options.keep) as folder:
            return _run(folder, County(options.parcels), options)
    except (CannotRun, NotAsItShouldBe) as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1


def _read_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/import", description=__doc__)
    parser.add_argument("--parcels", type=int, default=1_000_000)
    parser.add_argument(
        "--held",
        type=int,
        default=0,
        metavar="PARCELS",
        help="of another county, brought in before without being measured",
    )
    parser.add_argument("--rounds", type=int, default=1, help="turns of each")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the survey file in DIR"
    )
    parser.add_argument(
        "--no-faults", action="store_true", help="leave the survey with faults out"
    )
    parser.add_argument(
        "--no-peer", action="store_true", help="measure ours alone (development)"
    )
    return parser.parse_args(arguments)


def _say(line: str) -> None:
    print(line, flush=True)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    """Give the kept folder, or one that is removed afterwards."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="jingtu-benchmark-") as name:
        os.chmod(name, 0o711)
        yield Path(name)


def _run(folder: Path, county: County, options: argparse.Namespace) -> int:
    survey = _survey(folder, county)
    held = County(options.held, HELD_CODE)
    before = _survey(folder, held) if options.held else None
    ours: list[Turn] = []
    peer: list[Turn] = []
    for turn in range(1, options.rounds + 1):
        # A register holds a version once: each turn has a database of its own.
        with _database(folder / f"turn{turn}") as urls:
            server = database_pid(folder / f"turn{turn}")
            # A server that was just made has neither pages nor a log to write over.
            _copy(urls, survey, county, server)
            if before:
                _import(urls, held, before, server)
            ours.append(_import(urls, county, survey, server))
            _say(f"  turn {turn} jingtu  {_described(ours[-1])}")
            if not options.no_peer:
                peer.append(_copy(urls, survey, county, server))
                _say(f"  turn {turn} ogr2ogr {_described(peer[-1])}")
    met = _report(county, ours, peer)
    if not options.no_faults:
        met &= _find_faults(folder, county)
    return 0 if met else 1


def _survey(folder: Path, county: County) -> Path:
    survey = folder / f"{county.code}-{county.parcels}.zip"
    if not survey.exists():
        _say(f"Writing a survey of {county.parcels:,} parcels ...")
        write_survey(county, survey)
    _say(f"{survey.stat().st_size / 1e6:,.0f} MB zipped")
    return survey


@contextmanager
def _database(folder: Path) -> Iterator[ClusterUrls]:
    folder.mkdir()
    folder.chmod(0o711)
    try:
        with running_database(settings_for(folder), _say, make=True) as urls:
            upgrade(urls.owner, urls.superuser)
            yield urls
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _import(
    urls: ClusterUrls, county: County, survey: Path, server: int | None
) -> Turn:
    """Bring the survey into the register through the use cases; check that it is in."""
    surveyor = Principal(UUID(int=0), "benchmark", "surveyor", county.code)
    request = UploadRequest("parcel", county.code, FIRST_DAY, SRID, "gbk")
    database = Database(urls.service, statement_timeout_s=0)
    archive = Archive(survey.parent / "archive")
    _draw(urls, county)
    _checkpoint(urls)
    turn = Turn()
    try:
        with PeakMemory() as memory:
            before = _cpu(server)
            upload = _steps(database, archive, surveyor, survey, request, turn)
            turn.cpu = _cpu(server) - before
        turn.peak_bytes = memory.peak_bytes
    finally:
        database.close()
        close_readers()
        shutil.rmtree(survey.parent / "archive")
    _require(urls, county, upload)
    return turn


def _cpu(server: int | None) -> Cpu:
    return Cpu(tree_seconds(os.getpid()), tree_seconds(server) if server else 0.0)


def _draw(urls: ClusterUrls, county: County) -> None:
    """Give the register the outlines that rows are held against."""
    with psycopg.connect(urls.owner) as connection:
        row = connection.execute(
            "insert into registry.change (actor, division_code) values"
            " ('benchmark', %s) returning id",
            (county.code,),
        ).fetchone()
        assert row is not None
        with connection.cursor() as cursor:
            cursor.executemany(
                _INSERT_DIVISION,
                [
                    {"code": code, "name": name, "geom": wkb, "change": row[0]}
                    for code, name, wkb in draw_divisions(county)
                ],
            )
        connection.execute("select registry.number_change(%s)", row)


def _steps(
    database: Database,
    archive: Archive,
    surveyor: Principal,
    survey: Path,
    request: UploadRequest,
    turn: Turn,
) -> Upload:
    with turn.step("receive"), survey.open("rb") as source:
        with database.transaction(surveyor) as connection:
            upload = receive_upload(
                connection, archive, source, survey.name, request, actor="benchmark"
            )
            ground = gather_ground(connection, request)
    with turn.step("examine"):
        examining = examine_upload(archive, upload, ground)
        found = examining.__enter__()
    if isinstance(found, Proposal):
        raise NotAsItShouldBe(f"The file has to be confirmed: {found.must_confirm}")
    with turn.step("record"), database.transaction(surveyor) as connection:
        record_examination(connection, archive, upload.id, found)
        examining.__exit__(None, None, None)
    with turn.step("commit"), database.transaction(surveyor) as connection:
        return commit_upload(connection, archive, upload.id, actor="benchmark")


def _checkpoint(urls: ClusterUrls) -> None:
    """Have no checkpoint of earlier work fall into the measurement."""
    if urls.superuser:
        with psycopg.connect(urls.superuser, autocommit=True) as connection:
            connection.execute("checkpoint")


def _require(urls: ClusterUrls, county: County, upload: Upload) -> None:
    """Raise unless every parcel is in, in every index, and every check saw it."""
    if upload.state != "committed":
        counts = dict(upload.issue_counts)
        raise NotAsItShouldBe(f"The upload is {upload.state}: {counts}")
    checks = dict((upload.facts or {})["checks"])
    if set(checks.values()) != {county.parcels}:
        raise NotAsItShouldBe(f"A check did not see every row: {checks}")
    with psycopg.connect(urls.owner) as connection:
        row = connection.execute(
            "select count(*) from registry.parcel"
            " where closed_by is null and division_code = %s",
            (county.code,),
        ).fetchone()
        unready = connection.execute(
            "select indexrelid::regclass::text from pg_index"
            " where indrelid = 'registry.parcel'::regclass"
            " and not (indisvalid and indisready)"
        ).fetchall()
    if row != (county.parcels,) or unready:
        raise NotAsItShouldBe(f"{row} parcels are in; indexes not ready: {unready}")


def _copy(urls: ClusterUrls, survey: Path, county: County, server: int | None) -> Turn:
    """Let ogr2ogr copy the survey into a plain table."""
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        connection.execute("create schema peer")
    _checkpoint(urls)
    source = f"/vsizip/{survey}/{STEM}.shp"
    command = ["ogr2ogr", "-f", "PostgreSQL", f"PG:{_libpq(urls.owner)}", source]
    command += ["-nln", "peer.parcel", "-a_srs", f"EPSG:{SRID}"]
    command += ["-nlt", "PROMOTE_TO_MULTI", "-lco", "GEOMETRY_NAME=geom"]
    command += ["-lco", "SPATIAL_INDEX=GIST", "-gt", "unlimited", "-oo", "ENCODING=GBK"]
    command += ["--config", "PG_USE_COPY", "YES"]
    turn = Turn()
    before = _cpu(server)
    with turn.step("copy"):
        subprocess.run(command, check=True)
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        # The time of a session that has ended counts once the server has seen its end.
        while connection.execute(_OTHER_SESSIONS).fetchone() != (0,):
            time.sleep(0.05)
        turn.cpu = _cpu(server) - before
        row = connection.execute("select count(*) from peer.parcel").fetchone()
        connection.execute("drop schema peer cascade")
    if row != (county.parcels,):
        raise NotAsItShouldBe(f"ogr2ogr copied {row} rows")
    return turn


def _libpq(url: str) -> str:
    """Return a URL as the keywords that GDAL hands on."""
    return psycopg.conninfo.make_conninfo(url)


def _described(turn: Turn) -> str:
    steps = ", ".join(f"{name} {s:.1f}" for name, s in turn.steps.items())
    cpu = f"processor {turn.cpu.program:.1f} + database {turn.cpu.database:.1f} s"
    return f"{turn.seconds:7.1f} s ({steps}); {cpu}"


def _report(county: County, ours: list[Turn], peer: list[Turn]) -> bool:
    seconds = median(turn.seconds for turn in ours)
    peak = max(turn.peak_bytes for turn in ours)
    _say(f"\n{county.parcels:,} parcels, load {os.getloadavg()[0]:.1f} (one minute)")
    _say(f"  jingtu   {seconds:8.1f} s  {county.parcels / seconds:10,.0f} rows/s")
    met = peak <= MEMORY_MARK_BYTES
    if peer:
        theirs = median(turn.seconds for turn in peer)
        _say(f"  ogr2ogr  {theirs:8.1f} s  {county.parcels / theirs:10,.0f} rows/s")
        ratio = seconds / theirs
        _say(f"  ratio jingtu : ogr2ogr = {ratio:.2f} (mark: at most {MARK:.1f})")
        met = met and ratio <= MARK
    _say(f"  peak memory {peak / 2**30:.2f} GiB (mark: at most 3.00)")
    return met


def _find_faults(folder: Path, county: County) -> bool:
    """Examine a survey full of known faults; tell whether each was found."""
    _say(f"Examining the survey with {count_seeded(county.parcels):,} known faults ...")
    survey = folder / f"{county.parcels}-faulty.zip"
    if not survey.exists():
        write_survey(county, survey, partial(seed_faults, rows=county.parcels))
    request = UploadRequest("parcel", county.code, FIRST_DAY, SRID, "gbk")
    ground = make_ground(
        (code, name, None, wkb) for code, name, wkb in draw_divisions(county)
    )
    scratch = folder / "scratch"
    scratch.mkdir()
    try:
        found = run_examination(survey, survey.name, request, ground, Limits(), scratch)
        if isinstance(found, Proposal):
            raise NotAsItShouldBe(f"The file has to be confirmed: {found}")
        unseen = find_unseen(_issues(found.issues), county.parcels)
        checks = found.facts["checks"]
    finally:
        close_readers()
        shutil.rmtree(scratch)
    _say(f"  {len(unseen)} of them not found{': ' if unseen else ''}{unseen[:5] or ''}")
    _say(
        "  rows seen by each check: "
        + ", ".join(f"{k} {n:,}" for k, n in checks.items())
    )
    return not unseen and set(checks.values()) == {county.parcels}


def _issues(table: pa.Table) -> Iterator[tuple[str, int]]:
    """Yield kind and row of each issue; an overlap has two rows."""
    columns = (table[name].to_pylist() for name in ("kind", "row", "details"))
    for kind, row, details in zip(*columns, strict=True):
        yield kind, row
        if kind == "overlap":
            yield kind, json.loads(details)["other_row"]


if __name__ == "__main__":
    sys.exit(main())
