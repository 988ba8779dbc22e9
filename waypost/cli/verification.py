"""One verification from start to end, in steps that a person can follow."""

from __future__ import annotations

import html
import json
import re
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar
from urllib.error import URLError
from urllib.parse import quote

from django.conf import settings
from rich.console import Console

from waypost.cli.public_page import Browser, PageFailed, PublicPage
from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON
from waypost.instances import actions, queries
from waypost.instances.detail import InstanceDetail
from waypost.people.actor import Actor
from waypost.people.queries import owner_actor
from waypost.workflows.queries import find_by_key

MAIN = "otp_main"
PATIENCE_SECONDS = 60.0
#: A code to enter, "wrong" for one that is not right, None for the one that was sent.
Choice: TypeAlias = str | None
T = TypeVar("T")


class VerificationFailed(Exception):
    """It could not be driven to an end; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Who is verified; `phone` in digits with the country code, without a plus."""

    name: str
    email: str
    phone: str


class Verification:
    """Both instances and the customer's part in them."""

    def __init__(self, customer: Customer, choice: Choice, say: Callable[[str], None]) -> None:
        self.customer = customer
        self.choice = choice
        self.say = say
        self.owner = _owner()
        self.inbox = Inbox()
        self.browser = Browser()

    def run(self) -> str:
        """Drive it and give the outcome that the main workflow was told."""
        self.inbox.expect(self.customer.email)
        main = self._start()
        sub = self._wait("the verification workflow", lambda: self._child(main))
        self.say(f"Started instance {main} and its verification, instance {sub}.")
        self._follow_mail(1)
        self.say("The customer read the instructions and asked for the code.")
        self._wait("the text message", lambda: self._has_settled(sub, "verify_yourself", "active"))
        if self._status(sub, "verify_yourself") == "active":
            self._enter_code(sub)
        self._proceed(sub)
        return self._wait("the outcome", lambda: self._outcome(main))

    def _start(self) -> int:
        workflow = find_by_key(self.owner, MAIN)
        if workflow is None:
            raise VerificationFailed(
                "The example workflows are not loaded. Start `waypost run` once."
            )
        name = f"Verification of {self.customer.name}"
        done = _done(
            actions.start_instance(self.owner, workflow.id, actions.NewInstance(name=name))
        )
        details = done.workflow.steps[0]
        answers = (self.customer.name, self.customer.email, self.customer.phone)
        values: dict[int, JSON] = {
            field.id: {"inputValue": answer}
            for field, answer in zip(details.fields, answers, strict=True)
        }
        _done(actions.complete_step(self.owner, done.id, details.id, values))
        return done.id

    def _follow_mail(self, number: int, values: tuple[str, ...] = ()) -> None:
        """Open the link of the customer's mail of this number, once its page has a form; send
        it.
        """
        link = self._wait(f"mail {number}", lambda: self.inbox.link(self.customer.email, number))
        page = self._wait("the page behind the link", lambda: self._form(link))
        try:
            self.browser.send(page, list(values))
        except PageFailed as error:
            raise VerificationFailed(str(error)) from error

    def _form(self, link: str) -> PublicPage | None:
        page = self.browser.look(link)
        return page if page.has_form else None

    def _enter_code(self, sub: int) -> None:
        code = self._code()
        self._follow_mail(2, (code,))
        self.say(f"The customer entered {'NOTRECEIVED' if code == 'NOTRECEIVED' else 'a code'}.")
        self._wait("the check", lambda: self._has_settled(sub, "verification_result"))

    def _code(self) -> str:
        if self.choice not in (None, "wrong"):
            return str(self.choice)
        sent = self._wait("the code", lambda: self.inbox.code(self.customer.phone))
        return (
            sent if self.choice is None else "".join(str((int(digit) + 1) % 10) for digit in sent)
        )

    def _proceed(self, sub: int) -> None:
        """Where the verification asks how to proceed, confirm and go on."""
        self._wait("the next step", lambda: self._has_settled(sub, "how_to_proceed", "active"))
        if self._status(sub, "how_to_proceed") != "active":
            return
        step = self._load(sub).workflow.step_by_key["how_to_proceed"]
        routing = next(field for field in step.fields if field.key == "routing")
        chosen: JSON = {"action": "complete", "returnToStep": -1}
        _done(actions.complete_step(self.owner, sub, step.id, {routing.id: chosen}))
        self.say("It was not verified; a colleague confirmed and went on.")

    def _outcome(self, main: int) -> str | None:
        detail = self._load(main)
        step = detail.workflow.step_by_key["verification_outcome"]
        value = detail.run(step).values.get("outcome")
        field = step.field("outcome")
        return field.shown(value) if field is not None and value is not None else None

    def _child(self, main: int) -> int | None:
        found = queries.children(self.owner, main)
        return found[-1].id if found else None

    def _load(self, instance_id: int) -> InstanceDetail:
        found = queries.load_instance(self.owner, instance_id)
        if isinstance(found, Refusal):
            raise VerificationFailed(found.message)
        return found

    def _status(self, instance_id: int, key: str) -> str:
        detail = self._load(instance_id)
        return str(detail.run(detail.workflow.step_by_key[key]).status)

    def _has_settled(self, instance_id: int, key: str, *also: str) -> bool:
        """Whether a step has ended, or stands as one of the others named."""
        detail = self._load(instance_id)
        failed = [step.name for step in detail.open_steps if detail.run(step).failure]
        if failed:
            raise VerificationFailed(
                f"{failed[0]} failed. Look at {settings.PUBLIC_URL}/instances/{instance_id}/."
            )
        ended = ("completed", "skipped", "failed_skipped", "declined", *also)
        return self._status(instance_id, key) in ended

    def _wait(self, what: str, ask: Callable[[], T | None]) -> T:
        """Ask until there is an answer, showing what is waited for."""
        until = time.monotonic() + PATIENCE_SECONDS
        with Console(stderr=True).status(f"Waiting for {what} …"):
            while not (found := ask()):
                if time.monotonic() > until:
                    raise VerificationFailed(
                        f"Waited {PATIENCE_SECONDS:.0f} s for {what}. "
                        "Is the worker running? `waypost doctor` tells."
                    )
                time.sleep(0.1)
        return found


