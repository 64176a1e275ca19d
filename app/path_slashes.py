"""Codes with a slash in addresses: `/v1/enterprises/A%2F1` names the code ``A/1``.

The server hands over addresses with every escape undone, and a slash inside a code
could no longer be told from one between two parts. It is kept apart by a character of
the private use area until the parameters of the path have been read.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote

from starlette.types import Scope

_SLASH: Final = "\ue02f"
_ESCAPED: Final = re.compile(rb"%2f", re.IGNORECASE)


def keep_slashes(scope: Scope) -> None:
    """Mark the slashes that were escaped in the address of a request under /v1."""
    raw: bytes = scope.get("raw_path") or b""
    if raw.startswith(b"/v1/") and _ESCAPED.search(raw):
        marked = _ESCAPED.sub(quote(_SLASH).encode(), raw)
        scope["path"] = unquote(marked.decode("ascii", "replace"))


def restore_slashes(scope: Scope) -> None:
    """Put the marked slashes back into the parameters of the path."""
    parameters = scope["path_params"]
    for name, value in parameters.items():
        if isinstance(value, str) and _SLASH in value:
            parameters[name] = value.replace(_SLASH, "/")


def written_path(path: str) -> str:
    """Return a path as it was sent, for a reader."""
    return path.replace(quote(_SLASH), "%2F").replace(_SLASH, "%2F")
