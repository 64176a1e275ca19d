"""What does an OGC request for features ask for? (core).

Every parameter that is not listed is refused, and so is a value that cannot be used
(Features Part 1, 7.5): each refusal names the parameter, the value and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.ogc.words import (
    CRS_LIST,
    EPSG_4490,
    BadQuery,
    Filter,
    bad_query,
    check_crs,
    parse_filter,
)
from app.problems import Fault
from app.routes.layer_reads import filter_names
from app.schemas.moments import parse_known_at
from app.schemas.pages import DEFAULT_LIMIT, MOST_PER_PAGE, CursorQuery
from app.validation import show
from parcels.refusal import Refusal
from parcels.register.layers import Layer
from parcels.register.repository import TIME_ZONE, Period
from parcels.register.selecting import Box
from parcels.texts import Text

_OPEN_END: Final = ("", "..")

FormatQuery = Annotated[
    Literal["json"], Field(description="Only JSON is offered; the same without it")
]
LimitQuery = Annotated[
    int,
    Field(ge=1, description="Features a page at most; more than the most is the most"),
    WithJsonSchema(
        {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_PER_PAGE,
            "default": DEFAULT_LIMIT,
        }
    ),
]
_BOX: Final = {
    "type": "array",
    "items": {"type": "number"},
    "oneOf": [{"minItems": n, "maxItems": n} for n in (4, 6)],
}
BoxQuery = Annotated[
    str | None,
    Field(max_length=200, description="Features that meet it; west,south,east,north"),
    WithJsonSchema(_BOX),
]
CrsQuery = Annotated[
    str | None,
    Field(description="URI of a system in the collection's list"),
    WithJsonSchema({"type": "string", "format": "uri", "enum": list(CRS_LIST)}),
]
DatetimeQuery = Annotated[
    str | None,
    Field(max_length=80, description="Day, time or interval in law (生效时间)"),
    WithJsonSchema({"type": "string"}),
]


class PlainQuery(BaseModel):
    """Parameters of a document that takes none but its format."""

    model_config = ConfigDict(extra="forbid")

    f: FormatQuery = "json"


class ItemQuery(PlainQuery):
    """In which system one feature is wanted."""

    crs: CrsQuery = None


class ItemsQuery(BaseModel):
    """Which features, in which system; queryables are parameters too."""

    model_config = ConfigDict(extra="allow")

    f: FormatQuery = "json"
    bbox: BoxQuery = None
    bbox_crs: CrsQuery = Field(None, alias="bbox-crs")
    crs: CrsQuery = None
    datetime: DatetimeQuery = None
    limit: LimitQuery = DEFAULT_LIMIT
    after: CursorQuery = None
    filter: str | None = Field(None, max_length=2000)
    filter_lang: Literal["cql2-text"] = Field("cql2-text", alias="filter-lang")


def queryables_of(layer: Layer) -> dict[str, str]:
    """Return property → column of what can be asked by equality."""
    return {layer.code_name: "code", **{one: one for one in filter_names(layer)}}


def read_filter(layer: Layer, query: ItemsQuery) -> Filter:
    """Return what the filter and the parameters of that collection ask for.

    Raises
    ------
    BadQuery
        If a parameter is unknown, the filter cannot be understood, or a property is
        asked for by a value that it cannot have.
    """
    wanted = parse_filter(query.filter) if query.filter else Filter()
    extra: Mapping[str, Any] = query.model_extra or {}
    columns = queryables_of(layer)
    faults = [
        Fault("query", name, "unknown", _unknown(columns), show(value))
        for name, value in extra.items()
        if name not in columns
    ]
    faults += [
        Fault("query", "filter", "unknown_property", _unknown(columns), show(name))
        for name, _ in wanted.equals
        if name not in columns
    ]
    given = [(name, name, str(value)) for name, value in extra.items()]
    asked = [*(("filter", name, value) for name, value in wanted.equals), *given]
    faults += [
        Fault("query", parameter, "value", _choices(name, values), show(value))
        for parameter, name, value in asked
        if (values := values_of(layer, name)) and value not in values
    ]
    if faults:
        raise BadQuery(faults)
    return Filter([(columns[name], value) for _, name, value in asked], wanted.box)


def values_of(layer: Layer, name: str) -> tuple[str, ...]:
    """Return the values that a queryable can have; empty where it can have any."""
    return layer.attribute(name).values if name in filter_names(layer) else ()


def _choices(name: str, values: tuple[str, ...]) -> Text:
    offered = ", ".join(values)
    return Text(
        f"属性 {name} 没有此值；可用的值：{offered}。",
        f"is no value of {name}; it can be: {offered}.",
    )


def _unknown(columns: Mapping[str, str]) -> Text:
    offered = ", ".join(columns)
    return Text(
        f"该图层没有此查询项；请删除或改正名称。可按以下属性查询：{offered}。",
        f"is not known here; remove or rename it. Properties asked by: {offered}.",
    )


def read_box(query: ItemsQuery, wanted: Filter) -> Box | None:
    """Return the box of `bbox` or of the filter; raises `BadQuery`.

    Heights of a box of six numbers are left out: the register is flat. West of more
    than east crosses 180° (Features Part 1, 7.15.3).
    """
    text = query.bbox if query.bbox is not None else wanted.box
    crs = check_crs("bbox-crs", query.bbox_crs)
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise _not_a_box(text) from None
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4:
        raise _not_a_box(text)
    west, south, east, north = numbers
    if crs == EPSG_4490:
        west, south, east, north = south, west, north, east
    # Written so that NaN is refused as well.
    if not (abs(west) <= 180 and abs(east) <= 180 and -90 <= south <= north <= 90):
        raise _not_a_box(text)
    return west, south, east, north


def _not_a_box(text: str) -> BadQuery:
    return bad_query(
        "bbox",
        text,
        "应为四个（或含高程六个）数：西,南,东,北，如 114.0,34.6,114.1,34.7；"
        "bbox-crs 为 EPSG:4490 时纬度在前。",
        "must be four numbers (six with heights), west,south,east,north, such as"
        " 114.0,34.6,114.1,34.7; with bbox-crs EPSG:4490 latitude comes first.",
    )


def read_period(text: str | None) -> Period | None:
    """Return the days of `datetime` in Asia/Shanghai; None is today.

    An interval takes in both its ends; an open end is ``..`` or nothing (RFC 3339,
    Features Part 1, 7.15.4). Raises `BadQuery`.

    Examples
    --------
    >>> read_period("2026-03-01T23:00:00Z").first
    datetime.date(2026, 3, 2)
    """
    if text is None:
        return None
    ends = text.split("/")
    if len(ends) > 2 or (len(ends) == 1 and text in _OPEN_END):
        raise _not_a_period(text)
    first = date.min if ends[0] in _OPEN_END else _day(ends[0], text)
    last = date.max if ends[-1] in _OPEN_END else _day(ends[-1], text)
    if first > last:
        raise _reversed(text)
    return Period(first, last)


def _day(end: str, text: str) -> date:
    try:
        if len(end) == 10:
            return date.fromisoformat(end)
        time = parse_known_at(end)
    except (Refusal, ValueError):
        raise _not_a_period(text) from None
    if not isinstance(time, datetime):
        raise _not_a_period(text)
    try:
        return time.astimezone(ZoneInfo(TIME_ZONE)).date()
    except OverflowError:
        raise _not_a_period(text) from None


def _reversed(text: str) -> BadQuery:
    return bad_query(
        "datetime",
        text,
        "区间的结束早于开始；请改为先开始后结束。",
        "ends before it begins; give the earlier end first.",
    )


def _not_a_period(text: str) -> BadQuery:
    return bad_query(
        "datetime",
        text,
        "应为日期或带时区的时间（如 2026-03-01），或区间（如 2025-01-01/2026-01-01、"
        "../2026-01-01）。",
        "must be a day or a time with its zone, such as 2026-03-01, or an interval"
        " such as 2025-01-01/2026-01-01 or ../2026-01-01.",
    )
