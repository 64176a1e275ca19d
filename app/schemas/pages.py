"""Lists: filters, and the cursor that says where the next page begins."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Any, Final

import orjson
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from parcels.codes import normalise_division
from parcels.refusal import Refusal
from parcels.register.repository import PageKey

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
            "应为“西,南,东,北”四个经纬度,如 114.0,34.6,114.1,34.7。",
            "must be west,south,east,north in degrees, e.g. 114.0,34.6,114.1,34.7.",
        )


class NotACursor(Refusal):
    """A text is not a cursor this service has given."""

    def __init__(self) -> None:
        super().__init__(
            "after",
            "不是本服务给出的 next 值;请从第一页重新开始。",
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


def write_cursor(key: PageKey) -> str:
    """Return the cursor for the page after a row."""
    packed = orjson.dumps([key.division_code, key.code])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def parse_cursor(value: Any) -> PageKey | None:
    """Return the row a cursor names; raises `NotACursor`."""
    if value is None or isinstance(value, PageKey):
        return value
    try:
        text = str(value)
        packed = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        division_code, code = orjson.loads(packed)
    except (binascii.Error, ValueError, TypeError):
        raise NotACursor from None
    for text in (division_code, code):
        if not isinstance(text, str) or "\x00" in text:
            raise NotACursor
    return PageKey(division_code, code)


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
CursorQuery = Annotated[
    PageKey | None,
    BeforeValidator(parse_cursor),
    Field(description="`next` of the page before"),
    WithJsonSchema({"type": "string"}),
]
