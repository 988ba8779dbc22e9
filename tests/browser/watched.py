"""A browser window that remembers every complaint, and asks axe about what it shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Page

AXE = (Path(__file__).parent / "vendor/axe/axe.min.js").read_text()
_RUN_AXE = """() => axe.run({resultTypes: ["violations"], preload: false}).then((found) =>
  found.violations.map((one) => one.id + ": " + one.nodes.map((node) => node.html).join(" | ")))"""
#: A refused answer is an answer; the browser writes it down as an error of ours.
_EXPECTED = "the server responded with a status of 4"


@dataclass
class Window:
    """Somebody's browser. `complaints` holds console errors, page errors and CSP reports."""

    context: BrowserContext
    base: str
    complaints: list[str] = field(default_factory=list)

    def page(self) -> Page:
        """A new tab."""
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def open(self, path: str) -> Page:
        """A new tab at an address of ours."""
        page = self.page()
        page.goto(path if path.startswith("http") else self.base + path)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and _EXPECTED not in message.text:
            self.complaints.append(message.text)


def findings(page: Page) -> list[str]:
    """What axe finds wrong, in the page and the frames it shows."""
    return [f"{frame.url}: {one}" for frame in page.frames for one in _findings(frame)]


def _findings(frame: Frame) -> list[str]:
    if "/sandbox/inbox/mail/" in frame.url:
        return []  # A stranger's mail, in a frame in which no script may run.
    frame.evaluate(AXE)
    found: list[str] = frame.evaluate(_RUN_AXE)
    return found
