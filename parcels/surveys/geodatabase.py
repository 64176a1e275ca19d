"""Which File Geodatabase does a zip archive hold? (shell).

A folder ``name.gdb`` of tables numbered by ESRI. Only files named as ESRI names them
are unpacked, under those names: GDAL finds a table by them.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Final

from parcels.surveys.unpack import Member, ZipArchive

_FOLDER: Final = ".gdb"
_FILE: Final = re.compile(r"(a[0-9a-f]{8}\.[a-z0-9_]{1,40}|gdb|timestamps)")


def list_geodatabases(archive: ZipArchive) -> dict[str, list[Member]]:
    """Return the geodatabases of an archive: path of the folder → its members."""
    found: dict[str, list[Member]] = {}
    for member in archive.members:
        path = PurePosixPath(member.name)
        if path.parent.suffix.lower() == _FOLDER:
            found.setdefault(str(path.parent), []).append(member)
    return found


def extract_geodatabase(
    archive: ZipArchive, members: list[Member], folder: Path
) -> Path:
    """Unpack a geodatabase as ``layer.gdb``; return that path."""
    target = folder / f"layer{_FOLDER}"
    target.mkdir()
    for member in members:
        name = PurePosixPath(member.name).name.lower()
        if _FILE.fullmatch(name):
            archive.extract(member, target / name)
    return target
