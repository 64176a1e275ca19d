"""What a catalogue says of an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parcels.texts import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """Status, stable name and title of an error; `detail` when it brings no text."""

    status: int
    slug: str
    title: Text
    detail: Text | None = None
    headers: Mapping[str, str] | None = None


Catalogue = Mapping[type[Exception], Entry]
INVALID: Final = Text("请求有误", "The request is not valid")
NOT_FOUND: Final = Text("没有找到", "Not found")
REPEAT: Final = {"Retry-After": "1"}
LATER: Final = {"Retry-After": "5"}
