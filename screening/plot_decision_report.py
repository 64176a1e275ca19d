"""What was decided about the land of every registered plot, as tables (core).

污染地块用地核查台账 (R-D25): by stage, plot by plot, decision by decision, of what
`screening.plot_decisions` read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from parcels.area import round_area
from parcels.codes import WHOLE_COUNTRY
from parcels.refusal import Language
from parcels.register.values import PLOT_STAGES
from screening.reports.document import Document, Form, Heading, Table
from screening.surroundings import Neighbour, describe_distance
from screening.texts import Text
from screening.vocabulary import Outcome

Words = Callable[[str, str], str]
_TITLE: Final = Text(
    "污染地块用地核查台账", "Registered plots and the decisions about their land"
)
_ABOUT: Final = Text(
    "列出各名录地块（含已移出的）及本辖区就其用地出具的全部核查意见书；没有意见书的地块一并列出。",
    "Every plot that is on a register, or once was, with every decision of this"
    " division about its land; plots nobody has asked about are listed too.",
)
_CLOSING: Final = Text(
    "意见书为系统核查意见；是否办理由主管机关依法决定。",
    "Decisions are screening results; what was done lies with the authority.",
)
_OUTCOMES: Final = tuple(Outcome)


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which decisions were recorded, both included; None: open."""

    recorded_from: date | None = None
    recorded_to: date | None = None


@dataclass(frozen=True, slots=True)
class Dealing:
    """A decision about the land of a plot.

    `recorded_on` is the day the gate was asked; `lies` how the land lies to the plot.
    """

    certificate_number: str
    transaction: str
    outcome: str
    state: str
    as_of: date
    recorded_on: date
    parcel_codes: tuple[str, ...]
    use_scheme: str | None
    use_code: str | None
    lies: Neighbour


