"""What does the trend of kept periods look like? (core): 趋势图.

One line a rate over the periods of one kind, oldest left, 0 to 100 %. A period without
a rate is a gap. Lines differ by mark and dash as well as by colour; the table beside
the chart holds the figures. A narrow window gets a drawing of its own, so that its
lettering keeps its size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from xml.sax.saxutils import escape

from parcels.refusal import Language
from parcels.texts import Text

MOST_PERIODS: Final = 24
Shape = Literal["wide", "narrow"]


@dataclass(frozen=True, slots=True)
class Frame:
    """Measures of a drawing, in its own units (pixels where it is not scaled).

    Attributes
    ----------
    bottom
        Room below the axis for names and legend.
    names
        Most names of periods below the axis.
    legend_rows
        Whether the lines are named below each other.
    """

    width: int
    height: int
    bottom: int
    names: int
    legend_rows: bool
    left: int = 48
    right: int = 20
    top: int = 16

    def across(self, number: int, many: int) -> float:
        """Return where a period stands."""
        room = self.width - self.left - self.right
        return self.left + (room / 2 if many == 1 else room * number / (many - 1))

    def height_of(self, rate: float) -> float:
        """Return where a rate stands."""
        return self.top + (self.height - self.top - self.bottom) * (1 - rate)


FRAMES: Final[Mapping[Shape, Frame]] = {
    "wide": Frame(640, 250, 66, 8, legend_rows=False),
    "narrow": Frame(340, 300, 106, 4, legend_rows=True),
}
_LEGEND_STEP: Final = 22


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
    periods: Sequence[tuple[str, Mapping[str, Any]]],
    language: Language,
    shape: Shape = "wide",
) -> str:
    """Return an SVG of periods and their headlines, oldest first.

    Its description says the figures in words, for those who do not see it.
    """
    kept, frame = list(periods)[-MOST_PERIODS:], FRAMES[shape]
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg"'
        f' viewBox="0 0 {frame.width} {frame.height}"'
        f' role="img" aria-labelledby="t d" lang="{language}"'
        ' font-family="sans-serif" font-size="12" fill="#333">',
        f'<title id="t">{escape(_TITLE.of(language))}</title>',
        f'<desc id="d">{escape(_describe(kept, language))}</desc>',
        *_axes(frame, [name for name, _ in kept]),
        *(part for one in LINES for part in _line(frame, one, kept)),
        *_legend(frame, language),
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


def _axes(frame: Frame, names: Sequence[str]) -> list[str]:
    drawn = []
    for percent in (0, 25, 50, 75, 100):
        y = frame.height_of(percent / 100)
        drawn.append(
            f'<line x1="{frame.left}" x2="{frame.width - frame.right}" y1="{y:.1f}"'
            f' y2="{y:.1f}" stroke="#ccc"/><text x="{frame.left - 8}" y="{y + 4:.1f}"'
            f' text-anchor="end">{percent}%</text>'
        )
    step = -(-len(names) // frame.names) if names else 1
    for number, name in enumerate(names):
        if (len(names) - 1 - number) % step == 0:
            x = frame.across(number, len(names))
            anchor = "end" if number == len(names) - 1 and number else "middle"
            drawn.append(
                f'<text x="{x:.1f}" y="{frame.height - frame.bottom + 18}"'
                f' text-anchor="{anchor}">{escape(name)}</text>'
            )
    return drawn


def _line(
    frame: Frame, line: Line, kept: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[str]:
    runs: list[list[tuple[float, float]]] = [[]]
    for number, (_, headline) in enumerate(kept):
        rate = _rate(headline, line)
        if rate is None:
            runs.append([])
        else:
            place = frame.across(number, len(kept)), frame.height_of(rate)
            runs[-1].append(place)
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


def _legend(frame: Frame, language: Language) -> list[str]:
    drawn = []
    for number, line in enumerate(LINES):
        x, y = _place_in_legend(frame, number)
        drawn.append(
            f'<line x1="{x:.1f}" x2="{x + 22:.1f}" y1="{y}" y2="{y}"'
            f' stroke="{line.colour}" stroke-width="2"'
            f' stroke-dasharray="{line.dash or "none"}"/>'
            f"{_mark(line, x + 11, y)}"
            f'<text x="{x + 28:.1f}" y="{y + 4}" font-size="11">'
            f"{escape(line.title.of(language))}</text>"
        )
    return drawn


def _place_in_legend(frame: Frame, number: int) -> tuple[float, int]:
    last = frame.height - 18
    if frame.legend_rows:
        return frame.left, last - (len(LINES) - 1 - number) * _LEGEND_STEP
    room = frame.width - frame.left - frame.right
    return frame.left + number * room / len(LINES), last
