"""Where the programs of PostgreSQL are: the newest version that has PostGIS."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.refusals import DatabaseUnusable

OLDEST_VERSION = 15
DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")
DEBIAN_SHARE = Path("/usr/share/postgresql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """The programs of one PostgreSQL version."""

    version: int
    folder: Path

    def program(self, name: str) -> str:
        """Return the path of `initdb`, `pg_ctl`, …."""
        return str(self.folder / name)


def list_binaries(
    programs: Path = DEBIAN_PROGRAMS, share: Path = DEBIAN_SHARE
) -> list[Binaries]:
    """Return the installed versions that have PostGIS, newest first."""
    found = [
        Binaries(int(folder.name), folder / "bin")
        for folder in programs.glob("[0-9]*")
        if folder.name.isdigit()
        and int(folder.name) >= OLDEST_VERSION
        and (folder / "bin" / "initdb").exists()
        and (folder / "lib" / "postgis-3.so").exists()
        and (share / folder.name / "extension" / "postgis.control").exists()
    ]
    return sorted(found, key=lambda binaries: -binaries.version)


def choose_binaries(data_version: int | None, installed: list[Binaries]) -> Binaries:
    """Return the programs for data of that version; the newest for no data yet.

    Raises
    ------
    DatabaseUnusable
        If they are not installed. Data of one major version cannot be read by
        another; moving it is the administrator's decision.
    """
    for binaries in installed:
        if data_version is None or binaries.version == data_version:
            return binaries
    if data_version is None:
        raise DatabaseUnusable(
            f"No PostgreSQL {OLDEST_VERSION} or newer with PostGIS is installed under"
            f" {DEBIAN_PROGRAMS}. scripts/serve installs it (Debian 12: postgresql-15"
            " postgresql-15-postgis-3), or set JINGTU_DATABASE_URL to a database that"
            " has PostGIS."
        )
    here = ", ".join(str(binaries.version) for binaries in installed) or "none"
    raise DatabaseUnusable(
        f"The database files were made by PostgreSQL {data_version}; installed with"
        f" PostGIS: {here}. Install postgresql-{data_version} and"
        f" postgresql-{data_version}-postgis-3 and start again. To move to a newer"
        " version, run jingtu backup while both are installed, and jingtu restore into"
        " an empty data directory: it takes the newest."
    )
