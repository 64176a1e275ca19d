"""The API document: what FastAPI knows, completed with errors, keys and examples."""

from __future__ import annotations

import threading
from typing import Any, Final

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.problems import MEDIA_TYPE, TYPE_PREFIX
from app.routes.guard import RIGHT_KEY
from app.security.permissions import RIGHTS
from parcels.register.layers import LAYERS, RESTRICTED_LAYERS

DESCRIPTION: Final = """
Land-parcel registry and soil-risk screening (宗地登记与土壤风险核查).

* **Geometry** is GeoJSON in EPSG:4490, longitude before latitude, unless `crs` says
  otherwise.
* **Time** has two axes: `as_of` (生效, the day in law) and `known_at` (入库, number of
  a change or a time). Both may be sent on every read; without them: today, all known.
* **Numbers**: areas to 0.01 m², distances to 0.01 m, shares from 0 to 1 to 0.000001;
  coordinates in full double precision.
* **Lists** are `{items, next}`; send `next` as `after` for the next page.
* **Changes** of a layer since one that was seen: `/v1/{layer}/changes`, for systems
  that keep a copy.
* **Parameters** of an address are given once (422); only those that are lists are given
  several times.
* **Writes** take `Idempotency-Key`: the same key and body give the same answer for a
  day; another body is 422, one still in progress 409. A dry run of the gate writes no
  decision and leaves its key free; a dry batch is a batch, and keeps it.
* **Errors** are RFC 9457 problem documents in the language of `Accept-Language`
  (zh default, en), with every fault of the request in `errors`. What is no HTTP
  request, or has a head too long or too slow, is one too (400, 431, 408) and closes the
  connection.
* **Another division's** objects do not exist for a caller: 404, never 403.
* **Evidence**: decisions, changes and answered questions (extracts, look-ups, tried
  decisions) stand in a signed ledger; `ledger.entry` or the header `Ledger-Entry` names
  the entry, `/v1/ledger/proof` proves it.
"""

TAGS: Final = (
    ("gate", "准入核查: may this transaction go ahead, and on what legal ground?"),
    ("ledger", "存证账本: signed heads, and proofs of what was recorded"),
    ("extracts", "查询摘录: what lies on and around a parcel or polygon"),
    *(
        (layer.path, f"{layer.title_zh}: {layer.title_en}")
        for layer in (*LAYERS, *RESTRICTED_LAYERS)
        if layer.path
    ),
    ("tasks", "任务: what has to be done, by whom and by when, and its strike-off"),
    ("documents", "资料文件: files of reports and opinions; firms on negative lists"),
    ("uploads", "测绘成果上传: a survey file on its way into the register"),
    ("tiles", "矢量瓦片: the register as vector tiles"),
    ("public", "公开名录: published registers, for everybody"),
    ("ogc", "OGC API: the layers for desktop GIS (Features, Tiles)"),
    ("verify", "证书核验: is a certificate genuine?"),
    (
        "session",
        "登录与人员: sessions of persons at a browser; their rights",
    ),
    ("operations", "运行状态: is the service alive, ready, busy?"),
)

