"""Departments answer what a decision asks them (征求意见) (shell)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from app.answers import write_json
from app.asking import IMPOSSIBLE
from app.database import confine
from app.idempotency import Answer, answer_once, read_repetition
from app.problems import Fault, language_of
from app.request_errors import InvalidRequest
from app.routes.guard import guarded_router, needs
from app.routes.ids import no_decision, read_decision_id
from app.routes.layer_reads import answers
from app.schemas.decisions import DecisionModel, write_decision
from app.schemas.opinions import OpinionKept, OpinionRequest, WithdrawalRequest
from app.security.permissions import DEPARTMENT_OF_ROLE
from app.security.principals import Principal
from app.security.session import current_principal
from app.services import services_of
from parcels.tasks.model import Doer
from parcels.texts import Text
from screening import consultation
from screening.consultation import NewOpinion
from screening.gate import AskedBy, Question, find_decision
from screening.opinion import Department
from screening.replay import scope_of

router = guarded_router(prefix="/v1/gate", tags=["gate"])
_UNNAMED: Final = Text(
    "管理员须写明代表哪个部门。", "An administrator says for which department."
)
_FOREIGN: Final = Text("只能代表本部门。", "One speaks for one's own department.")
_NO_CONDITIONS: Final = Text(
    "附条件同意须写明条件；其他意见不带条件。",
    "Conditions are required with agree_with_conditions and allowed with it alone.",
)

Ask = Callable[[sa.Connection, Mapping[str, Any], Doer], Question]


@router.post(
    "/decisions/{decision_id}/opinions",
    name="give_opinion",
    status_code=201,
    openapi_extra=needs("give_opinions"),
    response_model=None,
    responses={**answers(DecisionModel, 201), **answers(OpinionKept, 202)},
)
def post_opinion(decision_id: str, body: OpinionRequest, request: Request) -> Response:
    """Answer a decision that asks one's department; the new decision is returned.

    A favourable opinion resolves the rules it names, and no other, once every
    department that has to answer for them agrees; it lifts no denial and supplies no
    fact. An objection is a denial until it is withdrawn. The question is asked again of
    the register as it is now; the new decision replaces the one before and holds the
    opinion. 202 where the question cannot be asked any more (a parcel split since): no
    decision follows and the ledger holds the opinion. 409 when the decision was
    annulled, replaced or answered already.
    """
    department = _department(current_principal(request), body.department)
    if (body.position == "agree_with_conditions") != bool(body.conditions):
        raise _fault("/conditions", _NO_CONDITIONS)
    new = NewOpinion(
        department,
        body.position,
        body.reason,
        tuple(dict.fromkeys(body.rules)),
        tuple(body.conditions),
        tuple(str(one) for one in body.documents),
    )

    def ask(connection: sa.Connection, record: Mapping[str, Any], by: Doer) -> Question:
        return consultation.answer(connection, record, new, by)

    return _ask_again(request, decision_id, department, body.reason, ask)


@router.post(
    "/decisions/{decision_id}/opinions/{opinion_id}/withdraw",
    name="withdraw_opinion",
    status_code=201,
    openapi_extra=needs("give_opinions"),
    response_model=None,
    responses={**answers(DecisionModel, 201), **answers(OpinionKept, 202)},
)
def post_withdrawal(
    decision_id: str, opinion_id: str, body: WithdrawalRequest, request: Request
) -> Response:
    """Withdraw an opinion of one's department; the new decision is returned.

    The question is asked again without it; the opinion stays in the record, with the
    reason why it no longer counts.
    """
    department = _department(current_principal(request), body.department)

    def ask(connection: sa.Connection, record: Mapping[str, Any], by: Doer) -> Question:
        return consultation.withdraw(
            connection, record, opinion_id, department, body.reason, by
        )

    return _ask_again(request, decision_id, department, body.reason, ask)


def _ask_again(
    request: Request, decision_id: str, department: Department, note: str, ask: Ask
) -> Response:
    asker, services = current_principal(request), services_of(request)
    number, language = read_decision_id(decision_id), language_of(request)
    by = Doer(asker.name, asker.client_id)

    def write(connection: sa.Connection) -> Answer:
        record = find_decision(connection, number)
        if record is None:
            raise no_decision(decision_id)
        question = ask(connection, record, by)
        opinion_id, entry_id = consultation.enter_opinion(connection, record, question)
        consultation.end_task(connection, number, department, note, by)
        # As whoever asked: what lies across a border would be told otherwise.
        confine(connection, scope_of(record))
        try:
            with connection.begin_nested():
                made = services.gate.ask(
                    connection, _asked_by(record, asker), question, replaced_by=by
                )
        except IMPOSSIBLE as refusal:
            kept = {
                "opinion": opinion_id,
                "decision": record["id"],
                "ledger": {"entry": entry_id},
                "impossible": refusal.zh if language == "zh" else refusal.en,
            }
            return Answer(202, write_json(kept))
        consultation.tell(connection, record, made)
        location = {"Location": f"/v1/gate/decisions/{made['id']}"}
        return Answer(201, write_json(write_decision(made, language)), location)

    return answer_once(
        services.database, asker, read_repetition(request), write, snapshot=True
    )


def _asked_by(record: Mapping[str, Any], asker: Principal) -> AskedBy:
    """Return who asked the question; written by whoever answered it."""
    by = record["asked_by"]
    return AskedBy(asker.client_id, by["name"], by["role"], scope_of(record))


def _department(asker: Principal, named: Department | None) -> Department:
    own = DEPARTMENT_OF_ROLE.get(asker.role)
    if own is None and named is None:
        raise _fault("/department", _UNNAMED)
    if own is not None and named not in (None, own):
        raise _fault("/department", _FOREIGN)
    found = own or named
    assert found is not None
    return found


def _fault(pointer: str, text: Text) -> InvalidRequest:
    return InvalidRequest([Fault("body", pointer, "opinion", text)])