@dataclass(frozen=True, slots=True)
class RegisteredPlot:
    """A plot that is on a register, or once was, and what was asked about its land."""

    code: str
    division_code: str
    name: str | None
    stage: str
    held: bool
    lists: tuple[str, ...]
    use_scheme: str | None
    use_code: str | None
    area_m2: float | None
    dealings: tuple[Dealing, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which division, as of which day and change, over which days, and when."""

    division_code: str
    as_of: date
    change: int
    span: Span
    made_at: str


@dataclass(frozen=True, slots=True)
class _Voice:
    """How a report speaks: its language, coded values and divisions in words."""

    language: Language
    words: Words
    divisions: Mapping[str, str]

    def place(self, code: str) -> str:
        if code == WHOLE_COUNTRY:
            return Text("全国", "whole country").of(self.language)
        return self.divisions.get(code, code)

    def use(self, scheme: str | None, code: str | None) -> str | None:
        if not scheme or not code:
            return None
        name = self.words(f"use.{scheme}", code)
        return code if name == code else f"{name} {code}"

    def joined(self, texts: Sequence[str]) -> str:
        return ("、" if self.language == "zh" else ", ").join(texts)

    def head(self, *said: tuple[str, str, Form, float]) -> list[Heading]:
        return [
            Heading(Text(zh, en).of(self.language), form, width)
            for zh, en, form, width in said
        ]


def write_plot_decision_report(
    plots: Sequence[RegisteredPlot],
    asked: Asked,
    language: Language,
    words: Words,
    divisions: Mapping[str, str],
) -> Document:
    """Return the report; `divisions` names divisions by code, in the same language."""
    voice = _Voice(language, words, divisions)
    return Document(
        language,
        _TITLE.of(language),
        _ABOUT.of(language),
        f"plot-decisions {asked.division_code} {asked.as_of}",
        asked.made_at,
        _facts(plots, asked, voice),
        (_stages(plots, voice), _plots(plots, voice), _decisions(plots, voice)),
        _CLOSING.of(language),
    )


def _facts(
    plots: Sequence[RegisteredPlot], asked: Asked, voice: _Voice
) -> list[tuple[str, str]]:
    begin, end = asked.span.recorded_from, asked.span.recorded_to
    days = f"{begin or ''} – {end or ''}".strip()
    if begin is None and end is None:
        days = Text("全部", "all").of(voice.language)
    facts = [
        (Text("行政区", "Division"), voice.place(asked.division_code)),
        (Text("地块截至", "Plots as of"), asked.as_of.isoformat()),
        (Text("意见书期间", "Decisions of"), days),
        (Text("数据变更号", "Change of the register"), str(asked.change)),
        (Text("地块数", "Plots"), str(len(plots))),
        (
            Text("有意见书的地块数", "Plots asked about"),
            str(sum(bool(one.dealings) for one in plots)),
        ),
        (Text("时间", "At"), asked.made_at[:19].replace("T", " ")),
    ]
    return [(name.of(voice.language), value) for name, value in facts]


def _stages(plots: Sequence[RegisteredPlot], voice: _Voice) -> Table:
    """Count plots and decisions by stage; a decision counts once for each plot."""
    rows: list[list[Any]] = []
    for stage in PLOT_STAGES:
        here = [one for one in plots if one.stage == stage]
        if not here:
            continue
        made = [dealing.outcome for one in here for dealing in one.dealings]
        rows.append(
            [
                voice.words("category", stage),
                len(here),
                sum(bool(one.dealings) for one in here),
                len(made),
                *(made.count(outcome.value) for outcome in _OUTCOMES),
            ]
        )
    headings = [
        *voice.head(
            ("阶段", "Stage", "", 1.4),
            ("地块", "Plots", "count", 0.7),
            ("有意见书", "Asked about", "count", 0.8),
            ("意见书", "Decisions", "count", 0.8),
        ),
        *(
            Heading(voice.words("outcome", outcome.value), "count", 0.9)
            for outcome in _OUTCOMES
        ),
    ]
    return Table(Text("按阶段", "By stage").of(voice.language), "", headings, rows)


def _plots(plots: Sequence[RegisteredPlot], voice: _Voice) -> Table:
    rows = [_plot_row(one, voice) for one in plots]
    headings = voice.head(
        ("地块编码", "Plot", "", 1.8),
        ("名称", "Name", "", 1.4),
        ("行政区", "Division", "", 1.2),
        ("名录", "Lists", "", 1.3),
        ("阶段", "Stage", "", 1.0),
        ("暂不开发", "Held back", "", 0.7),
        ("规划用途", "Planned use", "", 1.1),
        ("面积（平方米）", "Area (m²)", "m2", 1.0),
        ("意见书", "Decisions", "count", 0.7),
        ("最近一次", "Latest", "", 1.6),
    )
    return Table(Text("地块", "Plots").of(voice.language), "", headings, rows)


def _plot_row(one: RegisteredPlot, voice: _Voice) -> list[Any]:
    return [
        one.code,
        one.name,
        voice.place(one.division_code),
        voice.joined([voice.words("plot_list", name) for name in one.lists]),
        voice.words("category", one.stage),
        one.held,
        voice.use(one.use_scheme, one.use_code),
        None if one.area_m2 is None else round_area(one.area_m2),
        len(one.dealings),
        _told(one.dealings[-1], voice) if one.dealings else None,
    ]


def _told(one: Dealing, voice: _Voice) -> str:
    said = [
        one.recorded_on.isoformat(),
        voice.words("transaction", one.transaction),
        voice.words("outcome", one.outcome),
    ]
    return " ".join(said)


def _decisions(plots: Sequence[RegisteredPlot], voice: _Voice) -> Table:
    rows = [
        [
            plot.code,
            one.certificate_number,
            voice.words("transaction", one.transaction),
            voice.use(one.use_scheme, one.use_code),
            voice.words("outcome", one.outcome),
            voice.words("standing", one.state),
            one.as_of.isoformat(),
            one.recorded_on.isoformat(),
            voice.joined(one.parcel_codes),
            describe_distance(one.lies).of(voice.language),
            round_area(one.lies.overlap_m2) or None,
        ]
        for plot in plots
        for one in plot.dealings
    ]
    headings = voice.head(
        ("地块编码", "Plot", "", 1.6),
        ("意见书编号", "Certificate", "", 1.7),
        ("业务环节", "Transaction", "", 1.0),
        ("拟作用途", "Planned use", "", 1.1),
        ("结论", "Outcome", "", 1.0),
        ("状态", "Standing", "", 0.9),
        ("基准日", "As of", "", 0.8),
        ("出具日", "Recorded", "", 0.8),
        ("宗地", "Parcels", "", 1.5),
        ("位置关系", "Lies", "", 1.1),
        ("重叠（平方米）", "In common (m²)", "m2", 0.9),
    )
    return Table(Text("意见书", "Decisions").of(voice.language), "", headings, rows)
