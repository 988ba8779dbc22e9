"""Whom a call would reach, told before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from waypost.engine.references import placed_references
from waypost.integrations.door import Door
from waypost.integrations.failures import RequestRefused
from waypost.integrations.providers import provider_for
from waypost.integrations.target import read_target


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a URL leads. `name` is what people call it, `origin` the one that really answers."""

    kind: Literal["sandbox", "own", "real"]
    name: str
    origin: str

    @property
    def warning(self) -> str:
        """What sending there means, in a sentence."""
        match self.kind:
            case "sandbox":
                return (
                    f"This goes to the sandbox of this server, which stands in for {self.name}. "
                    "Nothing leaves the building; messages arrive in the sandbox's inbox."
                )
            case "own":
                return (
                    f"This goes to this server itself ({self.origin}). It really does what is "
                    "asked, such as starting an instance."
                )
            case "real":
                return (
                    f"This goes to the real {self.name} ({self.origin}). It really does what is "
                    "asked: people may get messages, and it may cost money."
                )


def destination_of(url: str, door: Door) -> Destination | None:
    """Where a step's URL leads, references and all; None for one that cannot be read."""
    first = next(iter(placed_references(url)), None)
    written = url if first is None else url[: first.start]
    try:
        target = read_target(written)
    except RequestRefused:
        return None
    provider = provider_for(written, door)
    name = provider.title if provider is not None else target.host
    real = door.real_origin(target.origin)
    # The sandbox is served by this server, too: what a provider's address leads to is the sandbox.
    if door.is_own(target.origin) and (provider is None or provider.name == "waypost"):
        return Destination("own", name, real)
    return Destination("sandbox" if door.is_sandbox(target.origin) else "real", name, real)
