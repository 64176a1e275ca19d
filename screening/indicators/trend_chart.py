"""What does the trend of kept periods look like? (core): 趋势图.

One line a rate over the periods of one kind, oldest left, 0 to 100 %. A period without
a rate is a gap. Lines differ by mark and dash as well as by colour; the table beside
the chart holds the figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

from parcels.refusal import Language
from screening.texts import Text

WIDTH, HEIGHT = 640, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 20, 16, 66
MOST_PERIODS: Final = 24


@dataclass(frozen=True, slots=True)
class Line:
    """A rate and how it is drawn."""

    rate: str
    title: Text
    colour: str
    dash: str
    mark: str


LINES: Final = (
    Line(
        "polluted_farmland_rate",
        Text("受污染耕地安全利用率", "polluted farmland in safe use"),
        "#1f5f8b",
        "",
        "circle",
    ),
    Line(
        "contaminated_plot_rate",
        Text("污染地块安全利用率", "contaminated plots in safe use"),
        "#9a4d12",
        "6 3",
        "square",
    ),
    Line(
        "rectification_rate",
        Text("整治任务完成比例", "rectification tasks struck off"),
        "#4f6f1c",
        "2 3",
        "triangle",
    ),
)
_TITLE: Final = Text("已存档各期的比率", "Rates of the periods kept")
_NONE: Final = Text("尚无存档", "nothing kept yet")
_NO_RATE: Final = Text("无", "none")


def draw_trend(
    periods: Sequence[tuple[str, Mapping[str, Any]]], language: Language
) -> str:
    """Return an SVG of periods and their headlines, oldest first.

    Its description says the figures in words, for those who do not see it.
    """
    kept = list(periods)[-MOST_PERIODS:]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' role="img" aria-labelledby="t d" lang="{language}"'
        ' font-family="sans-serif" font-size="12" fill="#333">',
        f'<title id="t">{escape(_TITLE.of(language))}</title>',
        f'<desc id="d">{escape(_describe(kept, language))}</desc>',
        *_axes([name for name, _ in kept]),
        *(part for one in LINES for part in _line(one, kept)),
        *_legend(language),
        "</svg>",
    ]
    return "\n".join(parts)


def _rate(headline: Mapping[str, Any], line: Line) -> float | None:
    found = headline.get("rates", {}).get(line.rate) or {}
    value: float | None = found.get("rate")
    return value


def _describe(kept: Sequence[tuple[str, Mapping[str, Any]]], language: Language) -> str:
    if not kept:
        return _NONE.of(language)
    told = []
    for line in LINES:
        values = ", ".join(
            f"{name} {_NO_RATE.of(language) if rate is None else f'{rate:.1%}'}"
            for name, rate in ((name, _rate(said, line)) for name, said in kept)
        )
        told.append(f"{line.title.of(language)}: {values}")
    return "; ".join(told)


def _across(number: int, many: int) -> float:
    room = WIDTH - _LEFT - _RIGHT
    return _LEFT + (room / 2 if many == 1 else room * number / (many - 1))


def _height(rate: float) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - rate)


def _axes(names: Sequence[str]) -> list[str]:
    drawn = []
    for percent in (0, 25, 50, 75, 100):
        y = _height(percent / 100)
        drawn.append(
            f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"'
            f' stroke="#ccc"/><text x="{_LEFT - 8}" y="{y + 4:.1f}"'
            f' text-anchor="end">{percent}%</text>'
        )
    step = -(-len(names) // 8) if names else 1
    for number, name in enumerate(names):
        if (len(names) - 1 - number) % step == 0:
            x = _across(number, len(names))
            anchor = "end" if number == len(names) - 1 and number else "middle"
            drawn.append(
                f'<text x="{x:.1f}" y="{HEIGHT - _BOTTOM + 18}"'
                f' text-anchor="{anchor}">{escape(name)}</text>'
            )
    return drawn


def _line(line: Line, kept: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
    runs: list[list[tuple[float, float]]] = [[]]
    for number, (_, headline) in enumerate(kept):
        rate = _rate(headline, line)
        if rate is None:
            runs.append([])
        else:
            runs[-1].append((_across(number, len(kept)), _height(rate)))
    drawn = []
    for run in runs:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
        if len(run) > 1:
            drawn.append(
                f'<polyline points="{path}" fill="none" stroke="{line.colour}"'
                f' stroke-width="2" stroke-dasharray="{line.dash or "none"}"/>'
            )
        drawn += [_mark(line, x, y) for x, y in run]
    return drawn


def _mark(line: Line, x: float, y: float) -> str:
    if line.mark == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{line.colour}"/>'
    if line.mark == "square":
        return (
            f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7"'
            f' fill="{line.colour}"/>'
        )
    corners = f"{x:.1f},{y - 5:.1f} {x - 4.5:.1f},{y + 4:.1f} {x + 4.5:.1f},{y + 4:.1f}"
    return f'<polygon points="{corners}" fill="{line.colour}"/>'


def _legend(language: Language) -> list[str]:
    drawn = []
    for number, line in enumerate(LINES):
        x, y = _LEFT + number * (WIDTH - _LEFT - _RIGHT) / len(LINES), HEIGHT - 18
        drawn.append(
            f'<line x1="{x:.1f}" x2="{x + 22:.1f}" y1="{y}" y2="{y}"'
            f' stroke="{line.colour}" stroke-width="2"'
            f' stroke-dasharray="{line.dash or "none"}"/>'
            f"{_mark(line, x + 11, y)}"
            f'<text x="{x + 28:.1f}" y="{y + 4}" font-size="11">'
            f"{escape(line.title.of(language))}</text>"
        )
    return drawn
