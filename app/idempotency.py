"""A write that comes twice under one key is done once and answered twice.

The answer is stored in the transaction of the write itself, so neither is there
without the other. "In progress" is an advisory lock of that transaction: it ends with
the transaction, however that ends. Keys belong to the client and are kept a day or
more. An answer that changed nothing (a refusal) is not stored: repeating it decides
anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import orjson
import psycopg
import sqlalchemy as sa
from fastapi import Depends
from psycopg.rows import tuple_row
from starlette.requests import Request
from starlette.responses import Response

from app.answers import JSON, NO_STORE
from app.database import Database
from app.database_errors import SnapshotOvertaken
from app.problems import Fault
from app.request_errors import InvalidRequest, KeyReused, StillInProgress
from app.security.principals import Principal
from parcels.refusal import insist
from parcels.register.statements import execute_at_commit, fetch
from parcels.texts import Text

_HEADER: Final = "idempotency-key"
_FORM: Final = re.compile(r"[\x21-\x7e]{1,255}")

_FIND = """
select pg_try_advisory_xact_lock(asked.lock),
    k.request_sha256, k.status, k.headers, k.body
from unnest(%(locks)s::bigint[], %(keys)s::text[])
    with ordinality asked (lock, key, place)
left join registry.idempotency_key k
    on k.client_id = %(client_id)s and k.key = asked.key
order by asked.place
"""
_ATTEMPTS: Final = 4
_KEEP = """
insert into registry.idempotency_key
    (client_id, key, request_sha256, status, headers, body)
values
    (%(client_id)s, %(key)s, %(request)s, %(status)s, %(headers)s::jsonb, %(body)s)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write answers: kept byte for byte when it came under a key."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, *, repeated: bool = False) -> Response:
        """Return it as a response; a repeated answer says so."""
        more = {"Idempotency-Replayed": "true"} if repeated else {}
        return Response(
            self.body,
            status_code=self.status,
            headers={**NO_STORE, **self.headers, **more},
            media_type=JSON,
        )


@dataclass(frozen=True, slots=True)
class Repetition:
    """The key of a write and the digest of what was asked under it."""

    key: str
    request_sha256: bytes


def read_repetition(request: Request, body: bytes | None = None) -> Repetition | None:
    """Return the key and digest of a write.

    Parameters
    ----------
    body
        What tells this request from another, where it was not read as JSON; None for
        the body that the route has read, if it has one.

    Raises
    ------
    InvalidRequest
        If the key has not the form of one.
    """
    sent = request.headers.getlist(_HEADER)
    if not sent:
        return None
    # A header sent twice is its values joined (RFC 9110, 5.3), which is no key.
    key = ", ".join(sent)
    if not _FORM.fullmatch(key):
        text = Text(
            "应为 1 至 255 个可见 ASCII 字符，只给出一次。",
            "must be 1 to 255 visible ASCII characters, sent once.",
        )
        raise InvalidRequest(
            [Fault("header", "Idempotency-Key", "idempotency_key", text, key[:80])]
        )
    digest = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    digest.update(request.headers.get("if-match", "").encode() + b"\n")
    digest.update(getattr(request, "_body", b"") if body is None else body)
    return Repetition(key, digest.digest())


async def _read(request: Request) -> Repetition | None:
    return read_repetition(request)


RepetitionOf = Annotated[Repetition | None, Depends(_read)]
"""Parameter of an endpoint: its Idempotency-Key, None when none was sent."""


def answer_once(
    database: Database,
    principal: Principal,
    repetition: Repetition | None,
    write: Callable[[sa.Connection], Answer],
    *,
    snapshot: bool = False,
) -> Response:
    """Run a write in one transaction, or repeat the answer it gave before.

    Raises
    ------
    KeyReused
        If the key came with another request.
    StillInProgress
        If a request with that key is being answered.
    """

    def write_one(connection: sa.Connection, _: Sequence[int]) -> list[Answer]:
        return [write(connection)]

    (answer,) = answer_each_once(
        database, principal, [repetition], write_one, snapshot=snapshot
    )
    return insist(answer)


