"""Everything the service keeps, in one file, and back from it.

A tar with what the private database holds at one moment (`pg_dump`), the survey files
and documents in the archives, the kept tree heads and the signing key of the ledger.
The heads are read before the database and the archives after it: no kept head is
younger than the database, and no row names bytes that are not there. Last stands the
SHA-256 of every part, so that a file that was cut off or altered is told before
anything is made of it. Without the passwords of the database and the demonstration
keys, which a new data directory makes for itself.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from psycopg.conninfo import conninfo_to_dict

from app.backup_file import (
    DUMP,
    FOLDERS,
    FORMAT,
    LEDGER,
    MANIFEST,
    SUMS,
    BackupUnusable,
    Parts,
    unpack,
)
from app.backup_folder import cannot_write, working_folder
from app.cluster import Cluster, ClusterUrls, DataDirectoryLock, running_database
from app.cluster.binaries import Binaries, list_binaries
from app.cluster.place import (
    begin_restore,
    end_restore,
    find_place,
    make_data_directory,
    restore_was_cut_off,
)
from app.migration import upgrade
from app.refusals import DiskFull
from app.settings import Settings
from parcels.durable import sync
from parcels.ledger.kept import HEADS_FILE

_ARCHIVES: Final = ("uploads/bytes", "documents/bytes")
_NEW: Final = ".restore-"


@dataclass(frozen=True, slots=True)
class Written:
    """A backup as it was written: its size, and the files beside the database."""

    size: int
    files: int


def write_backup(settings: Settings, target: Path) -> Written:
    """Write a backup of the private database and its files; the service may run on.

    The file appears whole or not at all, readable by its owner alone.

    Raises
    ------
    BackupUnusable
        If the database is not ours, cannot be dumped, or is being backed up already.
    """
    if not settings.has_own_cluster:
        raise BackupUnusable(
            "The database of JINGTU_DATABASE_URL is its administrator's to back up."
            f" First copy {settings.data_dir / LEDGER}, then pg_dump, then copy"
            f" {settings.data_dir / 'uploads'} and {settings.data_dir / 'documents'}:"
            " in this order no kept head is younger than the dump, and no row names a"
            " file that is not there."
        )
    if find_place(settings.data_dir) is None:
        raise BackupUnusable(f"There is no register in {settings.data_dir}.")
    with (
        running_database(settings) as urls,
        working_folder(settings.data_dir, target) as folder,
    ):
        heads = _whole_lines(settings.data_dir / LEDGER / HEADS_FILE)
        binaries = _binaries_of(settings)
        _dump(binaries, urls, folder / DUMP)
        try:
            files = _pack(settings, binaries, heads, folder)
            size = (folder / "backup.tar").stat().st_size
            (folder / "backup.tar").replace(target)
            sync(target.parent)
        except OSError as error:
            raise cannot_write(target, error) from error
    return Written(size, files)


def restore_backup(
    settings: Settings, source: Path, say: Callable[[str], None] = lambda line: None
) -> dict[str, Any]:
    """Make a register in an empty data directory from a backup; return its manifest.

    Whatever fails, the data directory is as empty afterwards as it was before. One
    that was killed leaves a mark: the service does not start on half a register, and
    the next restore clears it away.

    Raises
    ------
    BackupUnusable
        If the file is no backup, or there is something in the data directory already.
    """
    if not settings.has_own_cluster:
        raise BackupUnusable("A backup is restored into a private database only.")
    make_data_directory(settings.data_dir)
    with DataDirectoryLock(settings.data_dir):
        if restore_was_cut_off(settings.data_dir):
            say("A restore was cut off here; what it left is cleared away.")
            _clear(settings.data_dir)
        _require_empty(settings.data_dir)
        begin_restore(settings.data_dir)
        try:
            manifest = _restore(settings, source, say)
        except BaseException:
            _clear(settings.data_dir)
            raise
        end_restore(settings.data_dir)
        return manifest


def _clear(data_dir: Path) -> None:
    """Remove what a restore has made."""
    Cluster(data_dir).remove()
    for one in [*(data_dir / name for name in FOLDERS), *data_dir.glob(f"{_NEW}*")]:
        shutil.rmtree(one, ignore_errors=True)
    end_restore(data_dir)


def _require_empty(data_dir: Path) -> None:
    found = [one for one in FOLDERS if (data_dir / one).exists()]
    place = find_place(data_dir)
    if (place is not None and (place / "data").exists()) or found:
        raise BackupUnusable(
            f"There is a register in {data_dir} already. Choose an empty folder with"
            " JINGTU_DATA_DIR; a backup never overwrites anything."
        )


def _whole_lines(path: Path) -> bytes:
    """Return a file that grows by lines, without one that is being written."""
    if not path.exists():
        return b""
    content = path.read_bytes()
    return content[: content.rfind(b"\n") + 1]


def _binaries_of(settings: Settings) -> Binaries:
    """Return the programs of the version the private database was made by."""
    place = find_place(settings.data_dir)
    assert place is not None
    text = (place / "data" / "PG_VERSION").read_text(encoding="ascii").strip()
    for one in list_binaries():
        if str(one.version) == text:
            return one
    raise BackupUnusable(f"PostgreSQL {text} is not installed.")


def _dump(binaries: Binaries, urls: ClusterUrls, path: Path) -> None:
    _run(binaries, "pg_dump", urls, "--format=custom", f"--file={path}")


def _run(binaries: Binaries, program: str, urls: ClusterUrls, *options: str) -> None:
    """Run a program of PostgreSQL as the superuser of the private database.

    The password goes by the environment: everybody can read a command line.
    """
    assert urls.superuser is not None
    parts = conninfo_to_dict(urls.superuser)
    where = {
        "PGHOST": str(parts["host"]),
        "PGPORT": str(parts["port"]),
        "PGUSER": str(parts["user"]),
        "PGPASSWORD": str(parts["password"]),
        "PGDATABASE": str(parts["dbname"]),
    }
    end = subprocess.run(
        [binaries.program(program), "--no-password", *options],
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **where},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if end.returncode != 0 and os.strerror(errno.ENOSPC) in end.stdout:
        raise DiskFull(f"{program} failed: the disk is full.\n{end.stdout.strip()}")
    if end.returncode != 0:
        raise BackupUnusable(f"{program} failed.\n{end.stdout.strip()[-2000:]}")


def _pack(settings: Settings, binaries: Binaries, heads: bytes, folder: Path) -> int:
    """Write `backup.tar`; return the number of files beside the database."""
    path = folder / "backup.tar"
    path.touch(mode=0o600)
    manifest = {
        "format": FORMAT,
        "program": version("jingtu"),
        "postgresql": binaries.version,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "heads": heads.count(b"\n"),
    }
    count = 0
    with path.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            parts = Parts(tar)
            parts.add_bytes(MANIFEST, json.dumps(manifest, indent=2).encode())
            parts.add_file(DUMP, folder / DUMP)
            for one in sorted((settings.data_dir / LEDGER).glob("*")):
                if one.is_file() and one.name != HEADS_FILE:
                    count += parts.add_file(f"{LEDGER}/{one.name}", one)
            parts.add_bytes(f"{LEDGER}/{HEADS_FILE}", heads)
            for archive in _ARCHIVES:
                top = settings.data_dir / archive
                for one in sorted(top.rglob("*")):
                    if one.is_file():
                        name = f"{archive}/{one.relative_to(top)}"
                        count += parts.add_file(name, one)
            parts.add_bytes(SUMS, parts.sums())
        file.flush()
        os.fsync(file.fileno())
    return count


def _restore(
    settings: Settings, source: Path, say: Callable[[str], None]
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=_NEW) as name:
        folder = Path(name)
        manifest = unpack(source, folder)
        binaries = _not_older_than(int(manifest["postgresql"]))
        for one in FOLDERS:
            if (folder / one).exists():
                (folder / one).replace(settings.data_dir / one)
        cluster = Cluster(settings.data_dir, say=say)
        try:
            urls = cluster.start()
            dump = str(folder / DUMP)
            database = ("--dbname", "jingtu")
            say("Reading the database back ...")
            _run(binaries, "pg_restore", urls, "--exit-on-error", *database, dump)
            # A dump does not carry the mark that lets policies use spatial indexes.
            upgrade(urls.owner, urls.superuser)
        finally:
            cluster.stop()
    return manifest


def _not_older_than(made_by: int) -> Binaries:
    newest = list_binaries()[:1]
    if not newest or newest[0].version < made_by:
        raise BackupUnusable(
            f"The backup was made by PostgreSQL {made_by}; install that version or a"
            " newer one, with PostGIS."
        )
    return newest[0]
