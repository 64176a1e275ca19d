"""How does the core say no, in words an officer can act on? (core).

A refusal says what was found, where, and what to do, in Chinese and in English.
The shell chooses the language; the core never knows who reads it.
"""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]


class Refusal(ValueError):
    """A value from outside cannot be used (拒绝); it says why and what to do.

    Attributes
    ----------
    reason
        Stable key of the reason, snake case; a program may branch on it.
    zh, en
        The same sentence in both languages.
    """

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = reason
        self.zh = zh
        self.en = en

    def text(self, language: Language) -> str:
        """Return the sentence in that language."""
        return self.zh if language == "zh" else self.en
