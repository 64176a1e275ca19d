"""How far has reading and checking a file come? (core).

The reading process says so in a small file of its own folder; whoever waits for it may
look, and may end it by raising.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

Step = Literal["read", "check", "compare"]
_CHECKS: Final = {
    "duplicates": ("编码重复", "duplicate codes"),
    "heights": ("高程", "heights"),
    "topology": ("重叠与缝隙", "overlaps and gaps"),
    "repeated_points": ("点位重复", "repeated points"),
    "results": ("结果重复与离群", "repeated and outlying results"),
}
"""What the checks of a whole file are called, in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an examination stands (进度).

    Attributes
    ----------
    step
        ``read`` rows and check each, ``check`` the file as a whole, ``compare`` it with
        the register.
    rows
        Rows read and checked one by one so far.
    of
        Rows of the file; None as long as nobody has counted them.
    check
        Check of the whole file that is under way; None in other steps.
    checks_done
        Checks of the whole file that are done, of `checks`.
    """

    step: Step
    rows: int = 0
    of: int | None = None
    check: str | None = None
    checks_done: int = 0
    checks: int = 0

    def describe(self) -> tuple[str, str]:
        """Return where it stands, in Chinese and in English."""
        if self.step == "check" and self.check is not None:
            zh, en = _CHECKS[self.check]
            return (
                f"已读 {self.rows} 行，正在检查全文件的{zh}",
                f"{self.rows} rows were read, the whole file was being checked for"
                f" {en}",
            )
        if self.step == "compare":
            return (
                f"已检查 {self.rows} 行，正在与登记库比对",
                f"{self.rows} rows were checked, comparing with the register",
            )
        return f"已读 {self.rows} 行", f"{self.rows} rows were read"

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    def to_text(self) -> str:
        """Return it as `from_text` takes it back."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Progress:
        """Return what `to_text` wrote."""
        return cls(**json.loads(text))


Watch = Callable[[Progress], None]
"""Called now and then; what it raises ends the examination."""
