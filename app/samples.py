"""Load the invented sample county, as the bureaus of a county would send it.

Each file of ``data/samples/manifest.toml`` is one upload and one transaction, made by
the use cases of a surveyor's upload under the role that would send it. What was
committed is never loaded again, so an interrupted load goes on where it stopped.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

import sqlalchemy as sa

import parcels
from app.cluster import database_urls
from app.database import Database
from app.refusals import CannotRun
from app.security.principals import Principal, Role
from app.settings import Settings
from app.uploads import find_archive
from parcels.register import tables as register_tables
from parcels.surveys.archive import Archive
from parcels.surveys.confinement import close_readers
from parcels.surveys.imports import import_file
from parcels.surveys.reports import list_issues
from parcels.surveys.repository import Upload
from parcels.surveys.request import UploadRequest
from parcels.surveys.tables import upload

SAMPLES: Final = Path(parcels.__file__).parent.parent / "data" / "samples"
ACTOR: Final = "示范数据 sample data"
"""Actor of every change the sample county comes from."""

_NOBODY: Final = UUID(int=0)
_INVENTED: Final = "99"
_SHOWN: Final = 10
_SENDERS: Final[dict[str, Role]] = {
    "division": "surveyor",
    "parcel": "surveyor",
    "parcel_lineage": "surveyor",
    "river": "surveyor",
    # Themes of several departments stand in one file.
    "restriction_area": "surveyor",
    "theme_coverage": "surveyor",
    "farmland_unit": "agriculture",
    "farmland_measure": "agriculture",
}
"""Role whose bureau sends a layer; the ecology-environment bureau sends the others."""


class SamplesUnusable(CannotRun):
    """The sample county cannot be loaded; the text names file and faults."""


@dataclass(frozen=True, slots=True)
class SampleFile:
    """One file of the manifest."""

    path: Path
    request: UploadRequest

    @property
    def sender(self) -> Principal:
        """Who sends it: the role of its layer, in its county."""
        role = _SENDERS.get(self.request.layer, "registrar")
        return Principal(_NOBODY, ACTOR, role, self.request.division_code)


def read_manifest(folder: Path = SAMPLES) -> tuple[SampleFile, ...]:
    """Return the files of the sample county in the order they are loaded.

    Raises
    ------
    SamplesUnusable
        If the manifest is missing or names a file that is not there.
    """
    manifest = folder / "manifest.toml"
    if not manifest.exists():
        raise SamplesUnusable(f"There are no sample files in {folder}.")
    entries = tomllib.loads(manifest.read_text(encoding="utf-8"))["file"]
    files = tuple(_read_entry(folder, entry) for entry in entries)
    missing = [str(file.path) for file in files if not file.path.exists()]
    if missing:
        raise SamplesUnusable("Sample files are missing: " + ", ".join(missing))
    return files


def _read_entry(folder: Path, entry: dict[str, str | int | date]) -> SampleFile:
    valid_from = entry["valid_from"]
    assert isinstance(valid_from, date)
    request = UploadRequest(
        layer=str(entry["layer"]),
        division_code=str(entry["division"]),
        valid_from=valid_from,
        crs=int(str(entry["crs"])) if "crs" in entry else None,
        encoding=str(entry["encoding"]) if "encoding" in entry else None,
        member=str(entry["member"]) if "member" in entry else None,
    )
    return SampleFile(folder / str(entry["path"]), request)


def load_if_empty(settings: Settings, folder: Path = SAMPLES) -> int:
    """Load the sample county into an empty register; return the files loaded.

    Goes on where an earlier load was interrupted. A register that holds anything else
    is left alone: 0.

    Raises
    ------
    SamplesUnusable
        If a file cannot be taken or has an error; those before it stay loaded.
    """
    files = read_manifest(folder)
    database = Database(
        database_urls(settings).service, pool_size=1, statement_timeout_s=0
    )
    try:
        loaded = _count_loaded(database)
        if loaded is None or loaded >= len(files):
            return 0
        print(f"Loading the sample county ({len(files)} files) ...", flush=True)
        archive = find_archive(settings)
        for file in files:
            _load(database, archive, file)
        return (_count_loaded(database) or 0) - loaded
    finally:
        close_readers()
        database.close()


def _count_loaded(database: Database) -> int | None:
    """Return how many sample files are loaded; None when the register is another's."""
    reader = Principal(_NOBODY, ACTOR, "auditor", _INVENTED)
    with database.transaction(reader, read_only=True) as connection:
        ours = sa.select(sa.func.count()).where(
            upload.c.actor == ACTOR, upload.c.state == "committed"
        )
        loaded = connection.execute(ours).scalar_one()
        changes = connection.scalar(sa.select(register_tables.change_head.c.number))
    return int(loaded) if loaded or not changes else None


def _load(database: Database, archive: Archive, file: SampleFile) -> None:
    """Load one file in one transaction, unless it was loaded before."""
    with (
        database.transaction(file.sender) as connection,
        file.path.open("rb") as source,
    ):
        done = import_file(
            connection,
            archive,
            source,
            file.path.name,
            file.request,
            actor=ACTOR,
            reason=ACTOR,
        )
        if done.state != "committed":
            raise SamplesUnusable(_explain(file, done, connection))


def _explain(file: SampleFile, done: Upload, connection: sa.Connection) -> str:
    """Say what is wrong with a file: the first of its faults, in English."""
    if done.failure is not None:
        return f"{file.path}: {done.failure['en']}"
    issues = list_issues(connection, done.id)
    errors = [issue for issue in issues if issue.severity == "error"]
    lines = [f"  {issue.message('en')}" for issue in errors[:_SHOWN]]
    if done.error_count > len(lines):
        lines.append(f"  ... and {done.error_count - len(lines)} more")
    return "\n".join([f"{file.path} has {done.error_count} errors:", *lines])
