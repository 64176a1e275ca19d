"""The feed of changes of a layer: where a reader goes on, and what he is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from app.schemas.pages import (
    DEFAULT_LIMIT,
    DivisionQuery,
    LimitQuery,
    NotACursor,
    cut_page,
    pack_cursor,
    unpack_cursor,
)
from parcels.refusal import Refusal
from parcels.register.feed import EVENT_KINDS, FeedKey, VersionEvent, after_change
from parcels.register.layers import Layer

_BIGINT: Final = 2**63 - 1
_NUMBER = re.compile(r"[0-9]{1,18}")


class NotAPlaceInTheFeed(Refusal):
    """A text is neither the number of a change nor a cursor of the feed."""

    def __init__(self) -> None:
        super().__init__(
            "after",
            "应为变更号（0 表示从头开始），或本服务给出的 next 值。",
            "must be the number of a change (0 for the beginning), or a `next` of this"
            " service.",
        )


def parse_place(value: Any) -> FeedKey:
    """Return after which event the feed goes on; raises `NotAPlaceInTheFeed`.

    Examples
    --------
    >>> parse_place("17")
    FeedKey(number=18, kind='closed', version_id=0)
    >>> parse_place(write_place(FeedKey(17, "opened", 4)))
    FeedKey(number=17, kind='opened', version_id=4)
    """
    if isinstance(value, FeedKey):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return after_change(int(value))
    try:
        key = unpack_cursor(value, FeedKey, _read_key)
    except NotACursor:
        raise NotAPlaceInTheFeed from None
    if key is None:
        raise NotAPlaceInTheFeed
    return key


def write_place(key: FeedKey) -> str:
    """Return the cursor for the page after an event."""
    return pack_cursor(key.number, key.kind, key.version_id)


def _read_key(number: Any, kind: Any, version_id: Any) -> FeedKey:
    for whole in (number, version_id):
        if type(whole) is not int or not 0 <= whole < _BIGINT:
            raise NotACursor
    if kind not in EVENT_KINDS:
        raise NotACursor
    return FeedKey(number, kind, version_id)


class FeedQuery(BaseModel):
    """From where a reader goes on, and how far at once."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[
        FeedKey,
        BeforeValidator(parse_place),
        Field(
            description="Number of the last change that was read to its end"
            " (`complete_to` of the page before), or `next` of the page before;"
            " default the beginning"
        ),
        WithJsonSchema({"type": "string", "examples": ["0", "17"]}),
    ] = after_change(0)
    limit: LimitQuery = DEFAULT_LIMIT
    division: DivisionQuery = None


class VersionEventModel(BaseModel):
    """A version of an object that a change opened (入库) or closed (更替)."""

    change: int = Field(description="变更号: number of the change")
    recorded_at: datetime = Field(description="入库时间: time of the change")
    kind: Literal["opened", "closed"] = Field(
        description="`opened`: known from this change on; `closed`: no longer what is"
        " known, replaced or taken back"
    )
    object_id: int = Field(description="Of the object; the same in all its versions")
    code: str = Field(description="Code of the object, whatever the list calls it")
    division_code: str
    valid_from: date = Field(description="生效日 of the version")
    valid_to: date | None = Field(description="失效日 of the version")
    version: int = Field(description="Number of the version, as in lists")
    source: str = Field(description="Of the change: `upload:<id>` or `actor:<name>`")
    links: dict[str, str] = Field(
        description="`object`: the object as this version tells it, also after"
        " further changes"
    )


class FeedPage(BaseModel):
    """A page of the feed of changes of a layer."""

    items: list[VersionEventModel]
    next: str | None = Field(description="Cursor for `after`; null at the end")
    complete_to: int = Field(
        description="Every change up to this number has been told; ask again with it"
        " as `after`"
    )


def write_feed(
    layer: Layer, found: Sequence[VersionEvent], limit: int, last: int
) -> dict[str, Any]:
    """Return a page; `found` holds one more than the page when more follow.

    `last` is the number up to which it was looked for. A change that does not end on
    the page counts as not told.
    """
    page, cursor = cut_page(found, limit, lambda event: write_place(event.key))
    return {
        "items": [_write_event(layer, event) for event in page],
        "next": cursor,
        "complete_to": last if cursor is None else page[-1].number - 1,
    }


def _write_event(layer: Layer, event: VersionEvent) -> dict[str, Any]:
    return {
        "change": event.number,
        "recorded_at": event.recorded_at,
        "kind": event.kind,
        "object_id": event.object_id,
        "code": event.code,
        "division_code": event.division_code,
        "valid_from": event.valid_from,
        "valid_to": event.valid_to,
        "version": event.version_id,
        "source": event.source,
        "links": {"object": _address(layer, event)},
    }


def _address(layer: Layer, event: VersionEvent) -> str:
    """Return where the version is read, on its first day and while it was known."""
    known_at = event.number - (event.kind == "closed")
    return (
        f"/v1/{layer.path}/{quote(event.code, safe='')}?as_of={event.valid_from}"
        f"&known_at={known_at}&division={event.division_code}"
    )
