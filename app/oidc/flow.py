"""How is whoever comes back from the provider known for who was sent there? (core).

Authorization code flow (OpenID Connect Core 1.0, 3.1) with PKCE (RFC 7636). State,
nonce and code verifier of a flow follow from one secret that its browser alone holds,
in a cookie of ten minutes: a state that somebody else was given does not fit it, a code
that was given to another flow brings another nonce, and nothing is kept here meanwhile.
The second at which the flow began is part of all three: it cannot be made younger.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from app.oidc.refusals import SignInRefused
from app.oidc.tokens import LEEWAY_S

FLOW_S: Final = 600
"""Seconds a person has at the provider; a project default."""
FIRST_PAGE: Final = "/"
_LONGEST_PATH: Final = 1000
_LONGEST_CODE: Final = 2048
_COOKIE = re.compile(r"([0-9]{1,12})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]*)")
_ERROR_CODE = re.compile(r"[!#-\[\]-~]{1,60}")
_NOT_IN_A_PATH = re.compile(r"[\x00-\x20\x7f\\]")

_STATE: Final = (
    "sign_in_state",
    "本次登录已失效、已使用，或不是在此浏览器中开始的；请重新登录。",
    "This sign-in is too old, was used already or was not begun in this browser; sign"
    " in again.",
)
_ISSUER: Final = (
    "sign_in_issuer",
    "登录应答不是来自本系统所用的身份认证服务；请重新登录。",
    "The answer does not come from the identity provider that is used here; sign in"
    " again.",
)
_NOT_FOR_US: Final = (
    "sign_in_token",
    "身份认证服务给出的令牌不属于本次登录；请重新登录。",
    "The identity provider's token does not belong to this sign-in; sign in again.",
)
CODE_REFUSED: Final = (
    "sign_in_code",
    "身份认证服务不接受本次登录的授权码（可能已使用或过期）；请重新登录。",
    "The identity provider does not take the code of this sign-in: it was used or is"
    " too old; sign in again.",
)


@dataclass(frozen=True, slots=True)
class Flow:
    """One way to the provider and back, as the browser's cookie has it.

    Attributes
    ----------
    began_at
        Seconds since 1970.
    then
        Path to go to afterwards, as `local_path` returns it.
    """

    began_at: int
    secret: str
    then: str

    @property
    def state(self) -> str:
        """What the provider hands back with its answer."""
        return self._derive("state")

    @property
    def nonce(self) -> str:
        """What the provider writes into the token."""
        return self._derive("nonce")

    @property
    def verifier(self) -> str:
        """What the code is exchanged with."""
        return self._derive("verifier")

    @property
    def challenge(self) -> str:
        """What the provider is told of the verifier beforehand (method S256)."""
        return _text(hashlib.sha256(self.verifier.encode()).digest())

    def cookie(self) -> str:
        """Return the flow as its browser keeps it."""
        return f"{self.began_at}.{self.secret}.{_text(self.then.encode())}"

    def _derive(self, purpose: str) -> str:
        message = f"jingtu sign-in {purpose} {self.began_at}".encode()
        return _text(hmac.new(self.secret.encode(), message, hashlib.sha256).digest())


def begin_flow(then: str, now: float) -> Flow:
    """Return a flow that begins at this second."""
    return Flow(int(now), secrets.token_urlsafe(32), local_path(then))


def read_flow(cookie: str) -> Flow | None:
    """Return the flow of a cookie; None when it is none."""
    match = _COOKIE.fullmatch(cookie)
    if match is None:
        return None
    try:
        then = urlsafe_b64decode(match[3] + "=" * (-len(match[3]) % 4)).decode()
    except ValueError:
        return None
    return Flow(int(match[1]), match[2], local_path(then))


def local_path(text: str) -> str:
    r"""Return a path of this service to go to, the first page for any other address.

    Examples
    --------
    >>> local_path("/plots?lang=en"), local_path("//evil.example"), local_path("/\\x")
    ('/plots?lang=en', '/', '/')
    """
    if not text.startswith("/") or text.startswith("//"):
        return FIRST_PAGE
    if len(text) > _LONGEST_PATH or _NOT_IN_A_PATH.search(text):
        return FIRST_PAGE
    # What is no ASCII is written as the browser would.
    return quote(text, safe="/?&=%#+!$'()*,;:@~-._[]", errors="replace")


def check_return(
    flow: Flow | None, answered: Sequence[tuple[str, str]], issuer: str, now: float
) -> Flow:
    """Return the flow to which an answer belongs: this browser's, by our provider.

    Raises
    ------
    SignInRefused
        If the flow is missing or too old, a parameter comes twice (RFC 6749, 3.1), the
        state is another, or an issuer is named that is not ours (RFC 9207).
    """
    given = dict(answered)
    if flow is None or len(given) < len(answered):
        raise SignInRefused(*_STATE)
    fits = hmac.compare_digest(given.get("state", "").encode(), flow.state.encode())
    if not fits or not -LEEWAY_S <= now - flow.began_at <= FLOW_S:
        raise SignInRefused(*_STATE)
    if given.get("iss", issuer) != issuer:
        raise SignInRefused(*_ISSUER)
    return flow


def read_code(answered: Mapping[str, str]) -> str:
    """Return the code of an answer to this flow.

    Raises
    ------
    SignInRefused
        If the provider answers with an error or without a code.
    """
    if error := answered.get("error"):
        shown = error if _ERROR_CODE.fullmatch(error) else "?"
        raise SignInRefused(
            "sign_in_unfinished",
            f"未在身份认证服务完成登录（{shown}）；请重新登录，或联系管理员。",
            f"You were not signed in at the identity provider ({shown}); try again or"
            " ask an administrator.",
        )
    code = answered.get("code", "")
    if not 0 < len(code) <= _LONGEST_CODE or not code.isprintable():
        raise SignInRefused(*CODE_REFUSED)
    return code


def issuer_missing() -> SignInRefused:
    """Return the refusal of an answer without the issuer that was promised."""
    return SignInRefused(*_ISSUER)


def flow_used() -> SignInRefused:
    """Return the refusal of a flow that has opened a session already."""
    return SignInRefused(*_STATE)


def check_claims(claims: Mapping[str, Any], flow: Flow, client_id: str) -> None:
    """Refuse a genuine token that was not made for this flow and this client.

    OpenID Connect Core 1.0, 3.1.3.7: with several in `aud`, `azp` names the one.
    Raises `SignInRefused`.
    """
    nonce, party = claims.get("nonce"), claims.get("azp")
    audience = claims.get("aud")
    several = isinstance(audience, list) and len(audience) > 1
    if (
        not isinstance(nonce, str)
        or not hmac.compare_digest(nonce.encode(), flow.nonce.encode())
        or (several and party is None)
        or party not in (None, client_id)
    ):
        raise SignInRefused(*_NOT_FOR_US)


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
