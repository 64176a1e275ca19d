"""An upload's form, read as it arrives: fields in memory, the file to the archive.

RFC 7578 with what is really sent: file names in raw UTF-8 or GBK (which RFC 7578 has
no word for), in ``filename*`` (RFC 5987, forbidden there and sent all the same), fields
before or after the file. Nothing of the file is held in memory.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import unquote_to_bytes

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.problems import Fault
from app.request_errors import BodyTooSlow, InvalidRequest, NotAForm, NotFormType
from parcels.surveys.archive import FULL, Archive, Incoming
from parcels.surveys.errors import ArchiveFull, UploadTooLarge
from parcels.texts import Text

FILE: Final = "file"
LONGEST_FIELD: Final = 64 * 1024
"""Bytes of a field that is no file; a mapping of some thousand fields fits."""
LONGEST_NAME: Final = 255
"""Characters of a file's name without its folders; no usual file system has more."""
LONGEST_HEADER: Final = 4096
"""Bytes of a part's header; a name of the longest, told twice, fits."""
PATIENCE_S: Final = 60
"""Seconds within which the next piece of a body has to arrive; a project default."""
_BLOCK: Final = 1024 * 1024
_OVERHEAD: Final = 1024 * 1024
"""Bytes that fields and boundaries may take beside the file."""
_PARAMETER = re.compile(r';\s*([\w*]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')


class Form:
    """What has arrived of a form.

    Attributes
    ----------
    fields
        Name → text.
    filename
        As sent; None until the file's part has begun.
    """

    def __init__(
        self,
        boundary: bytes,
        names: frozenset[str],
        incoming: Incoming,
        limit_bytes: int,
        before_file: Callable[[Mapping[str, str]], None],
    ) -> None:
        self.fields: dict[str, str] = {}
        self.filename: str | None = None
        self._names = names
        self._incoming = incoming
        self._limit = limit_bytes
        self._before_file = before_file
        self._complete = False
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._disposition = b""
        self._name = ""
        self._value = bytearray()
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": self._take_header_name,
                "on_header_value": self._take_header,
                "on_header_end": self._end_header,
                "on_headers_finished": self._end_headers,
                "on_part_data": self._take,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
            # Both takers have the limit: they can say what is wrong.
            max_header_size=sys.maxsize,
        )

    def feed(self, data: bytes) -> None:
        """Take in the next bytes of the body; blocks on the disk.

        Raises
        ------
        NotAForm, InvalidRequest, UploadTooLarge
        OSError
            If the disk is full.
        """
        try:
            self._parser.write(data)
        except MultipartParseError as error:
            raise NotAForm(
                "各部分的分隔符或头部有误",
                "a boundary or a header of its parts is not well formed",
            ) from error

    def finish(self) -> None:
        """Refuse a form that broke off, or that brought no file.

        Raises
        ------
        NotAForm, InvalidRequest
        """
        if not self._complete:
            raise NotAForm("缺少结束分隔符", "the closing boundary is missing")
        if self.filename is None:
            raise _fault(FILE, "missing", _MISSING)

    def _begin_part(self) -> None:
        self._disposition, self._name, self._value = b"", "", bytearray()

    def _take_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])
        if len(self._header[0]) > LONGEST_HEADER:
            raise NotAForm(
                "某一部分的头部字段名过长", "the name of a part's header is too long"
            )

    def _take_header(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])
        if len(self._header[1]) > LONGEST_HEADER:
            raise _fault(FILE, "name_too_long", _long_name())

    def _end_header(self) -> None:
        name, value = self._header
        if name.strip().lower() == b"content-disposition":
            self._disposition = bytes(value)
        self._header = (bytearray(), bytearray())

    def _end_headers(self) -> None:
        parameters = read_parameters(self._disposition)
        self._name = parameters.get("name", "")
        if self._name == FILE:
            if self.filename is not None:
                raise _fault(FILE, "twice", _TWICE)
            self.filename = parameters.get("filename", "").strip()
            if not self.filename:
                raise _fault(FILE, "not_a_file", _NOT_A_FILE)
            length = len(re.split(r"[/\\]", self.filename)[-1])
            if length > LONGEST_NAME:
                raise _fault(FILE, "name_too_long", _long_name(length))
            self._before_file(self.fields)
        elif self._name not in self._names:
            raise _fault(self._name, "unknown", _unknown(self._names))
        elif self._name in self.fields:
            raise _fault(self._name, "twice", _TWICE)

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._name != FILE:
            self._value += data[start:end]
            if len(self._value) > LONGEST_FIELD:
                raise _fault(self._name, "too_long", _TOO_LONG)
            return
        if self._incoming.size + end - start > self._limit:
            raise UploadTooLarge(self._limit)
        self._incoming.write(memoryview(data)[start:end])

    def _end_part(self) -> None:
        if self._name != FILE:
            text = decode(bytes(self._value))
            if "\x00" in text:
                raise _fault(self._name, "nul", _NUL)
            self.fields[self._name] = text

    def _end(self) -> None:
        self._complete = True


_MISSING: Final = Text(
    "缺少文件；请以 file 字段上传一个文件。", "is missing; send one file as `file`."
)
_NOT_A_FILE: Final = Text(
    "没有文件名，是文字而不是文件；请选择文件（curl 用 file=@文件名）。",
    "has no file name: it is a text, not a file; choose a file (with curl:"
    " file=@parcels.zip).",
)
_TWICE: Final = Text("出现两次；只能给出一次。", "is sent twice; send it once.")
_TOO_LONG: Final = Text(
    f"超过 {LONGEST_FIELD} 字节。", f"is longer than {LONGEST_FIELD} bytes."
)
_NUL: Final = Text("含有空字符；请删除。", "has a NUL character; remove it.")


