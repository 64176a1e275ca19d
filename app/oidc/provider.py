"""What does the identity provider publish, and how old may it be? (shell).

The discovery document and the keys (OpenID Connect Discovery 1.0) are fetched together,
by one thread at a time, and kept for an hour. A key that is not among them has the set
fetched again, once a minute at most: the provider may have changed its keys, and nobody
who sends invented key ids may have it asked more often. While it does not answer, no
token is taken.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import jwt

from app.oidc.exchange import AddressNotSafe, ExchangeFailed, check_url, get_json
from app.oidc.refusals import ProviderUnreachable
from app.oidc.tokens import Header, Keys, read_keys

log = logging.getLogger(__name__)

KEPT_S: Final = 3600.0
"""Seconds for which published keys are taken for the present ones."""
BETWEEN_S: Final = 60.0
"""Least seconds between two fetches for a key that is not known."""
AFTER_FAILURE_S: Final = 10.0
"""Seconds for which a failure is told without asking again."""
_DISCOVERY: Final = "/.well-known/openid-configuration"
_ADDRESSES: Final = (
    "jwks_uri",
    "authorization_endpoint",
    "token_endpoint",
    "end_session_endpoint",
)


@dataclass(frozen=True, slots=True)
class Published:
    """What the provider says of itself.

    Attributes
    ----------
    addresses
        Those of `_ADDRESSES` that it publishes, by their names there.
    client_proofs
        How a client may prove itself at the token endpoint.
    names_itself
        Whether each of its answers to a browser names the issuer (RFC 9207).
    """

    addresses: Mapping[str, str]
    keys: Keys
    client_proofs: tuple[str, ...] = ("client_secret_basic",)
    names_itself: bool = False

    def find(self, header: Header) -> jwt.PyJWK | None:
        """Return the key a token names; without a name the only one there is."""
        if header.kid is not None:
            return self.keys.get((header.kid, header.algorithm))
        fitting = [
            key for (_, name), key in self.keys.items() if name == header.algorithm
        ]
        return fitting[0] if len(fitting) == 1 else None


class Provider:
    """One identity provider.

    Parameters
    ----------
    issuer
        Its address exactly as its tokens write `iss`.
    fetch
        Returns the JSON object at an address, or raises `ExchangeFailed`.
    clock
        Seconds that only go forward.
    """

    def __init__(
        self,
        issuer: str,
        fetch: Callable[[str], Mapping[str, Any]] = get_json,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.issuer = issuer
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "oidc")
        self._published: Published | None = None
        self._fetched_at = self._failed_at = float("-inf")
        self._fetching: Future[Published] | None = None

    def close(self) -> None:
        """End the thread; a fetch under way is let run into its time limit."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def known(self) -> Published | None:
        """Return what is known and young enough; None when it has to be fetched."""
        if self._clock() - self._fetched_at > KEPT_S:
            return None
        return self._published

    def ask(self) -> Future[Published]:
        """Have everything fetched again; who asks meanwhile waits for the same answer.

        The future raises `ProviderUnreachable`.
        """
        with self._lock:
            if self._fetching is not None and not self._fetching.done():
                return self._fetching
            wait = self._failed_at + AFTER_FAILURE_S - self._clock()
            if wait > 0:
                failed: Future[Published] = Future()
                failed.set_exception(ProviderUnreachable(int(wait) + 1))
                return failed
            self._fetching = self._thread.submit(self._fetch_all)
            return self._fetching

    def may_ask_again(self) -> bool:
        """Tell whether a key that is not known is worth another fetch by now."""
        return self._clock() - self._fetched_at >= BETWEEN_S

    def _fetch_all(self) -> Published:
        try:
            found = self._read(self._fetch(self.issuer.rstrip("/") + _DISCOVERY))
        except (ExchangeFailed, AddressNotSafe) as error:
            log.warning("the identity provider cannot be used: %s", error)
            self._failed_at = self._clock()
            raise ProviderUnreachable(int(AFTER_FAILURE_S)) from error
        self._published, self._fetched_at = found, self._clock()
        return found

    def _read(self, document: Mapping[str, Any]) -> Published:
        if document.get("issuer") != self.issuer:
            # Discovery 1.0, 4.3: it would be somebody else's document.
            raise ExchangeFailed(f"{self.issuer} names another issuer")
        addresses = {
            name: self._check(address)
            for name, address in document.items()
            if name in _ADDRESSES and isinstance(address, str)
        }
        if "jwks_uri" not in addresses:
            raise ExchangeFailed(f"{self.issuer} publishes no jwks_uri")
        keys = read_keys(self._fetch(addresses["jwks_uri"]))
        if not keys:
            raise ExchangeFailed(f"{self.issuer} publishes no key that is taken here")
        return Published(
            addresses,
            keys,
            _client_proofs(document.get("token_endpoint_auth_methods_supported")),
            document.get("authorization_response_iss_parameter_supported") is True,
        )

    def _check(self, address: str) -> str:
        """Return an address as safe as the issuer's own.

        A provider elsewhere has no business with services of this machine.
        """
        if self.issuer.startswith("https:") and not address.startswith("https:"):
            raise AddressNotSafe(f"{address} is not https")
        return check_url(address)


def _client_proofs(published: Any) -> tuple[str, ...]:
    if not isinstance(published, list):
        # Discovery 1.0, section 3: the default.
        return ("client_secret_basic",)
    return tuple(one for one in published if isinstance(one, str))
