"""Persons as they are entered and answered (人员)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.security.principals import Role
from app.security.users import LONGEST_NAME, LONGEST_SUBJECT, Rights, check_scope


class RightsRequest(BaseModel):
    """What a person may do, and where."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(
        min_length=1,
        max_length=LONGEST_NAME,
        description="Written on what the person does",
        examples=["王芳"],
    )
    role: Role
    scope: str = Field(
        max_length=12,
        description="Division code within your own; * is the whole country",
        examples=["513425"],
    )

    def rights(self, *, is_disabled: bool = False) -> Rights:
        """Return the rights meant; raises `InvalidCode` or `ScopeTooNarrow`."""
        return Rights(self.name, self.role, check_scope(self.scope), is_disabled)


class UserRequest(RightsRequest):
    """A person to be entered."""

    subject: str = Field(
        min_length=1,
        max_length=LONGEST_SUBJECT,
        pattern=r"^[ -~]+$",
        description="`sub` as the identity provider gives it; a refused token tells it",
    )
    issuer: str | None = Field(
        None,
        min_length=1,
        max_length=LONGEST_SUBJECT,
        pattern=r"^https?://[!-~]+$",
        description="`iss` of the provider; that of the settings without",
    )


class UserChange(RightsRequest):
    """Other rights of a person, all of them."""

    is_disabled: bool = Field(
        False, description="true: refused at once, with every key that is linked"
    )


class KeyOfUser(BaseModel):
    """A key that is a person's."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    key: str = Field(
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00]+$",
        description="Name of the key, never the key itself",
        examples=["planner-office-3"],
    )


class UserModel(BaseModel):
    """A person who may sign in by token."""

    id: UUID
    issuer: str
    subject: str
    name: str
    role: Role
    scope: str
    is_disabled: bool
    keys: list[str] = Field(description="Names of the keys in use that are linked")
    created_at: datetime
    created_by: str
    changed_at: datetime | None
    changed_by: str | None
    links: dict[str, str]


class UserPageModel(BaseModel):
    """Persons of the administrator's divisions."""

    items: list[UserModel]
    next: str | None


def write_user(user: Mapping[str, Any]) -> dict[str, Any]:
    """Return a person as answered."""
    return {**user, "links": {"self": f"/v1/users/{user['id']}"}}