_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem document",
    "required": ["type", "title", "status", "request_id"],
    "properties": {
        "type": {"type": "string", "examples": [f"{TYPE_PREFIX}invalid-request"]},
        "title": {"type": "string", "examples": ["请求有误"]},
        "status": {"type": "integer", "examples": [422]},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "reason": {"type": "string", "description": "Stable key of the reason"},
        "request_id": {"type": "string", "description": "Finds the request in the log"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "reason", "message"],
                "properties": {
                    "in": {"enum": ["body", "query", "path", "header"]},
                    "pointer": {
                        "type": "string",
                        "description": "JSON Pointer in the body",
                        "examples": ["/subject/geometry/coordinates/0/3"],
                    },
                    "parameter": {"type": "string"},
                    "reason": {"type": "string"},
                    "message": {"type": "string"},
                    "found": {"type": "string", "description": "As JSON, shortened"},
                    "legal_basis": {
                        "type": "array",
                        "items": {"type": "object"},
                        "description": "Grounds of a missing condition, each with its"
                        " mark of verification",
                    },
                },
            },
        },
        "successors": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Parcels of today, where a parcel has been replaced",
        },
    },
}
_MEANINGS: Final = {
    "400": "Not JSON, or an address with characters that are not taken; under `/ogc`"
    " also a parameter that is unknown or has no usable value",
    "401": "No key or token, or one that opens nothing",
    "403": "The role has not this right, or the page token is missing",
    "404": "Nothing there for this caller",
    "406": "There is no such form; `offered` names those there are",
    "409": "In conflict with the state of the register, or still in progress",
    "410": "The parcel was replaced; `successors` names those of today",
    "412": "The version named by If-Match is no longer in force",
    "413": "The body is too long",
    "415": "The body is not declared as JSON, or it is compressed",
    "422": "The request is not valid; every fault is in `errors`",
    "428": "If-Match is missing",
    "429": "Too many attempts; see Retry-After",
    "507": "No room for the file; nothing of it was kept",
    "503": "Busy or unavailable; see Retry-After",
}
_IDEMPOTENCY_KEY: Final[dict[str, Any]] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "1 to 255 visible ASCII characters, new for each intended write",
    "schema": {
        "type": "string",
        "pattern": "^[!-~]{1,255}$",
        "examples": ["8f14e45f-ceea-467f-9575-1fd2a1e2b3c4"],
    },
}
_WRITES: Final = frozenset({"post", "put"})
_SOUGHT: Final = ("/v1/ledger", "/v1/reports")
"""Paths without an id in them that may still find nothing."""
_READING: Final = ("read", "own_session")


_MAKING: Final = threading.Lock()
"""FastAPI cannot make two at a time: what it notes of fields is one for the process."""


def document_bytes(app: FastAPI) -> bytes:
    """Return the API document as JSON, made once."""
    cached: bytes | None = getattr(app.state, "openapi_bytes", None)
    if cached is not None:
        return cached
    with _MAKING:
        cached = getattr(app.state, "openapi_bytes", None)
        if cached is None:
            cached = orjson.dumps(make_document(app))
            app.state.openapi_bytes = cached
    return cached


def make_document(app: FastAPI) -> dict[str, Any]:
    """Return the API document (OpenAPI 3.1)."""
    document = get_openapi(
        title="Jingtu 净土",
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS],
        separate_input_output_schemas=False,
    )
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "密钥，或统一身份认证（OpenID Connect）的访问令牌",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "jingtu_session",
            "description": "Session of a browser; writes also need X-CSRF-Token",
        },
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return document


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    right = RIGHTS[operation[RIGHT_KEY]]
    operation["security"] = [] if right.public else [{"key": []}, {"session": []}]
    if not right.public:
        operation["x-jingtu-roles"] = sorted(right.roles)
    if method in _WRITES and not (right.public or right.name.startswith(_READING)):
        operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
    if path.startswith("/ogc"):
        _say_form(operation)
    responses = operation["responses"]
    responses.pop("422", None)
    for status in _statuses(path, method, operation, public=right.public):
        responses.setdefault(status, _problem_response(status))


def _say_form(operation: dict[str, Any]) -> None:
    """Say that lists are written with commas, as OGC API has it (`explode` is not)."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query":
            parameter |= {"style": "form", "explode": False}


def _statuses(
    path: str, method: str, operation: dict[str, Any], *, public: bool
) -> list[str]:
    if public and path in ("/healthz", "/metrics"):
        return []
    statuses = ["503"]
    if not public:
        statuses += ["401", "403"]
    if "{" in path or path.startswith(_SOUGHT):
        statuses.append("404")
    if path.endswith(("/extract", "/extracts")):
        statuses.append("406")
    if path.startswith("/ogc"):
        # The standard's own status, for an unknown parameter too.
        statuses.append("400")
    elif operation.get("parameters") or "requestBody" in operation:
        statuses += ["400", "422"]
    if "requestBody" in operation:
        statuses += ["413", "415"]
    named = path.startswith("/v1/") and "{" in path
    if "requestBody" in operation or named and not path.startswith("/v1/tiles"):
        # A code that several divisions use, a state in which that is not possible.
        statuses.append("409")
    if method == "put":
        statuses += ["404", "412", "428"]
    if path.startswith("/v1/parcels/{code}"):
        statuses.append("410")
    if method == "post" and path == "/v1/session":
        statuses += ["401", "403", "429"]
    return sorted(set(statuses))


def _problem_response(status: str) -> dict[str, Any]:
    return {
        "description": _MEANINGS[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
