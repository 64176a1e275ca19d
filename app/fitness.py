"""Whether this machine and its database are fit to run on, for `jingtu check`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from app.cluster.binaries import list_binaries
from app.cluster.machine import memory_mb
from app.cluster.server import LITTLE_DISK_MB, SPACE_TO_START_MB
from app.cluster.urls import ClusterUrls
from app.migration import (
    box_test_is_leakproof,
    find_revision,
    schema_fault,
    sqlalchemy_url,
)
from app.settings import Settings
from app.worker_state import LATE_S, find_state

OLDEST_POSTGRESQL = 15
OLDEST_POSTGIS = (3, 3)
LITTLE_MEMORY_MB = 2048
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))

CLOCK_TOLERANCE = timedelta(minutes=1)
_LATEST = sa.text(
    "select max(signed_at) at time zone 'UTC' as signed_at,"
    " now() at time zone 'UTC' as now from registry.ledger_head"
)

State = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. A fault keeps the service from running right."""

    state: State
    subject: str
    text: str


def check_machine(settings: Settings) -> Iterator[Finding]:
    """Look at disk, memory, fonts and, for the private cluster, the programs."""
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free_mb = shutil.disk_usage(folder).free // (1024 * 1024)
    yield Finding(
        _state_of_disk(free_mb), "disk", f"{free_mb} MB free for {settings.data_dir}"
    )
    memory = memory_mb()
    yield Finding(
        "ok" if memory >= LITTLE_MEMORY_MB else "warning",
        "memory",
        f"{memory} MB, {LITTLE_MEMORY_MB} MB or more is right",
    )
    fonts = any(any(folder.rglob("NotoS*CJK*")) for folder in FONT_FOLDERS)
    yield Finding(
        "ok" if fonts else "warning",
        "font",
        "Noto CJK found" if fonts else "no Noto CJK: install fonts-noto-cjk",
    )
    if settings.has_own_cluster:
        versions = ", ".join(str(found.version) for found in list_binaries())
        yield Finding(
            "ok" if versions else "fault",
            "programs",
            f"PostgreSQL with PostGIS: {versions or 'none installed'}",
        )


def _state_of_disk(free_mb: int) -> State:
    if free_mb < SPACE_TO_START_MB:
        return "fault"
    return "warning" if free_mb < LITTLE_DISK_MB else "ok"


def check_worker(settings: Settings) -> Iterator[Finding]:
    """Look at the worker of a running service: is it at work, and does it seal."""
    state = find_state(settings.data_dir)
    if state is None or state.age_s > LATE_S:
        since = "nothing" if state is None else f"its last word {state.age_s:.0f} s ago"
        yield Finding(
            "fault", "worker", f"stands still ({since}); see the log of the service"
        )
    else:
        yield Finding("ok", "worker", f"at work {state.age_s:.0f} s ago")
    if state is not None and state.fault is not None:
        yield Finding("fault", "ledger", f"cannot be sealed: {state.fault}")


def check_database(urls: ClusterUrls) -> Iterator[Finding]:
    """Look at versions, schema, the service's rights and the mark on the box test.

    Raises
    ------
    sqlalchemy.exc.OperationalError
        If the database does not answer.
    """
    with _connect(urls.owner) as connection:
        yield _postgresql(connection)
        yield _postgis(connection)
        yield _schema(find_revision(connection))
        yield _box_test(box_test_is_leakproof(connection))
        yield from _clock(connection)
    with _connect(urls.service) as connection:
        yield _service_role(connection)


def _connect(url: str) -> sa.Connection:
    address = sqlalchemy_url(url)
    arguments = {"connect_timeout": 10}
    return sa.create_engine(
        address, poolclass=sa.NullPool, connect_args=arguments
    ).connect()


def _postgresql(connection: sa.Connection) -> Finding:
    version = connection.dialect.server_version_info or (0,)
    major = int(version[0])
    return Finding(
        "ok" if major >= OLDEST_POSTGRESQL else "fault",
        "PostgreSQL",
        f"version {major}, {OLDEST_POSTGRESQL} or newer is needed",
    )


def _postgis(connection: sa.Connection) -> Finding:
    version = connection.scalar(
        sa.text("select extversion from pg_extension where extname = 'postgis'")
    )
    needed = ".".join(map(str, OLDEST_POSTGIS))
    if version is None:
        return Finding("fault", "PostGIS", "missing: run jingtu db upgrade")
    return Finding(
        "ok" if version_of(version) >= OLDEST_POSTGIS else "fault",
        "PostGIS",
        f"version {version}, {needed} or newer is needed",
    )


def version_of(text: str) -> tuple[int, ...]:
    """Return the numbers at the head of a version (`3.3.2`, `3.6.0dev` → 3, 6, 0)."""
    match = re.match(r"\d+(\.\d+)*", text)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def _schema(found: str | None) -> Finding:
    fault = schema_fault(found)
    return Finding("fault" if fault else "ok", "schema", fault or f"{found}")


def _clock(connection: sa.Connection) -> Iterator[Finding]:
    """Compare the database's clock with the latest head: decisions bear its day.

    Nothing where no head was ever signed.
    """
    if connection.scalar(sa.text("select to_regclass('registry.ledger_head')")) is None:
        return
    row = connection.execute(_LATEST).one()
    if row.signed_at is None:
        return
    if row.now < row.signed_at - CLOCK_TOLERANCE:
        text = (
            f"{row.now:%Y-%m-%d %H:%M}, but the ledger was signed at"
            f" {row.signed_at:%Y-%m-%d %H:%M}: it was set back, or had gone ahead."
            " Decisions bear its day"
        )
        yield Finding("fault", "clock", text)
    else:
        yield Finding("ok", "clock", f"{row.now:%Y-%m-%d %H:%M} UTC")


def _box_test(leakproof: bool) -> Finding:
    if leakproof:
        return Finding("ok", "box test", "marked LEAKPROOF: spatial indexes are used")
    return Finding(
        "warning",
        "box test",
        "not marked LEAKPROOF: spatial queries read whole tables. A superuser should"
        " run: ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF",
    )


def _service_role(connection: sa.Connection) -> Finding:
    name, bypasses = connection.execute(
        sa.text(
            "select current_user, rolsuper or rolbypassrls from pg_roles"
            " where rolname = current_user"
        )
    ).one()
    return Finding(
        "fault" if bypasses else "ok",
        "service role",
        f"{name} {'bypasses' if bypasses else 'is under'} row-level security",
    )
