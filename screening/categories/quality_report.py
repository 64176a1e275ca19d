"""The report of a division's checks (质检报告): areas, checks, questions (core)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from parcels.refusal import Language
from parcels.texts import Text
from screening.reports.document import Document, Heading, Table, head
from screening.runs.row import Row, Words

CHECKS: Final = (
    "share_of_class",
    "class_2_in_class_1",
    "class_3_in_milder_unit",
    "single_point",
    "taken_from_neighbour",
    "not_known",
    "point_outside",
    "point_not_judged",
    "produce_above_on_class_1",
    "sliver_kept",
    "area_differs",
)
"""Every check of `quality`, so that a report shows those that found nothing too."""
_TITLE: Final = Text("农用地类别划分质检报告", "Checks of the farmland division")
_ABOUT: Final = Text(
    "质检项取自使用《农用地土壤环境质量类别划分技术指南》的县级项目；限值为参数。",
    "Checks as county projects under the guideline apply them; their limits are"
    " parameters.",
)
_CLOSING: Final = Text(
    "“错误”须在批准前说明或改正；“提示”供核查。",
    "Errors are to be explained or mended before approval; notes are to be looked at.",
)


def write_quality_report(
    rows: Iterable[Row],
    facts: Sequence[tuple[str, str]],
    areas: Sequence[Mapping[str, Any]],
    language: Language,
    words: Words,
    *,
    number: str,
    made_at: str,
) -> Document:
    """Return the report of a division.

    Parameters
    ----------
    rows
        Rows of the run; those that are no question are passed over.
    facts
        What a reader must know of the run.
    areas
        Area by township, category in force and proposed (`proposed.compare`).
    """
    questions = [row for row in rows if row.values["record"] == "question"]
    return Document(
        language,
        _TITLE.of(language),
        _ABOUT.of(language),
        number,
        made_at,
        facts,
        (
            _areas(areas, language, words),
            _counts(questions, language, words),
            _listed(questions, language, words),
        ),
        _CLOSING.of(language),
    )


def _areas(
    areas: Sequence[Mapping[str, Any]], language: Language, words: Words
) -> Table:
    rows = [
        [
            words("division", one["township_code"] or one["division_code"]),
            words("farmland_category", one["category_before"] or "unclassified"),
            words("farmland_category", one["category"]),
            one["pieces"],
            one["area_m2"],
        ]
        for one in areas
    ]
    headings = head(
        language,
        ("所在", "Where", "", 1.4),
        ("现行类别", "In force", "", 1.2),
        ("拟划类别", "Proposed", "", 1.2),
        ("单元", "Pieces", "count", 0.7),
        ("面积（平方米）", "Area (m²)", "m2", 1.2),
    )
    return Table(Text("面积对比", "Areas").of(language), "", headings, rows)


def _counts(questions: Sequence[Row], language: Language, words: Words) -> Table:
    found = Counter((one.values["check"], one.values["severity"]) for one in questions)
    rows = [
        [
            words("category_check", check),
            *(found[check, severity] for severity in ("error", "warning", "info")),
        ]
        for check in CHECKS
    ]
    headings = (
        *head(language, ("质检项", "Check", "", 2.4)),
        *(
            Heading(words("severity", severity), "count", 0.8)
            for severity in ("error", "warning", "info")
        ),
    )
    return Table(Text("质检项", "Checks").of(language), "", headings, rows)


def _listed(questions: Sequence[Row], language: Language, words: Words) -> Table:
    rows = [
        [
            words("severity", one.values["severity"]),
            words("category_check", one.values["check"]),
            one.values["unit_code"] or one.values["point_code"],
            one.values["element"],
            one.why.of(language),
        ]
        for one in sorted(questions, key=_gravest_first)
    ]
    headings = head(
        language,
        ("程度", "Severity", "", 0.7),
        ("质检项", "Check", "", 1.3),
        ("单元或点位", "Unit or point", "", 1.3),
        ("元素", "Element", "", 0.6),
        ("说明", "What", "", 2.4),
    )
    return Table(Text("问题清单", "Questions").of(language), "", headings, rows)


def _gravest_first(row: Row) -> tuple[int, str, str]:
    place = ("error", "warning", "info").index(row.values["severity"])
    return place, row.values["check"], row.values["unit_code"] or ""