def _long_name(length: int | None = None) -> Text:
    """Say that a file's name is too long; None where its end was not read."""
    zh = (
        f"有 {length} 个字符" if length else f"过长（表单头超过 {LONGEST_HEADER} 字节）"
    )
    en = f"of {length} characters" if length else f"beyond {LONGEST_HEADER} bytes"
    return Text(
        f"的文件名{zh}；最多 {LONGEST_NAME} 个字符。请将文件改为较短的名称后重新上传。",
        f"has a name {en}; {LONGEST_NAME} characters are the most. Give the file a"
        " shorter name and send it again.",
    )


def _unknown(names: frozenset[str]) -> Text:
    known = ", ".join(sorted({FILE, *names}))
    return Text(
        f"不是此接口的字段；请删除或改名。可用字段：{known}。",
        f"is not a field of this form; remove or rename it. There are: {known}.",
    )


def _fault(name: str, reason: str, text: Text) -> InvalidRequest:
    return InvalidRequest([Fault("body", f"/{name[:60]}", reason, text)])


async def receive_form(
    request: Request,
    archive: Archive,
    names: frozenset[str],
    limit_bytes: int,
    before_file: Callable[[Mapping[str, str]], None],
    keep: Callable[[Form, Incoming], Response],
) -> Response:
    """Read a form with its file into an archive; `keep` says what becomes of them.

    Parameters and errors are those of `read_form`; `keep` runs in a thread.

    Raises
    ------
    ArchiveFull
        If the disk is full; nothing of the file is kept.
    """
    try:
        with archive.receive() as incoming:
            form = await read_form(request, incoming, names, limit_bytes, before_file)
            return await run_in_threadpool(keep, form, incoming)
    except OSError as error:
        if error.errno in FULL:
            raise ArchiveFull from error
        raise


async def read_form(
    request: Request,
    incoming: Incoming,
    names: frozenset[str],
    limit_bytes: int,
    before_file: Callable[[Mapping[str, str]], None],
) -> Form:
    """Read a whole form; the file's bytes go to `incoming`.

    Parameters
    ----------
    names
        Fields that may come beside the file.
    limit_bytes
        Of the file.
    before_file
        Called with the fields that came before the file, to refuse it unread.

    Raises
    ------
    NotFormType, NotAForm, InvalidRequest, UploadTooLarge, BodyTooSlow
    ClientDisconnect
        If the caller went away.
    """
    boundary = _boundary(request.headers.get("content-type", ""))
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit_bytes + _OVERHEAD:
        raise UploadTooLarge(limit_bytes)
    form = Form(boundary, names, incoming, limit_bytes, before_file)
    pending, total = bytearray(), 0
    pieces = request.stream()
    while True:
        try:
            async with asyncio.timeout(PATIENCE_S):
                piece = await anext(pieces, None)
        except TimeoutError:
            raise BodyTooSlow(PATIENCE_S) from None
        if piece is not None:
            pending += piece
            total += len(piece)
            if total > limit_bytes + _OVERHEAD:
                raise UploadTooLarge(limit_bytes)
        if pending and (piece is None or len(pending) >= _BLOCK):
            await run_in_threadpool(form.feed, bytes(pending))
            pending.clear()
        if piece is None:
            form.finish()
            return form


def _boundary(content_type: str) -> bytes:
    kind = content_type.partition(";")[0].strip().lower()
    boundary = read_parameters(content_type.encode("latin-1")).get("boundary", "")
    if kind != "multipart/form-data":
        raise NotFormType(content_type)
    if not 1 <= len(boundary) <= 70 or not boundary.isascii():
        raise NotAForm("缺少分隔符 boundary", "the boundary is missing")
    return boundary.encode()


def read_parameters(header: bytes) -> dict[str, str]:
    """Return the parameters of a Content-Disposition or Content-Type header.

    Examples
    --------
    >>> read_parameters('form-data; name="file"; filename="宗地.zip"'.encode("gbk"))
    {'name': 'file', 'filename': '宗地.zip'}
    >>> read_parameters(b"form-data; filename*=UTF-8''%E5%AE%97%E5%9C%B0.zip")
    {'filename': '宗地.zip'}
    """
    found: dict[str, str] = {}
    extended: dict[str, str] = {}
    for name, value in _PARAMETER.findall(decode(header)):
        if value.startswith('"'):
            value = re.sub(r'\\(["\\])', r"\1", value[1:-1])
        if name.endswith("*"):
            plain = _read_extended(value)
            if plain is not None:
                extended[name[:-1].lower()] = plain
        else:
            found[name.lower()] = value.strip()
    return found | extended


def _read_extended(value: str) -> str | None:
    """Return ``charset'language'percent-encoded`` as text, None if it is not that."""
    charset, _, rest = value.partition("'")
    _, found, encoded = rest.partition("'")
    if not found:
        return None
    try:
        return unquote_to_bytes(encoded).decode(charset.strip() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return None


def decode(raw: bytes) -> str:
    """Return text that came without its encoding: UTF-8, else GB 18030.

    Strictly, so that one is not taken for the other; bytes that are neither appear as
    Latin-1.
    """
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")
