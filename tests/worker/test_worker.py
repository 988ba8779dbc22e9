"""The worker whole: real processes, a real database, a real server."""

from __future__ import annotations

import signal
import threading

import pytest

from tests.instances.makers import a_call, a_form, a_place, published, started
from tests.instances.rows import rows, run
from tests.worker.process import a_worker
from tests.worker.site import Answer, Received, a_site, as_json
from tests.worker.waiting import exchanges_of, wait_for_end, wait_until
from waypost.engine.json_value import JSON
from waypost.instances.actions import complete_step

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_call_is_made_and_its_answer_read() -> None:
    place = a_place()
    with a_site() as site:
        site.answer = lambda _: Answer(201, as_json({"id": 7, "tags": ["a"]}))
        call = a_call(
            url=site.url + "/things/",
            body='{"text": "{{=ask.text}}"}',
            variables=(
                {"name": "id", "path": r"\$.id"},
                {"name": "tag", "path": r"$.tags\[0]"},
                {"name": "none", "path": "$.none"},
            ),
        )
        workflow = published(place, a_form(), call)
        instance = started(place, workflow)
        values: dict[int, JSON] = {workflow.steps[0].fields[0].id: {"inputValue": 'Ann "A"'}}
        with a_worker(site.url):
            complete_step(place.lead, instance.id, workflow.steps[0].id, values)
            ended = wait_for_end(place.lead, instance.id)

    assert ended.row.status == "completed"
    assert ended.state.run("call").variables == {"id": 7, "tag": "a", "none": ""}
    assert [one.body for one in site.received] == ['{"text": "Ann \\"A\\""}']
    assert site.received[0].headers["Idempotency-Key"]
    assert [one.status for one in exchanges_of(place.lead, instance.id)] == [201]


def test_a_killed_workers_call_resumes_by_itself_with_one_effect() -> None:
    place = a_place()
    release = threading.Event()

    def hang_once(_: Received) -> Answer:
        if not release.is_set():
            release.wait(30)
        return Answer(200, as_json({"id": 1}))

    with a_site() as site:
        site.answer = hang_once
        workflow = published(place, a_call(url=site.url), a_form())
        instance = started(place, workflow)
        with a_worker(site.url) as worker:
            site.wait()
            worker.kill()
            worker.wait()
        release.set()
        with a_worker(site.url):
            site.wait(seconds=30)
            wait_until(lambda: not rows("SELECT 1 FROM open_step WHERE kind = 'call'"))

    kinds = rows("SELECT kind FROM event WHERE instance_id = %s ORDER BY seq", instance.id)
    assert [kind for (kind,) in kinds].count("call_answered") == 1
    keys = {one.headers["Idempotency-Key"] for one in site.received}
    assert (len(site.received), len(keys)) == (2, 1)
    assert {one.body for one in site.received} == {""}


def test_a_truncated_queue_loses_nothing() -> None:
    place = a_place()
    with a_site() as site:
        workflow = published(place, a_call(url=site.url))
        ids = [started(place, workflow).id for _ in range(3)]
        run("TRUNCATE pgqueuer, pgqueuer_log, pgqueuer_statistics")
        with a_worker(site.url):
            for instance_id in ids:
                wait_for_end(place.lead, instance_id)

    assert len(site.received) == 3


def test_a_transient_failure_is_tried_again_under_the_same_key() -> None:
    place = a_place()
    with a_site() as site:
        answers = iter([Answer(503), Answer(502), Answer(200)])
        site.answer = lambda _: next(answers)
        workflow = published(place, a_call(url=site.url, body='{"a": 1}'))
        instance = started(place, workflow)
        with a_worker(site.url):
            ended = wait_for_end(place.lead, instance.id)

    assert ended.row.status == "completed"
    assert len({(one.headers["Idempotency-Key"], one.body) for one in site.received}) == 1
    exchanges = exchanges_of(place.lead, instance.id)
    assert [(one.attempt, one.status) for one in exchanges] == [(1, 503), (2, 502), (3, 200)]


def test_a_bad_answer_passed_on_failure_leaves_its_variables() -> None:
    place = a_place()
    with a_site() as site:
        message = {"message": "Max send attempts reached", "status": 429}
        site.answer = lambda _: Answer(429, as_json(message))
        variables = ({"name": "text", "path": "$.message"}, {"name": "status", "path": "$.status"})
        call = a_call(url=site.url, variables=variables, on_failure="skip")
        instance = started(place, published(place, call))
        with a_worker(site.url):
            ended = wait_for_end(place.lead, instance.id)

    run_ = ended.state.run("call")
    assert run_.status == "failed_skipped"
    assert run_.variables == {"text": "Max send attempts reached", "status": 429}
    assert "429: Max send attempts reached" in run_.failure


def test_a_hundred_calls_are_under_way_at_once_in_one_process() -> None:
    place = a_place()
    count = 100
    gate = threading.Barrier(count + 1)

    def all_together(_: Received) -> Answer:
        gate.wait(50)
        return Answer()

    with a_site() as site:
        site.answer = all_together
        workflow = published(place, a_call(url=site.url))
        ids = [started(place, workflow).id for _ in range(count)]
        with a_worker(site.url):
            gate.wait(50)
            for instance_id in ids:
                wait_for_end(place.lead, instance_id)

    assert len(site.received) == count


def test_a_worker_told_to_stop_finishes_its_calls() -> None:
    place = a_place()
    release = threading.Event()

    def wait_for_release(_: Received) -> Answer:
        release.wait(30)
        return Answer()

    with a_site() as site:
        site.answer = wait_for_release
        instance = started(place, published(place, a_call(url=site.url)))
        with a_worker(site.url) as worker:
            site.wait()
            worker.send_signal(signal.SIGTERM)
            release.set()
            assert worker.wait(20) == 0

    assert wait_for_end(place.lead, instance.id, 1).row.status == "completed"


def test_a_worker_that_loses_the_database_keeps_its_answer_and_goes_on() -> None:
    place = a_place()
    release = threading.Event()

    def wait_for_release(_: Received) -> Answer:
        release.wait(30)
        return Answer(200, as_json({"id": 5}))

    with a_site() as site:
        site.answer = wait_for_release
        call = a_call(url=site.url, variables=({"name": "id", "path": "$.id"},))
        workflow = published(place, call, a_form(), a_call("later", url=site.url))
        instance = started(place, workflow)
        with a_worker(site.url):
            site.wait()
            run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            release.set()
            wait_until(lambda: not rows("SELECT 1 FROM open_step WHERE kind = 'call'"))
            complete_step(place.lead, instance.id, workflow.steps[1].id, {})
            ended = wait_for_end(place.lead, instance.id)

    assert ended.state.run("call").variables == {"id": 5}
    assert len(site.received) == 2


def test_two_workers_share_the_calls_and_make_each_once() -> None:
    place = a_place()
    with a_site() as site, a_worker(site.url), a_worker(site.url):
        workflow = published(place, a_call(url=site.url))
        ids = [started(place, workflow).id for _ in range(40)]
        for instance_id in ids:
            wait_for_end(place.lead, instance_id)

    keys = [one.headers["Idempotency-Key"] for one in site.received]
    assert len(keys) == len(set(keys)) == 40
