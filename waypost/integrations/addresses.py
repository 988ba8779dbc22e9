"""Which network addresses a call may reach, and what a host name in a URL really says.

A check is only worth something if it judges what the socket will use: so a host has one spelling
(`canonical_host`) and every wrapped IPv4 address is unwrapped before it is judged.
"""

from __future__ import annotations

import re
from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TypeAlias

from yarl import URL

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")

# What Python 3.11 calls global although no server of the internet lives there, or differs by patch
# release (IANA special-purpose registries, RFC 6890): written out so that every version agrees.
_CLOSED = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "168.63.129.16/32",  # Azure's host agent answers on a public address
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/9",
        "ff00::/8",
    )
)
_GLOBAL_IPV6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")

# Where clouds hand out credentials to whoever asks: opened one by one only, never by "all private".
_METADATA = tuple(
    ip_network(text)
    for text in (
        "169.254.0.0/16",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "fd00:ec2::254/128",
        "fd20:ce::254/128",
        "fe80::/10",
    )
)


def is_public(address: Address) -> bool:
    """Whether the address belongs to the open internet."""
    plain = unwrapped(address)
    if _lies_in(plain, _CLOSED) or not plain.is_global or plain.is_multicast:
        return False
    return isinstance(plain, IPv4Address) or plain in _GLOBAL_IPV6


def is_metadata(address: Address) -> bool:
    """Whether a cloud may hand out credentials there, or the address is link-local."""
    return _lies_in(unwrapped(address), _METADATA)


def unwrapped(address: Address) -> Address:
    """The IPv4 address inside an IPv4-mapped or NAT64 address; others as they are."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def canonical_host(written: str) -> str | None:
    """The one spelling of a host in a URL, as the socket will read it; None if it is none.

    `0x7f.1`, `2130706433` and full-width digits become `127.0.0.1`, as browsers and the C library
    read them (WHATWG URL, "host parsing"). Zone ids and percent signs are no host.
    """
    if ":" in written:
        return _canonical_ipv6(written)
    name = _ascii(written).removesuffix(".").lower()
    if len(name) > 253 or _NAME.fullmatch(name) is None or ".." in name:
        return None
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        return _canonical_ipv4(name)
    return name


def literal_address(host: str) -> Address | None:
    """The address a canonical host spells out; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_local_name(host: str) -> bool:
    """Names that always mean this machine (RFC 6761), whatever a resolver says."""
    return host in ("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback") or (
        host.endswith(".localhost")
    )


def _lies_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address.version == net.version and address in net for net in networks)


def _ascii(written: str) -> str:
    """The name as the domain system spells it; an empty text when it has no such spelling."""
    if written.isascii():
        return written
    try:
        return URL.build(scheme="http", host=written).raw_host or ""
    except (ValueError, UnicodeError):
        return ""


def _canonical_ipv6(written: str) -> str | None:
    if "%" in written:
        return None
    try:
        return str(IPv6Address(written))
    except AddressValueError:
        return None


def _canonical_ipv4(name: str) -> str | None:
    """One to four decimal, octal or hexadecimal parts; the last one fills what is left."""
    parts = name.split(".")
    numbers = [_number(part) for part in parts]
    *first, last = [number for number in numbers if number is not None] or [0]
    room = 256 ** (5 - len(parts)) if len(parts) <= 4 else 0
    if None in numbers or any(number > 255 for number in first) or last >= room:
        return None
    total = last + sum(number << (8 * (3 - place)) for place, number in enumerate(first))
    return str(IPv4Address(total))


def _number(part: str) -> int | None:
    try:
        if part.startswith("0x"):
            return int(part[2:] or "0", 16)
        return int(part, 8 if part.startswith("0") else 10)
    except ValueError:
        return None
