"""Which value does a text of a correction stand for? (core)."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa

from parcels.register.layers import Attribute, Kind
from parcels.surveys.parsing import parse_column

NOTHING: Final = "null"
"""What stands for no value in a correction."""


def read_restated(attribute: Attribute, text: str) -> dict[str, Any] | None:
    """Return the column an attribute would hold; None where the text is no value of it.

    Several values are separated by ``;``. Whether a coded value exists is not asked.
    """
    if text.strip() == NOTHING:
        return {attribute.name: None} if not attribute.required else None
    value = parse_column(attribute.kind, pa.array([text])).values[0].as_py()
    if value is not None and attribute.kind is Kind.TEXT_LIST:
        value = value.split(";")
    return None if value is None else {attribute.name: value}
