"""What is a layer of the register, and what an attribute of one? (core)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST_TEXT: Final = 500
"""Characters of a text at most, however it comes into the register."""
YEARS: Final = range(1900, 2201)
"""Years of which a day may be, however it comes; others are slips or stand for none."""


class Kind(StrEnum):
    """What an attribute holds; each kind is one column type of the database."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TEXT_LIST = "text_list"
    JSON = "json"


class Shape(StrEnum):
    """Geometry a layer holds, EPSG:4490 longitude latitude, two dimensions."""

    AREA = "area"
    """MultiPolygon."""
    PLACE = "place"
    """MultiPolygon where the boundary is known, else a Point."""
    POINT = "point"
    LINE = "line"
    """MultiLineString."""
    AREA_OR_NONE = "area_or_none"
    """MultiPolygon, or none where the row speaks of a whole county."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a layer.

    Attributes
    ----------
    name
        Column and JSON name, unit in the name.
    survey_fields
        Names under which surveys deliver it, upper case, most usual first.
    values
        Allowed values; empty means any.
    required
        Whether a row without it is refused.
    computed
        Filled by the program (areas), never taken from a file or a caller.
    reference
        Holds the code of another object, and is compared as codes are.
    """

    name: str
    kind: Kind
    title_zh: str
    title_en: str
    survey_fields: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    required: bool = False
    computed: bool = False
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the register.

    Attributes
    ----------
    name
        Table in schema ``registry`` and name of the layer in uploads.
    path
        Path segment below ``/v1``; empty for layers without a path of their own.
    code_name
        JSON name of the business key, column ``code``.
    code_fields
        Survey field names of the business key.
    """

    name: str
    path: str
    title_zh: str
    title_en: str
    shape: Shape
    attributes: tuple[Attribute, ...]
    code_name: str = "code"
    code_fields: tuple[str, ...] = ()

    def attribute(self, name: str) -> Attribute:
        """Return the attribute of that name; KeyError when there is none."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        raise KeyError(name)
