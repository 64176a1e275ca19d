"""Is this body JSON the service can work with? Read once, checked before anything else.

Refused with the reason: more bytes than allowed, a compressed body, another content
type, bytes that are not UTF-8, NaN and infinity, numbers beyond double precision,
nesting deeper than any request needs, names that come twice in one object (which of
them is meant readers decide differently: RFC 8259, section 4), and NUL characters,
which the database cannot hold.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import numpy as np
import orjson
from starlette.requests import Request

from app.problems import Fault
from app.request_errors import (
    BodyTooLarge,
    BodyTooSlow,
    CodedBody,
    InvalidRequest,
    NotJson,
    NotJsonType,
)
from app.validation import json_pointer
from parcels.texts import Text

LONGEST_BODY: Final = 8 * 1024 * 1024
"""Bytes of a JSON body: a polygon of some 200,000 vertices. A project default."""
PATIENCE_S: Final = 60
"""Seconds in which a body has to arrive; a project default."""
DEEPEST: Final = 32
"""Levels of nesting; a MultiPolygon inside a request needs seven."""

_NUL: Final = Text(
    "含有空字符（\\u0000）；请删除。", "has a NUL character (\\u0000); remove it."
)
_REPEATED: Final = Text(
    "在同一对象中出现多次；请只保留一个。",
    "comes more than once in its object; send it once.",
)
_MOST_FAULTS: Final = 100
_OPENING = np.zeros(256, dtype=np.int8)
_OPENING[[ord("["), ord("{")]] = 1
_OPENING[[ord("]"), ord("}")]] = -1


def brings_body(request: Request) -> bool:
    """Return whether a request says that a body follows (RFC 9112, section 6)."""
    headers = request.headers
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def check_content_coding(request: Request) -> None:
    """Refuse a body that is compressed or coded in another way (RFC 9110, 8.4).

    Raises `CodedBody`.
    """
    codings = ", ".join(request.headers.getlist("content-encoding"))
    if any(one.strip().lower() not in ("", "identity") for one in codings.split(",")):
        raise CodedBody(codings)


def check_content_type(request: Request) -> None:
    """Refuse a body that is not declared as JSON: raises `NotJsonType`."""
    declared = request.headers.get("content-type", "")
    kind = declared.partition(";")[0].strip().lower()
    if kind != "application/json" and not (
        kind.startswith("application/") and kind.endswith("+json")
    ):
        raise NotJsonType(declared)


async def read_bytes(request: Request, limit: int) -> bytes:
    """Read a body of at most `limit` bytes.

    Raises
    ------
    BodyTooLarge, BodyTooSlow
        If it is longer, or has not arrived in `PATIENCE_S` seconds.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise BodyTooLarge(limit)
    parts, size = [], 0
    try:
        async with asyncio.timeout(PATIENCE_S):
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise BodyTooLarge(limit)
                parts.append(part)
    except TimeoutError:
        raise BodyTooSlow(PATIENCE_S) from None
    return b"".join(parts)


def parse_json(body: bytes) -> Any:
    """Return what a body holds.

    Raises
    ------
    NotJson
        If it is nested too deep, in another encoding, or no JSON.
    InvalidRequest
        With the places of names that come twice in one object, or of NUL characters.

    Examples
    --------
    >>> parse_json(b'{"limit": 5}')
    {'limit': 5}
    """
    if _nesting(body) > DEEPEST:
        raise NotJson(
            "nesting",
            f"JSON 嵌套超过 {DEEPEST} 层。",
            f"The JSON is nested deeper than {DEEPEST} levels.",
        )
    try:
        content = orjson.loads(body)
    except json.JSONDecodeError as error:
        raise _not_utf8(body) or _not_json(error) from error
    if _count_texts(content) != _count_quotes(body) / 2:
        with_every_name = json.loads(body, object_pairs_hook=_Names)
        _refuse(_places_of_repeated(with_every_name), "repeated", _REPEATED)
    if b"\\u0000" in body:
        _refuse(_places_of_nul(content), "nul", _NUL)
    return content


def _refuse(places: Iterator[str], reason: str, message: Text) -> None:
    """Refuse the body for the first hundred of these places, if there are any."""
    faults = [
        Fault("body", where, reason, message) for where in islice(places, _MOST_FAULTS)
    ]
    if faults:
        raise InvalidRequest(faults)


def _not_utf8(body: bytes) -> NotJson | None:
    """Return the refusal of a body in another encoding, as GBK; None for UTF-8."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        place, found = error.start + 1, body[error.start]
        return NotJson(
            "encoding",
            f"正文不是 UTF-8：第 {place} 字节为 0x{found:02X}；请转换编码（如 GBK）后"
            "重新发送。",
            f"The body is not UTF-8: byte {place} is 0x{found:02X}; convert it (from"
            " GBK, for example) and send it again.",
        )
    return None


def _not_json(error: json.JSONDecodeError) -> NotJson:
    where = f"{error.lineno}:{error.colno}"
    return NotJson(
        "json",
        f"正文第 {where}（行:列）处不是有效 JSON（UTF-8，不含 NaN、Infinity）；"
        "请改正后重新发送。",
        f"The body is not valid JSON (UTF-8, no NaN or Infinity) at {where}"
        f" (line:column): {error.msg}.",
    )


def _nesting(body: bytes) -> int:
    """Return how deep brackets are nested; those inside texts count as well."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return 0
    steps = _OPENING[np.frombuffer(body, dtype=np.uint8)]
    return int(np.cumsum(steps, dtype=np.int32).max(initial=0))


def _count_quotes(body: bytes) -> int:
    """Return how many quotation marks begin or end a text."""
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    return body.count(b'"')


def _count_texts(content: Any) -> int:
    """Return how many texts were read, names among them; of coordinates none.

    Fewer than were written tell that a name came twice, or that a list which begins
    like coordinates has texts in it.
    """
    if isinstance(content, str):
        return 1
    if isinstance(content, dict):
        return len(content) + sum(map(_count_texts, content.values()))
    if not isinstance(content, list) or _begins_with_number(content):
        return 0
    return sum(map(_count_texts, content))


def _begins_with_number(content: list[Any]) -> bool:
    first: Any = content
    while isinstance(first, list) and first:
        first = first[0]
    return isinstance(first, float | int)


class _Names(list[tuple[str, Any]]):
    """An object with every name as often as it was written."""


def _places_of_repeated(content: Any, path: tuple[object, ...] = ()) -> Iterator[str]:
    if isinstance(content, _Names):
        seen: set[str] = set()
        for name, value in content:
            if name in seen:
                yield json_pointer((*path, name))
            seen.add(name)
            yield from _places_of_repeated(value, (*path, name))
    elif isinstance(content, list):
        for place, value in enumerate(content):
            yield from _places_of_repeated(value, (*path, place))


def _places_of_nul(content: Any, path: tuple[object, ...] = ()) -> Iterator[str]:
    if isinstance(content, str):
        if "\x00" in content:
            yield json_pointer(path)
    elif isinstance(content, dict):
        yield from (json_pointer((*path, name)) for name in content if "\x00" in name)
        for name, value in content.items():
            yield from _places_of_nul(value, (*path, name))
    elif isinstance(content, list):
        for place, value in enumerate(content):
            yield from _places_of_nul(value, (*path, place))
