"""One verification as its people live it: a colleague who starts it, a customer with a phone and a
mailbox in the sandbox, and the browser in which the customer follows the mailed links.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from urllib.parse import quote

from tests.scenarios.customer import Browser, Page, links_in
from tests.scenarios.runs import Object, Process, Run, children, process_named, start, text
from tests.stack import Stack

#: Every send to it is refused with 60203 (magic numbers, on the inbox page).
ALWAYS_TOO_MANY = "+15005551203"
MAIN, SUB = "Customer verification", "OTP SMS Verification"
#: Numbers of American fiction, which no magic belongs to: their codes are random.
_NUMBERS = (f"+12025550{last}" for last in range(100, 200))
_NAMES = count(1)


@dataclass(frozen=True)
class World:
    """A running Waypost with the two workflows."""

    stack: Stack

    @cached_property
    def main(self) -> Process:
        """The workflow that needs a verified customer."""
        return process_named(self.stack, MAIN)

    @cached_property
    def sub(self) -> Process:
        """The verification."""
        return process_named(self.stack, SUB)

    @cached_property
    def control(self) -> dict[str, str]:
        """The header that opens the sandbox's control pages (waypost/sandbox/keys.py)."""
        lines = (self.stack.data / "secrets").read_text().splitlines()
        ring = next(line for line in lines if line.startswith("WAYPOST_CODE_KEY="))
        key = urlsafe_b64decode(ring.partition("=")[2].split(",")[0])
        token = hmac.new(key, b"waypost sandbox control token", hashlib.sha256).hexdigest()
        return {"Authorization": f"Bearer {token}"}

    @cached_property
    def colleague(self) -> Browser:
        """The owner's browser, signed in by the link that the first start has shown."""
        browser = Browser()
        log = (self.stack.data / "log").read_text()
        link = re.findall(r"Sign in as the owner with (\S+)", log)[-1]
        assert browser.send(browser.open(link)).status == 200
        return browser

    def messages(self, to: str) -> list[Object]:
        """What was sent to a number or address, the newest first."""
        path = f"/sandbox/messages?to={quote(to)}"
        found: list[Object] = self.stack.call("GET", path, headers=self.control).json["messages"]
        return found

    def verify(self, phone: str = "") -> Verification:
        """A customer of this number, a new one unless it must be a certain one."""
        number = next(_NAMES)
        return Verification(self, phone or next(_NUMBERS), f"customer{number}@example.org")


@dataclass
class Verification:
    """One customer and the main instance that waits for them."""

    world: World
    phone: str
    email: str
    name: str = 'Ann "Quote" O\'Hara'
    browser: Browser = field(default_factory=Browser)

    @cached_property
    def main(self) -> Run:
        """Started when first asked for."""
        return start(self.world.stack, self.world.main, f"For {self.email}")

    @property
    def subs(self) -> list[Run]:
        """The verifications it has started."""
        return children(self.main, self.world.sub)

    @property
    def sub(self) -> Run:
        """The newest of them."""
        self.world.stack.wait_until(lambda: self.subs)
        return self.subs[-1]

    def begin(self) -> Verification:
        """The colleague enters the customer."""
        self.main.completed(2, text(self.name), text(self.email), text(self.phone))
        return self

    def mails(self) -> list[Object]:
        """The newest mail first."""
        return self.world.messages(self.email)

    def texts(self) -> list[Object]:
        """The newest text first."""
        return self.world.messages(self.phone)

    def mailed_link(self, mails: int = 1) -> str:
        """The link in the newest mail, once so many have come."""
        self.world.stack.wait_until(lambda: len(self.mails()) >= mails, 45)
        return links_in(self.mails()[0]["body"])[0]

    def read_instructions(self, mails: int = 1) -> Page:
        """Open the link of the first mail; it may be read before its sending is noted."""
        link = self.mailed_link(mails)
        self.sub.wait_for(4)
        return self.browser.open(link)

    def ask_for_code(self, mails: int = 1) -> str:
        """Complete the instructions; the link to the code page that stood in them."""
        page = self.read_instructions(mails)
        assert self.browser.send(page).status == 200
        return links_in(page.html)[-1]

    def code(self) -> str:
        """The code on the phone."""
        return str(self.texts()[0]["code"])

    def wrong_code(self) -> str:
        """Another one."""
        return f"{(int(self.code()) + 1) % 1_000_000:06}"

    def reach_code_page(self, mails: int = 2) -> str:
        """Up to the second mail; its link."""
        self.ask_for_code(mails - 1)
        self.sub.wait_for(10)
        return self.mailed_link(mails)

    def enter(self, code: str) -> Page:
        """Up to the code page, and enter this."""
        return self.browser.send(self.browser.open(self.reach_code_page()), code)

    def fail(self) -> str:
        """The customer enters a wrong code; a colleague is asked. The link of the code page."""
        link = self.reach_code_page()
        self.browser.send(self.browser.open(link), self.wrong_code())
        self.sub.wait_for(14)
        return link

    def finish(self) -> None:
        """The customer does all there is to do with the right code, which succeeds."""
        self.reach_code_page()
        self.finish_with_code()

    def finish_with_code(self) -> None:
        """All that is left behind the second mail."""
        self.sub.wait_for(10)
        self.browser.send(self.browser.open(self.mailed_link(mails=2)), self.code())
        self.sub.wait_until("completed")
        self.main.wait_for(5, "completed")
