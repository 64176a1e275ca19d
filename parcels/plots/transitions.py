"""Which steps has the life of a plot? (core)."""

from __future__ import annotations

from typing import Final

from parcels.plots.correction_steps import CORRECTION_STEPS
from parcels.plots.survey_steps import SURVEY_STEPS
from parcels.plots.transition import Transition
from parcels.plots.treatment_steps import TREATMENT_STEPS

TRANSITIONS: Final[tuple[Transition, ...]] = (
    SURVEY_STEPS + TREATMENT_STEPS + CORRECTION_STEPS
)
"""Every step, in the order of the table."""

TRANSITION_OF: Final[dict[str, Transition]] = {one.event: one for one in TRANSITIONS}
"""Every step by its event."""
