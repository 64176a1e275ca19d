"""Keys (密钥): which there are in one's divisions, and whose they are (shell)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.answers import NO_STORE, json_response
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.routes.ids import read_id
from app.routes.layer_reads import answers
from app.schemas.keys import KeyPageModel, KeysOfUserQuery, KeysQuery
from app.schemas.pages import cut_page
from app.security.session import Asker
from app.security.users import UserNotFound, get_user, list_keys

router = guarded_router(prefix="/v1", tags=["session"])


@router.get(
    "/keys",
    name="list_keys",
    openapi_extra=needs("manage_users"),
    response_model=None,
    responses=answers(KeyPageModel),
)
def list_all(
    query: Annotated[KeysQuery, Query()], asker: Asker, database: DatabaseOf
) -> Response:
    """List the keys of one's own divisions, those switched off or expired as well.

    With `unlinked` those that can be linked: `POST /v1/users/{user_id}/keys`. A key
    itself is shown once, when it is made on the server.
    """
    with database.transaction(asker, read_only=True) as connection:
        found = list_keys(
            connection,
            unlinked=query.unlinked,
            after=query.after,
            limit=query.limit + 1,
        )
    return _page(found, query.limit)


@router.get(
    "/users/{user_id}/keys",
    name="list_keys_of_user",
    openapi_extra=needs("manage_users"),
    response_model=None,
    responses=answers(KeyPageModel),
)
def list_of_user(
    user_id: str,
    query: Annotated[KeysOfUserQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
) -> Response:
    """List a person's keys of one's own divisions."""
    number = read_id(user_id, UserNotFound)
    with database.transaction(asker, read_only=True) as connection:
        get_user(connection, number)
        found = list_keys(
            connection, of_user=number, after=query.after, limit=query.limit + 1
        )
    return _page(found, query.limit)


def _page(found: list[dict[str, object]], limit: int) -> Response:
    page, following = cut_page(found, limit, lambda key: str(key["id"]))
    return json_response({"items": page, "next": following}, headers=NO_STORE)
