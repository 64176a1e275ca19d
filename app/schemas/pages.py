"""Lists: filters, and the cursor that says where the next page begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import orjson
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from parcels.codes import normalise_division
from parcels.refusal import Refusal
from parcels.register.repository import PageKey

T = TypeVar("T")
C = TypeVar("C")

DEFAULT_LIMIT: Final = 100
MOST_PER_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in degrees, EPSG:4490."""

    west: float
    south: float
    east: float
    north: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """The four numbers in that order."""
        return self.west, self.south, self.east, self.north


class NotABox(Refusal):
    """A text is not west,south,east,north in degrees."""

    def __init__(self) -> None:
        super().__init__(
            "bbox",
            "应为“西,南,东,北”四个经纬度，如 114.0,34.6,114.1,34.7。",
            "must be west,south,east,north in degrees, e.g. 114.0,34.6,114.1,34.7.",
        )


class NotACursor(Refusal):
    """A text is not a cursor this service has given."""

    def __init__(self) -> None:
        super().__init__(
            "after",
            "不是本服务给出的 next 值；请从第一页重新开始。",
            "is not a `next` of this service; begin with the first page.",
        )


def parse_box(value: Any) -> Box | None:
    """Return a box; raises `NotABox`.

    Examples
    --------
    >>> parse_box("114,34.6,114.1,34.7").bounds
    (114.0, 34.6, 114.1, 34.7)
    """
    if value is None or isinstance(value, Box):
        return value
    try:
        west, south, east, north = (float(part) for part in str(value).split(","))
    except ValueError:
        raise NotABox from None
    # Written so that NaN is refused as well.
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise NotABox
    return Box(west, south, east, north)


def cut_page(
    found: Sequence[T], limit: int, cursor_after: Callable[[T], C]
) -> tuple[Sequence[T], C | None]:
    """Return a page of what was found, and the cursor of the page after it.

    One more than `limit` is looked for: that there is one says that a page follows.
    Without it the cursor is None.

    Examples
    --------
    >>> cut_page("abc", 2, str.upper), cut_page("ab", 2, str.upper)
    (('ab', 'B'), ('ab', None))
    """
    page = found[:limit]
    return page, cursor_after(page[-1]) if len(found) > limit else None


def pack_cursor(*values: Any) -> str:
    """Return the cursor for the page after the values with which one ended."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def unpack_cursor(value: Any, kind: type[T], read: Callable[..., T]) -> T | None:
    """Return where the page before ended; None for none.

    Parameters
    ----------
    value
        A cursor, or what one has been read to already.
    kind, read
        What it is read to, from the values that were packed.

    Raises
    ------
    NotACursor
        If it is no cursor, or `read` cannot use its values.
    """
    if value is None or isinstance(value, kind):
        return value
    try:
        text = str(value)
        packed = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        return read(*orjson.loads(packed))
    except (binascii.Error, ValueError, TypeError, AttributeError):
        raise NotACursor from None


def cursor_of(kind: type[T], read: Callable[..., T]) -> Any:
    """Return the type of the parameter `after` of a list; see `unpack_cursor`."""
    return Annotated[
        Any,
        BeforeValidator(lambda value: unpack_cursor(value, kind, read)),
        Field(description="`next` of the page before"),
        WithJsonSchema({"type": "string"}),
    ]


def write_cursor(key: PageKey) -> str:
    """Return the cursor for the page after a row."""
    return pack_cursor(key.division_code, key.code)


def _read_key(division_code: Any, code: Any) -> PageKey:
    for text in (division_code, code):
        if not isinstance(text, str) or "\x00" in text:
            raise NotACursor
    return PageKey(division_code, code)


def _read_time(time: str, number: str) -> tuple[datetime, UUID]:
    moment = datetime.fromisoformat(time)
    if moment.tzinfo is None:
        raise NotACursor
    return moment, UUID(number)


def write_time_cursor(moment: datetime, number: UUID) -> str:
    """Return the cursor for the page after something of that time and id."""
    return pack_cursor(moment.isoformat(), str(number))


BoxQuery = Annotated[
    Box | None,
    BeforeValidator(parse_box),
    Field(description="west,south,east,north in degrees; objects that meet it"),
    WithJsonSchema({"type": "string", "examples": ["114.0,34.6,114.1,34.7"]}),
]
DivisionQuery = Annotated[
    Annotated[str, Field(max_length=12)] | None,
    AfterValidator(lambda text: None if text is None else normalise_division(text)),
    Field(description="行政区划代码: this division and those below"),
]
LimitQuery = Annotated[
    int, Field(ge=1, le=MOST_PER_PAGE, description="Objects a page at most")
]
CursorQuery = cursor_of(PageKey, _read_key)
TimeCursor = cursor_of(tuple, _read_time)
"""Of lists with the latest first: time and id."""
