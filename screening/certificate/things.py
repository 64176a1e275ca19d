"""Which things do findings rest on, and how is each told? (core).

A thing of the register has a number on the page, beside it on the map; of what lies in
another division theme, relation and division are told, no more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from screening.certificate.saying import Sayer
from screening.certificate.statements import name_codes

_NO_THING: Final = ("declared", "no_coverage", "stale")
"""Relations of evidence behind which no thing stands."""
_INDUSTRY: Final = re.compile("[A-T]?[0-9]{2,4}")
"""A code of GB/T 4754, as the register keeps it or a caller states it."""

Numbers = Mapping[tuple[str, str], int]
"""Number on the page by theme and code."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing of the register that a finding names, with its number on the page."""

    number: int
    theme: str
    feature: str


def list_hits(record: Mapping[str, Any]) -> list[Hit]:
    """Return what matched and unknown findings name, each once, in their order.

    Things of other divisions have no code and are not among them.
    """
    named = dict.fromkeys(
        (piece["theme"], piece["feature"])
        for finding in record["decision"]["findings"]
        if finding["status"] in ("matched", "unknown")
        for piece in finding["evidence"]
        if piece["feature"] is not None
    )
    return [Hit(number, *thing) for number, thing in enumerate(named, start=1)]


def write_hits(
    findings: Iterable[Mapping[str, Any]], numbers: Numbers, say: Sayer
) -> list[dict[str, str]]:
    """Return one line a thing, with the rules that name it."""
    rules: dict[tuple[str, str], list[str]] = {}
    pieces: dict[tuple[str, str], Mapping[str, Any]] = {}
    for finding in findings:
        for piece in finding["evidence"]:
            thing = (piece["theme"], piece["feature"])
            if thing in numbers:
                pieces.setdefault(thing, piece)
                if finding["rule"] not in rules.setdefault(thing, []):
                    rules[thing].append(finding["rule"])
    return [
        {
            "number": str(number),
            "theme": say.named(f"theme.{thing[0]}", thing[0]),
            "feature": thing[1],
            "category": _category(pieces[thing], say),
            "place": _place(pieces[thing], say),
            "rules": say.listed(rules[thing]),
        }
        for thing, number in numbers.items()
    ]


def say_no_hits(findings: Iterable[Mapping[str, Any]], say: Sayer) -> str:
    """Say why no thing is listed: none is named, or only what lies over a border."""
    across = any(
        piece["feature"] is None and piece["relation"] not in _NO_THING
        for finding in findings
        for piece in finding["evidence"]
    )
    return say("certificate.hits_across" if across else "certificate.no_hits")


def list_things(
    evidence: Iterable[Mapping[str, Any]], numbers: Numbers, say: Sayer
) -> Iterable[str]:
    """Return what a finding rests on, each once: by number, else in words."""
    pieces = list(evidence)
    found = {
        numbers[piece["theme"], piece["feature"]]
        for piece in pieces
        if piece["feature"] is not None
    }
    numbered = [say("certificate.things", numbers=_ranges(found, say))] if found else []
    unnamed = [_unnamed(one, say) for one in pieces if one["feature"] is None]
    return dict.fromkeys([*numbered, *unnamed])


def find_near(findings: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the themes of which findings name a thing beside the land, not on it."""
    return {
        piece["theme"]
        for finding in findings
        for piece in finding["evidence"]
        if piece["relation"] in ("sliver", "adjoining", "within")
    }


def name_category(theme: str, category: str, say: Sayer) -> str:
    """Return the class of a thing by name; a former use has an industry's code."""
    group = "document_type" if theme == "plot_document" else "category"
    if name := say.named(f"{group}.{category}", ""):
        return name
    if _INDUSTRY.fullmatch(category):
        return say("format.industry_code", code=category)
    return say.named(f"theme.{category}", name_codes(category, say))


def say_across(
    theme: str, relation: str, within_m: float | None, division: str, say: Sayer
) -> str:
    """Return what may be told of a thing of another division (`division` by code)."""
    place = say(f"relation.{relation}")
    if within_m is not None:
        place = say("certificate.within", relation=place, metres=f"{within_m:,.0f}")
    return say(
        "certificate.border_thing",
        theme=say.named(f"theme.{theme}", theme),
        relation=place,
        division=say.division(division),
    )


def say_place(
    relation: str,
    area_m2: float | None,
    share: float | None,
    distance_m: float | None,
    widened_by_m: float | None,
    say: Sayer,
) -> str:
    """Return how a thing lies to the land: overlap, else distance, else relation.

    A distance that was shortened, since the thing is known as a point, says by what.
    """
    named = say.named(f"relation.{relation}", relation)
    if area_m2 and share is not None:
        m2, percent = f"{area_m2:,.2f}", f"{100 * share:.4g}"
        return say("certificate.overlap", relation=named, m2=m2, percent=percent)
    if distance_m:
        metres = f"{distance_m:,.2f}"
        away = say("certificate.distance", relation=named, metres=metres)
        return say_widened(away, widened_by_m, say)
    return named


def say_widened(text: str, widened_by_m: float | None, say: Sayer) -> str:
    """Return what tells a distance, with what it was shortened by if it was."""
    if not widened_by_m:
        return text
    return say("certificate.widened", text=text, metres=f"{widened_by_m:,.2f}")


def _place(piece: Mapping[str, Any], say: Sayer) -> str:
    measured = (piece["area_m2"], piece["share"], piece["distance_m"])
    # Records of older editions do not say what a point was widened by.
    return say_place(piece["relation"], *measured, piece.get("widened_by_m"), say)


def _ranges(numbers: Collection[int], say: Sayer) -> str:
    """Return numbers as one enumeration, three and more in a row as a range."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return say.listed(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else say.listed(map(str, run))
        for run in runs
    )


def _category(piece: Mapping[str, Any], say: Sayer) -> str:
    category = piece["category"]
    return name_category(piece["theme"], category, say) if category else ""


def _unnamed(piece: Mapping[str, Any], say: Sayer) -> str:
    """Say what has no code: a statement, a neighbour's thing, a layer wanting data."""
    relation = piece["relation"]
    if relation == "declared":
        return say("certificate.declared", value=_category(piece, say))
    theme, division = piece["theme"], piece["division_code"]
    if relation not in _NO_THING:
        return say_across(theme, relation, piece["distance_m"], division, say)
    named = say.named(f"theme.{theme}", theme)
    state = say(f"status.{relation}")
    if not division:
        return say("certificate.wanting_anywhere", theme=named, relation=state)
    where = say.division(division)
    return say("certificate.wanting_data", theme=named, relation=state, division=where)
