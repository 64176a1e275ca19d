"""Grounds in law as they are answered, each with how well it is known (shell)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from parcels.plots.basis import Basis
from parcels.refusal import Language


class BasisModel(BaseModel):
    """A ground, with how well it is known."""

    document: str
    article: str
    verification: Literal["verified", "recalled", "design_choice"]
    verification_text: str


def write_basis(basis: Sequence[Basis], language: Language) -> list[dict[str, str]]:
    """Return grounds in one language."""
    return [one.texts(language) for one in basis]
