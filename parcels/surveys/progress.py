"""How far has reading and checking a file come? (core).

The reading process says so in a small file of its own folder; whoever waits for it may
look, and may end it by raising.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Step = Literal["read", "check", "compare"]


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
