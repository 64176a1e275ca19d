"""Words for files whose own statements contradict each other (core)."""

from __future__ import annotations

from typing import Final

READING: Final[dict[str, tuple[str, str]]] = {
    "cpg_contradicts_bytes": (
        ".cpg 写明 {cpg}，但有 {count} 个值不是合法的该编码文字，如第 {row} 行字段"
        " {field}：{raw}。如 .cpg 有误，请上传时声明实际编码（可能为 {other}）。",
        "The .cpg says {cpg}, but {count} values are no such text, e.g. row {row},"
        " field {field}: {raw}. If the .cpg is wrong, declare the encoding ({other}?).",
    ),
    "cpg_contradicts_text": (
        ".cpg 写明 {cpg}，但文字是合法的 UTF-8：按 .cpg 读作“{as_stated}”，按 UTF-8"
        " 读作“{as_utf8}”。请上传时声明实际编码。",
        "The .cpg says {cpg}, but the text is valid UTF-8: it would read {as_stated!r},"
        " as UTF-8 {as_utf8!r}. Declare the encoding.",
    ),
}
"""Reason → Chinese and English; joined into `refusals`."""
