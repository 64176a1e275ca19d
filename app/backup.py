"""Everything the service keeps, in one file, and back from it.

A tar with what the private database holds at one moment (`pg_dump`), the survey files
and documents in the archives, the kept tree heads and the signing key of the ledger.
The heads are read before the database and the archives after it: no kept head is
younger than the database, and no row names bytes that are not there. Without the
passwords of the database and the demonstration keys, which a new data directory makes
for itself.
"""

from __future__ import annotations

import io
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

from app.cluster import Cluster, ClusterUrls, DataDirectoryLock, running_database
from app.cluster.binaries import Binaries, list_binaries
from app.cluster.place import find_place, make_data_directory
from app.migration import upgrade
from app.refusals import CannotRun
from app.settings import Settings
from parcels.ledger.kept import HEADS_FILE

FORMAT: Final = "jingtu-backup/1"
MANIFEST: Final = "manifest.json"
DUMP: Final = "database.dump"
_LEDGER: Final = "ledger"
_ARCHIVES: Final = ("uploads/bytes", "documents/bytes")
_FOLDERS: Final = (_LEDGER, "uploads", "documents")


class BackupUnusable(CannotRun):
    """A backup cannot be written or read; the text says why and what to do."""

    exit_code = 8


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
        If the database is not ours, or cannot be dumped.
    """
    if not settings.has_own_cluster:
        raise BackupUnusable(
            "The database of JINGTU_DATABASE_URL is its administrator's to back up"
            f" (pg_dump). Copy {settings.data_dir} beside it, after the dump."
        )
    if find_place(settings.data_dir) is None:
        raise BackupUnusable(f"There is no register in {settings.data_dir}.")
    with (
        running_database(settings) as urls,
        tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as name,
    ):
        folder = Path(name)
        heads = _whole_lines(settings.data_dir / _LEDGER / HEADS_FILE)
        binaries = _binaries_of(settings)
        _dump(binaries, urls, folder / DUMP)
        files = _pack(settings, binaries, heads, folder)
        size = (folder / "backup.tar").stat().st_size
        (folder / "backup.tar").replace(target)
    return Written(size, files)


def restore_backup(
    settings: Settings, source: Path, say: Callable[[str], None] = lambda line: None
) -> dict[str, Any]:
    """Make a register in an empty data directory from a backup; return its manifest.

    Whatever fails, the data directory is as empty afterwards as it was before.

    Raises
    ------
    BackupUnusable
        If the file is no backup, or there is something in the data directory already.
    """
    if not settings.has_own_cluster:
        raise BackupUnusable("A backup is restored into a private database only.")
    make_data_directory(settings.data_dir)
    with DataDirectoryLock(settings.data_dir):
        _require_empty(settings.data_dir)
        try:
            return _restore(settings, source, say)
        except BaseException:
            Cluster(settings.data_dir).remove()
            for one in _FOLDERS:
                shutil.rmtree(settings.data_dir / one, ignore_errors=True)
            raise


def _require_empty(data_dir: Path) -> None:
    found = [one for one in _FOLDERS if (data_dir / one).exists()]
    if find_place(data_dir) is not None or found:
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
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        _add_bytes(tar, MANIFEST, json.dumps(manifest, indent=2).encode())
        tar.add(folder / DUMP, DUMP)
        for one in sorted((settings.data_dir / _LEDGER).glob("*")):
            if one.is_file() and one.name != HEADS_FILE:
                tar.add(one, f"{_LEDGER}/{one.name}")
                count += 1
        _add_bytes(tar, f"{_LEDGER}/{HEADS_FILE}", heads)
        for archive in _ARCHIVES:
            top = settings.data_dir / archive
            for one in sorted(top.rglob("*")):
                if one.is_file():
                    tar.add(one, f"{archive}/{one.relative_to(top)}")
                    count += 1
    return count


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def _restore(
    settings: Settings, source: Path, say: Callable[[str], None]
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as name:
        folder = Path(name)
        manifest = _unpack(source, folder)
        binaries = _not_older_than(int(manifest["postgresql"]))
        for one in _FOLDERS:
            if (folder / one).exists():
                (folder / one).replace(settings.data_dir / one)
        cluster = Cluster(settings.data_dir, say=say)
        try:
            urls = cluster.start()
            dump = str(folder / DUMP)
            database = ("--dbname", "jingtu")
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


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup; return its manifest. Names that lead elsewhere are refused."""
    try:
        with tarfile.open(source, "r:") as tar:
            for entry in tar:
                _unpack_file(tar, entry, folder)
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["format"] != FORMAT or not (folder / DUMP).exists():
            raise ValueError(f"not {FORMAT}")
        return dict(manifest)
    except (tarfile.TarError, ValueError, KeyError, OSError) as error:
        raise BackupUnusable(
            f"{source} is no whole backup of Jingtu ({error})."
        ) from error


def _unpack_file(tar: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    """Write one file of a backup where it belongs, for its owner alone."""
    parts = entry.name.split("/")
    known = entry.name in (MANIFEST, DUMP) or parts[0] in _FOLDERS
    content = tar.extractfile(entry) if entry.isfile() else None
    if content is None or not known or {"", ".", ".."} & set(parts):
        raise ValueError(f"unexpected entry {entry.name!r}")
    path = folder.joinpath(*parts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with content, open(path, "xb", opener=_for_owner_alone) as file:
        shutil.copyfileobj(content, file)


def _for_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
