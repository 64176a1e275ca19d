"""Is this token genuine, for us, and good at this moment? (shell: reads the clock).

JSON Web Tokens signed with an asymmetric algorithm (RFC 7519, 8725). Which algorithm
is allowed follows from the key that the issuer publishes, never from the token alone;
addresses and keys inside a token (`jku`, `x5u`, `jwk`, `x5c`) are not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.utils import base64url_decode

from app.oidc.refusals import TokenRefused
from app.security.users import LONGEST_SUBJECT, Identity

LONGEST_TOKEN: Final = 8192
"""Characters of a token; one with a person's groups has some 2,000."""
LEEWAY_S: Final = 30
"""How far the issuer's clock and ours may be apart; a project default."""
LEAST_RSA_BITS: Final = 2048
_TYPES: Final = frozenset({"jwt", "at+jwt", "application/at+jwt", ""})
_REQUIRED: Final = ("iss", "sub", "aud", "exp", "iat")
_ALGORITHMS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("RSA", ""): ("RS256", "PS256"),
    ("EC", "P-256"): ("ES256",),
    ("OKP", "Ed25519"): ("EdDSA",),
}
"""Kind and curve of a key → algorithms it may be used with."""
ALLOWED: Final = frozenset(one for names in _ALGORITHMS.values() for one in names)

_BROKEN: Final = ("token_broken", "格式有误", "it is not well formed")
_FORGED: Final = ("token_signature", "签名无效", "its signature is not good")
_ALGORITHM: Final = (
    "token_algorithm",
    "签名算法不被接受",
    "its algorithm is not taken",
)
_CLAIMS: Final[tuple[tuple[type[Exception], tuple[str, str, str]], ...]] = (
    (jwt.ExpiredSignatureError, ("token_expired", "已过期", "it has expired")),
    (jwt.ImmatureSignatureError, ("token_early", "尚未生效", "it is not valid yet")),
    (
        jwt.InvalidAudienceError,
        ("token_audience", "不是发给本系统的", "it was not issued for this service"),
    ),
    (
        jwt.InvalidIssuerError,
        ("token_issuer", "签发者不符", "it comes from another issuer"),
    ),
    (
        jwt.MissingRequiredClaimError,
        ("token_incomplete", "缺少必要声明", "a required claim is missing"),
    ),
    (jwt.InvalidSignatureError, _FORGED),
    (jwt.InvalidAlgorithmError, _ALGORITHM),
)


@dataclass(frozen=True, slots=True)
class Header:
    """Which key a token says it was signed with; `kid` None when it does not."""

    algorithm: str
    kid: str | None


@dataclass(frozen=True, slots=True)
class Verified:
    """A person, the last second the token is good, and all it says."""

    identity: Identity
    expires_at: float
    claims: Mapping[str, Any]


Keys = Mapping[tuple[str | None, str], jwt.PyJWK]
"""Published keys by id and algorithm."""


def looks_like_token(text: str) -> bool:
    """Tell whether a bearer's secret has the form of a token rather than a key."""
    return text.count(".") == 2


def read_header(token: str) -> Header:
    """Return what has to be known to find the key; raises `TokenRefused`."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise TokenRefused("token_long", "过长或含非法字符", "it is too long")
    try:
        found = orjson.loads(base64url_decode(token.partition(".")[0]))
    except ValueError:
        raise TokenRefused(*_BROKEN) from None
    if not isinstance(found, dict) or "crit" in found:
        raise TokenRefused(*_BROKEN)
    algorithm, kid, kind = found.get("alg"), found.get("kid"), found.get("typ", "")
    if not isinstance(algorithm, str) or algorithm not in ALLOWED:
        raise TokenRefused(*_ALGORITHM)
    if not isinstance(kid, str | None) or not isinstance(kind, str):
        raise TokenRefused(*_BROKEN)
    if kind.lower() not in _TYPES:
        raise TokenRefused("token_kind", "用途不符", "it is of another kind")
    return Header(algorithm, kid)


def read_keys(published: Mapping[str, Any]) -> dict[tuple[str | None, str], jwt.PyJWK]:
    """Return the keys of a JWK Set that may be used here; others are left out.

    RFC 7517, section 5: a set may hold keys that a reader does not understand.
    """
    found: dict[tuple[str | None, str], jwt.PyJWK] = {}
    listed = published.get("keys")
    for one in listed if isinstance(listed, list) else ():
        if not isinstance(one, dict) or one.get("use", "sig") != "sig":
            continue
        kid = one.get("kid")
        for algorithm in _algorithms(one):
            key = _read_key(one, algorithm)
            if key is not None and isinstance(kid, str | None):
                found[kid, algorithm] = key
    return found


def _algorithms(published: Mapping[str, Any]) -> tuple[str, ...]:
    kind = str(published.get("kty")), str(published.get("crv", ""))
    named = published.get("alg")
    return tuple(
        one for one in _ALGORITHMS.get(kind, ()) if named is None or named == one
    )


def _read_key(published: Mapping[str, Any], algorithm: str) -> jwt.PyJWK | None:
    public = {name: value for name, value in published.items() if name != "d"}
    try:
        key = jwt.PyJWK(public, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    if isinstance(key.key, RSAPublicKey) and key.key.key_size < LEAST_RSA_BITS:
        return None
    return key


def verify(token: str, key: jwt.PyJWK, *, issuer: str, audience: str) -> Verified:
    """Return whom a token stands for, when everything about it is right.

    Raises
    ------
    TokenRefused
        If signature, issuer, audience or time are not right, or a claim is missing.
    """
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY_S,
            options={"require": list(_REQUIRED)},
        )
    except jwt.PyJWTError as error:
        told = next((told for kind, told in _CLAIMS if isinstance(error, kind)), None)
        raise TokenRefused(*(told or _BROKEN)) from None
    except (ValueError, TypeError, RecursionError):
        raise TokenRefused(*_BROKEN) from None
    subject = claims["sub"]
    # Bound to a key its holder would have to show (RFC 7800): no bearer's token.
    if "cnf" in claims or not _is_subject(subject):
        raise TokenRefused(*_BROKEN)
    # A last second beyond every float is for ever, and no reason to fail.
    expires_at = float(min(int(claims["exp"]), 2**53)) + LEEWAY_S
    return Verified(Identity(issuer, subject), expires_at, claims)


def _is_subject(text: str) -> bool:
    return 0 < len(text) <= LONGEST_SUBJECT and text.isascii() and text.isprintable()
