"""Published registers (公开名录): for everybody, without login (shell)."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from app.answers import GEOJSON, JSON, json_response, list_etags
from app.pages.public import KEPT, public_index, public_register
from app.pages.verification import wants_page
from app.public_registers import (
    PublicFile,
    Writer,
    write_csv,
    write_geojson,
    write_json_register,
)
from app.routes.guard import LanguageOf, ServicesOf, guarded_router, needs
from app.routes.layer_reads import answers, file_answers
from app.schemas.public import PublicRegisterModel, PublicRegistersModel
from parcels.plots.published import PublicRegister
from parcels.refusal import Language

router = guarded_router(prefix="/public", tags=["public"])

RegisterPath = Literal[
    "contaminated-plots", "risk-control-plots", "negative-lists", "soil-quality"
]
REGISTERS: Final[dict[str, PublicRegister]] = {
    "contaminated-plots": "contaminated",
    "risk-control-plots": "rcr",
    "negative-lists": "negative_list",
    "soil-quality": "soil_quality",
}
_FORMS: Final[dict[str, tuple[Writer, str]]] = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "geojson": (write_geojson, GEOJSON),
    "json": (write_json_register, JSON),
}
_Register = Annotated[RegisterPath, Path(description="名录 (register)")]


@router.get(
    "",
    name="list_public_registers",
    openapi_extra=needs("public"),
    response_model=None,
    responses=answers(PublicRegistersModel),
)
def list_public_registers(request: Request, services: ServicesOf) -> Response:
    """List the published registers with the number of their entries."""
    public = services.public_registers
    counts = {path: len(public.entries(name)) for path, name in REGISTERS.items()}
    if wants_page(request):
        return public_index(request, counts)
    items = [{"register": path, "entries": count} for path, count in counts.items()]
    return json_response({"items": items}, headers={"Cache-Control": KEPT})


@router.get(
    "/{register}",
    name="read_public_register",
    openapi_extra=needs("public"),
    response_model=None,
    responses=answers(PublicRegisterModel),
)
def read_public_register(
    register: _Register, request: Request, services: ServicesOf, language: LanguageOf
) -> Response:
    """Return a published register: its flagged fields, places rounded.

    A browser is shown a page; a program is answered in JSON.
    """
    name = REGISTERS[register]
    if wants_page(request):
        entries = services.public_registers.entries(name)
        return public_register(request, register, entries)
    return _file(request, services, register, "json", language)


@router.get(
    "/{register}/file.{form}",
    name="download_public_register",
    openapi_extra=needs("public"),
    response_model=None,
    response_class=Response,
    responses=file_answers(
        (_FORMS[form][1] for form in ("csv", "geojson")),
        "The register as CSV or GeoJSON",
    ),
)
def download_public_register(
    register: _Register,
    form: Literal["csv", "geojson"],
    request: Request,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """Return a published register as a file: CSV (UTF-8) or GeoJSON (EPSG:4490)."""
    answer = _file(request, services, register, form, language)
    disposition = f'attachment; filename="{register}.{form}"'
    answer.headers["Content-Disposition"] = disposition
    return answer


def _file(
    request: Request, services: ServicesOf, register: str, form: str, language: Language
) -> Response:
    write, media_type = _FORMS[form]
    found = services.public_registers.file(REGISTERS[register], form, language, write)
    return _answer(request, found, media_type)


def _answer(request: Request, file: PublicFile, media_type: str) -> Response:
    headers = {
        "ETag": file.etag,
        "Cache-Control": KEPT,
        "Vary": "Accept, Accept-Language",
    }
    if file.etag in list_etags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=media_type, headers=headers)
