"""Writing a layer of the register: one object a request, one change (shell)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.answers import list_etags, write_etag, write_json
from app.database import confine
from app.geojson import read_geometry, read_position, read_srid
from app.idempotency import Answer, RepetitionOf, answer_once
from app.problems import Fault
from app.request_errors import (
    InvalidRequest,
    VersionMoved,
    VersionNotNamed,
)
from app.routes.guard import DatabaseOf, needs
from app.routes.judgements import judge
from app.routes.layer_checks import check_object
from app.routes.layer_reads import answers, clean, get_object
from app.schemas.geometry import GEOMETRY_TYPES
from app.schemas.layers import Ended, Ending, models_of, read_values, write_item
from app.schemas.pages import DivisionQuery
from app.security.scope import check_inside
from app.security.session import Asker
from app.validation import json_pointer
from parcels.codes import normalise_division
from parcels.crs import STORAGE_SRID
from parcels.documents.papers import complete_paper
from parcels.plots.entering import check_edit, enter_plot
from parcels.plots.paper_edits import check_paper_edit, check_paper_end
from parcels.plots.refusals import PlotsDoNotEnd
from parcels.register.edit import (
    Edit,
    add_object,
    end_object,
    lock_county,
    revise_object,
)
from parcels.register.layers import PLOT, PLOT_DOCUMENT, Layer, Shape
from parcels.register.leads import refuse_others
from parcels.register.repository import Moment, Version, today
from parcels.texts import Text

# Annotations stay objects here: FastAPI cannot look up names inside a function.


class DivisionOnly(BaseModel, extra="forbid"):
    """Which of several objects with one code."""

    division: DivisionQuery = None


def add_create(router: APIRouter, layer: Layer) -> None:
    """Add the route that enters a new object."""
    body_model: Any = models_of(layer).create

    def create_layer(
        body: body_model,
        asker: Asker,
        database: DatabaseOf,
        repetition: RepetitionOf,
    ) -> Response:
        code = clean(layer, getattr(body, layer.code_name))
        division = _check_division(body.division_code)
        check_inside(asker, division)
        draft = _read_edit(layer, body)

        def write(connection: sa.Connection) -> Answer:
            confine(connection, division)
            edit = draft(connection)
            check_object(connection, layer, division, edit)
            edit = _complete(connection, layer, division, edit)
            add = _enter if layer is PLOT else add_object
            added = add(connection, layer, code, division, edit, actor=asker.name)
            return _answer(connection, added, 201)

        return answer_once(database, asker, repetition, write)

    router.add_api_route(
        "",
        create_layer,
        methods=["POST"],
        name=f"create_{layer.name}",
        summary=f"Enter a new {layer.title_en.lower()} ({layer.title_zh})",
        status_code=201,
        response_model=None,
        responses=answers(models_of(layer).item, status=201),
        openapi_extra=needs(f"write:{layer.name}"),
    )


def add_revise(router: APIRouter, layer: Layer) -> None:
    """Add the route that lets other values hold from a day on."""
    body_model: Any = models_of(layer).revise

    def revise_layer(
        request: Request,
        code: str,
        body: body_model,
        query: Annotated[DivisionOnly, Query()],
        asker: Asker,
        database: DatabaseOf,
        repetition: RepetitionOf,
    ) -> Response:
        if_match = request.headers.get("if-match", "")
        known_code = clean(layer, code)
        _check_same(layer, body, known_code)
        draft = _read_edit(layer, body)

        def write(connection: sa.Connection) -> Answer:
            edit = draft(connection)
            moment = Moment(edit.valid_from)
            version = _hold(
                connection, layer, known_code, moment, query.division, if_match
            )
            _check_division_same(body, version)
            if layer is PLOT:
                edit = check_edit(connection, version, edit)
            check_object(connection, layer, version.division_code, edit, version)
            edit = _complete(connection, layer, version.division_code, edit)
            if layer is PLOT_DOCUMENT:
                check_paper_edit(connection, version, edit.values)
            revised = revise_object(
                connection,
                layer,
                known_code,
                version.division_code,
                edit,
                actor=asker.name,
            )
            return _answer(connection, revised, 200)

        return answer_once(database, asker, repetition, write)

    router.add_api_route(
        "/{code}",
        revise_layer,
        methods=["PUT"],
        name=f"revise_{layer.name}",
        summary=f"Let other values hold for one {layer.title_en.lower()}",
        description="A new version that holds from `valid_from` (default today). "
        "`If-Match` names the version that is in force on that day.",
        response_model=None,
        responses=answers(models_of(layer).item),
        openapi_extra=needs(f"write:{layer.name}", parameters=[IF_MATCH]),
    )


def add_end(router: APIRouter, layer: Layer) -> None:
    """Add the route that ends an object in law."""

    def end_layer(
        request: Request,
        code: str,
        body: Ending,
        query: Annotated[DivisionOnly, Query()],
        asker: Asker,
        database: DatabaseOf,
        repetition: RepetitionOf,
    ) -> Response:
        if_match = request.headers.get("if-match")
        known_code = clean(layer, code)

        def write(connection: sa.Connection) -> Answer:
            moment = Moment(body.on)
            version = _hold(
                connection, layer, known_code, moment, query.division, if_match
            )
            if layer is PLOT:
                raise PlotsDoNotEnd(known_code)
            refuse_others(connection, layer, [version.values.get("theme")])
            if layer is PLOT_DOCUMENT:
                check_paper_end(connection, version)
            number = end_object(
                connection,
                layer,
                known_code,
                version.division_code,
                body.on,
                actor=asker.name,
                reason=body.reason,
            )
            ended = {
                layer.code_name: known_code,
                "division_code": version.division_code,
                "valid_to": body.on,
                "change": number,
            }
            return Answer(200, write_json(ended))

        return answer_once(database, asker, repetition, write)

    router.add_api_route(
        "/{code}/end",
        end_layer,
        methods=["POST"],
        name=f"end_{layer.name}",
        summary=f"End one {layer.title_en.lower()} in law",
        response_model=None,
        responses=answers(Ended),
        openapi_extra=needs(f"write:{layer.name}"),
    )


def _enter(
    connection: sa.Connection,
    _: Layer,
    code: str,
    division: str,
    edit: Edit,
    *,
    actor: str,
) -> Version:
    return enter_plot(connection, code, division, edit, actor=actor)


def _hold(
    connection: sa.Connection,
    layer: Layer,
    code: str,
    moment: Moment,
    division: str | None,
    if_match: str | None,
) -> Version:
    """Find the version a write means, lock its county, and compare its tag.

    The rest of the transaction sees that division only: codes repeat elsewhere.
    """
    version = get_object(connection, layer, code, moment, division)
    confine(connection, version.division_code)
    lock_county(connection, version.division_code)
    version = get_object(connection, layer, code, moment)
    if if_match is not None:
        _check_tag(if_match, version)
    return version


def _check_tag(if_match: str, version: Version) -> None:
    tags = list_etags(if_match)
    if not tags:
        raise VersionNotNamed
    current = write_etag(version.version_id)
    if "*" not in tags and current not in tags:
        raise VersionMoved(current)


def _read_edit(layer: Layer, body: Any) -> Callable[[sa.Connection], Edit]:
    """Read what a body gives; the day of a body without one is the database's today."""
    geometry, srid = None, None
    if layer.shape is not Shape.NONE and body.geometry is not None:
        sent = body.geometry
        if isinstance(sent, str):
            sent = read_position(sent, crs=body.crs)
        geometry = read_geometry(sent, GEOMETRY_TYPES[layer.shape], crs=body.crs)
        srid = read_srid(body.crs)
    values = read_values(layer, body)
    surveyed = None if srid == STORAGE_SRID else srid

    def draft(connection: sa.Connection) -> Edit:
        day = body.valid_from or today(connection)
        return Edit(values, geometry, day, surveyed)

    return draft


