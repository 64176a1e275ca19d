"""Are the classes of use and the fields to publish of a plot's row known? (core)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa

from parcels.plots.fields import USES, find_unknown_uses, find_unpublishable, is_use
from parcels.register.values import PUBLISHABLE
from parcels.surveys.candidates import Candidates
from parcels.surveys.issues import Issues

_LISTS: Final[tuple[tuple[str, str, Callable[[list[str]], list[str]]], ...]] = (
    ("negative_list", "plot_use_unknown", find_unknown_uses),
    ("published_fields", "plot_field_not_publishable", find_unpublishable),
)


def check_plot_fields(candidates: Candidates) -> Iterator[Issues]:
    """Give an issue for each row whose coded fields name what does not exist."""
    if candidates.layer.name != "plot":
        return
    for name, kind, find in _LISTS:
        texts = _texts(candidates, name)
        bad = [bool(text and find(text.split(";"))) for text in texts]
        yield from _tell(candidates, kind, name, bad)
    for scheme, code in USES:
        pairs = zip(_texts(candidates, scheme), _texts(candidates, code), strict=True)
        bad = [bool(text and not is_use(named, text)) for named, text in pairs]
        yield from _tell(candidates, "plot_use_unknown", code, bad)


def _texts(candidates: Candidates, name: str) -> list[str | None]:
    nothing = pa.nulls(len(candidates), pa.string())
    texts: list[str | None] = candidates.values.get(name, nothing).to_pylist()
    return texts


def _tell(
    candidates: Candidates, kind: str, key: str, bad: list[bool]
) -> Iterator[Issues]:
    indices = np.flatnonzero(bad)
    if len(indices):
        expected: dict[str, Any] = {"expected": ", ".join(PUBLISHABLE)}
        yield Issues(
            kind,
            candidates.rows[indices],
            candidates.fields.get(key),
            candidates.shown(key, indices),
            expected if kind == "plot_field_not_publishable" else {},
        )
