"""On what ground does a step in the life of a plot stand? (core, data).

Titles and articles after `plot_lifecycle.md` of the domain notes. Each ground says how
well it is known: read in the text, recalled, or the project's own choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from parcels.numerals import write_numeral
from parcels.refusal import Language
from parcels.texts import Text

Verification = Literal["verified", "recalled", "design_choice"]

VERIFICATION_NAMES: Final[dict[Verification, Text]] = {
    "verified": Text("已核对", "verified"),
    "recalled": Text("凭记忆，引用前须核对", "recalled, check before quoting"),
    "design_choice": Text("产品设计，非法律规定", "the project's own choice, not law"),
}


@dataclass(frozen=True, slots=True)
class Basis:
    """One ground: document, article, and how well it is known."""

    document: Text
    article: Text
    verification: Verification

    def texts(self, language: Language) -> dict[str, str]:
        """Return the ground in one language, keys as in a decision's citations."""
        return {
            "document": self.document.of(language),
            "article": self.article.of(language),
            "verification": self.verification,
            "verification_text": VERIFICATION_NAMES[self.verification].of(language),
        }

    @property
    def words(self) -> Text:
        """Document, article and mark as one phrase."""
        mark = VERIFICATION_NAMES[self.verification]
        return Text(
            f"{self.document.zh}{self.article.zh}（{mark.zh}）",
            f"{self.document.en} {self.article.en}".rstrip() + f" [{mark.en}]",
        )


_SOIL_LAW: Final = Text(
    "《中华人民共和国土壤污染防治法》",
    "Soil Pollution Prevention and Control Law",
)
_ORDER_42: Final = Text(
    "《污染地块土壤环境管理办法（试行）》（原环境保护部令第42号）",
    "Measures on contaminated plots (Order 42 of 2016)",
)
_LIANGSHAN: Final = Text(
    "《凉山州土壤污染防治工作方案》（凉府发〔2017〕6号）",
    "Liangshan work plan on soil pollution (凉府发〔2017〕6号)",
)
_ZHENGZHOU: Final = Text(
    "《郑州市2019年土壤污染防治攻坚战实施方案》",
    "Zhengzhou implementation plan of 2019 on soil pollution",
)
_DRAFT_GUIDE: Final = Text(
    "优先监管地块指南（征求意见稿，2024年10月）",
    "Draft guide on priority supervised plots (2024-10)",
)
_NOTHING: Final = Text("", "")


def soil_law(*articles: str) -> Basis:
    """Cite articles of the Soil Law, all read in its text; ``59(3)`` is a paragraph."""
    return Basis(_SOIL_LAW, _articles(articles), "verified")


def order_42(*articles: str, verified: bool = False) -> Basis:
    """Cite articles of Order 42; recalled unless said otherwise."""
    mark: Verification = "verified" if verified else "recalled"
    return Basis(_ORDER_42, _articles(articles), mark)


def liangshan(item: int) -> Basis:
    """Cite an item of the Liangshan plan, which was read."""
    return Basis(_LIANGSHAN, Text(f"第{item}项", f"item {item}"), "verified")


def zhengzhou(section: str) -> Basis:
    """Cite a section of the Zhengzhou plan, which was read."""
    zh = section.replace("(", "（").replace(")", "）")
    return Basis(_ZHENGZHOU, Text(zh, f"section {section}"), "verified")


PRIORITY_GUIDE: Final = Basis(_DRAFT_GUIDE, _NOTHING, "verified")
OWN_CHOICE: Final = Basis(
    Text("本系统设计", "design of this system"), _NOTHING, "design_choice"
)


def _articles(articles: tuple[str, ...]) -> Text:
    return Text(
        "、".join(_article_zh(article) for article in articles),
        "Art. " + ", ".join(articles),
    )


def _article_zh(article: str) -> str:
    """Return an article in Chinese.

    Examples
    --------
    >>> _article_zh("59(3)"), _article_zh("2-3")
    ('第五十九条第三款', '第二条至第三条')
    """
    if "-" in article:
        first, last = article.split("-")
        return f"{_article_zh(first)}至{_article_zh(last)}"
    number, _, paragraph = article.rstrip(")").partition("(")
    zh = f"第{write_numeral(int(number))}条"
    return f"{zh}第{write_numeral(int(paragraph))}款" if paragraph else zh
