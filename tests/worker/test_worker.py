"""The worker whole: real processes, a real database, a real server."""

from __future__ import annotations

import time

import pytest

from tests.instances.makers import a_call, a_form, a_place, published, started
from tests.worker.process import a_worker
from tests.worker.site import Answer, a_site, as_json
from waypost.instances.actions import complete_step
from waypost.instances.detail import InstanceDetail
from waypost.instances.queries import instance_log, load_instance
from waypost.people.actor import Actor


def wait_for_end(actor: Actor, instance: InstanceDetail, seconds: float = 30) -> InstanceDetail:
    """The instance once it has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        now = load_instance(actor, instance.id)
        assert isinstance(now, InstanceDetail)
        if now.row.status != "running":
            return now
        time.sleep(0.02)
    raise AssertionError(f"Still running: {now.state}")


@pytest.mark.django_db(transaction=True)
def test_a_call_is_made_and_its_answer_read() -> None:
    place = a_place()
    with a_site() as site:
        site.answer = lambda _: Answer(201, as_json({"id": 7, "tags": ["a"]}))
        call = a_call(
            url=site.url + "/things/",
            body='{"text": "{{=ask.text}}"}',
            variables=({"name": "id", "path": "$.id"}, {"name": "none", "path": "$.none"}),
        )
        workflow = published(place, a_form(), call)
        instance = started(place, workflow)
        values = {workflow.steps[0].fields[0].id: {"inputValue": 'Ann "A"'}}
        with a_worker(site.url):
            complete_step(place.lead, instance.id, workflow.steps[0].id, values)
            ended = wait_for_end(place.lead, instance)

    assert ended.row.status == "completed"
    assert ended.state.run("call").variables == {"id": 7, "none": ""}
    assert [one.body for one in site.received] == ['{"text": "Ann \\"A\\""}']
    assert site.received[0].headers["Idempotency-Key"]
    log = instance_log(place.lead, instance.id)
    assert [one.status for one in log.exchanges] == [201]
