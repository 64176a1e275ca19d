"""Codes of objects that are entered one by one, over HTTP."""

from __future__ import annotations

from parcels.refusal import Refusal


class CodeNotWritable(Refusal):
    """A code cannot stand in an address, or shows other characters than it has."""

    def __init__(self) -> None:
        super().__init__(
            "code_characters",
            "代码应由可见字符组成，且不能只是“.”或“..”。",
            "must be of visible characters, and not '.' or '..' alone.",
        )


def check_code(code: str) -> str:
    """Return a code that can be asked for by its address; raises `CodeNotWritable`.

    Examples
    --------
    >>> check_code("豫环/2020-1")
    '豫环/2020-1'
    """
    if code.strip() in ("", ".", "..") or not code.strip().isprintable():
        raise CodeNotWritable
    return code
