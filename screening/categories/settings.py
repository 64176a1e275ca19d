"""Which open parameters does a division of farmland take? (core).

The figures are data (`settings.toml`), each with its mark and source; a run may set
others, and its report names those it took.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from parcels.analytes import FARMLAND_ELEMENTS
from parcels.texts import Text

SplitBy = Literal["patches", "thiessen"]
ProduceRule = Literal["A", "B", "B_adjacent"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Parameters of a division (划分参数); the defaults stand in `settings.toml`.

    Attributes
    ----------
    dominant_share
        Share of one class from which it is dominant, 0 to 1.
    split_by
        What a mixed unit is cut along.
    isolate_class_3
        Whether a class-3 point alone gets a unit of its own.
    least_produce_points, produce_compliant_share, produce_rule
        When produce adjusts a class (`produce.adjust`).
    produce_class_1_to, produce_class_2_to
        Ends of the classes of produce in multiples of its limit.
    sliver_m2
        Area below which a piece is merged into a neighbour of its category.
    topsoil_to_m
        Lower depth down to which a sample is of the topsoil.
    class_1_share, class_2_share, class_3_share, most_class_2_in_class_1
        Limits of the checks (`quality`).
    elements
        Elements of which the worst governs.
    """

    dominant_share: float
    split_by: SplitBy
    isolate_class_3: bool
    least_produce_points: int
    produce_compliant_share: float
    produce_rule: ProduceRule
    produce_class_1_to: float
    produce_class_2_to: float
    sliver_m2: float
    topsoil_to_m: float
    class_1_share: float
    class_2_share: float
    class_3_share: float
    most_class_2_in_class_1: int
    elements: tuple[str, ...] = FARMLAND_ELEMENTS


@dataclass(frozen=True, slots=True)
class Mark:
    """How sure a default is, and where it was read."""

    confidence: Literal["verified", "recalled", "proposed"]
    source: Text
