"""How is a name or sentence of a plot's life kept in both languages? (core)."""

from __future__ import annotations

from typing import NamedTuple

from parcels.refusal import Language


class Words(NamedTuple):
    """The same words in Chinese (`zh`) and in English (`en`)."""

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """Return the wording in that language.

        Examples
        --------
        >>> Words("疑似污染地块", "suspected plot").of("en")
        'suspected plot'
        """
        return self.zh if language == "zh" else self.en
