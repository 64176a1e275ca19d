"""How does the core say no, in words an officer can act on? (core).

A refusal says what was found, where, and what to do, in Chinese and in English.
The shell chooses the language; the core never knows who reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
Given = TypeVar("Given")
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


def attempt(
    function: Callable[Asked, Answer], *given: Asked.args, **named: Asked.kwargs
) -> Answer | Refusal:
    """Return what a function returns, or the refusal it raises.

    Of several that are asked together, one that is refused must not end the others.
    """
    try:
        return function(*given, **named)
    except Refusal as refusal:
        return refusal


def go_on(
    function: Callable[[list[Given]], Sequence[Answer]],
    entries: Sequence[Given | Refusal],
) -> list[Answer | Refusal]:
    """Call a function once with all that was not refused; refusals keep their places.

    It is not called for nothing.
    """
    left = [entry for entry in entries if not isinstance(entry, Refusal)]
    answers = iter(function(left) if left else ())
    return [entry if isinstance(entry, Refusal) else next(answers) for entry in entries]


def insist(answer: Answer | Exception) -> Answer:
    """Return an answer; raise it where it is a refusal or another exception."""
    if isinstance(answer, Exception):
        raise answer
    return answer
