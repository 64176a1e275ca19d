"""What does the soil of a region hold by nature? (core).

Backgrounds (土壤环境背景值) by division and source; a province's own value goes before
the country's. The figures are data (`data/backgrounds.csv`): of the country as a whole
recalled and in the sources inconsistent, of provinces none is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

COUNTRY: Final = "CN"


@dataclass(frozen=True, slots=True)
class Background:
    """Background of one item in one region.

    Attributes
    ----------
    region
        `COUNTRY`, or a division code without trailing zeros.
    statistic
        Layer and kind of mean it is.
    """

    region: str
    analyte: str
    mg_per_kg: float
    statistic: str
    confidence: str
    source: str


def find_background(
    backgrounds: Sequence[Background], analyte: str, division: str
) -> Background | None:
    """Return the background of the smallest region that holds a division, else None.

    Examples
    --------
    >>> whole = Background("CN", "Cd", 0.097, "mean", "recalled", "notes")
    >>> own = Background("51", "Cd", 0.08, "mean", "proposed", "a survey")
    >>> find_background([whole, own], "Cd", "513425").region
    '51'
    >>> find_background([whole, own], "Cd", "410100").region
    'CN'
    """
    holding = [
        one
        for one in backgrounds
        if one.analyte == analyte
        and (one.region == COUNTRY or division.startswith(one.region))
    ]
    return max(holding, key=_smallness, default=None)


def _smallness(one: Background) -> int:
    return 0 if one.region == COUNTRY else len(one.region)
