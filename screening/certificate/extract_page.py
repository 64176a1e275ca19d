"""What does a printed extract say? (core).

查询摘录: what lies on and around the land, theme by theme, and what is known of each
theme. It judges nothing. Things are numbered as on the map beside them; a thing of
another division is told by theme and division only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from parcels.area import to_mu
from parcels.refusal import Language
from screening.certificate.saying import Catalogue, Sayer
from screening.distance_table import DistanceRow
from screening.extract_records import (
    CoverageState,
    Extract,
    ExtractItem,
    ThemeResult,
)
from screening.neighbourhood import BorderHit
from screening.record import DISCLAIMER

_SHOWN_CODES: Final = 6


@dataclass(frozen=True, slots=True)
class NumberedItem:
    """A thing of the extract with its number on the page."""

    number: int
    theme: str
    item: ExtractItem


def number_items(extract: Extract) -> list[NumberedItem]:
    """Return every thing of an extract with a number, theme by theme."""
    found = [
        (theme.theme, item) for theme in extract.themes.values() for item in theme.items
    ]
    return [NumberedItem(number, *one) for number, one in enumerate(found, start=1)]


def divisions_of(extract: Extract) -> set[str]:
    """Return the codes of all divisions that an extract speaks of."""
    found = set(extract.subject.division_codes)
    for theme in extract.themes.values():
        found |= {state.division_code for state in theme.coverage}
        found |= {hit.division_code for hit in theme.border}
    return found - {""}


def write_extract_page(
    extract: Extract,
    texts: Catalogue,
    language: Language,
    *,
    divisions: Mapping[str, str],
    entry: str,
    asked_by: str,
    made_at: datetime,
) -> dict[str, Any]:
    """Return the texts of an extract.

    Parameters
    ----------
    divisions
        What the divisions it names are called, by code.
    entry
        Number of the question in the ledger: the extract's own number.
    made_at
        When it was asked, Asia/Shanghai.
    """
    say = Sayer(texts, language, divisions)
    themes = extract.themes.values()
    return {
        "language": language,
        "labels": say.labels("extract.label."),
        "number": entry,
        "recorded_at": made_at.isoformat(),
        "facts": _facts(extract, asked_by, made_at, say),
        "items": [_item(one, say) for one in number_items(extract)],
        "border": [
            _border(theme, hit, say) for theme in themes for hit in theme.border
        ],
        "themes": [_theme(theme, say) for theme in themes],
        "distances": [_distance(row, say) for row in extract.distances if row.inside],
        "disclaimer": DISCLAIMER.of(language),
        "change": str(extract.known_at),
    }


def _facts(
    extract: Extract, asked_by: str, made_at: datetime, say: Sayer
) -> list[list[str]]:
    subject = extract.subject
    area_m2 = subject.mapped_area_m2
    area = say("certificate.area", m2=f"{area_m2:,.2f}", mu=f"{to_mu(area_m2):,.4f}")
    pairs = [
        ("subject", _subject([one.code for one in subject.parcels], say)),
        ("divisions", say.listed(map(say.division, subject.division_codes))),
        ("area", area),
        ("as_of", say.day(extract.as_of.isoformat())),
        ("recorded_at", f"{made_at:%Y-%m-%d %H:%M:%S} UTC{made_at:%z}"[:-2]),
        ("asked_by", asked_by),
    ]
    return [[say(f"certificate.fact.{name}"), value] for name, value in pairs]


def _subject(codes: list[str], say: Sayer) -> str:
    if not codes:
        return say("certificate.polygon")
    if len(codes) <= _SHOWN_CODES:
        return say.listed(codes)
    first = say.listed(codes[:_SHOWN_CODES])
    return say("certificate.and_more", first=first, count=len(codes))


def _item(one: NumberedItem, say: Sayer) -> dict[str, str]:
    item, feature = one.item, one.item.feature
    category = feature.category
    return {
        "number": str(one.number),
        "theme": say.named(f"theme.{one.theme}", one.theme),
        "code": feature.code,
        "name": feature.name or "",
        "category": say.named(f"category.{category}", category) if category else "",
        "place": _place(item, say),
        "data_date": feature.data_date.isoformat() if feature.data_date else "",
    }


def _place(item: ExtractItem, say: Sayer) -> str:
    relation = say.named(f"relation.{item.relation}", item.relation)
    if item.area_m2 > 0:
        return say(
            "certificate.overlap",
            relation=relation,
            m2=f"{item.area_m2:,.2f}",
            percent=f"{100 * item.share:.4g}",
        )
    if item.distance_m > 0:
        metres = f"{item.distance_m:,.2f}"
        return say("certificate.distance", relation=relation, metres=metres)
    return relation


def _border(theme: ThemeResult, hit: BorderHit, say: Sayer) -> str:
    return say(
        "certificate.border_thing",
        theme=say.named(f"theme.{theme.theme}", theme.theme),
        relation=say.named(f"relation.{hit.relation}", hit.relation),
        division=say.division(hit.division_code),
    )


def _theme(theme: ThemeResult, say: Sayer) -> dict[str, str]:
    return {
        "theme": say.named(f"theme.{theme.theme}", theme.theme),
        "status": theme.status,
        "status_title": say(f"status.{theme.status}"),
        "share": f"{100 * theme.share:.4g} %" if theme.share else "",
        "coverage": say.listed(_coverage(theme.coverage, say)),
    }


def _coverage(states: Iterable[CoverageState], say: Sayer) -> Iterable[str]:
    for state in states:
        day = (
            state.data_date.isoformat() if state.data_date else say("certificate.none")
        )
        division = say.division(state.division_code or say("extract.no_county"))
        yield say("certificate.coverage", division=division, date=day)


def _distance(row: DistanceRow, say: Sayer) -> dict[str, str]:
    source = row.source
    return {
        "source": source.name or source.code,
        "target": say.named(f"target.{row.target}", row.target),
        "metres": f"{row.distance_m:,.2f}",
        "limit": f"{row.limit_m:,.0f}",
        "reason": row.reason.of(say.language),
    }
