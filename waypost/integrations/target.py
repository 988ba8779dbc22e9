"""Where a URL leads: one reading of it, used for every check and for the call itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urljoin, urlsplit

from yarl import URL

from waypost.integrations.addresses import canonical_host
from waypost.integrations.failures import RequestRefused

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\x9f\ud800-\udfff\u2028\u2029]")
# What RFC 3986 lets stand in a path or query, and "%": an author's own escapes stay as written.
_KEPT = "%/:?@!$&'()*+,;=-._~[]|"


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a URL in their one spelling; path and query are percent-encoded."""

    scheme: str
    host: str
    port: int
    path: str
    query: str

    @property
    def origin(self) -> str:
        """Scheme, host and port; the port is left out where it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_usual = _DEFAULT_PORTS[self.scheme] == self.port
        return f"{self.scheme}://{host}" + ("" if is_usual else f":{self.port}")

    def at_origin(self, origin: str) -> Target:
        """The same page at another origin."""
        place = read_target(origin)
        return replace(self, scheme=place.scheme, host=place.host, port=place.port)

    def as_url(self) -> URL:
        """The URL for the HTTP client, which must change nothing in it."""
        return URL.build(
            scheme=self.scheme,
            host=self.host,
            port=self.port,
            path=self.path,
            query_string=self.query,
            encoded=True,
        )


def read_target(written: str) -> Target:
    """Read a URL; raises RequestRefused with what to change."""
    text = written.strip()
    if _UNPRINTABLE.search(text.replace(" ", "")):
        raise RequestRefused("The URL holds a control character. Delete it and type the URL again.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise RequestRefused(f"“{text}” is not a URL: {error}.") from error
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise RequestRefused(f"“{text}” must begin with https:// or http://.")
    host = _host(parts.netloc, parts.hostname)
    path, query = quote(parts.path or "/", safe=_KEPT), quote(parts.query, safe=_KEPT)
    return Target(scheme, host, port or _DEFAULT_PORTS[scheme], path, query)


def origin_of(written: str) -> str:
    """The origin of a URL in its one spelling; raises RequestRefused."""
    return read_target(written).origin


def follow(target: Target, location: str) -> Target:
    """The target a Location header names, relative to the page that sent it."""
    return read_target(urljoin(str(target.as_url()), location.strip()))


def plain_path(target: Target) -> str:
    """The path as the most forgiving server would read it: decoded, small letters, without dots."""
    decoded = unquote(unquote(target.path)).replace("\\", "/").lower()
    kept: list[str] = []
    for part in decoded.split("/"):
        if part == "..":
            del kept[-1:]
        elif part not in ("", "."):
            kept.append(part.partition(";")[0])
    return "/" + "/".join(kept) + "/"


def _host(netloc: str, hostname: str | None) -> str:
    if "@" in netloc:
        raise RequestRefused("A URL may not hold a user or password. Use a credential instead.")
    host = canonical_host(hostname or "") if "\\" not in netloc else None
    if host is None:
        raise RequestRefused(f"“{netloc}” is not a host name. Check the spelling of the URL.")
    return host
