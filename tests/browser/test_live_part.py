"""The part of a page that keeps itself up to date leaves alone what the reader is doing."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow

SRC = "/a-part"
BEFORE = """<ol><li><details id=d><summary>More</summary>Text</details></li><li>one</li></ol>
<p><input id=i value="" aria-label="Typed"></p>
<local-time><time datetime="2026-01-01T10:00:00Z">early</time></local-time>"""
AFTER = BEFORE.replace("one", "two") + "<p>new</p>"


@dataclass
class Server:
    """What the live part is given when it asks."""

    content: str = BEFORE


def a_part(page: Page) -> Server:
    """A live part that shows the content before."""
    server = Server()
    page.route(f"**{SRC}", lambda route: route.fulfill(body=server.content))
    page.evaluate(
        """async ([src, content]) => {
          await import("/static/elements/live-part.js");
          const part = document.createElement("live-part");
          part.setAttribute("src", src);
          part.setAttribute("every", "0.05");
          part.innerHTML = content;
          document.body.prepend(part);
        }""",
        [SRC, BEFORE],
    )
    return server


def test_open_details_typed_text_and_focus_stay(window: OpenWindow) -> None:
    page = window().open("/sign-in/")
    server = a_part(page)
    page.get_by_text("More").click()
    page.locator("live-part input").fill("typed")

    server.content = BEFORE.replace("one", "two")

    expect(page.get_by_text("two")).to_be_visible()
    expect(page.get_by_text("Text")).to_be_visible()
    expect(page.locator("live-part input")).to_have_value("typed")
    expect(page.locator("live-part input")).to_be_focused()


def test_what_is_new_appears(window: OpenWindow) -> None:
    page = window().open("/sign-in/")
    server = a_part(page)

    server.content = AFTER

    expect(page.get_by_text("new", exact=True)).to_be_visible()
