"""In which encoding is this file's text? (core).

The order of section 2 of the survey conventions: what the uploader says, what the file
says (.cpg, byte order mark), the driver byte of the .dbf, then trial: strict UTF-8,
strict GB 18030. What the file says is believed if its bytes agree; driver byte and
trial are guesses, and a person confirms them over decoded rows.

GBK text is valid UTF-8 by chance now and then, but it then shows Latin, Greek or
Arabic letters, never Chinese characters: those take three bytes in UTF-8.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from parcels.surveys.proposing import Evidence, Finding, Row
from parcels.surveys.refusals import FileRefused

Encoding = Literal["utf-8", "gb18030", "utf-16"]

TRIALS: Final[tuple[Encoding, ...]] = ("utf-8", "gb18030")
"""Encodings that are tried, the stricter first."""

DRIVER_BYTES: Final[Mapping[int, Encoding]] = {0x4D: "gb18030", 0x7A: "gb18030"}
"""Language driver of a .dbf → encoding; both mean code page 936 (verified in GDAL)."""

_NAMES: Final[dict[str, Encoding]] = {
    "utf8": "utf-8",
    "65001": "utf-8",
    "cp65001": "utf-8",
    "utf16": "utf-16",
    "utf16le": "utf-16",
    "utf16be": "utf-16",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "cp936": "gb18030",
    "936": "gb18030",
    "ansi936": "gb18030",
    "oem936": "gb18030",
    "windows936": "gb18030",
    "ms936": "gb18030",
}
_CPG_LENGTH: Final = 20


def find_encoding(name: str) -> Encoding | None:
    """Return the encoding behind a name people use for it, None for any other.

    GBK and GB 2312 are read as GB 18030, their superset, so that rare characters of
    village names survive.

    Examples
    --------
    >>> find_encoding("CP936"), find_encoding("UTF8"), find_encoding("Big5")
    ('gb18030', 'utf-8', None)
    """
    return _NAMES.get("".join(c for c in name.lower() if c.isalnum()))


def parse_encoding(name: str) -> Encoding:
    """Return the encoding behind a name; raises `FileRefused` for any other."""
    found = find_encoding(name)
    if found is None:
        raise FileRefused("encoding_unknown", encoding=name)
    return found


@dataclass(frozen=True, slots=True)
class Undecodable:
    """The first value that is no text in an encoding, and how many of its batch are.

    `row` is its row number, None for a field name; `raw` its bytes as hexadecimal.
    """

    row: int | None
    field: str
    raw: str
    count: int


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What is known of a file's text before anyone decides what it is.

    Attributes
    ----------
    ascii
        Whether no byte is above 127: then every encoding says the same.
    faults
        Encoding of `TRIALS` → what is no text in it; an encoding that fits is absent.
    chinese
        Whether the text, read as UTF-8, shows more Chinese characters than others
        beyond ASCII.
    sample
        Gives up to five rows with other than ASCII text, decoded leniently.
    cpg, driver
        Text of the .cpg, and the language driver of the .dbf; None where there is none.
    """

    ascii: bool
    faults: Mapping[Encoding, Undecodable]
    chinese: bool
    sample: Callable[[Encoding], Sequence[Row]]
    cpg: str | None = None
    driver: int | None = None


def decide_encoding(declared: str | None, try_text: Callable[[], TextFacts]) -> Finding:
    """Return the encoding of a file's text, where it comes from, and why.

    `try_text` is asked only where nothing was declared: it reads everything.

    The value is None where no encoding fits all of the text: a person chooses one, and
    what is no text in it becomes an issue of its row.

    Raises
    ------
    FileRefused
        If the .cpg names an encoding that the bytes contradict.
    """
    if declared is not None:
        return Finding("encoding", declared, "declared")
    facts = try_text()
    if facts.ascii:
        return Finding("encoding", "utf-8", "stated", (_ASCII,))
    stated = None if facts.cpg is None else find_encoding(facts.cpg)
    if stated is not None:
        _refuse_contradiction(stated, facts)
        return Finding("encoding", stated, "stated", _told_by_cpg(facts))
    return _guess(facts)


def _guess(facts: TextFacts) -> Finding:
    evidence = [*_told_by_cpg(facts), *_told_by_driver(facts)]
    fits = _fitting(facts)
    value = DRIVER_BYTES.get(facts.driver or 0)
    # A driver byte that lies is common; Chinese text in strict UTF-8 is no accident.
    if facts.chinese and fits[:1] == ["utf-8"]:
        value = "utf-8"
    if value not in fits:
        value = fits[0] if fits else None
    evidence += [_told_by_trial(name, facts) for name in TRIALS]
    others = [
        {"value": name, "samples": list(facts.sample(name))}
        for name in TRIALS
        if name != value
    ]
    return Finding("encoding", value, "guessed", tuple(evidence), tuple(others))


