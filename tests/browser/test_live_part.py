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


def a_part(page: Page, content: str = BEFORE) -> Server:
    """A live part that shows the content before."""
    server = Server(content)
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
        [SRC, content],
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


def a_form(name: str, token: str) -> str:
    """An open step; the token of its form is another one each time."""
    return f"""<section aria-labelledby="{name}"><h2 id="{name}">{name}</h2>
        <form><input type=hidden value="{token}"><input id="in-{name}" aria-label="{name}"></form>
        </section>"""


def test_typed_text_stays_when_the_form_beside_it_goes(window: OpenWindow) -> None:
    page = window().open("/sign-in/")
    server = a_part(page, a_form("First", "1") + a_form("Second", "1"))
    page.get_by_role("textbox", name="Second").fill("typed")

    server.content = a_form("Second", "2") + "<p>First is done</p>"

    expect(page.get_by_text("First is done")).to_be_visible()
    expect(page.get_by_role("textbox", name="First")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Second")).to_have_value("typed")
    expect(page.get_by_role("textbox", name="Second")).to_be_focused()


def test_what_is_new_appears(window: OpenWindow) -> None:
    page = window().open("/sign-in/")
    server = a_part(page)

    server.content = AFTER

    expect(page.get_by_text("new", exact=True)).to_be_visible()
