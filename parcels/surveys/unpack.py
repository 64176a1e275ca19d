"""What is in this zip archive, and may it be unpacked? (shell).

Looked at before anything is written: entry count, sizes, compression ratio, names
that lead outside, links, encryption, archives in the archive. What the headers claim
is not believed: sizes are counted again while unpacking. Members come out under names
of our own, so no name of the archive ever becomes a path.

Chinese Windows writes member names in GBK without the flag for UTF-8; Python then
reads them as code page 437, from which the bytes are recovered.
"""

from __future__ import annotations

import stat
import threading
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final, cast

from isal.igzip_lib import IsalError
from isal.isal_zlib import crc32, decompressobj

from parcels.surveys.limits import Limits
from parcels.surveys.refusals import FileRefused

_UTF8_NAMES = 0x800
_ENCRYPTED = 0x1
_BLOCK = 1024 * 1024
_PACKED = 256 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What survey files are packed with. `zipfile` knows bzip2 and LZMA as well: two more
decoders for a stranger's bytes, one of which takes as much memory as the file says."""
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz")
_SMALL = 1024 * 1024
"""Members below this size are not held to the ratio: blank tables pack well."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive; `name` as its maker wrote it, with forward slashes."""

    name: str
    info: zipfile.ZipInfo

    @property
    def suffix(self) -> str:
        """Extension in lower case, with its dot."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """Name with its folders, without the extension."""
        return str(PurePosixPath(self.name).with_suffix(""))


class ZipArchive:
    """An opened zip archive whose members have been found harmless."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive = archive
        self._left = limits.unpacked_bytes
        self._lock = threading.Lock()
        self._limits = limits
        self.members = tuple(_check_members(archive.infolist(), limits))

    def head(self, member: Member, count: int) -> bytes:
        """Return the first bytes of a member.

        Raises
        ------
        FileRefused
            If it is damaged.
        """
        try:
            with self._archive.open(member.info) as source:
                return source.read(count)
        except NotImplementedError as error:
            raise FileRefused("zip_method", member=member.name) from error
        except _DAMAGE as error:
            raise _damaged(error, member) from error

    def extract(self, member: Member, target: Path) -> None:
        """Write one member to a path of ours.

        Raises
        ------
        FileRefused
            If it is damaged or larger than it claims.
        """
        try:
            with target.open("wb") as file:
                for block in self._read(member):
                    self._count(len(block))
                    file.write(block)
        except NotImplementedError as error:
            raise FileRefused("zip_method", member=member.name) from error
        except _DAMAGE as error:
            raise _damaged(error, member) from error

    def extract_all(self, members: Iterable[tuple[Member, Path]]) -> None:
        """Write members to paths of ours, two at a time; raise as `extract` does.

        Of several that are damaged the first is told.
        """
        with ThreadPoolExecutor(2) as pool:
            tasks = [pool.submit(self.extract, *one) for one in members]
            for task in tasks:
                task.result()

    def _read(self, member: Member) -> Iterator[bytes]:
        """Yield what a member holds, piece by piece; at its end it has been checked."""
        if member.info.compress_type != zipfile.ZIP_DEFLATED:
            with self._archive.open(member.info) as source:
                while block := source.read(_BLOCK):
                    yield block
            return
        size, checksum = 0, 0
        with self._archive.open(_as_packed(member.info)) as source:
            for block in _inflate(source):
                size, checksum = size + len(block), crc32(block, checksum)
                yield block
        if (size, checksum) != (member.info.file_size, member.info.CRC):
            raise zipfile.BadZipFile("length or checksum differs")

    def _count(self, size: int) -> None:
        """Count unpacked bytes; refuse more than may come out of one archive."""
        with self._lock:
            self._left -= size
        if self._left < 0:
            raise FileRefused("zip_size", limit=self._limits.unpacked_bytes)


