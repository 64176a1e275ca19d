"""How is a notice signed, and how long is waited before it is sent again? (core).

Signatures follow the Standard Webhooks convention (HMAC-SHA256 over id, time and body,
`v1,` before the base64), so receivers can check them with any library for it. Waiting
times are the project's own choice.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

SECRET_BYTES: Final = 32
MOST_ATTEMPTS: Final = 16
"""Attempts before a notice counts as dead: some two days (project default)."""
_FIRST_WAIT_S: Final = 5.0
_LONGEST_WAIT_S: Final = 6 * 3600.0


def show_secret(secret: bytes) -> str:
    """Return a secret as the convention writes it.

    Examples
    --------
    >>> show_secret(bytes(3))
    'whsec_AAAA'
    """
    return "whsec_" + base64.b64encode(secret).decode()


def sign(
    secrets: Sequence[bytes], delivery_id: str, timestamp: int, body: bytes
) -> str:
    """Return the header `webhook-signature`: one signature for each secret.

    Examples
    --------
    >>> sign([b"key"], "msg_1", 1700000000, b"{}")[:3]
    'v1,'
    """
    content = f"{delivery_id}.{timestamp}.".encode() + body
    signatures = (
        hmac.new(secret, content, hashlib.sha256).digest() for secret in secrets
    )
    return " ".join("v1," + base64.b64encode(one).decode() for one in signatures)


def wait_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many failed attempts; None to give up.

    Examples
    --------
    >>> [wait_after(n).total_seconds() for n in (1, 2, 3, 12)]
    [5.0, 15.0, 45.0, 21600.0]
    >>> wait_after(16) is None
    True
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    return timedelta(
        seconds=min(_FIRST_WAIT_S * 3.0 ** (attempts - 1), _LONGEST_WAIT_S)
    )
