"""Signing in and out."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.security.principals import Principal, Role


class SignIn(BaseModel):
    """A key, sent once (密钥登录)."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(
        min_length=1,
        max_length=200,
        strict=True,
        description="The key as it was handed out",
        examples=["jt_…"],
    )


class SessionModel(BaseModel):
    """Who is signed in (当前用户)."""

    client_id: UUID
    name: str
    role: Role
    scope: str = Field(description="Division prefix; * is the whole country")
    csrf_token: str | None = Field(
        description="For X-CSRF-Token on writes under a session; null with a key"
    )


class SignedOutModel(BaseModel):
    """The session is ended; the identity provider's own is not yet."""

    continue_at: str = Field(
        description="Address at the provider where that one is ended, for a browser"
    )


def write_session(principal: Principal, csrf_token: str | None) -> dict[str, object]:
    """Return who is signed in as it is answered."""
    return {
        "client_id": principal.client_id,
        "name": principal.name,
        "role": principal.role,
        "scope": principal.scope,
        "csrf_token": csrf_token,
    }
