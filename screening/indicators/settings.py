"""Which open parameters does the accounting take? (core)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Settings:
    """Parameters of accounting (核算参数); the defaults stand in `settings.toml`.

    Attributes
    ----------
    full_credit_share
        Share of compliant produce from which a unit counts whole, 0 to 1.
    several_measures
        Whether of several measures on a unit the largest area counts, or their sum.
    evidence_required
        Whether a measure without evidence is told as not known.
    strict_measures_on_safe_use
        Whether strict-control measures alone let a safe-use unit count.
    """

    full_credit_share: float
    several_measures: Literal["largest", "sum"]
    evidence_required: bool
    strict_measures_on_safe_use: bool
