"""Which parts of a text are Chinese, where the page is not? (WCAG 2.2, 3.1.2; core).

The same as ``core/chinese.ts`` of the frontend does for what scripts write.
"""

from __future__ import annotations

import re
from typing import Final

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

_HAN: Final = "々〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_MARKS: Final = "\u3000-\u303f\uff00-\uffef"
_CHINESE: Final = re.compile(f"[{_HAN}](?:[{_HAN}{_MARKS}\\d()-]*[{_HAN}{_MARKS}])?")
"""From one character to the last; between them digits and marks of a number."""
_LETTERS: Final = re.compile("[A-Za-z\u00c0-\u024f]")


def mark_chinese(text: object) -> Markup:
    """Return a text as HTML in which what is Chinese says that it is.

    A text without letters is Chinese as a whole, its numbers too. Else it is one
    element with marked parts, so that what lays out its children has one as before.

    Examples
    --------
    >>> mark_chinese("净土路 5 号")
    Markup('<span lang="zh">净土路 5 号</span>')
    >>> mark_chinese("Plot 原电镀厂 <1>")
    Markup('<span>Plot <span lang="zh">原电镀厂</span> &lt;1&gt;</span>')
    >>> mark_chinese("2026-01-31")
    Markup('2026-01-31')
    """
    plain = str(text)
    if not _CHINESE.search(plain):
        return escape(plain)
    if not _LETTERS.search(plain):
        return _in_chinese(plain)
    parts: list[Markup] = []
    start = 0
    for found in _CHINESE.finditer(plain):
        parts += [escape(plain[start : found.start()]), _in_chinese(found[0])]
        start = found.end()
    return Markup("<span>{}</span>").format(Markup("").join([*parts, plain[start:]]))


def _in_chinese(text: str) -> Markup:
    return Markup('<span lang="zh">{}</span>').format(text)


@pass_context
def marked(context: Context, text: object) -> Markup:
    """Mark what is Chinese in a text of a template, unless its page is Chinese."""
    return escape(text) if context["language"] == "zh" else mark_chinese(text)
