"""A customer's browser in a few lines: opens a secure link, fills in the form, sends it."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin


class PageFailed(Exception):
    """A page did not do what a customer expects of it."""


@dataclass(slots=True)
class PublicPage:
    """One page with a form, or without one while it is early or done."""

    url: str
    hidden: dict[str, str] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    has_form: bool = False


class Browser:
    """Keeps cookies between requests, as the form's protection against forgery asks for."""

    def __init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._open = urllib.request.build_opener(cookies).open

    def look(self, url: str) -> PublicPage:
        """The page behind a link."""
        return _read(url, self._fetch(urllib.request.Request(url)))  # noqa: S310 - from our own mail

    def send(self, page: PublicPage, values: list[str]) -> PublicPage:
        """Fill in the inputs in order and press Complete; the page that comes after."""
        if not page.has_form:
            raise PageFailed(f"There is no form at {page.url}: it is not its turn, or it is done.")
        filled = page.hidden | dict(zip(page.inputs, values, strict=True))
        request = urllib.request.Request(  # noqa: S310 - from our own mail
            page.url, urlencode(filled).encode(), {"Referer": page.url}
        )
        return _read(page.url, self._fetch(request))

    def _fetch(self, request: urllib.request.Request) -> str:
        try:
            with self._open(request, timeout=60) as reply:
                text: bytes = reply.read()
        except HTTPError as error:
            with error:
                raise PageFailed(f"{request.full_url} answered {error.code}.") from error
        return text.decode()


class _FormReader(HTMLParser):
    """Finds the first posting form and its controls."""

    def __init__(self, page: PublicPage) -> None:
        super().__init__()
        self.page = page
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the form's place and the names in it."""
        named = {name: value or "" for name, value in attrs}
        if tag == "form" and named.get("method", "").lower() == "post" and not self.page.has_form:
            self.is_inside = self.page.has_form = True
            self.page.url = urljoin(self.page.url, named.get("action", ""))
        elif self.is_inside and tag in ("input", "textarea") and named.get("name"):
            self._take(named)

    def handle_endtag(self, tag: str) -> None:
        """Leave the form."""
        if tag == "form":
            self.is_inside = False

    def _take(self, named: dict[str, str]) -> None:
        if named.get("type") == "hidden":
            self.page.hidden[named["name"]] = named.get("value", "")
        else:
            self.page.inputs.append(named["name"])


def _read(url: str, html: str) -> PublicPage:
    page = PublicPage(url)
    _FormReader(page).feed(html)
    return page