def _fitting(facts: TextFacts) -> list[Encoding]:
    """Return the encodings that fit; UTF-8 first only where it shows Chinese."""
    fits = [name for name in TRIALS if name not in facts.faults]
    return fits if facts.chinese else fits[::-1]


def _refuse_contradiction(stated: Encoding, facts: TextFacts) -> None:
    fault = facts.faults.get(stated)
    others = [name for name in _fitting(facts) if name != stated]
    hint = others[0].upper() if others else "?"
    cpg = (facts.cpg or "").strip()[:_CPG_LENGTH]
    if fault is not None:
        raise FileRefused(
            "cpg_contradicts_bytes",
            cpg=cpg,
            count=fault.count,
            row="-" if fault.row is None else fault.row,
            field=fault.field,
            raw=fault.raw,
            other=hint,
        )
    if stated == "gb18030" and facts.chinese and "utf-8" not in facts.faults:
        shown = [_show(facts.sample(name)) for name in ("gb18030", "utf-8")]
        raise FileRefused(
            "cpg_contradicts_text", cpg=cpg, as_stated=shown[0], as_utf8=shown[1]
        )


def _show(rows: Sequence[Row]) -> str:
    """Return the first value beyond ASCII of decoded rows."""
    values = (value for row in rows for value in row.values() if value)
    return next((value[:40] for value in values if not value.isascii()), "")


_ASCII: Final = Evidence(
    "encoding",
    "ascii",
    "全部文字为 ASCII，任何编码读法相同。",
    "All text is ASCII; every encoding reads it alike.",
)


def _told_by_cpg(facts: TextFacts) -> tuple[Evidence, ...]:
    if facts.cpg is None:
        return ()
    shown = facts.cpg.strip()[:_CPG_LENGTH]
    numbers: dict[str, Any] = {"cpg": shown}
    if find_encoding(facts.cpg) is None:
        return (
            Evidence(
                "encoding",
                "cpg_unknown",
                f".cpg 写的是“{shown}”，不是可识别的编码，未采用。",
                f"The .cpg says {shown!r}, which is no encoding known here; not used.",
                numbers,
            ),
        )
    return (
        Evidence(
            "encoding",
            "cpg",
            f".cpg 写明 {shown}。",
            f"The .cpg says {shown}.",
            numbers,
        ),
    )


def _told_by_driver(facts: TextFacts) -> tuple[Evidence, ...]:
    if not facts.driver:
        return ()
    meaning = DRIVER_BYTES.get(facts.driver)
    numbers = {"driver": facts.driver}
    zh, en = ("GBK（代码页 936）", "GBK (code page 936)")
    if meaning is None:
        zh, en = "不是中文编码，未采用", "no Chinese encoding; not used"
    return (
        Evidence(
            "encoding",
            "driver_byte",
            f".dbf 语言驱动字节为 0x{facts.driver:02X}：{zh}。",
            f"The .dbf has language driver 0x{facts.driver:02X}: {en}.",
            numbers,
        ),
    )


def _told_by_trial(name: Encoding, facts: TextFacts) -> Evidence:
    fault = facts.faults.get(name)
    label = name.upper()
    if fault is None:
        return Evidence(
            "encoding",
            "decodes",
            f"全部文字是合法的 {label}。",
            f"All text is valid {label}.",
            {"encoding": name, "undecodable": 0},
        )
    # A line of a text is of no field.
    field_zh = "" if fault.field == "-" else f"字段 {fault.field}"
    field_en = "" if fault.field == "-" else f", field {fault.field}"
    raw = _shorten(fault.raw)
    where_zh = "字段名" if fault.row is None else f"第 {fault.row} 行"
    where_en = "field name" if fault.row is None else f"row {fault.row}"
    return Evidence(
        "encoding",
        "does_not_decode",
        f"至少有 {fault.count} 个值不是合法的 {label}，如{where_zh}{field_zh}：{raw}。",
        f"At least {fault.count} values are no {label}, e.g. {where_en}{field_en}:"
        f" {raw}.",
        {"encoding": name, "undecodable": fault.count, "row": fault.row},
    )


def _shorten(raw: str) -> str:
    """Return the first bytes of a value, written as hexadecimal.

    Examples
    --------
    >>> _shorten("e5 bb"), len(_shorten(" ".join(["e5"] * 200)).split())
    ('e5 bb', 17)
    """
    numbers = raw.split()
    return " ".join([*numbers[:16], "…"] if len(numbers) > 16 else numbers)
