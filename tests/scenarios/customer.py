"""The customer: a browser without script that follows mailed links and sends the forms it is
shown.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar

TIMEOUT_SECONDS = 30


@dataclass
class Form:
    """The form of a page: what it would send as it stands, and the box to type into."""

    action: str = ""
    sent: dict[str, str] = field(default_factory=dict)
    box: str = ""


@dataclass(frozen=True)
class Page:
    """What a browser shows."""

    url: str
    status: int
    html: str
    form: Form | None

    @property
    def text(self) -> str:
        """Without the marks."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", self.html))


class Browser:
    """Cookies, GET and POST."""

    def __init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def open(self, url: str) -> Page:
        """Follow a link."""
        return self._fetch(urllib.request.Request(url))  # noqa: S310 - our own server

    def send(self, page: Page, typed: str = "") -> Page:
        """Press Complete."""
        assert page.form is not None, page.text
        sent = dict(page.form.sent)
        if page.form.box:
            sent[page.form.box] = typed
        url = urllib.parse.urljoin(page.url, page.form.action)
        body = urllib.parse.urlencode(sent).encode()
        return self._fetch(urllib.request.Request(url, body))  # noqa: S310 - our own server

    def _fetch(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return _page(answer.url, answer.status, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return _page(error.url or "", error.code, error.read())


def links_in(text: str) -> list[str]:
    """The public links in a mail or page, in order."""
    return re.findall(r"https?://[^\s\"'<>]+/s/[\w-]+", text)


def _page(url: str, status: int, body: bytes) -> Page:
    html = body.decode()
    reader = _FormReader()
    reader.feed(html)
    return Page(url, status, html, reader.form)


class _FormReader(HTMLParser):
    """Finds the first form that is posted."""

    def __init__(self) -> None:
        super().__init__()
        self.form: Form | None = None
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method") == "post" and self.form is None:
            self.form, self._is_inside = Form(said.get("action", "")), True
        elif self._is_inside and self.form is not None and tag == "input" and "name" in said:
            self.form.sent[said["name"]] = said.get("value", "")
            if said.get("type") != "hidden":
                self.form.box = said["name"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
