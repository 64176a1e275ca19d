"""What is said of the objects of a layer beside what the register holds (shell)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from parcels.register.layers import Layer
from parcels.register.repository import Moment, Version
from screening.sample_judgement import judge_points, judge_results

_JUDGES: Final = {"sample_result": judge_results, "monitoring_point": judge_points}


def judge(
    connection: sa.Connection,
    layer: Layer,
    versions: Sequence[Version],
    moment: Moment,
) -> Sequence[Mapping[str, Any]]:
    """Return further members of each version's answer; none for most layers."""
    judges = _JUDGES.get(layer.name)
    if judges is None or not versions:
        return [{}] * len(versions)
    return [{"judgement": one} for one in judges(connection, versions, moment)]
