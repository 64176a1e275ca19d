"""What kinds of task are there, and how is each called? (core, data).

A new kind is a line here and nothing else. Titles name facts of the task in braces;
`title_of` puts them in. A fact that the program writes has an English one beside it,
`<fact>_en`; what an officer wrote shows as he wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Final

from parcels.texts import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of task.

    Attributes
    ----------
    title
        In both languages; facts in braces.
    by_hand
        Whether an officer may open one himself; others come of what happened.
    """

    name: str
    words: Text
    title: Text
    by_hand: bool = False

    @property
    def facts(self) -> frozenset[str]:
        """Names of the facts that the title needs."""
        return frozenset(
            name
            for text in self.title
            for _, name, _, _ in Formatter().parse(text)
            if name is not None
        )


_KINDS: Final = (
    Kind(
        "rectification",
        Text("整改", "rectification"),
        Text("整改：{problem}", "Rectify: {problem}"),
        by_hand=True,
    ),
    Kind(
        "other",
        Text("其他", "other"),
        Text("{what}", "{what}"),
        by_hand=True,
    ),
    Kind(
        "required_activity",
        Text("应开展的活动", "required activity"),
        Text("地块 {plot}：{what_zh}", "Plot {plot}: {what_en}"),
    ),
    Kind(
        "filing",
        Text("按期报送", "filing"),
        Text("{year}年：{what_zh}", "{year}: {what_en}"),
    ),
    Kind(
        "plot_filing",
        Text("地块按期报送", "filing of a plot"),
        Text("地块 {plot}，{year}年：{what_zh}", "Plot {plot}, {year}: {what_en}"),
    ),
    Kind(
        "paper_term",
        Text("资料办理期限", "term of a paper"),
        Text("地块 {plot}：{what_zh}", "Plot {plot}: {what_en}"),
    ),
    Kind(
        "priority_area_fell",
        Text("优先保护面积减少", "priority protection shrank"),
        Text(
            "优先保护类耕地由 {before} 减为 {after} 平方米：{what_zh}",
            "Priority protection fell from {before} to {after} m²: {what_en}",
        ),
    ),
    Kind(
        "consultation",
        Text("征求意见", "consultation"),
        Text("就意见书 {decision} 征求意见", "Give an opinion on decision {decision}"),
    ),
    Kind(
        "investigate_lead",
        Text("线索排查", "lead to investigate"),
        Text(
            "排查线索：{enterprise}（{reason_zh}）",
            "Investigate the land of {enterprise} ({reason_en})",
        ),
    ),
    Kind(
        "decision_affected",
        Text("意见书受影响", "decision affected"),
        Text(
            "复核受影响的意见书 {decision}（{cause}）",
            "Look again at decision {decision} ({cause})",
        ),
    ),
)
KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in _KINDS}


def title_of(kind: str, facts: Mapping[str, str]) -> Text:
    """Return the title of a task; a fact that is missing shows as ``…``.

    Examples
    --------
    >>> title_of("rectification", {"problem": "渗漏"}).zh
    '整改：渗漏'
    >>> title_of("rectification", {"problem": "渗漏", "problem_en": "a leak"}).en
    'Rectify: a leak'
    """
    known = KINDS.get(kind)
    if known is None:
        return Text(kind, kind)
    given = dict.fromkeys(known.facts, "…") | dict(facts)
    in_english = given | {
        name.removesuffix("_en"): fact
        for name, fact in facts.items()
        if name.removesuffix("_en") in known.facts and name.endswith("_en")
    }
    return Text(known.title.zh.format_map(given), known.title.en.format_map(in_english))
