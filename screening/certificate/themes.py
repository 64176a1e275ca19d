"""What is known of each theme, and by whom? (core).

The counties whose data it is are named once, above the table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from screening.certificate.saying import Sayer

_OUTSIDE: Final = "\N{NO-BREAK SPACE}*"
"""Marks a theme that was asked of ground in no county on record, too."""
_SILENT: Final = ("clear", "stale", "no_coverage")
"""States of a theme of which nothing lies on the land."""


@dataclass(frozen=True, slots=True)
class Known:
    """What one county knows of a theme.

    `division_code` is "" for ground in no county on record, `data_date` an ISO day or
    None without data; `part` where it holds for a part of what was asked.
    """

    division_code: str
    data_date: str | None
    part: bool


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with its status, the share of the land it covers (0 to 1), its data.

    `near` tells that something of it lies beside the land.
    """

    theme: str
    status: str
    share: float
    known: Sequence[Known]
    near: bool


def themes_of(record: Mapping[str, Any], near: Collection[str]) -> list[Theme]:
    """Return the themes of a decision's record; `near` are those found beside it."""
    return [
        Theme(
            theme["theme"],
            theme["status"],
            float(theme["share"]),
            [
                Known(state["division_code"], state["data_date"], state["part"])
                for state in theme["coverage"]
            ],
            theme["theme"] in near,
        )
        for theme in record["themes"]
    ]


def write_themes(themes: Sequence[Theme], say: Sayer) -> dict[str, Any]:
    """Return the table of themes: the counties whose data it is, and a line a theme.

    Each county has a column; of a single one the head need not say whose it is.
    """
    asked = {known.division_code for theme in themes for known in theme.known}
    codes = sorted(asked - {""})
    notes = []
    if codes:
        named = say.listed(map(say.division, codes))
        notes.append(say("certificate.data_of", divisions=named))
        if "" in asked:
            notes.append(say("certificate.outside"))
    return {
        "of": say("format.sentence_gap").join(notes),
        "heads": codes if len(codes) > 1 else [say("certificate.data_date")],
        "lines": [_line(theme, codes or [""], say) for theme in themes],
    }


def _line(theme: Theme, codes: Sequence[str], say: Sayer) -> dict[str, Any]:
    status = theme.status
    beside = theme.near and status in _SILENT
    title = f"certificate.beside.{status}" if beside else f"status.{status}"
    outside = codes[0] and any(not known.division_code for known in theme.known)
    return {
        "theme": say.named(f"theme.{theme.theme}", theme.theme),
        "status": status,
        "status_title": say(title) + (_OUTSIDE if outside else ""),
        "share": f"{100 * theme.share:.4g}\N{NO-BREAK SPACE}%" if theme.share else "",
        "known": [_knows(theme.known, code, say) for code in codes],
    }


def _knows(states: Sequence[Known], code: str, say: Sayer) -> str:
    """Return the dates of what one county knows; nothing where it is not asked."""
    return say.listed(
        (known.data_date or say("certificate.no_data"))
        + (say("extract.in_part") if known.part else "")
        for known in states
        if known.division_code == code
    )
