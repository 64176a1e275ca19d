"""Of what type is a file, by its content? (core).

A name proves nothing, so only the bytes are asked: PDF, OFD (GB/T 33190: a ZIP with
``OFD.xml`` at its root), JPEG, PNG, TIFF, or another ZIP. A file is never unpacked.
"""

from __future__ import annotations

from typing import Final, Literal

MediaType = Literal[
    "application/pdf",
    "application/ofd",
    "application/zip",
    "image/jpeg",
    "image/png",
    "image/tiff",
]
EXTENSIONS: Final[dict[MediaType, str]] = {
    "application/pdf": ".pdf",
    "application/ofd": ".ofd",
    "application/zip": ".zip",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
}
HEAD_BYTES: Final = 16
TAIL_BYTES: Final = 1024 * 1024
"""Bytes of the end that are looked at: the table of contents of a ZIP."""

_BEGINNINGS: Final[tuple[tuple[bytes, MediaType], ...]] = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_ZIP: Final = b"PK\x03\x04"
_ENTRY: Final = b"PK\x01\x02"
_ENTRY_BYTES: Final = 46
_END: Final = b"PK\x05\x06"
_END_BYTES: Final = 22


def find_media_type(head: bytes, tail: bytes) -> MediaType | None:
    """Return the type of a file; None where it is none of those accepted.

    Parameters
    ----------
    head, tail
        Its first `HEAD_BYTES` and its last `TAIL_BYTES`, fewer where it is shorter.

    Examples
    --------
    >>> find_media_type(b"%PDF-1.7", b"")
    'application/pdf'
    >>> find_media_type(b"MZ", b"") is None
    True
    """
    for beginning, media_type in _BEGINNINGS:
        if head.startswith(beginning):
            return media_type
    if not head.startswith(_ZIP):
        return None
    names = _list_names(tail)
    if names is None:
        return None
    return "application/ofd" if b"OFD.xml" in names else "application/zip"


def _list_names(tail: bytes) -> set[bytes] | None:
    """Return the names in a ZIP's table of contents as far as the tail holds it.

    None when the end of the table is missing: the file is no whole ZIP.
    """
    end = tail.rfind(_END)
    if end < 0 or len(tail) - end < _END_BYTES:
        return None
    size = int.from_bytes(tail[end + 12 : end + 16], "little")
    place, names = max(0, end - size), set()
    while tail[place : place + 4] == _ENTRY and place + _ENTRY_BYTES <= end:
        name, extra, comment = (
            int.from_bytes(tail[place + at : place + at + 2], "little")
            for at in (28, 30, 32)
        )
        names.add(tail[place + _ENTRY_BYTES : place + _ENTRY_BYTES + name])
        place += _ENTRY_BYTES + name + extra + comment
    return names


def clean_filename(sent: str, media_type: MediaType) -> str:
    r"""Return a name a file may be shown and downloaded under, at most 255 characters.

    Folders, control characters and what could reorder text are taken out; the ending
    follows the content.

    Examples
    --------
    >>> clean_filename("C:\\报告\\初步调查.PDF", "application/pdf")
    '初步调查.PDF'
    >>> clean_filename("../run.exe", "application/pdf")
    'run.exe.pdf'
    """
    base = sent.replace("\\", "/").rsplit("/", 1)[-1]
    shown = (c for c in base if c.isprintable() and c not in '"<>|:*?')
    kept = "".join(shown).strip(". ")
    ending = EXTENSIONS[media_type]
    alike = {".jpg": (".jpg", ".jpeg"), ".tif": (".tif", ".tiff")}
    if not kept.lower().endswith(alike.get(ending, (ending,))):
        kept = f"{kept[:240] or 'document'}{ending}"
    return kept[-255:]
