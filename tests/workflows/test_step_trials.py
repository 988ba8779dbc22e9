"""Tests of an integration: what keeps them short, few, and apart from each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from pytest_django import Settings

from tests.instances.makers import a_call
from tests.worker.site import Answer, a_site
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.step_types.http_request import HttpRequest
from waypost.people.actor import Actor
from waypost.workflows.trying import MOST_AT_ONCE, Trial, try_step

SOMEBODY = Actor(1, 1, True, "page")


def tried(step: HttpRequest) -> Trial | Refusal:
    return try_step(SOMEBODY, Workflow(key="flow", name="Flow", steps=(step,)), step, {})


def test_more_tests_at_once_than_leave_threads_to_answer_are_told_to_wait(
    settings: Settings,
) -> None:
    may_answer = Event()
    with a_site() as site, ThreadPoolExecutor() as threads:
        settings.OUTBOUND_ALLOW_PRIVATE = [site.url]

        def wait(_: object) -> Answer:
            may_answer.wait(60)
            return Answer()

        site.answer = wait
        running = [threads.submit(tried, a_call(url=site.url)) for _ in range(MOST_AT_ONCE)]
        site.wait(MOST_AT_ONCE)

        refused = tried(a_call(url=site.url))

        may_answer.set()
        assert isinstance(refused, Refusal)
        assert refused.code == "busy"
        assert all(isinstance(one.result(), Trial) for one in running)
        assert isinstance(tried(a_call(url=site.url)), Trial)


def test_a_step_without_an_address_says_so() -> None:
    outcome = tried(a_call(url="https:///"))

    assert isinstance(outcome, Refusal)
    assert outcome.code == "invalid_url"
