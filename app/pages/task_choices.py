"""What can be chosen on the board of tasks, in the page's language."""

from __future__ import annotations

from typing import Any

from app.security.permissions import BUREAUS_CARRIED_ON
from app.security.principals import Role
from parcels.refusal import Language
from parcels.tasks.kinds import KINDS
from parcels.tasks.model import BUREAU_NAMES, STATE_NAMES


def task_choices(role: Role, language: Language) -> dict[str, Any]:
    """Return bureaus, kinds and states as (code, word), and whose tasks the role does.

    `own_bureau` is the one a new task is for unless another is chosen.
    """
    own = BUREAUS_CARRIED_ON.get(role, frozenset())
    return {
        "bureaus": [(code, name.of(language)) for code, name in BUREAU_NAMES.items()],
        "kinds": [(kind.name, kind.words.of(language)) for kind in KINDS.values()],
        "states": [(code, name.of(language)) for code, name in STATE_NAMES.items()],
        "bureaus_carried_on": " ".join(sorted(own)),
        "own_bureau": next((code for code in BUREAU_NAMES if code in own), ""),
    }
