"""Indicators (指标) over HTTP: figures with their targets, rows, snapshots."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from app.schemas.pages import DivisionQuery, NotACursor, cursor_of, pack_cursor
from parcels.refusal import Language
from screening.indicators.periods import Period, PeriodKind, parse_period
from screening.indicators.rate import RowState
from screening.indicators.snapshots import Snapshot, SnapshotKey
from screening.parameters import Confidence

IndicatorName = Literal[
    "polluted_farmland_rate",
    "polluted_farmland_rate_census",
    "contaminated_plot_rate",
    "contaminated_plot_rate_by_count",
    "classification_coverage",
    "rectification_rate",
]


def _read_period(value: Any) -> Period | None:
    return (
        value
        if value is None or isinstance(value, Period)
        else parse_period(f"{value}")
    )


PeriodQuery = Annotated[
    Period | None,
    BeforeValidator(_read_period),
    Field(description="2026, 2026-Q4 or 2026-11; default this month, Asia/Shanghai"),
    WithJsonSchema({"type": "string", "examples": ["2026-Q4"]}),
]


class SnapshotRequest(BaseModel, extra="forbid"):
    """Figures of a period to be kept for good (留存指标快照)."""

    period: Annotated[
        str,
        AfterValidator(lambda text: parse_period(text).name),
        Field(description="2026, 2026-Q4 or 2026-11", examples=["2026-11"]),
    ]
    division: DivisionQuery = Field(
        None, description="The caller's own division by default"
    )
    reason: (
        Annotated[
            str,
            StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
        ]
        | None
    ) = Field(None, description="Why a period that was kept before is kept again")


class FigureModel(BaseModel):
    """A rate with both its sums.

    What is not known is not in the numerator: `at_least` and `at_most` say what the
    rate may be once it is.
    """

    numerator: float
    denominator: float
    open: float = Field(description="Of the denominator: may count, not known to")
    undetermined: float = Field(description="May belong to the denominator")
    rate: float | None = Field(description="0 to 1; null where there is nothing")
    at_least: float | None
    at_most: float | None
    firm: bool = Field(description="Nothing that matters is unknown")


class TargetModel(BaseModel):
    """A target of a document, with its source."""

    document: str
    clause: str
    source_text: str = Field(
        "", description="Document and clause as cited; older snapshots lack it"
    )
    indicator: str | None
    title: str
    comparison: str
    comparison_text: str
    value: float | None = Field(description="Null where it was issued separately")
    unit: str
    due_on: date | None
    due_text: str
    division_code: str
    confidence: Confidence
    note: str


class JudgedTarget(TargetModel):
    """A target against the figure."""

    verdict: str
    verdict_text: str
    passed: bool = Field(description="Its last day is over")


class PlaceFigure(FigureModel):
    """The rate of a county or township."""

    division_code: str
    township_code: str | None


class RateModel(FigureModel):
    """One rate."""

    name: str
    title: str
    unit: Literal["m2", "count"]
    targets: list[JudgedTarget]
    counties: list[PlaceFigure]
    townships: list[PlaceFigure]


class AmountModel(BaseModel):
    """An area that a plan sets."""

    name: str
    title: str
    area_m2: float
    area_mu: float
    area_wan_mu: float
    area_ha: float
    targets: list[JudgedTarget]


class CategoryArea(BaseModel):
    """Farmland of one township in one category."""

    division_code: str
    township_code: str | None
    category: str
    units: int
    area_m2: float


class FallModel(BaseModel):
    """优先保护类面积减少预警 (R-C19)."""

    division_code: str
    effective_on: date
    before_m2: float
    after_m2: float
    restricted: bool | None = Field(
        description="环评限批 in the county; null while it has not said"
    )


class SettingModel(BaseModel):
    """An open parameter of the method, with its mark."""

    id: str
    value: Any
    confidence: Confidence
    source: str


class IndicatorsModel(BaseModel):
    """Every indicator of a division and period."""

    format: str
    division_code: str
    period: str
    period_kind: PeriodKind
    first_on: date
    last_on: date
    as_of: date
    change: int
    rates: list[RateModel]
    amounts: list[AmountModel]
    categories: list[CategoryArea]
    warnings: list[FallModel]
    stray_measures: list[str] = Field(description="Measures whose unit is not there")
    settings: list[SettingModel]
    names: dict[str, str]


class IndicatorRow(BaseModel, extra="allow"):
    """One unit, plot or task in a rate, and why it counts or does not."""

    division_code: str
    township_code: str | None
    code: str
    total: float
    counted: float
    open: float
    undetermined: float
    state: RowState
    state_text: str
    why: str


class IndicatorRows(BaseModel):
    """A page of rows."""

    items: list[IndicatorRow]
    next: str | None


class SnapshotModel(BaseModel):
    """A snapshot, without its content."""

    id: UUID
    division_code: str
    period_kind: PeriodKind
    period: str
    revision: int
    as_of: date
    change: int
    headline: dict[str, Any] = Field(description="Rates and areas alone")
    content_sha256: str
    reason: str | None
    actor: str
    recorded_at: datetime


class SnapshotPage(BaseModel):
    """Snapshots, the latest period first."""

    items: list[SnapshotModel]
    next: str | None


class SnapshotWithFigures(SnapshotModel):
    """A snapshot with what was kept."""

    figures: IndicatorsModel


class TargetList(BaseModel):
    """Every target a division answers for."""

    items: list[TargetModel]
    next: None = None


def in_language(said: Any, language: Language) -> Any:
    """Return figures or rows with every text in one language."""
    if isinstance(said, dict):
        if said.keys() == {"zh", "en"}:
            return said[language]
        return {name: in_language(one, language) for name, one in said.items()}
    if isinstance(said, list):
        return [in_language(one, language) for one in said]
    return said


def write_figures(figures: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return the figures as they are answered."""
    names = {
        code: (name_en if language == "en" and name_en else name_zh)
        for code, (name_zh, name_en) in figures["names"].items()
    }
    said: dict[str, Any] = in_language(figures, language)
    return {**said, "names": names}


def write_snapshot(snapshot: Snapshot) -> dict[str, Any]:
    """Return a snapshot as lists show it."""
    return {
        "id": snapshot.id,
        "division_code": snapshot.division_code,
        "period_kind": snapshot.period_kind,
        "period": snapshot.period,
        "revision": snapshot.revision,
        "as_of": snapshot.as_of,
        "change": snapshot.change_number,
        "headline": snapshot.headline,
        "content_sha256": bytes(snapshot.sha256).hex(),
        "reason": snapshot.reason,
        "actor": snapshot.actor,
        "recorded_at": snapshot.recorded_at,
    }


def _read_key(last: str, revision: int, number: str) -> SnapshotKey:
    if not isinstance(revision, int) or not 0 <= revision < 2**31:
        raise NotACursor
    return SnapshotKey(date.fromisoformat(last), revision, UUID(number))


def write_snapshot_key(last: Snapshot) -> str:
    """Return the cursor for the page after a snapshot."""
    end = parse_period(last.period).last
    return pack_cursor(end, last.revision, str(last.id))


SnapshotCursor = cursor_of(SnapshotKey, _read_key)
