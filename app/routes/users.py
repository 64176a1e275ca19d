"""Persons (人员): entered by an administrator, given rights, switched off (shell)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.answers import NO_STORE, json_response, write_json
from app.idempotency import Answer, RepetitionOf, answer_once
from app.problems import Fault
from app.request_errors import InvalidRequest
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.routes.ids import read_id
from app.routes.layer_reads import answers
from app.schemas.pages import DEFAULT_LIMIT, LimitQuery, cut_page
from app.schemas.users import (
    KeyOfUser,
    UserChange,
    UserModel,
    UserPageModel,
    UserRequest,
    write_user,
)
from app.security.scope import check_inside
from app.security.session import Asker
from app.security.users import (
    Identity,
    UserNotFound,
    add_user,
    change_user,
    get_user,
    link_key_in_scope,
    list_users,
)
from app.services import services_of
from parcels.texts import Text

router = guarded_router(prefix="/v1/users", tags=["session"])


class UsersQuery(BaseModel, extra="forbid"):
    """Which persons, by their ids."""

    limit: LimitQuery = DEFAULT_LIMIT
    after: UUID | None = None


@router.get(
    "",
    name="list_users",
    openapi_extra=needs("manage_users"),
    response_model=None,
    responses=answers(UserPageModel),
)
def list_entered(
    query: Annotated[UsersQuery, Query()], asker: Asker, database: DatabaseOf
) -> Response:
    """List the persons of one's own divisions."""
    with database.transaction(asker, read_only=True) as connection:
        found = list_users(connection, after=query.after, limit=query.limit + 1)
    page, following = cut_page(found, query.limit, lambda user: str(user["id"]))
    content = {"items": [write_user(one) for one in page], "next": following}
    return json_response(content, headers=NO_STORE)


@router.post(
    "",
    name="add_user",
    status_code=201,
    openapi_extra=needs("manage_users"),
    response_model=None,
    responses=answers(UserModel, 201),
)
def add(
    body: UserRequest,
    request: Request,
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
) -> Response:
    """Enter a person by `iss` and `sub` of the identity provider.

    Nothing of a token gives rights: role and divisions are those entered here, within
    one's own.
    """
    rights = body.rights()
    check_inside(asker, rights.scope)
    identity = Identity(body.issuer or _issuer(request), body.subject)

    def write(connection: sa.Connection) -> Answer:
        number = add_user(connection, identity, rights, actor=asker.name)
        content = write_json(write_user(get_user(connection, number)))
        return Answer(201, content, {"Location": f"/v1/users/{number}"})

    return answer_once(database, asker, repetition, write)


@router.get(
    "/{user_id}",
    name="get_user",
    openapi_extra=needs("manage_users"),
    response_model=None,
    responses=answers(UserModel),
)
def get_one(user_id: str, asker: Asker, database: DatabaseOf) -> Response:
    """Return a person of one's own divisions."""
    with database.transaction(asker, read_only=True) as connection:
        found = get_user(connection, read_id(user_id, UserNotFound))
    return json_response(write_user(found), headers=NO_STORE)


@router.put(
    "/{user_id}",
    name="change_user",
    openapi_extra=needs("manage_users"),
    response_model=None,
    responses=answers(UserModel),
)
def change(
    user_id: str,
    body: UserChange,
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
) -> Response:
    """Give a person other rights, or switch him off.

    It holds from the next request on, whatever token or session he has.
    """
    rights = body.rights(is_disabled=body.is_disabled)
    number = read_id(user_id, UserNotFound)
    check_inside(asker, rights.scope)

    def write(connection: sa.Connection) -> Answer:
        change_user(connection, number, rights, actor=asker.name)
        return Answer(200, write_json(write_user(get_user(connection, number))))

    return answer_once(database, asker, repetition, write)


@router.post(
    "/{user_id}/keys",
    name="link_key_to_user",
    openapi_extra=needs("manage_users"),
    response_model=None,
    responses=answers(UserModel),
)
def link(
    user_id: str,
    body: KeyOfUser,
    asker: Asker,
    database: DatabaseOf,
    repetition: RepetitionOf,
) -> Response:
    """Say that a key is a person's, so that both count as one.

    Of keys in use in one's own divisions that are nobody's yet; never of the key one
    asks with, and only as a person oneself. What needs two persons then knows him by
    it. To take it back switch the key off.
    """
    number = read_id(user_id, UserNotFound)

    def write(connection: sa.Connection) -> Answer:
        link_key_in_scope(connection, number, body.key, asker)
        return Answer(200, write_json(write_user(get_user(connection, number))))

    return answer_once(database, asker, repetition, write)


def _issuer(request: Request) -> str:
    issuer = services_of(request).settings.oidc_issuer
    if not issuer:
        text = Text(
            "未配置身份认证服务（JINGTU_OIDC_ISSUER），请给出 issuer。",
            "is needed, as no identity provider is set (JINGTU_OIDC_ISSUER).",
        )
        raise InvalidRequest([Fault("body", "/issuer", "missing", text)])
    return issuer
