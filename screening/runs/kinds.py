"""Which kinds of run are there? (shell)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from screening.runs.kind import Kind
from screening.runs.receptors import RECEPTORS

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {kind.name: kind for kind in (RECEPTORS,)}
)
"""Every kind of run by its name, in the order of the page."""
