"""How much may one file ask of the machine? (core).

Project defaults: a county's largest layers stay far below them, and a file beyond
them ends its own upload only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one upload.

    Attributes
    ----------
    seconds
        Wall-clock time the reading process may take.
    memory_bytes
        Private memory the reading process may map; a million parcels of 21 vertices
        need 1.5 GiB of it.
    unpacked_bytes
        Sum of all members of a zip archive, unpacked.
    members
        Number of members of a zip archive.
    ratio
        Times a member of more than a megabyte may be packed; attribute tables full
        of blanks reach 250, deflate cannot pass 1030.
    rows
        Records of one layer.
    """

    seconds: float = 900.0
    memory_bytes: int = 4 * 1024**3
    unpacked_bytes: int = 8 * 1024**3
    members: int = 2000
    ratio: float = 500.0
    rows: int = 5_000_000
