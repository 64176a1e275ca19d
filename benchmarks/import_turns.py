"""One turn of bringing a county's survey in: ours, or ogr2ogr's (command).

Ours goes through the use cases and is looked at afterwards: every parcel in every
index, every check over every row. ogr2ogr copies the file into a plain table.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import psycopg

from app.cluster import ClusterUrls
from app.database import Database
from app.security.principals import Principal
from benchmarks.landscape import County
from benchmarks.memory import PeakMemory
from benchmarks.processor_time import tree_seconds
from benchmarks.survey import SRID, STEM, draw_divisions
from parcels.surveys.archive import Archive
from parcels.surveys.committing import commit_upload
from parcels.surveys.confinement import close_readers
from parcels.surveys.imports import (
    examine_upload,
    receive_upload,
    record_examination,
)
from parcels.surveys.known_ground import gather_ground
from parcels.surveys.proposing import Proposal
from parcels.surveys.repository import Upload
from parcels.surveys.request import UploadRequest

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


def declare(county: County) -> UploadRequest:
    """Return the declaration that goes with a county's survey."""
    return UploadRequest("parcel", county.code, FIRST_DAY, SRID, "gbk")


def import_survey(
    urls: ClusterUrls, county: County, survey: Path, server: int | None
) -> Turn:
    """Bring the survey into the register through the use cases; check that it is in."""
    surveyor = Principal(UUID(int=0), "benchmark", "surveyor", county.code)
    request = declare(county)
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


def copy_survey(
    urls: ClusterUrls, survey: Path, county: County, server: int | None
) -> Turn:
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