def _as_packed(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return the entry of a member whose bytes are to be read as they are packed."""
    packed = copy(info)
    packed.compress_type, packed.file_size = zipfile.ZIP_STORED, info.compress_size
    del packed.CRC
    return packed


def _inflate(source: IO[bytes]) -> Iterator[bytes]:
    """Yield what a DEFLATE stream holds, piece by piece (RFC 1951).

    ISA-L takes a third of the time of zlib, which `zipfile` inflates with: a second for
    a county's million parcels, and nothing else can be done meanwhile.
    """
    inflate = decompressobj(-zlib.MAX_WBITS)
    while not inflate.eof:
        packed = inflate.unconsumed_tail or source.read(_PACKED)
        block = inflate.decompress(packed, _BLOCK)
        if not packed and not block:
            raise EOFError("the packed bytes end too early")
        yield block


# The library's own declaration calls its error class an error.
_ISAL_ERROR: Final = cast(type[Exception], IsalError)
_DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, _ISAL_ERROR),
    *(EOFError, ValueError, RuntimeError),
)
_NO_MEMORY = "Error -4 "
"""How zlib begins to say that it got no memory (Z_MEM_ERROR): no fault of the file."""


def _damaged(error: Exception, member: Member) -> Exception:
    if isinstance(error, zlib.error) and str(error).startswith(_NO_MEMORY):
        return MemoryError()
    return FileRefused(
        "zip_damaged",
        cause_zh=f"成员“{member.name}”解不开，或内容与校验值不符",
        cause_en=f"member {member.name!r} does not unpack or fails its checksum",
    )


@contextmanager
def open_archive(path: Path, limits: Limits) -> Iterator[ZipArchive]:
    """Open a zip archive after looking at every entry of it.

    Raises
    ------
    FileRefused
        If it is damaged or holds anything that must not be unpacked.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (*_DAMAGE, NotImplementedError, OSError) as error:
        raise FileRefused(
            "zip_damaged",
            cause_zh="找不到或读不出文件末尾的目录，可能没有传完整",
            cause_en="the directory at its end is not found or cannot be read, it may"
            " be cut short",
        ) from error
    with archive:
        yield ZipArchive(archive, limits)


def _check_members(infos: list[zipfile.ZipInfo], limits: Limits) -> Iterator[Member]:
    if len(infos) > limits.members:
        raise FileRefused("zip_entries", found=len(infos), limit=limits.members)
    if sum(info.file_size for info in infos) > limits.unpacked_bytes:
        raise FileRefused("zip_size", limit=limits.unpacked_bytes)
    seen: set[str] = set()
    for info in infos:
        member = Member(_name(info), info)
        if info.header_offset < 0:
            raise FileRefused(
                "zip_damaged",
                cause_zh=f"目录所记成员“{member.name}”的位置在文件之外",
                cause_en=f"its directory places {member.name!r} outside the file",
            )
        _check_member(member, limits)
        if member.name.endswith("/") or _is_clutter(member.name):
            continue
        if not PurePosixPath(member.name).name:
            raise FileRefused(
                "zip_damaged",
                cause_zh="目录中有成员没有名称",
                cause_en="a member has no name in its directory",
            )
        if member.name.lower() in seen:
            raise FileRefused("zip_twice", member=member.name)
        seen.add(member.name.lower())
        yield member


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name that stands in the directory.

    `filename` is not it: it ends at a zero byte, and from Python 3.13 it is taken from
    a field of Info-ZIP where there is one (0x7075).
    """
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAMES:
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _check_member(member: Member, limits: Limits) -> None:
    name, info = member.name, member.info
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or ":" in parts[0] or "\0" in name:
        raise FileRefused("zip_path", member=name)
    if info.flag_bits & _ENCRYPTED:
        raise FileRefused("zip_encrypted", member=name)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise FileRefused("zip_link", member=name)
    if member.suffix in _ARCHIVES and not _is_clutter(name):
        raise FileRefused("zip_nested", member=name)
    if info.compress_type not in _METHODS:
        raise FileRefused("zip_method", member=name)
    packed = max(info.compress_size, 1)
    if info.file_size > _SMALL and info.file_size / packed > limits.ratio:
        raise FileRefused("zip_ratio", member=name, limit=f"{limits.ratio:g}")


def _is_clutter(name: str) -> bool:
    """Whether an operating system left it behind (``__MACOSX``, ``Thumbs.db``)."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1:] in ((".DS_Store",), ("Thumbs.db",))
