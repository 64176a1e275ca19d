"""Can this be the name of a theme of restrictions? (core).

A bureau may add themes to those that rules know. The name of one is a code that other
programs ask for; one that is a known theme misspelt would be read by no rule, and every
answer would say of that land that nothing was found.

So a survey is warned of every theme that no rule knows: its report is read by a person,
who says why it stays. A single write has no place for that; it is refused where the
name cannot be meant, and taken otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from parcels.refusal import Refusal
from parcels.register.layers import RESTRICTION_THEMES

_FORM: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_ALIKE: Final = 0.9
"""Share of letters in common from which a name is taken for a misspelt one; a project
default: one letter in nine."""
KNOWN_THEMES: Final = ", ".join(RESTRICTION_THEMES)
"""The themes that rules know, as a text names them."""


class ThemeNotUsable(Refusal):
    """A name cannot be that of a theme."""


def list_unknown(themes: Iterable[str]) -> list[str]:
    """Return the themes that no rule knows: what a survey is warned of."""
    return [theme for theme in themes if theme not in RESTRICTION_THEMES]


def check_theme(theme: str) -> None:
    """Refuse what a single write cannot mean.

    A known theme is taken, and one that may be a bureau's own. A name with a
    further word (``scenic_area_2``) is another theme, not a misspelt one.

    Raises
    ------
    ThemeNotUsable
        If the name has not the form of a code, or is nearly that of a known theme.
    """
    if theme in RESTRICTION_THEMES:
        return
    if not _FORM.fullmatch(theme):
        raise ThemeNotUsable(
            "theme_form",
            f"专题代码应为小写英文单词，以下划线连接；规则已知：{KNOWN_THEMES}。",
            "must be lower-case words joined by underscores; the rules know"
            f" {KNOWN_THEMES}.",
        )
    for near in get_close_matches(theme, RESTRICTION_THEMES, 1, _ALIKE):
        if theme.count("_") <= near.count("_"):
            raise ThemeNotUsable(
                "theme_unknown",
                f"规则没有这一专题；应为 {near}？本部门自有专题请另取不相近的代码。",
                f"is no theme that rules know; {near} is meant? Give a theme of the"
                " bureau's own a name that is less like it.",
            )
