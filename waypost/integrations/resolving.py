"""Names become addresses once, and the connection goes to the very addresses that were judged."""

from __future__ import annotations

import socket
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from waypost.integrations.door import Door
from waypost.integrations.failures import AddressRefused


class CheckedResolver(AbstractResolver):
    """Asks another resolver and refuses the name if any of its addresses may not be reached.

    aiohttp connects to what this returns and asks nobody again: a name that changes its address
    between check and connection (DNS rebinding) meets the check with its new address, too.
    """

    def __init__(self, door: Door, resolver: AbstractResolver) -> None:
        self._door = door
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The judged addresses of a name; raises AddressRefused."""
        found = await self._resolver.resolve(host, port, family)
        addresses = [ip_address(result["host"].partition("%")[0]) for result in found]
        if not all(self._door.is_allowed_address(address) for address in addresses):
            raise refusal(host)
        return found

    async def close(self) -> None:
        """Close the resolver that was asked."""
        await self._resolver.close()


def refusal(host: str) -> AddressRefused:
    """What the user reads when a call would leave for a closed address."""
    return AddressRefused(
        f"{host} leads to a private address, which calls may not reach. "
        "The operator can allow it with WAYPOST_ALLOW_ADDRESSES."
    )
