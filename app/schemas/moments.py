"""The two axes of time of a read: `as_of` (valid in law) and `known_at` (recorded)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Final

import sqlalchemy as sa
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from app.schemas.days import Day
from parcels.refusal import Refusal
from parcels.register.repository import Moment, resolve_moment

_BIGINT: Final = 2**63 - 1
_NUMBER = re.compile(r"[0-9]{1,19}")


class NotAMoment(Refusal):
    """A text is neither the number of a change nor a time with its zone."""

    def __init__(self) -> None:
        super().__init__(
            "known_at",
            "应为变更号，或带时区的时间，如 2026-03-01T08:00:00+08:00。",
            "must be the number of a change, or a time with its zone such as"
            " 2026-03-01T08:00:00+08:00.",
        )


def parse_known_at(value: Any) -> int | datetime | None:
    """Return the number of a change or a time; raises `NotAMoment`.

    Examples
    --------
    >>> parse_known_at("17")
    17
    """
    if value is None or isinstance(value, int) and 0 <= value <= _BIGINT:
        return value
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    if not isinstance(value, str):
        raise NotAMoment
    if _NUMBER.fullmatch(value) and int(value) <= _BIGINT:
        return int(value)
    try:
        # A plus sign that was not escaped in an address arrives as a blank.
        time = datetime.fromisoformat(value.strip().replace(" ", "+"))
    except ValueError:
        raise NotAMoment from None
    if time.tzinfo is None:
        raise NotAMoment
    return time


AsOf = Annotated[
    Day | None,
    Field(
        description="Day in law (生效时间); default today, Asia/Shanghai",
        examples=["2026-03-01"],
    ),
]
KnownAt = Annotated[
    int | datetime | None,
    BeforeValidator(parse_known_at),
    Field(
        description="What the register knew (入库时间): number of a change, or a time"
        " (RFC 3339); default now",
        examples=["17", "2026-03-01T08:00:00+08:00"],
    ),
    WithJsonSchema({"type": "string", "title": "Known At"}),
]


class MomentQuery(BaseModel):
    """The moment of a read, in the query of an address."""

    model_config = ConfigDict(extra="forbid")

    as_of: AsOf = None
    known_at: KnownAt = None

    def resolve(self, connection: sa.Connection) -> Moment:
        """Return the moment meant; raises `UnknownMoment`."""
        return resolve_moment(connection, self.as_of, self.known_at)
