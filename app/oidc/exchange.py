"""How is the identity provider asked? Briefly, and never elsewhere (shell).

https only, or http on this machine; certificates are checked (`SSL_CERT_FILE` names
those of a bureau's own authority); redirects are not followed; an answer has a limit of
size and of time, whatever it takes to come.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import ssl
from collections.abc import Mapping
from contextlib import closing
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import orjson

from app.hanging_up import hanging_up

PATIENCE_S: Final = 5.0
"""Longest time of one exchange; a project default."""
LONGEST_ANSWER: Final = 256 * 1024
_JSON: Final = {"Accept": "application/json", "User-Agent": "jingtu"}
_CODE = re.compile(r"[a-z_]{1,60}")
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class ExchangeFailed(Exception):
    """The provider gave no usable answer; the text is for the log."""


class ExchangeRefused(ExchangeFailed):
    """The provider refused what was asked; `code` is its word (RFC 6749, 5.2)."""

    def __init__(self, url: str, code: str) -> None:
        super().__init__(f"{url}: {code}")
        self.code = code


class AddressNotSafe(ValueError):
    """An address is neither https nor http on this machine."""


def check_url(url: str) -> str:
    """Return an address whose answers nobody on the way can alter.

    Examples
    --------
    >>> check_url("http://id.example.gov.cn/keys")
    Traceback (most recent call last):
    ...
    app.oidc.exchange.AddressNotSafe: http://id.example.gov.cn/keys is not https
    """
    parts = urlsplit(url)
    if not parts.hostname or parts.username is not None or parts.fragment:
        raise AddressNotSafe(f"{url} is no address of a service")
    if parts.scheme != "https" and not (
        parts.scheme == "http" and _is_this_machine(parts.hostname)
    ):
        raise AddressNotSafe(f"{url} is not https")
    return url


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def get_json(url: str) -> dict[str, Any]:
    """Return the JSON object at an address; raises `ExchangeFailed`."""
    return _exchange("GET", url, None, _JSON)


def post_form(
    url: str, fields: Mapping[str, str], headers: Mapping[str, str]
) -> dict[str, Any]:
    """Send a form and return the JSON object answered.

    Raises `ExchangeFailed`, as `ExchangeRefused` where the provider says why.
    """
    return _exchange("POST", url, urlencode(fields), {**_JSON, **_FORM, **headers})


def _exchange(
    method: str, url: str, body: str | None, headers: Mapping[str, str]
) -> dict[str, Any]:
    try:
        connection = _connection(check_url(url))
        connection.connect()
        # The connection forgets its socket as soon as an answer says it is the last.
        with closing(connection), hanging_up(connection.sock, PATIENCE_S):
            parts = urlsplit(url)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            content = answer.read(LONGEST_ANSWER + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ExchangeFailed(f"{url}: {type(error).__name__}: {error}") from error
    return _read(url, answer.status, content)


def _connection(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    return http.client.HTTPSConnection(
        host, port, timeout=PATIENCE_S, context=ssl.create_default_context()
    )


def _read(url: str, status: int, content: bytes) -> dict[str, Any]:
    if status in (400, 401) and (code := _refusal(content)):
        raise ExchangeRefused(url, code)
    if status != 200:
        raise ExchangeFailed(f"{url}: status {status}")
    if len(content) > LONGEST_ANSWER:
        raise ExchangeFailed(f"{url}: more than {LONGEST_ANSWER} bytes")
    try:
        found = orjson.loads(content)
    except ValueError as error:
        raise ExchangeFailed(f"{url}: not JSON") from error
    if not isinstance(found, dict):
        raise ExchangeFailed(f"{url}: no JSON object")
    return found


def _refusal(content: bytes) -> str | None:
    try:
        found = orjson.loads(content)
    except ValueError:
        return None
    code = found.get("error") if isinstance(found, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None