class Inbox:
    """What the sandbox has sent since now, over its control endpoint."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def expect(self, address: str) -> None:
        """Only messages from now on count for this address."""
        self._seen |= {mail["sent_at"] for mail in self._read(address)["messages"]}

    def link(self, address: str, number: int) -> str | None:
        """The secure link in the customer's mail of this number, counted from 1."""
        mails = self._fresh(address)
        if len(mails) < number:
            return None
        found = re.search(
            r"https?://[^\s'\"<>]+/s/[\w-]+", html.unescape(mails[number - 1]["body"])
        )
        return found[0] if found else None

    def code(self, phone: str) -> str | None:
        """The newest code sent to this number."""
        code: str | None = self._read(f"+{phone}")["code"]
        return code

    def _fresh(self, address: str) -> list[dict[str, str]]:
        """Messages that came since `expect`, oldest first."""
        messages: list[dict[str, str]] = self._read(address)["messages"][::-1]
        return [mail for mail in messages if mail["sent_at"] not in self._seen]

    def _read(self, address: str) -> dict[str, Any]:
        url = f"{settings.PUBLIC_URL}/sandbox/messages?to={quote(address)}"
        token = f"Bearer {settings.SANDBOX_CONTROL_TOKEN}"
        request = urllib.request.Request(url, headers={"Authorization": token})  # noqa: S310 - ours
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310
                read: dict[str, Any] = json.load(reply)
        except URLError as error:
            raise VerificationFailed(
                f"The sandbox's inbox at {settings.PUBLIC_URL}/sandbox/ does not answer ({error}). "
                "Start `waypost run`; a server without the sandbox cannot be driven from here."
            ) from error
        return read


def _owner() -> Actor:
    owner = owner_actor("cli")
    if owner is None:
        raise VerificationFailed("There is no workspace yet. Start `waypost run` once.")
    return owner


def _done(outcome: object) -> InstanceDetail:
    if isinstance(outcome, actions.Done):
        return outcome.instance
    message = outcome.message if isinstance(outcome, Refusal) else "an answer was replayed"
    raise VerificationFailed(message)
