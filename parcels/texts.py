"""How is one sentence kept in both languages? (core).

Everything an officer reads exists in Chinese and in English. The core keeps both; the
shell picks one when it answers.
"""

from __future__ import annotations

from typing import NamedTuple

from parcels.refusal import Language


class Text(NamedTuple):
    """One sentence or name in Chinese (`zh`) and in English (`en`)."""

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """Return the wording in that language.

        Examples
        --------
        >>> Text("通过", "allow").of("zh")
        '通过'
        """
        return self.zh if language == "zh" else self.en


def listing(texts: tuple[Text, ...]) -> Text:
    """Return several texts as one enumeration, in the order given.

    Examples
    --------
    >>> listing((Text("甲", "A"), Text("乙", "B")))
    Text(zh='甲、乙', en='A, B')
    """
    return Text("、".join(t.zh for t in texts), ", ".join(t.en for t in texts))
