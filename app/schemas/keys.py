"""Keys as they are answered (密钥): never the key, nor its digest."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.schemas.pages import DEFAULT_LIMIT, LimitQuery
from app.security.principals import Role


class KeysOfUserQuery(BaseModel, extra="forbid"):
    """Which of a person's keys, by their ids."""

    limit: LimitQuery = DEFAULT_LIMIT
    after: UUID | None = None


class KeysQuery(KeysOfUserQuery):
    """Which keys, by their ids."""

    unlinked: bool = Field(False, description="true: only keys that are nobody's yet")


class KeyModel(BaseModel):
    """A key: who it was made for, what it opens, until when, whose it is."""

    id: UUID
    name: str = Field(description="By which it is linked; several keys may share it")
    role: Role
    scope: str
    state: Literal["in_use", "expired", "disabled"]
    created_at: datetime
    expires_at: datetime | None = Field(description="Last moment; null: none is set")
    disabled_at: datetime | None
    is_linked: bool
    user_id: UUID | None = Field(
        description="The person whose it is; null as well for one of other divisions"
    )
    linked_at: datetime | None = Field(
        description="When that was said over HTTP; null: on the server, or not yet"
    )
    linked_by: str | None


class KeyPageModel(BaseModel):
    """Keys of the administrator's divisions."""

    items: list[KeyModel]
    next: str | None
