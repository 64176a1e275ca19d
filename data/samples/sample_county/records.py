"""A row of the register before it is written into a survey file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry


@dataclass
class Record:
    """One row of a layer, in local metres.

    `values` are named as the register names them; None is not written. `valid_from`
    None means the day the file declares.
    """

    code: str
    division: str
    values: dict[str, Any] = field(default_factory=dict)
    geometry: BaseGeometry | None = None
    valid_from: date | None = None
    valid_to: date | None = None
