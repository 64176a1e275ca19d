"""Answers as bytes: JSON by orjson, GeoJSON where it is asked for, entity tags."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
PDF: Final = "application/pdf"
PRIVATE: Final = "private, no-cache"
"""May be kept by the caller alone, and asked about each time."""
NO_STORE: Final[Mapping[str, str]] = {"Cache-Control": "no-store"}
"""Headers of an answer that nobody keeps."""
ENTRY_HEADER: Final = "Ledger-Entry"
"""Header of an answer that left an entry in the ledger and has no member for it."""
_BLOCK: Final = 1024 * 1024


def write_json(content: Any) -> bytes:
    """Return content as JSON; dates and times as ISO 8601."""
    return orjson.dumps(content)


def json_response(
    content: Any,
    *,
    status: int = 200,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with content as JSON that only the caller may keep."""
    return Response(
        orjson.dumps(content),
        status_code=status,
        headers={"Cache-Control": PRIVATE, **(headers or {})},
        media_type=media_type,
    )


def file_response(
    path: Path, name: str, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with a file for download that nobody keeps.

    It lives as long as it is open: its name may go at once, nothing is left behind.
    """
    file = path.open("rb")
    return StreamingResponse(
        iter(lambda: file.read(_BLOCK), b""),
        media_type=media_type,
        headers={
            **NO_STORE,
            "Content-Length": str(path.stat().st_size),
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            **(headers or {}),
        },
    )


def wants_geojson(request: Request) -> bool:
    """Tell whether the caller asks for GeoJSON."""
    return GEOJSON in request.headers.get("accept", "")


def write_etag(version_id: int) -> str:
    """Return the entity tag of a version.

    Examples
    --------
    >>> write_etag(17)
    '"17"'
    """
    return f'"{version_id}"'


def list_etags(header: str) -> list[str]:
    """Return the entity tags of an If-Match or If-None-Match header."""
    return [tag.strip().removeprefix("W/") for tag in header.split(",") if tag.strip()]
