"""What does a screening run give, and what may it be asked with? (core).

Rows and columns of a result, and the fields of a kind's parameters; plain records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from shapely.geometry.base import BaseGeometry

from parcels.refusal import Language, Refusal
from parcels.texts import Text

FieldType = Literal[
    "choice",
    "choices",
    "number",
    "numbers",
    "text",
    "date",
    "codes",
    "division",
    "yes_no",
    "polygon",
]
"""One of a list; several of it; a number; several numbers; a word; a day as ISO text;
register codes; a division code; true or false; a polygon as GeoJSON, EPSG:4490."""

ColumnType = Literal["text", "number", "integer", "date", "yes_no"]

MOST_ROWS: Final = 500_000
"""Rows of one run at most; a project default. A run that would give more fails."""


class TooManyRows(Refusal):
    """A run gives more rows than a result may hold."""

    def __init__(self, most: int) -> None:
        super().__init__(
            "too_many_rows",
            f"结果超过 {most} 行；请按行政区、类别、期间或更小的距离缩小筛查范围。",
            f"The result has more than {most} rows; narrow the run by division,"
            " category, span of days or a smaller distance.",
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a result (结果行).

    Attributes
    ----------
    values
        By column name: text, number, whole number, yes or no, None; a date as ISO text.
    why
        Why the line is there, for an officer.
    geometry
        To draw, EPSG:4490; None for what has no place.
    """

    values: Mapping[str, Any]
    why: Text
    geometry: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A member of `Row.values`, in the order of tables and files.

    `unit` is "m", "m2", "share" (0 to 1) or empty. `words` names the group of coded
    values by which the values are put into words for people; empty for plain values.
    The words of the group "division" are names of the register.
    """

    name: str
    title: Text
    type: ColumnType = "text"
    unit: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a field may take, and its name."""

    value: str
    title: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter of a kind (参数).

    Attributes
    ----------
    default
        Taken when none is given; None leaves the parameter out.
    choices
        Values of "choice" and "choices".
    least, most
        Bounds of numbers, both included; `most` is also the longest list.
    hint
        What a person should know, with the source of a default number.
    words
        As of a column: the group whose words name the choices; empty where they have
        titles of their own.
    """

    name: str
    title: Text
    type: FieldType
    required: bool = False
    default: Any = None
    choices: tuple[Choice, ...] = ()
    least: float = 0.0
    most: float = 50_000.0
    hint: Text = Text("", "")
    words: str = ""


Words = Callable[[str, str], str]
"""Group and coded value → the value in words; the value itself where there are none."""


def name_choices(field: Field, language: Language, words: Words) -> dict[str, str]:
    """Return what the choices of a field are called, by their values."""
    return {
        one.value: words(field.words, one.value)
        if field.words
        else one.title.of(language)
        for one in field.choices
    }


LONGEST_LIST: Final = 1000
"""Codes of one parameter at most."""
LONGEST_TEXT: Final = 200
