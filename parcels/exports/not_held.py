"""What can the attribute table of a shapefile not hold? (core).

A .dbf keeps names of ten bytes, texts of 254, numbers of a fixed number of decimals,
days without times, and neither lists nor null. What is lost or written otherwise is
listed, so that nobody finds it out later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from parcels.refusal import Language

LossKind = Literal["name", "null", "list", "time", "text", "character", "number"]


@dataclass(frozen=True, slots=True)
class NotHeld:
    """Something a .dbf does not hold as the register has it (未能保存的内容).

    Attributes
    ----------
    field, dbf_field
        Name in the register and in the .dbf.
    code
        Code of the object; None for what concerns the whole column.
    value, written
        What the register says and what stands in the .dbf.
    count
        Rows concerned; 1 where a row is named.
    """

    kind: LossKind
    field: str
    dbf_field: str
    code: str | None = None
    value: str | None = None
    written: str | None = None
    count: int = 1


_TEXTS: Final[dict[LossKind, tuple[str, str]]] = {
    "name": (
        "字段名最长 10 字节：“{field}”写作“{dbf_field}”。",
        "Names have 10 bytes at most: {field} is written as {dbf_field}.",
    ),
    "null": (
        "没有空值类型：{count} 行写为空白，有的软件会读成 0、否或空文本。",
        "There is no null: {count} rows are blank; some programs read 0, false or an"
        " empty text.",
    ),
    "list": (
        "没有列表类型：{count} 行的各项以“;”连接成文本。",
        "There are no lists: in {count} rows the entries are one text with ';' between"
        " them.",
    ),
    "time": (
        "没有时刻类型：{count} 行写为文本（ISO 8601，UTC）。",
        "There are no times: {count} rows are written as text (ISO 8601, UTC).",
    ),
    "text": (
        "文本最长 254 字节：已截断，全文见“value”。",
        "Texts have 254 bytes at most: cut; `value` has all of it.",
    ),
    "character": (
        "GBK 没有其中的字符，写作“?”，原文见“value”。",
        "GBK lacks some of its characters, written as '?'; `value` has the text.",
    ),
    "number": (
        "数值位数超出字段，已舍入或留空，原值见“value”。",
        "The number has more digits than the field: rounded or blank; `value` has it.",
    ),
}
HEADINGS: Final = (
    "kind",
    "field",
    "dbf_field",
    "code",
    "rows",
    "value",
    "written",
    "说明",
    "note",
)


def describe(loss: NotHeld, language: Language) -> str:
    """Return what is not held in words."""
    zh, en = _TEXTS[loss.kind]
    return (zh if language == "zh" else en).format(
        field=loss.field, dbf_field=loss.dbf_field, count=loss.count
    )


def list_rows(losses: Sequence[NotHeld]) -> list[tuple[str | int, ...]]:
    """Return the list as rows of a table under `HEADINGS`."""
    return [
        (
            one.kind,
            one.field,
            one.dbf_field,
            one.code or "",
            one.count,
            one.value or "",
            one.written or "",
            describe(one, "zh"),
            describe(one, "en"),
        )
        for one in losses
    ]


def count_kinds(losses: Sequence[NotHeld]) -> dict[str, int]:
    """Return kind → entries of the list."""
    counts: dict[str, int] = {}
    for one in losses:
        counts[one.kind] = counts.get(one.kind, 0) + 1
    return counts
