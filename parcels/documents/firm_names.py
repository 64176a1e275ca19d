"""When are two names the same firm's? (core)."""

from __future__ import annotations

import unicodedata


def firm_key(name: str) -> str:
    """Return a firm's name as it is compared: without blanks, width and case.

    Examples
    --------
    >>> firm_key("甲 环境（四川）有限公司") == firm_key("甲环境(四川)有限公司")
    True
    """
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
