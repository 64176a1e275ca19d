"""What a caller may give an attribute of a layer: its type and its bounds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

from app.schemas.days import RecordedDay
from app.schemas.one_of import OneOf
from app.schemas.ordered import not_less_than, not_more_than
from parcels.register.layer import LONGEST_TEXT
from parcels.register.layers import Attribute, Kind, Layer
from parcels.register.possible_values import ALWAYS_POSITIVE, NEVER_NEGATIVE, ORDERED
from parcels.register.themes import KNOWN_THEMES

_INT4: Final = 2**31 - 1


def type_of(attribute: Attribute) -> Any:
    """Return the type of an attribute's value, null left out."""
    title = f"{attribute.title_zh} ({attribute.title_en})"
    match attribute.kind:
        case Kind.TEXT if attribute.values:
            listed = OneOf(attribute.values)
            return Annotated[str, listed, Field(description=title)]
        case Kind.TEXT:
            return Annotated[
                str,
                Field(
                    description=title + _hint(attribute),
                    strict=True,
                    min_length=1,
                    max_length=LONGEST_TEXT,
                ),
            ]
        case Kind.INTEGER:
            least = _least(attribute.name) or {"ge": -_INT4}
            bound = Field(description=title, strict=True, le=_INT4, **least)
            return Annotated[int, bound]
        case Kind.NUMBER:
            least = _least(attribute.name)
            number = Field(description=title, strict=True, allow_inf_nan=False, **least)
            return Annotated[float, number]
        case Kind.BOOLEAN:
            return Annotated[bool, Field(description=title, strict=True)]
        case Kind.DATE:
            return Annotated[RecordedDay, Field(description=title)]
        case Kind.TEXT_LIST:
            entry = Annotated[str, Field(strict=True, max_length=LONGEST_TEXT)]
            return Annotated[list[entry], Field(description=title, max_length=100)]
        case Kind.JSON:
            return Annotated[Any, Field(description=title)]


def _least(name: str) -> dict[str, Any]:
    """Return the bound below which a number of that name cannot be."""
    if name in ALWAYS_POSITIVE:
        return {"gt": 0}
    if name in NEVER_NEGATIVE or name.endswith(("_m", "_m2")):
        return {"ge": 0}
    return {}


def _hint(attribute: Attribute) -> str:
    if attribute.name != "theme":
        return ""
    return f"; known to the rules: {KNOWN_THEMES}"


def order_of(layer: Layer, name: str, before: Iterable[str]) -> list[AfterValidator]:
    """Return what holds a value against its pair, where that is declared before it."""
    pairs = ORDERED.get(layer.name, ())
    return [
        *(not_less_than(one) for one, two in pairs if two == name and one in before),
        *(not_more_than(two) for one, two in pairs if one == name and two in before),
    ]
