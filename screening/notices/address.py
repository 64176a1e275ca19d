"""To where may a notice be sent? (shell).

A receiver's address is chosen by a caller: without care the service would knock at
doors of its own network for him. Only addresses of the public internet are allowed,
and networks that the deployment names; clear text only to the machine itself, when it
names that.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from parcels.refusal import Refusal

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_LONGEST: Final = 2000
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefused(Refusal):
    """No notice is sent to such an address."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__("address_refused", zh, en)


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: where to connect and what to ask for there."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The host as HTTP names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.secure else 80
        return host if self.port == usual else f"{host}:{self.port}"


def parse_networks(text: str) -> tuple[Network, ...]:
    """Return networks written with commas between them.

    Raises
    ------
    ValueError
        If one is no network.

    Examples
    --------
    >>> parse_networks("10.0.0.0/8, 127.0.0.1")
    (IPv4Network('10.0.0.0/8'), IPv4Network('127.0.0.1/32'))
    """
    return tuple(
        ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip()
    )


def read_target(url: str, allowed: Sequence[Network] = ()) -> Target:
    """Return the target of a URL.

    A host that is written as an address is checked here; a name when it is resolved.

    Raises
    ------
    AddressRefused
        If it is no URL to which notices are sent.
    """
    target = _parse(url)
    literal = _literal(target.host)
    if literal is not None:
        check_address(literal, allowed)
    if not target.secure and not _is_own_machine(target.host, literal):
        raise AddressRefused(
            "只有本机地址可用 http；请改用 https。",
            "Clear text (http) goes to this machine itself only; use https.",
        )
    if not target.secure and not any(network.is_loopback for network in allowed):
        raise AddressRefused(
            "未允许向本机发送通知（JINGTU_WEBHOOK_NETWORKS）；请使用 https 公网地址。",
            "Notices to this machine are not allowed (JINGTU_WEBHOOK_NETWORKS); use an"
            " https address.",
        )
    return target


def check_address(address: Address, allowed: Sequence[Network]) -> None:
    """Refuse an address inside a network that is nobody's business.

    Raises
    ------
    AddressRefused
        If it is private, link-local, of the machine itself, multicast or the like and
        in none of the allowed networks.
    """
    real = _unwrap(address)
    if any(real.version == one.version and real in one for one in allowed):
        return
    if not real.is_global or real.is_multicast:
        raise AddressRefused(
            f"{address} 属于内部网络，不向其发送通知；如确需发送，请管理员设置"
            " JINGTU_WEBHOOK_NETWORKS。",
            f"{address} lies in an internal network, to which no notice is sent. An"
            " administrator may allow the network (JINGTU_WEBHOOK_NETWORKS).",
        )


def _parse(url: str) -> Target:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _not_a_url() from None
    written = len(url) <= _LONGEST and url.isascii() and url.isprintable()
    if not written or " " in url or parts.scheme not in ("https", "http"):
        raise _not_a_url()
    if not parts.hostname or parts.username is not None or parts.fragment or port == 0:
        raise _not_a_url()
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, parts.hostname, port or (443 if secure else 80), path)


def _not_a_url() -> AddressRefused:
    return AddressRefused(
        "应为 https 地址，如 https://permits.example.gov.cn/jingtu，不含用户名和 #。",
        "Expected an https address such as https://permits.example.gov.cn/jingtu,"
        " without user name and fragment.",
    )


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_own_machine(host: str, literal: Address | None) -> bool:
    return host == "localhost" if literal is None else literal.is_loopback


def _unwrap(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
