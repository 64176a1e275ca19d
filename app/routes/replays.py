"""A recorded decision, judged again (复核): from its record or from the register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Body
from starlette.responses import Response

from app.answers import NO_STORE, json_response
from app.database import confine
from app.routes.guard import LanguageOf, ServicesOf, guarded_router, needs
from app.routes.ids import no_decision, read_decision_id
from app.routes.layer_reads import answers
from app.schemas.replays import ReplayModel, ReplayRequest, write_replay
from app.security.principals import Principal
from app.security.scope import check_inside
from app.security.session import Asker
from app.services import Services
from screening.gate import find_decision
from screening.replay import (
    Replay,
    replay_from_record,
    replay_from_register,
    scope_of,
)

router = guarded_router(prefix="/v1/gate", tags=["gate"])


@router.post(
    "/decisions/{decision_id}/replay",
    name="replay_decision",
    openapi_extra=needs("replay_decisions"),
    response_model=None,
    responses=answers(ReplayModel),
)
def replay_decision(
    decision_id: str,
    body: Annotated[ReplayRequest, Body(default_factory=ReplayRequest)],
    asker: Asker,
    services: ServicesOf,
    language: LanguageOf,
) -> Response:
    """Judge a recorded decision again and compare; nothing is changed or recorded.

    `from: record` judges the recorded facts by the rules of today; `from: register`
    reads the register as it was known then and must find the same. The latter needs
    the divisions of whoever asked then: what lies across a border is told otherwise.
    """
    number = read_decision_id(decision_id)
    with services.database.transaction(asker, read_only=True) as connection:
        record = find_decision(connection, number)
    if record is None:
        raise no_decision(decision_id)
    replay = (
        replay_from_record(services.gate.rule_sets, record)
        if body.source == "record"
        else _reread(services, asker, record)
    )
    return json_response(write_replay(record, replay, language), headers=NO_STORE)


def _reread(services: Services, asker: Principal, record: Mapping[str, Any]) -> Replay:
    scope = scope_of(record)
    check_inside(asker, scope)
    with services.database.transaction(
        asker, snapshot=True, read_only=True
    ) as connection:
        confine(connection, scope)
        return replay_from_register(connection, services.gate, record)
