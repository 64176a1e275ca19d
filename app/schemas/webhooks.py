"""Receivers of notices as they are registered and answered (回调地址)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from app.schemas.pages import NotACursor
from screening.notices.outbox import EventType

DeliveryState = Literal["waiting", "delivered", "dead"]


class WebhookRequest(BaseModel):
    """Where to send notices, and of what."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    url: str = Field(
        min_length=1,
        max_length=2000,
        examples=["https://permits.example.gov.cn/jingtu"],
    )
    events: list[EventType] = Field(min_length=1, max_length=10)


class WebhookModel(BaseModel):
    """A receiver; its secret is shown once, when it is made."""

    id: UUID
    client_id: UUID
    division_code: str
    url: str
    events: list[EventType]
    created_at: datetime
    earlier_secret_until: datetime | None = Field(
        description="Until then the secret before signs too"
    )
    secret: str | None = Field(
        None, description="As the Standard Webhooks convention writes it"
    )
    links: dict[str, str]


class WebhookListModel(BaseModel):
    """The receivers a caller may see, the latest first."""

    items: list[WebhookModel]


class DeliveryModel(BaseModel):
    """A notice, sent or to be sent; its id is the header `webhook-id`."""

    id: UUID
    event: str
    state: DeliveryState = Field(
        description="dead: given up after the last attempt; it can be sent again"
    )
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None
    last_status: int | None
    last_failure: str | None
    delivered_at: datetime | None
    body: dict[str, Any]


class DeliveryPageModel(BaseModel):
    """Notices to a receiver, the latest first."""

    items: list[DeliveryModel]
    next: str | None


def write_webhook(
    receiver: Mapping[str, Any], secret: str | None = None
) -> dict[str, Any]:
    """Return a receiver as it is answered."""
    until: datetime | None = receiver["earlier_until"]
    shown = {name: receiver[name] for name in receiver if name != "earlier_until"}
    own = f"/v1/webhooks/{receiver['id']}"
    return {
        **shown,
        "earlier_secret_until": until if until and until > datetime.now(UTC) else None,
        "secret": secret,
        "links": {"self": own, "deliveries": f"{own}/deliveries"},
    }


def write_delivery(delivery: Mapping[str, Any]) -> dict[str, Any]:
    """Return a notice as it is answered."""
    return {name: value for name, value in delivery.items() if name != "number"}


def parse_number_cursor(value: Any) -> int | None:
    """Return where the page before ended; raises `NotACursor`."""
    if value is None or isinstance(value, int):
        return value
    try:
        text = str(value)
        return int(
            base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        )
    except (binascii.Error, ValueError):
        raise NotACursor from None


def write_number_cursor(last: Mapping[str, Any]) -> str:
    """Return the cursor for the page after a notice."""
    return base64.urlsafe_b64encode(str(last["number"]).encode()).decode().rstrip("=")


NumberCursor = Annotated[
    Any,
    BeforeValidator(parse_number_cursor),
    Field(description="`next` of the page before"),
    WithJsonSchema({"type": "string"}),
]
