"""Texts of the catalogue, said in one language (core)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from parcels.refusal import Language

Catalogue = Mapping[str, str]
"""Texts of one language by key, with ``{name}`` places (the pages' catalogue)."""

_DIVISION: Final = re.compile("(?<![0-9A-Za-z-])[0-9]{6,12}(?![0-9A-Za-z-])")
"""A county's or a township's code standing alone in a text."""


class Sayer:
    """Says the text of a key in one language."""

    def __init__(
        self,
        texts: Catalogue,
        language: Language,
        divisions: Mapping[str, str] | None = None,
    ) -> None:
        self._texts, self.language = texts, language
        self._divisions = divisions or {}

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key, its places filled."""
        return self._texts[key].format(**values)

    def named(self, key: str, otherwise: str) -> str:
        """Return a name from the catalogue, or what is written when it has none."""
        return self._texts.get(key, otherwise)

    def division(self, code: str) -> str:
        """Return a division by its name and code, by its code where it has none."""
        return self._divisions.get(code, code)

    def with_divisions(self, text: str) -> str:
        """Return a text with the names of the divisions that it has as codes."""
        return _DIVISION.sub(lambda code: self.division(code[0]), text)

    def labels(self, start: str) -> dict[str, str]:
        """Return the texts whose key begins so, by the rest of the key."""
        return {
            key.removeprefix(start): text
            for key, text in self._texts.items()
            if key.startswith(start)
        }

    def day(self, written: str | None) -> str:
        """Return a day as it is written on paper."""
        if written is None:
            return self("certificate.none")
        day = date.fromisoformat(written)
        return self("certificate.day", year=day.year, month=day.month, day=day.day)

    def listed(self, names: Iterable[str]) -> str:
        """Return names as one enumeration."""
        return self("format.list_separator").join(names)
