"""Who asks: a client of the service with a role and a part of the country."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args
from uuid import UUID

from parcels.codes import division_contains

Role = Literal[
    "planner",
    "surveyor",
    "registrar",
    "agriculture",
    "permit_system",
    "auditor",
    "admin",
]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

_SCOPE = re.compile(r"[1-9][0-9]{1,8}|\*")


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller whose key or session was found good (调用方).

    Attributes
    ----------
    client_id
        The client in the register of callers; repetition keys belong to it.
    name
        What is written as the actor of changes and decisions.
    scope
        Division prefix without trailing zeros; ``*`` is the whole country.
    person
        The person behind the key, session or token (`registry.app_user`), the same
        whichever he uses; None for a key that is linked to nobody.
    """

    client_id: UUID
    name: str
    role: Role
    scope: str
    person: UUID | None = None

    def __post_init__(self) -> None:
        # These values become settings of the database session: nothing else may.
        if self.role not in ROLES or not _SCOPE.fullmatch(self.scope):
            raise ValueError(f"not a role and scope: {self.role!r}, {self.scope!r}")

    def may_see(self, division_code: str) -> bool:
        """Tell whether that division lies in the caller's part of the country."""
        return division_contains(self.scope, division_code)
