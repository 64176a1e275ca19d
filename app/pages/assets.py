"""Which built file answers to an asset's name, and how is it served? (shell).

`npm run build` in ``app/frontend`` writes ``app/static``: files whose names carry
their digest, and a manifest from plain name to built name. A built file never
changes, so browsers may keep it for a year.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC_FOLDER: Final = Path(__file__).resolve().parent.parent / "static"
STATIC_PATH: Final = "/static"

_KEEP: Final = "public, max-age=31536000, immutable"
_POLICY: Final = "default-src 'none'; connect-src 'self'"
"""A worker is bound by the policy of its own file: the map's fetches tiles."""


class AssetsNotBuilt(Exception):
    """Scripts and styles are missing: run `npm run build` in app/frontend."""


class Assets:
    """The built files by their plain names; read again when a build replaced them."""

    def __init__(self, folder: Path = STATIC_FOLDER) -> None:
        self._manifest = folder / "manifest.json"
        self._read_at: int | None = None
        self._names: Mapping[str, str] = {}

    def url(self, name: str) -> str:
        """Return the path of an asset, such as ``query.js``.

        Raises
        ------
        AssetsNotBuilt
            If there is no build, or it has no such file.
        """
        built = self._built_names().get(name)
        if built is None:
            raise AssetsNotBuilt(
                f"no built file for {name}: run `npm run build` in app/frontend"
            )
        return f"{STATIC_PATH}/{built}"

    def _built_names(self) -> Mapping[str, str]:
        try:
            changed_at = self._manifest.stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        if changed_at != self._read_at:
            self._names = json.loads(self._manifest.read_text(encoding="utf-8"))
            self._read_at = changed_at
        return self._names


class AssetFiles(StaticFiles):
    """Built files for ever, compressed where the client accepts gzip."""

    def __init__(self, folder: Path = STATIC_FOLDER) -> None:
        super().__init__(directory=folder, check_dir=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with ``<file>.gz`` when it exists and is accepted, else the file."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        if path.endswith((".gz", "manifest.json")):
            raise HTTPException(404)
        response = await self._packed(path, scope) or await super().get_response(
            path, scope
        )
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Content-Security-Policy"] = _POLICY
        if response.status_code < 400:
            response.headers["Cache-Control"] = _KEEP
        return response

    async def _packed(self, path: str, scope: Scope) -> Response | None:
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"")
        packed, _ = self.lookup_path(f"{path}.gz")
        if b"gzip" not in accepted or not packed:
            return None
        response = await super().get_response(f"{path}.gz", scope)
        plain, _ = self.lookup_path(path)
        response.headers["Content-Type"] = _content_type(plain)
        if response.status_code == 200:
            response.headers["Content-Encoding"] = "gzip"
        return response


_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


def _content_type(name: str) -> str:
    return _TYPES.get(Path(name).suffix, "application/octet-stream")
