"""Many customers at once, who try again like people do when nobody answers."""

from __future__ import annotations

import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TypeVar

import psycopg

from tests.scenarios.customer import Browser, Page, links_in
from tests.scenarios.runs import GO_ON, Process, text
from tests.scenarios.verification import World
from tests.stack import Answer
from waypost import postgres

PATIENCE_SECONDS = 300
ANSWERS_EVERY_SECONDS = 0.1
_PAUSE = threading.Event()
_MAILS = 'SELECT "to", html FROM sandbox_sendgrid_mail ORDER BY id'
_ASKING = "SELECT instance_id FROM open_step WHERE step_id = %s"
_NAMES = "SELECT id, name FROM instance WHERE id = ANY (%s)"
T = TypeVar("T")


@dataclass
class Mailboxes:
    """All mailboxes and the colleagues' inbox, read by one look for the whole crowd."""

    world: World
    mails: dict[str, list[str]] = field(default_factory=dict)
    asking: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def watched(self) -> Iterator[Mailboxes]:
        """Look again and again until the block ends, whoever is dead meanwhile."""
        is_over = threading.Event()
        thread = threading.Thread(target=self._watch, args=(is_over,))
        thread.start()
        try:
            yield self
        finally:
            is_over.set()
            thread.join()

    def _watch(self, is_over: threading.Event) -> None:
        url = postgres.embedded_url(self.world.stack.data)
        while not is_over.is_set():
            with suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as connection:
                while not is_over.wait(ANSWERS_EVERY_SECONDS):
                    self._look(connection)

    def _look(self, connection: psycopg.Connection) -> None:
        mails: dict[str, list[str]] = defaultdict(list)
        for to, html in connection.execute(_MAILS).fetchall():
            mails[to].append(html)
        asking = [
            row[0] for row in connection.execute(_ASKING, (self.world.sub.step_id(14),)).fetchall()
        ]
        names = connection.execute(_NAMES, (asking,)).fetchall()
        self.mails, self.asking = mails, {name: number for number, name in names}


@dataclass
class Customer:
    """One of the crowd: every seventh enters a wrong code, every eleventh says none came."""

    mailboxes: Mailboxes
    number: int
    browser: Browser = field(default_factory=Browser)
    main: int = 0

    @property
    def world(self) -> World:
        """Where one lives."""
        return self.mailboxes.world

    @property
    def phone(self) -> str:
        """A number whose code is its last six digits (magic numbers, on the inbox page)."""
        return f"+1500555{2000 + self.number}"

    @property
    def email(self) -> str:
        """One's own."""
        return f"crowd{self.number}@example.org"

    @property
    def name(self) -> str:
        """Of the main instance."""
        return f"Crowd {self.number:03}"

    @property
    def entry(self) -> str:
        """What is entered on the code page."""
        if self.number % 7 == 0:
            return "000000"
        return "NOTRECEIVED" if self.number % 11 == 0 else self.phone[-6:]

    @property
    def outcome(self) -> str:
        """What main must be told."""
        return "Successful" if self.entry == self.phone[-6:] else "Challenge expired"

    def begin(self) -> None:
        """A colleague starts main and enters the customer."""
        uri = f"{self.world.stack.url}/api/processes/{self.world.main.id}/"
        answer = self.post("/api/instances/", {"process": uri, "name": self.name})
        assert answer.status == 201, answer.body.decode()
        self.main = int(answer.json["id"])
        values = (text(f"Customer {self.number}"), text(self.email), text(self.phone))
        self.complete(self.main, self.world.main, 2, *values)

    def verify(self) -> None:
        """The customer follows both mails; where that fails, a colleague confirms."""
        self.follow(self.mailed(1), "")
        self.follow(self.mailed(2), self.entry)
        if self.outcome != "Successful":
            asking = f"{self.name}-Verification"
            sub = self.insist(lambda: self.mailboxes.asking.get(asking))
            self.complete(sub, self.world.sub, 14, {}, GO_ON)

    def complete(self, run: int, process: Process, number: int, *values: object) -> None:
        """Complete a step through the API."""
        actions = [
            {"action_id": process.field_id(number, place), "input_object": value}
            for place, value in enumerate(values)
        ]
        body = {"step_id": process.step_id(number), "actions": actions}
        answer = self.post(f"/api/instances/{run}/complete_step/", body)
        assert answer.status == 200, answer.body.decode()

    def post(self, path: str, body: object) -> Answer:
        """A request that is repeated under its key until it is answered."""
        headers = {
            "Authorization": f"Api-Key {self.world.stack.key}",
            "Idempotency-Key": str(uuid.uuid4()),
        }

        def ask() -> Answer | None:
            answer = self.world.stack.call("POST", path, body, headers)
            return answer if answer.status < 500 and answer.status != 429 else None

        return self.insist(ask)

    def follow(self, link: str, entry: str) -> None:
        """Open a link and send its form; who gets no answer opens the page again."""

        def send() -> bool:
            page = self.browser.open(link)
            return _is_done(page) or (
                page.form is not None and _is_done(self.browser.send(page, entry))
            )

        self.insist(send)

    def mailed(self, number: int) -> str:
        """The link in the mail of this number."""

        def look() -> str | None:
            mails = self.mailboxes.mails.get(self.email, [])
            return links_in(mails[number - 1])[0] if len(mails) >= number else None

        return self.insist(look)

    def insist(self, ask: Callable[[], T | None]) -> T:
        """Ask until there is an answer, whoever is dead meanwhile."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with suppress(OSError, HTTPException):
                if found := ask():
                    return found
            _PAUSE.wait(ANSWERS_EVERY_SECONDS)
        raise AssertionError(f"{self.name} was left waiting\n{self.world.stack.log_end()}")


def _is_done(page: Page) -> bool:
    """Whether the page thanks for what was sent, or its verification is over by now."""
    return page.status == 410 or (page.status == 200 and "that is done" in page.text)