def _complete(
    connection: sa.Connection, layer: Layer, division: str, edit: Edit
) -> Edit:
    """Add to a paper what the register knows of its file and firm."""
    if layer is not PLOT_DOCUMENT:
        return edit
    day = edit.valid_from
    return replace(edit, values=complete_paper(connection, edit.values, division, day))


def _answer(connection: sa.Connection, version: Version, status: int) -> Answer:
    headers = {"ETag": write_etag(version.version_id)}
    if status == 201:
        # Codes may hold any character (999901000001Ⅱ); a header may not.
        headers["Location"] = f"/v1/{version.layer.path}/{quote(version.code, safe='')}"
    (said,) = judge(connection, version.layer, [version], Moment(today(connection)))
    return Answer(status, write_json(write_item(version, said)), headers)


def _check_division(code: str) -> str:
    division = normalise_division(code)
    if len(division) >= 6:
        return division
    text = Text("应为县级或以下代码（6 位以上）。", "must be a county or below it.")
    raise InvalidRequest([Fault("body", "/division_code", "division", text, code)])


def _check_same(layer: Layer, body: Any, code: str) -> None:
    sent = getattr(body, layer.code_name)
    if sent is not None and clean(layer, sent) != code:
        text = Text("与地址中的代码不同。", "differs from the code of the path.")
        where = json_pointer([layer.code_name])
        raise InvalidRequest([Fault("body", where, "other_code", text, sent[:80])])


def _check_division_same(body: Any, version: Version) -> None:
    sent = body.division_code
    if sent is not None and normalise_division(sent) != version.division_code:
        text = Text(
            f"该对象属于 {version.division_code}；行政区不能改。",
            f"the object belongs to {version.division_code}; that cannot change.",
        )
        fault = Fault("body", "/division_code", "other_division", text, sent[:80])
        raise InvalidRequest([fault])


IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "ETag of the version that is changed; `*` for whichever it is",
    "schema": {"type": "string", "examples": ['"17"']},
}
