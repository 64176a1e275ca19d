"""Which program decided? (shell: reads the program's own sources once).

The conditions of rules, the measuring and the reading of the register are code. Their
version is the digest of the sources themselves: it needs no discipline and no
repository, and two installations of the same release agree. It also changes with a
comment: then a replay says that the engine is another and its result the same.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import shapely

EDITION: Final = "2026.11"
"""Edition of the rules' code for people; the digest is what tells."""

_PACKAGES: Final = Path(__file__).parent.parent


@cache
def describe_engine() -> dict[str, str]:
    """Return edition, digest of the sources, and version of the geometry library.

    The digest is over every `.py` and `.sql` file of `parcels` and `screening`: path
    and bytes, in the order of paths. Rule sets have digests of their own.
    """
    digest = hashlib.sha256()
    for path in sorted(_list_sources()):
        name = path.relative_to(_PACKAGES).as_posix().encode()
        written = path.read_bytes()
        digest.update(b"%d %s %d\n" % (len(name), name, len(written)))
        digest.update(written)
    return {
        "edition": EDITION,
        "sources_sha256": digest.hexdigest(),
        "geos": shapely.geos_version_string,
    }


def _list_sources() -> list[Path]:
    return [
        path
        for package in ("parcels", "screening")
        for suffix in ("py", "sql")
        for path in (_PACKAGES / package).rglob(f"*.{suffix}")
    ]
