"""What the operator lets calls reach: the origin map, what is allowed, the limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from types import MappingProxyType

from django.conf import settings

from waypost.integrations.addresses import (
    Address,
    Network,
    is_metadata,
    is_public,
    unwrapped,
)
from waypost.integrations.target import origin_of

NEXT_MATTER = "https://core.nextmatter.com"
SANDBOXED_ORIGINS = ("https://verify.twilio.com", "https://api.sendgrid.com")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Door:
    """The rules of the one door out. Origins are spelled as `target.origin_of` spells them.

    `allowed_origins` are reached even on private addresses, exactly (scheme, host and port);
    `allowed_hosts` likewise on any port; `allowed_networks` under any name.
    """

    own_origin: str
    sandbox_origin: str | None = None
    origin_map: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    allowed_origins: frozenset[str] = frozenset()
    allowed_hosts: frozenset[str] = frozenset()
    allowed_networks: tuple[Network, ...] = ()
    allow_private: bool = False
    max_bytes: int = 5 * MEGABYTE
    max_seconds: float = 60
    max_redirects: int = 5

    def real_origin(self, origin: str) -> str:
        """Where a call to this origin really goes."""
        for _ in self.origin_map:
            origin = self.origin_map.get(origin, origin)
        return origin

    def is_own(self, origin: str) -> bool:
        """Whether a call to this origin comes back to this server."""
        return self.real_origin(origin) == self.real_origin(self.own_origin)

    def is_sandbox(self, origin: str) -> bool:
        """Whether the local stand-ins answer a call to this origin."""
        sandbox = self.sandbox_origin
        return sandbox is not None and self.real_origin(origin) == self.real_origin(sandbox)

    def is_allowed_origin(self, origin: str, host: str) -> bool:
        """Whether the operator opened this origin, whatever its address."""
        ours = (self.own_origin, self.sandbox_origin, *self.origin_map.values())
        return origin in ours or origin in self.allowed_origins or host in self.allowed_hosts

    def is_allowed_address(self, address: Address) -> bool:
        """Whether a connection to this address may be opened."""
        plain = unwrapped(address)
        if is_public(plain):
            return True
        if self.allow_private and not is_metadata(plain):
            return True
        return any(plain.version == net.version and plain in net for net in self.allowed_networks)


def door_from_settings() -> Door:
    """The door as the operator set it up.

    Reads PUBLIC_URL, SANDBOX, SANDBOX_PUBLIC_URL, OUTBOUND_ORIGIN_MAP (origin -> origin) and
    OUTBOUND_ALLOW_PRIVATE (True, or a list of networks, addresses, host names, origins and "*").
    """
    own = origin_of(settings.PUBLIC_URL)
    sandbox = _sandbox_origin() if getattr(settings, "SANDBOX", False) else None
    allowed = getattr(settings, "OUTBOUND_ALLOW_PRIVATE", ())
    entries = () if isinstance(allowed, bool) else tuple(allowed)
    networks = tuple(net for entry in entries if (net := _network(entry)) is not None)
    names = [entry for entry in entries if _network(entry) is None]
    return Door(
        own_origin=own,
        sandbox_origin=sandbox,
        origin_map=_origin_map(own, sandbox, getattr(settings, "OUTBOUND_ORIGIN_MAP", {})),
        allowed_origins=frozenset(origin_of(name) for name in names if "://" in name),
        allowed_hosts=frozenset(name.lower() for name in names if "://" not in name),
        allowed_networks=networks,
        allow_private=allowed is True or "*" in entries,
    )


def _sandbox_origin() -> str:
    return origin_of(getattr(settings, "SANDBOX_PUBLIC_URL", "") or settings.PUBLIC_URL)


def _origin_map(own: str, sandbox: str | None, extra: Mapping[str, str]) -> Mapping[str, str]:
    origins = {NEXT_MATTER: own}
    if sandbox is not None:
        origins |= dict.fromkeys(SANDBOXED_ORIGINS, sandbox)
    origins |= {origin_of(written): origin_of(real) for written, real in extra.items()}
    return MappingProxyType({written: real for written, real in origins.items() if written != real})


def _network(entry: str) -> Network | None:
    try:
        return ip_network(entry, strict=False)
    except ValueError:
        return None
