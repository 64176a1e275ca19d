"""Receivers of notices as they are registered and answered (回调地址)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.pages import NotACursor, cursor_of, pack_cursor
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


def write_number_cursor(last: Mapping[str, Any]) -> str:
    """Return the cursor for the page after a notice."""
    return pack_cursor(last["number"])


def _read_number(number: Any) -> int:
    if type(number) is not int or not 0 <= number < 2**63:
        raise NotACursor
    return number


NumberCursor = cursor_of(int, _read_number)
