"""Why is something about a task refused? (core)."""

from __future__ import annotations

from parcels.refusal import Refusal
from parcels.tasks.model import STEP_NAMES, Step
from parcels.texts import Text


class TaskNotFound(LookupError):
    """There is no such task in the caller's part of the country."""


class StepNotPossible(Refusal):
    """The task's state, or something missing, does not let the step be taken."""

    def __init__(self, step: Step, hindrance: Text) -> None:
        name = STEP_NAMES[step]
        super().__init__(
            "step_not_possible",
            f"不能“{name.zh}”：{hindrance.zh}。",
            f"Not possible ({name.en}): {hindrance.en}.",
        )


class NotYourBureau(Refusal):
    """Another bureau carries the task on."""

    def __init__(self, bureau: Text) -> None:
        super().__init__(
            "other_bureau",
            f"该任务由{bureau.zh}办理，您的角色不能登记其步骤。",
            f"The task is carried on by another bureau ({bureau.en}).",
        )
