"""What is answered to bytes that are no request? (shell).

A problem document as everywhere (`app.problems`), though nothing of the application
sees them: there is no address to tell, so it has no ``instance``.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

import orjson

from app.problems import MEDIA_TYPE, Problem, preferred_language
from parcels.texts import Text

LONGEST_HEAD: Final = 64 * 1024
"""Bytes of a head, or of what follows a body in parts, that may come without end of it;
a default of the project. One that comes at once may be a little longer."""

NO_REQUEST: Final = Problem(
    400,
    "no-http-request",
    Text("不是有效的 HTTP 请求", "No HTTP request"),
    Text(
        "收到的内容不是有效的 HTTP/1.1 请求；请核对请求行、请求头和长度。"
        "地址中的非 ASCII 字符须写为 %XX，长度不超过 65535 字节。",
        "What came is no valid HTTP/1.1 request; check the request line, the headers"
        " and the length. An address is of ASCII characters, others written as %XX, and"
        " of at most 65535 bytes.",
    ),
)
TOO_SLOW: Final = Problem(
    408,
    "head-too-slow",
    Text("请求头未在时限内收完", "Head too slow"),
    Text(
        "一分钟内没有收到完整的请求头，连接已关闭；请重新发送。",
        "No whole head of a request came within a minute and the connection was closed;"
        " send it again.",
    ),
)
TOO_LONG: Final = Problem(
    431,
    "head-too-long",
    Text("请求头过长", "Head too long"),
    Text(
        f"请求头超过 {LONGEST_HEAD} 字节；请缩短或删去部分请求头。",
        f"The head of the request is longer than {LONGEST_HEAD} bytes; shorten headers"
        " or leave some out.",
    ),
)


def write_refusal(
    problem: Problem, headers: Iterable[tuple[bytes, bytes]], request_id: str
) -> bytes:
    """Return the whole answer, after which the connection is closed.

    Parameters
    ----------
    headers
        What came of the head, names in lower case: Accept-Language may be among them.
    """
    said = dict(headers).get(b"accept-language", b"").decode("latin-1")
    language = preferred_language(said)
    document = {**problem.document(language), "request_id": request_id}
    content = orjson.dumps(document)
    lines = (
        f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}",
        f"content-type: {MEDIA_TYPE}",
        f"content-language: {'zh-CN' if language == 'zh' else 'en'}",
        "cache-control: no-store",
        f"x-request-id: {request_id}",
        "connection: close",
        f"content-length: {len(content)}",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii") + content
