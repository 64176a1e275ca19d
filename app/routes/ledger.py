"""The ledger (存证账本): signed heads, and proofs that an entry is in it (shell)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.answers import JSON, NO_STORE, json_response
from app.request_errors import NotFound
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.routes.ids import no_decision, read_decision_id, read_id
from app.routes.layer_reads import answers
from app.schemas.ledger import (
    ConsistencyModel,
    EntryPageModel,
    HeadModel,
    ProofModel,
    write_entries,
    write_proof,
)
from app.schemas.ordered import not_less_than
from app.schemas.pages import DEFAULT_LIMIT, LimitQuery
from app.security.session import Asker
from parcels.ledger.canonical import LARGEST_INTEGER
from parcels.ledger.entries import list_entries
from parcels.ledger.entry import EntryKind
from parcels.ledger.prove import prove_consistency, prove_entry
from parcels.ledger.tree import find_head, latest_head
from screening.gate import find_record

router = guarded_router(prefix="/v1", tags=["ledger"])
_no_entry = partial(NotFound, ("账本记录", "Entry"))


class HeadQuery(BaseModel, extra="forbid"):
    """Which head."""

    size: int | None = Field(
        None,
        ge=1,
        le=LARGEST_INTEGER,
        description="Number of its entries; the latest else",
    )


class ProofQuery(HeadQuery):
    """Which entry, against which head."""

    entry: str = Field(max_length=60, description="`ledger.entry` of an answer")


class ConsistencyQuery(BaseModel, extra="forbid"):
    """Between which sizes of the ledger; the later is the latest when not given."""

    earlier: int = Field(ge=1, le=LARGEST_INTEGER)
    later: Annotated[int | None, not_less_than("earlier")] = Field(
        None, ge=1, le=LARGEST_INTEGER
    )


@router.get(
    "/ledger/head",
    name="get_ledger_head",
    openapi_extra=needs("read_ledger"),
    response_model=None,
    responses=answers(HeadModel),
)
def get_head(
    query: Annotated[HeadQuery, Query()], asker: Asker, database: DatabaseOf
) -> Response:
    """Return a signed head: the latest, or that of a number of entries.

    Whoever keeps one can show later that nothing it stood for was changed.
    """
    with database.transaction(asker, read_only=True) as connection:
        head = (
            latest_head(connection)
            if query.size is None
            else find_head(connection, query.size)
        )
    if head is None:
        raise NotFound(("账本树头", "Head of the ledger"), str(query.size or "latest"))
    return json_response(head.shown(), headers=NO_STORE)


@router.get(
    "/ledger/proof",
    name="get_ledger_proof",
    openapi_extra=needs("read_ledger"),
    response_model=None,
    responses=answers(ProofModel),
)
def get_proof(
    query: Annotated[ProofQuery, Query()], asker: Asker, database: DatabaseOf
) -> Response:
    """Return an entry of the caller's divisions and the proof that it is in the ledger.

    Until it is sealed `state` is `pending`.
    """
    with database.transaction(asker, read_only=True) as connection:
        return _prove(connection, query.entry, query.size, _no_entry)


class EntryQuery(BaseModel, extra="forbid"):
    """Which entries; the latest first."""

    kind: EntryKind | None = None
    limit: LimitQuery = DEFAULT_LIMIT
    after: int | None = Field(
        None, ge=1, le=LARGEST_INTEGER, description="`next` of the page before"
    )


@router.get(
    "/ledger/entries",
    name="list_ledger_entries",
    openapi_extra=needs("read_query_log"),
    response_model=None,
    responses=answers(EntryPageModel),
)
def list_ledger_entries(
    query: Annotated[EntryQuery, Query()], asker: Asker, database: DatabaseOf
) -> Response:
    """List sealed entries of the caller's divisions: who asked, decided, changed what.

    A page may be short or empty and still have a `next`: it looks through a part of
    the ledger, of which the entries of other divisions are not shown.
    """
    with database.transaction(asker, read_only=True) as connection:
        page = list_entries(
            connection, query.kind, before=query.after, limit=query.limit
        )
    return json_response(write_entries(page), headers=NO_STORE)


@router.get(
    "/ledger/consistency",
    name="get_ledger_consistency",
    openapi_extra=needs("read_ledger"),
    response_model=None,
    responses=answers(ConsistencyModel),
)
def get_consistency(
    query: Annotated[ConsistencyQuery, Query()], asker: Asker, database: DatabaseOf
) -> Response:
    """Return the proof that the ledger went on from an earlier head unchanged."""
    with database.transaction(asker, read_only=True) as connection:
        latest = latest_head(connection)
        later = query.later or (latest.head.size if latest else 0)
        path = prove_consistency(connection, query.earlier, later)
    proof = {
        "earlier": query.earlier,
        "later": later,
        "path": [each.hex() for each in path],
    }
    return json_response(proof, headers=NO_STORE)


@router.get(
    "/gate/decisions/{decision_id}/proof",
    name="get_decision_proof",
    openapi_extra=needs("read_decisions"),
    response_model=None,
    responses=answers(ProofModel),
)
def get_decision_proof(
    decision_id: str,
    query: Annotated[HeadQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
) -> Response:
    """Return the proof that a decision is in the ledger.

    Its `content` holds the SHA-256 of the record (`…/record`).
    """
    with database.transaction(asker, read_only=True) as connection:
        return _prove(connection, decision_id, query.size, no_decision)


@router.get(
    "/gate/decisions/{decision_id}/record",
    name="get_decision_record",
    openapi_extra=needs("read_decisions"),
    response_model=None,
    responses={200: {"description": "Canonical JSON, byte for byte as recorded"}},
)
def get_decision_record(
    decision_id: str, asker: Asker, database: DatabaseOf
) -> Response:
    """Return the record of a decision byte for byte: what its entry is the digest of.

    Request, facts, findings in both languages, rule set and data versions.
    """
    number = read_decision_id(decision_id)
    with database.transaction(asker, read_only=True) as connection:
        written = find_record(connection, number)
    if written is None:
        raise no_decision(decision_id)
    return Response(written, headers=NO_STORE, media_type=JSON)


def _prove(
    connection: sa.Connection,
    entry: str,
    size: int | None,
    absent: Callable[[str], NotFound],
) -> Response:
    proof = prove_entry(connection, read_id(entry, absent), size)
    if proof is None:
        raise absent(entry)
    return json_response(write_proof(proof), headers=NO_STORE)
