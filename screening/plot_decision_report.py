"""What was decided about the land of every registered plot, as tables (core).

污染地块用地核查台账 (R-D25): by stage, plot by plot, decision by decision, made of the
rows of a run of kind `plot_decisions`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from parcels.area import round_area
from parcels.refusal import Language, Refusal
from parcels.register.values import PLOT_STAGES
from parcels.texts import Text
from screening.reports.document import Document, Table, head
from screening.runs.row import Row, Words
from screening.vocabulary import Outcome

_CLOSING: Final = Text(
    "意见书为系统核查意见；是否办理由主管机关依法决定。",
    "Decisions are screening results; what was done lies with the authority.",
)
_OUTCOMES: Final = tuple(outcome.value for outcome in Outcome)


class NoPlotDecisions(Refusal):
    """A run is of another kind: it tells nothing of plots and decisions."""

    def __init__(self) -> None:
        super().__init__(
            "no_plot_decisions",
            "该筛查任务不是用地核查台账（plot_decisions）。",
            "This run is not of kind plot_decisions.",
        )


def write_plot_decision_report(
    rows: Iterable[Row],
    facts: Sequence[tuple[str, str]],
    title: str,
    about: str,
    language: Language,
    words: Words,
    *,
    number: str,
    made_at: str,
) -> Document:
    """Return the report of a run.

    Parameters
    ----------
    rows
        Rows of the run, plot by plot.
    facts
        What a reader must know of the run besides; `about` says what is listed.
    """
    plots: list[list[Any]] = []
    decisions: list[list[Any]] = []
    stages: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        one, counts = row.values, stages[row.values["stage"]]
        if one["decision"] <= 1:
            plots.append(_plot(one, language, words))
            counts["plots"] += 1
            counts["asked_about"] += one["decision"]
        if one["decision"]:
            plots[-1][-2:] = one["decision"], _told(one, language, words)
            decisions.append(_decision(row, language, words))
            counts[one["outcome"]] += 1
    return Document(
        language,
        title,
        about,
        number,
        made_at,
        facts,
        (
            _stages(stages, language, words),
            _plots(plots, language),
            _decisions(decisions, language),
        ),
        _CLOSING.of(language),
    )


def _stages(
    stages: Mapping[str, Counter[str]], language: Language, words: Words
) -> Table:
    """Count plots and decisions by stage and in all; a decision once for each plot."""
    total = sum(stages.values(), Counter[str]())
    named = [
        *(
            (words("category", one), stages[one])
            for one in PLOT_STAGES
            if one in stages
        ),
        (Text("合计", "Total").of(language), total),
    ]
    rows = [
        [
            name,
            counts["plots"],
            counts["asked_about"],
            sum(counts[outcome] for outcome in _OUTCOMES),
            *(counts[outcome] for outcome in _OUTCOMES),
        ]
        for name, counts in named
    ]
    headings = head(
        language,
        ("阶段", "Stage", "", 1.8),
        ("地块", "Plots", "count", 0.7),
        ("有意见书", "Asked about", "count", 0.8),
        ("意见书", "Decisions", "count", 0.8),
        *((words("outcome", one),) * 2 + ("count", 1.2) for one in _OUTCOMES),
    )
    return Table(Text("按阶段", "By stage").of(language), "", headings, rows)


def _plots(rows: Sequence[Sequence[Any]], language: Language) -> Table:
    headings = head(
        language,
        ("地块编码", "Plot", "", 1.3),
        ("名称", "Name", "", 1.7),
        ("行政区", "Division", "", 1.8),
        ("名录", "Lists", "", 1.8),
        ("阶段", "Stage", "", 1.5),
        ("暂不开发", "Held back", "", 0.9),
        ("规划用途", "Planned use", "", 1.6),
        ("面积（平方米）", "Area (m²)", "m2", 1.2),
        ("意见书", "Decisions", "count", 0.9),
        ("最近一次", "Latest", "", 2.3),
    )
    return Table(Text("地块", "Plots").of(language), "", headings, rows)


def _plot(one: Mapping[str, Any], language: Language, words: Words) -> list[Any]:
    """Return a plot's line; its decisions and the latest are filled in with them."""
    area = one["plot_area_m2"]
    return [
        one["plot_code"],
        one["plot_name"],
        words("division", one["division_code"]),
        _joined(one["lists"], language, lambda name: words("plot_list", name)),
        words("category", one["stage"]),
        one["held"],
        _use(one["plot_use"], words),
        None if area is None else round_area(area),
        0,
        None,
    ]


def _told(one: Mapping[str, Any], language: Language, words: Words) -> str:
    said = [
        one["recorded_on"],
        words("transaction", one["transaction"]),
        words("outcome", one["outcome"]),
    ]
    return ("，" if language == "zh" else ", ").join(said)


def _decisions(rows: Sequence[Sequence[Any]], language: Language) -> Table:
    headings = head(
        language,
        ("地块编码", "Plot", "", 1.3),
        ("意见书编号", "Certificate", "", 2.2),
        ("业务环节", "Transaction", "", 1.4),
        ("拟作用途", "Planned use", "", 1.5),
        ("结论", "Outcome", "", 1.3),
        ("状态", "Standing", "", 0.9),
        ("基准日", "As of", "", 1.0),
        ("出具日", "Recorded", "", 1.0),
        ("宗地", "Parcels", "", 1.9),
        ("位置关系", "Lies", "", 1.8),
        ("重叠（平方米）", "In common (m²)", "m2", 1.1),
    )
    return Table(Text("意见书", "Decisions").of(language), "", headings, rows)


def _decision(row: Row, language: Language, words: Words) -> list[Any]:
    one = row.values
    return [
        one["plot_code"],
        one["certificate_number"],
        words("transaction", one["transaction"]),
        _use(one["use"], words),
        words("outcome", one["outcome"]),
        words("standing", one["standing"]),
        one["as_of"],
        one["recorded_on"],
        _joined(one["parcel_codes"], language, str),
        row.why.of(language),
        one["overlap_m2"] or None,
    ]


def _joined(
    listed: str | None, language: Language, name: Callable[[str], str]
) -> str | None:
    """Return the entries of a column of several, named, as people list them."""
    if listed is None:
        return None
    return ("、" if language == "zh" else ", ").join(map(name, listed.split("; ")))


def _use(use: str | None, words: Words) -> str | None:
    """Return a use with its code behind it."""
    if use is None:
        return None
    name, code = words("use", use), use.partition(".")[2]
    return code if name == use else f"{name} {code}"
