"""Is this body JSON the service can work with? Read once, checked before anything else.

Refused with the reason: more bytes than allowed, another content type, bytes that are
not UTF-8, NaN and infinity, numbers beyond double precision, nesting deeper than any
request needs, and NUL characters, which the database cannot hold.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

import numpy as np
import orjson
from starlette.requests import Request

from app.problems import Fault
from app.request_errors import (
    BodyTooLarge,
    BodyTooSlow,
    InvalidRequest,
    NotJson,
    NotJsonType,
)
from app.validation import json_pointer
from screening.texts import Text

LONGEST_BODY: Final = 8 * 1024 * 1024
"""Bytes of a JSON body: a polygon of some 200,000 vertices. A project default."""
PATIENCE_S: Final = 60
"""Seconds in which a body has to arrive; a project default."""
DEEPEST: Final = 32
"""Levels of nesting; a MultiPolygon inside a request needs seven."""

_NUL: Final = Text(
    "含有空字符(\\u0000);请删除。", "has a NUL character (\\u0000); remove it."
)
_OPENING = np.zeros(256, dtype=np.int8)
_OPENING[[ord("["), ord("{")]] = 1
_OPENING[[ord("]"), ord("}")]] = -1


def check_content_type(request: Request) -> None:
    """Refuse a body that is not declared as JSON."""
    declared = request.headers.get("content-type", "")
    kind = declared.partition(";")[0].strip().lower()
    if kind != "application/json" and not (
        kind.startswith("application/") and kind.endswith("+json")
    ):
        raise NotJsonType(declared)


async def read_bytes(request: Request, limit: int) -> bytes:
    """Read a body of at most `limit` bytes."""
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
        raise _not_json(error) from error
    if b"\\u0000" in body:
        faults = [
            Fault("body", where, "nul", _NUL) for where in _places_of_nul(content)
        ]
        if faults:
            raise InvalidRequest(faults)
    return content


def _not_json(error: json.JSONDecodeError) -> NotJson:
    where = f"{error.lineno}:{error.colno}"
    return NotJson(
        "json",
        f"正文第 {where}(行:列)处不是有效 JSON(UTF-8,不含 NaN、Infinity):{error.msg}。",
        f"The body is not valid JSON (UTF-8, no NaN or Infinity) at {where}"
        f" (line:column): {error.msg}.",
    )


def _nesting(body: bytes) -> int:
    """Return how deep brackets are nested; those inside texts count as well."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return 0
    steps = _OPENING[np.frombuffer(body, dtype=np.uint8)]
    return int(np.cumsum(steps, dtype=np.int32).max(initial=0))


def _places_of_nul(content: Any, path: tuple[object, ...] = ()) -> list[str]:
    if isinstance(content, str):
        return [json_pointer(path)] if "\x00" in content else []
    if isinstance(content, dict):
        inside = [*content.items()]
        keys = [json_pointer((*path, n)) for n in content if "\x00" in n]
    elif isinstance(content, list):
        inside, keys = [*enumerate(content)], []
    else:
        return []
    return keys + [
        place
        for name, value in inside
        for place in _places_of_nul(value, (*path, name))
    ]
