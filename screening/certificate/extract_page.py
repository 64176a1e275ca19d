"""What does a printed extract say? (core).

查询摘录: what lies on and around the land, theme by theme, and what is known of each
theme. It judges nothing. Things are numbered as on the map beside them; a thing of
another division is told by theme and division only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parcels.refusal import Language
from screening.certificate.saying import Catalogue, Sayer
from screening.certificate.subject import (
    list_all,
    say_area,
    say_land,
    say_time,
)
from screening.certificate.themes import Known, Theme, write_themes
from screening.certificate.things import (
    name_category,
    say_across,
    say_place,
    say_widened,
)
from screening.distance_table import DistanceRow
from screening.extract_records import Extract, ExtractItem, ThemeResult
from screening.record import DISCLAIMER


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
    codes = [one.code for one in extract.subject.parcels]
    return {
        "language": language,
        "labels": say.labels("extract.label."),
        "number": entry,
        "recorded_at": made_at.isoformat(),
        "facts": _facts(extract, asked_by, made_at, say),
        "all_codes": list_all(codes),
        "items": [_item(one, say) for one in number_items(extract)],
        "border": [
            say_across(theme.theme, hit.relation, hit.within_m, hit.division_code, say)
            for theme in themes
            for hit in theme.border
        ],
        "themes": write_themes([_theme(theme) for theme in themes], say),
        "distances": [_distance(row, say) for row in extract.distances if row.inside],
        "disclaimer": DISCLAIMER.of(language),
        "change": str(extract.known_at),
    }


def _facts(
    extract: Extract, asked_by: str, made_at: datetime, say: Sayer
) -> list[list[str]]:
    subject = extract.subject
    pairs = [
        say_land([one.code for one in subject.parcels], subject.geometry, say),
        ("divisions", say.listed(map(say.division, subject.division_codes))),
        ("area", say_area(subject.mapped_area_m2, say)),
        ("as_of", say.day(extract.as_of.isoformat())),
        ("recorded_at", say_time(made_at)),
        ("asked_by", asked_by),
    ]
    return [[say(f"certificate.fact.{name}"), value] for name, value in pairs]


def _item(one: NumberedItem, say: Sayer) -> dict[str, str]:
    item, feature = one.item, one.item.feature
    category = feature.category
    return {
        "number": str(one.number),
        "theme": say.named(f"theme.{one.theme}", one.theme),
        "code": feature.code,
        "name": feature.name or "",
        "category": name_category(one.theme, category, say) if category else "",
        "place": say_place(
            item.relation,
            item.area_m2,
            item.share,
            item.distance_m,
            item.widened_by_m,
            say,
        ),
        "data_date": feature.data_date.isoformat() if feature.data_date else "",
    }


def _theme(theme: ThemeResult) -> Theme:
    known = [
        Known(
            state.division_code,
            state.data_date.isoformat() if state.data_date else None,
            state.part,
        )
        for state in theme.coverage
    ]
    near = any(item.relation != "on" for item in theme.items) or bool(theme.border)
    return Theme(theme.theme, theme.status, theme.share, known, near)


def _distance(row: DistanceRow, say: Sayer) -> dict[str, str]:
    source = row.source
    return {
        "source": source.name or source.code,
        "target": say.named(f"target.{row.target}", row.target),
        "metres": f"{row.distance_m:,.2f}",
        "limit": f"{row.limit_m:,.0f}",
        "reason": say_widened(row.reason.of(say.language), row.widened_by_m, say),
    }
