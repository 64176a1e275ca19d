"""Questions to the gate as requests, answered alone or several at once (shell)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from app.answers import write_json
from app.asking import IMPOSSIBLE, ask_several_today
from app.database_errors import DatabaseBusy, DatabaseUnavailable
from app.idempotency import Answer, Repetition, answer_each_once, read_repetition
from app.problems import language_of
from app.request_errors import ImpossibleSubject
from app.routes.guard import json_body
from app.schemas.decisions import write_decision
from app.schemas.gate_request import read_gate_request
from app.security.session import current_principal
from app.services import services_of
from parcels.refusal import Refusal, attempt, go_on, insist
from screening.gate import Question

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    request: Request
    question: Question
    dry_run: bool
    repetition: Repetition | None


def answer_question(request: Request) -> Response:
    """Answer one question.

    Raises
    ------
    InvalidRequest
        With every fault of the request.
    ImpossibleSubject
        If no possible subject was named (rule I04): nothing is decided.
    """
    (answer,) = answer_questions([request])
    return insist(answer)


def answer_questions(requests: Sequence[Request]) -> list[Response | Exception]:
    """Answer questions of one caller in one transaction; each alone if that fails.

    Each gets its answer, or the exception that it is to meet. Dry runs come alone.
    """
    asked = [attempt(_read, request) for request in requests]
    return [*go_on(_answer_all, asked)]


def _read(request: Request) -> _Asked:
    # The day is the database's, known inside the transaction.
    asked = read_gate_request(json_body(request), date.min)
    # A dry run leaves its key to the decision: it may be tried again, and then asked.
    repetition = read_repetition(request)
    kept = None if asked.dry_run else repetition
    return _Asked(request, asked.question, asked.dry_run, kept)


def _answer_all(asked: Sequence[_Asked]) -> Sequence[Response | Exception]:
    if len(asked) > 1:
        try:
            return _answer_together(asked)
        except (DatabaseBusy, DatabaseUnavailable) as error:
            # It may have been committed, so whoever asked has to look; or each would
            # wait for the busy database as long as all have waited.
            return [error] * len(asked)
        except Exception as error:
            log.info("%d questions are answered one by one: %r", len(asked), error)
    return [_try_alone(one) for one in asked]


def _try_alone(asked: _Asked) -> Response | Exception:
    try:
        (answer,) = _dry_run(asked) if asked.dry_run else _answer_together([asked])
    except Exception as error:
        return error
    return answer


def _answer_together(asked: Sequence[_Asked]) -> list[Response | Exception]:
    request = asked[0].request
    return answer_each_once(
        services_of(request).database,
        current_principal(request),
        [one.repetition for one in asked],
        partial(_ask, asked),
        snapshot=True,
    )


def _dry_run(asked: _Asked) -> list[Response | Exception]:
    database = services_of(asked.request).database
    asker = current_principal(asked.request)
    with database.transaction(asker, snapshot=True) as connection:
        (answer,) = _ask([asked], connection, [0])
    return [answer.response() if isinstance(answer, Answer) else answer]


def _ask(
    asked: Sequence[_Asked], connection: sa.Connection, places: Sequence[int]
) -> list[Answer | Exception]:
    """Ask the gate those in the given places."""
    new = [asked[place] for place in places]
    request = new[0].request
    records = ask_several_today(
        services_of(request).gate,
        connection,
        current_principal(request),
        [one.question for one in new],
        dry_run=new[0].dry_run,
    )
    return [_write(one, record) for one, record in zip(new, records, strict=True)]


def _write(asked: _Asked, record: dict[str, Any] | Refusal) -> Answer | Exception:
    if isinstance(record, IMPOSSIBLE):
        return ImpossibleSubject(record)
    if isinstance(record, Refusal):
        return record
    content = write_json(write_decision(record, language_of(asked.request)))
    if asked.dry_run:
        return Answer(200, content)
    location = f"/v1/gate/decisions/{record['id']}"
    return Answer(201, content, {"Location": location})
