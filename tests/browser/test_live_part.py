"""The part of a page that keeps itself up to date leaves alone what the reader is doing."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow

SRC = "/sign-in/?part"
BEFORE = """<ol><li><details id=d><summary>More</summary>Text</details></li><li>one</li></ol>
<p><input id=i value="" aria-label="Typed"></p>
<local-time><time datetime="2026-01-01T10:00:00Z">early</time></local-time>"""
AFTER = BEFORE.replace("one", "two") + "<p>new</p>"


def a_part(page: Page, answers: list[str]) -> None:
    """A live part that is given these answers, one after another, then the last again."""
    given = iter(answers)
    last = [answers[0]]

    def answer() -> str:
        last[0] = next(given, last[0])
        return last[0]

    page.route("**" + SRC.replace("?", "\\?"), lambda route: route.fulfill(body=answer()))
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


def test_open_details_typed_text_and_focus_stay(window: OpenWindow) -> None:
    page = window().open("/sign-in/")
    a_part(page, [BEFORE, BEFORE])
    page.get_by_text("More").click()
    page.locator("live-part input").fill("typed")

    page.unroute_all()
    page.route("**part", lambda route: route.fulfill(body=BEFORE.replace("one", "two")))

    expect(page.get_by_text("two")).to_be_visible()
    expect(page.get_by_text("Text")).to_be_visible()
    expect(page.locator("live-part input")).to_have_value("typed")
    expect(page.locator("live-part input")).to_be_focused()


def test_what_is_new_appears(window: OpenWindow) -> None:
    page = window().open("/sign-in/")

    a_part(page, [BEFORE, AFTER])

    expect(page.get_by_text("new", exact=True)).to_be_visible()