def answer_each_once(
    database: Database,
    principal: Principal,
    repetitions: Sequence[Repetition | None],
    write: Callable[[sa.Connection, Sequence[int]], Sequence[Answer | Exception]],
    *,
    snapshot: bool = False,
) -> list[Response | Exception]:
    """Run several writes of one caller in one transaction, each as in `answer_once`.

    Parameters
    ----------
    write
        Writes those whose places in `repetitions` it is given, and returns in the same
        order what each answers; an exception for one that it refuses and for which
        it has written nothing. What it raises undoes all of them.

    Returns
    -------
    list
        For each its answer, or the exception that is its answer.
    """
    for attempt in range(_ATTEMPTS):
        try:
            with database.transaction(principal, snapshot=snapshot) as connection:
                answers = _answer_each(connection, principal, repetitions, write)
            return answers
        except (SnapshotOvertaken, psycopg.errors.UniqueViolation) as error:
            # What was committed since the snapshot stands in a new one: there is an
            # answer by now, or another state to answer from.
            if attempt + 1 == _ATTEMPTS or not _was_overtaken(error):
                raise
    raise AssertionError("unreachable")


def _was_overtaken(error: Exception) -> bool:
    if isinstance(error, psycopg.errors.UniqueViolation):
        return error.diag.table_name == "idempotency_key"
    return True


def _answer_each(
    connection: sa.Connection,
    principal: Principal,
    repetitions: Sequence[Repetition | None],
    write: Callable[[sa.Connection, Sequence[int]], Sequence[Answer | Exception]],
) -> list[Response | Exception]:
    found = _find(connection, principal, repetitions)
    new = [place for place in range(len(repetitions)) if place not in found]
    written = write(connection, new) if new else ()
    for place, answer in zip(new, written, strict=True):
        repetition = repetitions[place]
        if isinstance(answer, Answer) and repetition is not None:
            _keep(connection, principal, repetition, answer)
        found[place] = answer.response() if isinstance(answer, Answer) else answer
    return [found[place] for place in range(len(repetitions))]


def _find(
    connection: sa.Connection,
    principal: Principal,
    repetitions: Sequence[Repetition | None],
) -> dict[int, Response | Exception]:
    """Return, by place, what is answered already or cannot be answered now."""
    keyed = [
        (place, repetition)
        for place, repetition in enumerate(repetitions)
        if repetition is not None
    ]
    if not keyed:
        return {}
    keys = [repetition.key for _, repetition in keyed]
    values = {
        "client_id": principal.client_id,
        "keys": keys,
        "locks": [_lock(principal, key) for key in keys],
    }
    found: dict[int, Response | Exception] = {}
    met: set[str] = set()
    rows = fetch(connection, _FIND, values, tuple_row)
    for (place, repetition), row in zip(keyed, rows, strict=True):
        free, request, status, headers, body = row
        if status is not None:
            found[place] = (
                Answer(status, body, headers).response(repeated=True)
                if request == repetition.request_sha256
                else KeyReused()
            )
        elif not free or repetition.key in met:
            # The lock is the transaction's: it cannot tell two of its own apart.
            found[place] = StillInProgress()
        met.add(repetition.key)
    return found


def _lock(principal: Principal, key: str) -> int:
    """Return the number of the advisory lock of a client's key."""
    owner = principal.client_id.bytes + key.encode()
    return int.from_bytes(hashlib.sha256(owner).digest()[:8], signed=True)


def _keep(
    connection: sa.Connection,
    principal: Principal,
    repetition: Repetition,
    answer: Answer,
) -> None:
    values: dict[str, Any] = {
        "client_id": principal.client_id,
        "key": repetition.key,
        "request": repetition.request_sha256,
        "status": answer.status,
        "headers": orjson.dumps(dict(answer.headers)).decode(),
        "body": answer.body,
    }
    execute_at_commit(connection, _KEEP, values)
