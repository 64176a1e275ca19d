"""Which level of attention has each enterprise, and why? (core).

企业地块风险筛查 (R-A02) and the list for initial sampling that follows from it (R-B12).
A run is kept with its day, its data and its score table and never changes: its rows are
the dated list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parcels.texts import Text
from screening.attention.scoring import (
    IndicatorScore,
    Level,
    Score,
    find_level,
    score_plot,
)
from screening.attention.spatial import SEARCH_M, measure_indicators
from screening.attention.table import Scheme, ScoreTable
from screening.neighbourhood import Feature
from screening.runs.columns import DIVISION, number_column, text_column
from screening.runs.row import Column, Row
from screening.surroundings import Surroundings

LEVELS: Final[dict[Level, Text]] = {
    "high": Text("高度关注", "high attention"),
    "medium": Text("中度关注", "medium attention"),
    "low": Text("低度关注", "low attention"),
}

COLUMNS: Final = (
    text_column("enterprise_code", "企业代码", "Enterprise"),
    text_column("enterprise_name", "企业名称", "Enterprise name"),
    DIVISION,
    text_column("scheme", "筛查类型", "Scheme", "attention_scheme"),
    number_column("soil_score", "土壤得分", "Soil score"),
    number_column("groundwater_score", "地下水得分", "Groundwater score"),
    number_column("total_score", "总分", "Total score"),
    Column("certainty", Text("确定度", "Certainty"), "number", "share"),
    Column("soil_certainty", Text("土壤确定度", "Soil certainty"), "number", "share"),
    Column(
        "groundwater_certainty",
        Text("地下水确定度", "Groundwater certainty"),
        "number",
        "share",
    ),
    text_column("model_level", "模型关注度", "Level by score", "attention_level"),
    text_column("level", "关注度", "Level of attention", "attention_level"),
    text_column("correction", "纠偏理由", "Reason of correction"),
    Column("listed", Text("列入初步采样名单", "On the sampling list"), "yes_no"),
    text_column("breakdown", "指标得分", "Breakdown"),
    text_column("unknown", "未知指标", "Unknown indicators"),
    text_column("ignored_answers", "无对应选项的填报", "Answers without an option"),
    text_column("score_table", "赋分表", "Score table"),
)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a review made of a level (纠偏)."""

    level: Level
    reason: str
    reviewer: str
    reviewed_on: str


@dataclass(frozen=True, slots=True)
class Subject:
    """An enterprise with what is known of it besides its surroundings.

    `covered` are themes known all around it; `across` those of which another division
    has something near.
    """

    enterprise: Feature
    table: ScoreTable
    answers: Mapping[str, Collection[int]]
    correction: Correction | None
    covered: Collection[str]
    across: Collection[str]


@dataclass(frozen=True, slots=True)
class AttentionMaterial:
    """Enterprises of one tile and what lies around them."""

    subjects: Sequence[Subject]
    things: Sequence[Feature]
    high_from: float
    medium_from: float
    listed_levels: Collection[str]


def rate_enterprises(material: AttentionMaterial) -> list[Row]:
    """Return a row for every enterprise: scores, certainty, level, breakdown."""
    surroundings = Surroundings(material.things)
    return [_rate(material, surroundings, subject) for subject in material.subjects]


def _rate(
    material: AttentionMaterial, surroundings: Surroundings, subject: Subject
) -> Row:
    enterprise = subject.enterprise
    scheme: Scheme = (
        "in_production" if enterprise.category == "active" else "closed_relocated"
    )
    measured = measure_indicators(
        surroundings.around(enterprise, SEARCH_M), subject.covered, subject.across
    )
    score = score_plot(subject.table, scheme, measured, subject.answers)
    model = find_level(score.total, material.high_from, material.medium_from)
    level = subject.correction.level if subject.correction else model
    values = {
        "enterprise_code": enterprise.code,
        "enterprise_name": enterprise.name,
        "division_code": enterprise.division_code,
        "scheme": scheme,
        **_scores(score),
        "model_level": model,
        "level": level,
        "correction": subject.correction.reason if subject.correction else None,
        "listed": level in material.listed_levels,
        "breakdown": "; ".join(_describe_line(line) for line in score.lines),
        "unknown": _unknown(score),
        "ignored_answers": ", ".join(score.ignored) or None,
        "score_table": subject.table.name,
    }
    return Row(values, _why(subject, score, model, level), enterprise.geometry)


def _scores(score: Score) -> dict[str, float]:
    return {
        "soil_score": round(score.by_medium["soil"], 2),
        "groundwater_score": round(score.by_medium["groundwater"], 2),
        "total_score": score.total,
        "certainty": round(score.certainty, 4),
        "soil_certainty": round(score.certainty_by_medium["soil"], 4),
        "groundwater_certainty": round(score.certainty_by_medium["groundwater"], 4),
    }


def _describe_line(line: IndicatorScore) -> str:
    indicator = line.indicator
    return (
        f"{line.medium}.{indicator.code}"
        f" {line.score:g}/{indicator.max_score:g} {line.basis}"
    )


def _unknown(score: Score) -> str | None:
    codes = {
        line.indicator.code: None for line in score.lines if line.basis == "unknown"
    }
    return ", ".join(codes) or None


def _why(subject: Subject, score: Score, model: Level, level: Level) -> Text:
    certainty = f"{score.certainty:.0%}"
    zh = f"总分 {score.total:g}，{LEVELS[model].zh}，确定度 {certainty}"
    en = f"total {score.total:g}: {LEVELS[model].en}, certainty {certainty}"
    if correction := subject.correction:
        zh += (
            f"；{correction.reviewed_on} 经 {correction.reviewer} 纠偏为"
            f"{LEVELS[level].zh}：{correction.reason}"
        )
        en += (
            f"; corrected to {LEVELS[level].en} by {correction.reviewer} on"
            f" {correction.reviewed_on}: {correction.reason}"
        )
    source = subject.table.source
    return Text(f"{zh}。赋分表：{source.zh}", f"{en}. Score table: {source.en}")


def tally_levels(row: Row) -> Mapping[str, float]:
    """Count enterprises by level, those listed, and those whose level was corrected."""
    values = row.values
    counts: dict[str, float] = {f"level.{values['level']}": 1}
    if values["listed"]:
        counts["listed"] = 1
    if values["correction"]:
        counts["corrected"] = 1
    return counts
