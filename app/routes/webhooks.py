"""Receivers of notices (回调通知): registered, listed, given another secret (shell)."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.answers import NO_STORE, json_response, write_json
from app.idempotency import Answer, answer_once, read_repetition
from app.request_errors import NotAllowed
from app.routes.guard import DatabaseOf, guarded_router, needs
from app.routes.ids import read_id
from app.routes.layer_reads import answers
from app.schemas.pages import DEFAULT_LIMIT, LimitQuery, cut_page
from app.schemas.webhooks import (
    DeliveryPageModel,
    DeliveryState,
    NumberCursor,
    WebhookListModel,
    WebhookModel,
    WebhookRequest,
    write_delivery,
    write_number_cursor,
    write_webhook,
)
from app.security.permissions import RIGHTS
from app.security.session import Asker, current_principal
from app.services import services_of
from screening.notices.address import read_target
from screening.notices.outbox import PLOT_EVENTS
from screening.notices.receivers import (
    ReceiverNotFound,
    add_receiver,
    get_receiver,
    list_deliveries,
    list_receivers,
    remove_receiver,
    rotate_secret,
    send_again,
)
from screening.notices.signature import show_secret

router = guarded_router(prefix="/v1/webhooks", tags=["webhooks"])


@router.post(
    "",
    name="add_webhook",
    status_code=201,
    openapi_extra=needs("use_webhooks"),
    response_model=None,
    responses=answers(WebhookModel, 201),
)
def add_webhook(body: WebhookRequest, request: Request) -> Response:
    """Register an address to which notices are sent.

    Notices are posted as JSON (`type`, `timestamp`, `data`) and signed after the
    Standard Webhooks convention (`webhook-id`, `webhook-timestamp`,
    `webhook-signature`). Each comes at least once, always under the same id; answer
    2xx within ten seconds. They tell of the divisions of this key, and of plots
    (`plot.event`, `plot.succession`) only who may read them. The secret is shown here
    and never again.
    """
    asker, services = current_principal(request), services_of(request)
    readers = RIGHTS["read:plot"].roles
    if PLOT_EVENTS & set(body.events) and asker.role not in readers:
        raise NotAllowed(asker.role, sorted(readers))
    read_target(body.url, services.settings.notice_networks)

    def write(connection: sa.Connection) -> Answer:
        receiver, secret = add_receiver(
            connection, asker.client_id, asker.scope, body.url, body.events
        )
        content = write_json(write_webhook(receiver, show_secret(secret)))
        return Answer(201, content, {"Location": f"/v1/webhooks/{receiver['id']}"})

    return answer_once(services.database, asker, read_repetition(request), write)


@router.get(
    "",
    name="list_webhooks",
    openapi_extra=needs("use_webhooks"),
    response_model=None,
    responses=answers(WebhookListModel),
)
def list_webhooks(asker: Asker, database: DatabaseOf) -> Response:
    """List one's own receivers; an administrator's list has those of his divisions."""
    with database.transaction(asker, read_only=True) as connection:
        found = list_receivers(connection)
    return json_response(
        {"items": [write_webhook(one) for one in found]}, headers=NO_STORE
    )


@router.get(
    "/{webhook_id}",
    name="get_webhook",
    openapi_extra=needs("use_webhooks"),
    response_model=None,
    responses=answers(WebhookModel),
)
def get_webhook(webhook_id: str, asker: Asker, database: DatabaseOf) -> Response:
    """Return a receiver, without its secret."""
    with database.transaction(asker, read_only=True) as connection:
        found = get_receiver(connection, read_id(webhook_id, ReceiverNotFound))
    return json_response(write_webhook(found), headers=NO_STORE)


@router.post(
    "/{webhook_id}/secret",
    name="rotate_webhook_secret",
    openapi_extra=needs("use_webhooks"),
    response_model=None,
    responses=answers(WebhookModel),
)
def post_secret(webhook_id: str, request: Request) -> Response:
    """Give a receiver another secret, shown here and never again.

    For a day notices carry two signatures, the second by the secret before.
    """
    asker, services = current_principal(request), services_of(request)
    number = read_id(webhook_id, ReceiverNotFound)

    def write(connection: sa.Connection) -> Answer:
        secret = rotate_secret(connection, number)
        found = get_receiver(connection, number)
        return Answer(200, write_json(write_webhook(found, show_secret(secret))))

    return answer_once(services.database, asker, read_repetition(request), write)


@router.delete(
    "/{webhook_id}",
    name="remove_webhook",
    status_code=204,
    openapi_extra=needs("use_webhooks"),
    response_model=None,
)
def delete_webhook(webhook_id: str, asker: Asker, database: DatabaseOf) -> Response:
    """Remove a receiver: nothing is sent to it any more, not even what waits."""
    with database.transaction(asker) as connection:
        remove_receiver(connection, read_id(webhook_id, ReceiverNotFound))
    return Response(status_code=204, headers=NO_STORE)


class DeliveryQuery(BaseModel, extra="forbid"):
    """Which notices; the latest first."""

    state: DeliveryState | None = None
    limit: LimitQuery = DEFAULT_LIMIT
    after: NumberCursor = None


@router.get(
    "/{webhook_id}/deliveries",
    name="list_webhook_deliveries",
    openapi_extra=needs("use_webhooks"),
    response_model=None,
    responses=answers(DeliveryPageModel),
)
def get_deliveries(
    webhook_id: str,
    query: Annotated[DeliveryQuery, Query()],
    asker: Asker,
    database: DatabaseOf,
) -> Response:
    """List the notices to a receiver: waiting, delivered, dead."""
    with database.transaction(asker, read_only=True) as connection:
        found = list_deliveries(
            connection,
            read_id(webhook_id, ReceiverNotFound),
            state=query.state,
            before=query.after,
            limit=query.limit + 1,
        )
    page, cursor = cut_page(found, query.limit, write_number_cursor)
    items = [write_delivery(one) for one in page]
    return json_response({"items": items, "next": cursor}, headers=NO_STORE)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/redeliver",
    name="redeliver_webhook",
    status_code=202,
    openapi_extra=needs("use_webhooks"),
    response_model=None,
)
def redeliver(
    webhook_id: str, delivery_id: str, asker: Asker, database: DatabaseOf
) -> Response:
    """Send a notice again under its own id, as if for the first time."""
    with database.transaction(asker) as connection:
        send_again(
            connection,
            read_id(webhook_id, ReceiverNotFound),
            read_id(delivery_id, ReceiverNotFound),
        )
    return Response(status_code=202, headers=NO_STORE)
