"""What stands between the values of a text table, and where does it begin? (core).

Comma, semicolon (Excel, where the comma is the decimal sign), tab or bar. The line with
the field names tells; where it could be read in several ways, the lines below it must
tell. Excel's own first line ``sep=;`` states it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from parcels.surveys.refusals import FileRefused

_KNOWN: Final = {
    ",": ("逗号", "comma"),
    ";": ("分号", "semicolon"),
    "\t": ("制表符", "tab"),
    "|": ("竖线", "vertical bar"),
}
_OTHERS: Final = {
    "，": ("全角逗号“，”", "full-width comma '，'"),
    "；": ("全角分号“；”", "full-width semicolon '；'"),
    "、": ("顿号“、”", "enumeration comma '、'"),
    "~": ("波浪号“~”", "tilde '~'"),
    "^": ("脱字号“^”", "caret '^'"),
}
_STATED: Final = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE)
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_TRIED: Final = 20
"""Lines that are tried where the names could be read in several ways."""
_TITLE_LINES: Final = 10
"""Lines among which the field names are looked for."""


class Table(NamedTuple):
    """How a text table is to be read.

    Attributes
    ----------
    separator
        The character between values.
    names
        The values of the line with the field names, as they stand there.
    begin
        Character at which the line after it begins.
    """

    separator: str
    names: list[str]
    begin: int


class _Lines:
    """The lines of a text from a character on; `place` is where the next begins."""

    def __init__(self, text: str, begin: int) -> None:
        self._text, self.place = text, begin

    def __iter__(self) -> Iterator[str]:
        while match := _LINE.match(self._text, self.place):
            self.place = match.end()
            yield match[0]


def find_table(text: str) -> Table:
    """Return how a text is to be read as a table; titles above it are passed over.

    Raises
    ------
    FileRefused
        If the separator is none of those known, or cannot be told for certain.
    """
    stated = _STATED.fullmatch(text.partition("\n")[0].strip("\r"))
    if stated is not None:
        if stated[1] not in _KNOWN:
            _refuse_other(stated[1], repr(stated[1]), repr(stated[1]))
        begin = text.index("\n") + 1 if "\n" in text else len(text)
        return _read_names(text, begin, stated[1])
    tables = [_read_names(text, 0, one) for one in _KNOWN]
    several = [one for one in tables if _count_filled(one.names) > 1]
    # Below the names a sign may stand in values.
    first = min((one.begin for one in several), default=0)
    several = [one for one in several if one.begin == first]
    if len(several) > 1:
        several = [one for one in several if _fits(text, one)] or several[:1]
    if len(several) > 1:
        named = [_KNOWN[one.separator] for one in several]
        raise FileRefused(
            "separator_unclear",
            found_zh="、".join(zh for zh, _ in named),
            found_en=", ".join(en for _, en in named),
        )
    if several:
        return several[0]
    for sign, (zh, en) in _OTHERS.items():
        if sign in text.partition("\n")[0]:
            _refuse_other(sign, zh, en)
    return tables[0]


def _refuse_other(sign: str, zh: str, en: str) -> None:
    raise FileRefused("separator_other", sign=sign, found_zh=zh, found_en=en)


def _read_names(text: str, begin: int, separator: str) -> Table:
    """Return the first line with more than one value, or else the first with any."""
    source = _Lines(text, begin)
    lines = csv.reader(source, delimiter=separator)
    first: Table | None = None
    for _ in range(_TITLE_LINES):
        try:
            names = next(lines, None)
        except csv.Error as error:
            if first is not None:
                break
            raise FileRefused(
                "file_damaged",
                cause_zh="第一行（字段名）读不出",
                cause_en="its first line, the names of its fields, cannot be read",
            ) from error
        if names is None:
            break
        filled = _count_filled(names)
        table = Table(separator, names, source.place)
        if filled > 1:
            return table
        if filled and first is None:
            first = table
    return first or Table(separator, [], len(text))


def _count_filled(names: list[str]) -> int:
    return sum(bool(name.strip()) for name in names)


def _fits(text: str, table: Table) -> bool:
    """Tell whether the first lines have as many values as there are names."""
    lines = csv.reader(_Lines(text, table.begin), delimiter=table.separator)
    try:
        counts = {len(line) for line, _ in zip(lines, range(_TRIED), strict=False)}
    except csv.Error:
        return False
    return counts - {0} == {len(table.names)}
