"""Idempotency keys: one effect, and the first final answer again."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace

import pytest
from django.db import connection

from tests.instances.makers import a_form, a_place, an_actor, published, started
from tests.instances.rows import run
from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON
from waypost.instances.actions import Done, NewInstance, complete_step, start_instance
from waypost.instances.answers import (
    ApiCall,
    IdempotentRequest,
    Replayed,
    find_answer,
    keep_answer,
)
from waypost.instances.detail import InstanceDetail
from waypost.instances.models import Instance


def with_key(key: str, body: str = "body", status: int = 201) -> ApiCall:
    """A call under this key."""
    digest = hashlib.sha256(body.encode()).digest()
    return ApiCall(idempotent=IdempotentRequest(key, digest, status, answer_of))


def answer_of(instance: InstanceDetail) -> JSON:
    """What an endpoint would say."""
    return {"id": instance.id, "name": instance.row.name}


@pytest.mark.django_db
def test_a_start_repeated_is_answered_again_and_not_done_again() -> None:
    place = a_place()
    workflow = published(place, a_form())
    call = with_key("k1")

    first = start_instance(place.lead, workflow.id, NewInstance(name="A"), call)
    again = start_instance(place.lead, workflow.id, NewInstance(name="A"), call)

    assert isinstance(first, Done)
    assert again == Replayed(201, answer_of(first.instance))
    assert Instance.objects.filter(workflow_id=workflow.id).count() == 1


@pytest.mark.django_db
def test_a_completion_repeated_is_answered_again() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_form("two"))
    instance = started(place, workflow)
    call = with_key("k1", status=200)

    first = complete_step(place.lead, instance.id, workflow.steps[0].id, {}, call=call)
    again = complete_step(place.lead, instance.id, workflow.steps[0].id, {}, call=call)

    assert isinstance(first, Done)
    assert again == Replayed(200, answer_of(first.instance))


@pytest.mark.django_db
def test_a_key_with_another_body_is_refused() -> None:
    place = a_place()
    workflow = published(place, a_form())
    start_instance(place.lead, workflow.id, NewInstance(name="A"), with_key("k1"))

    other = start_instance(place.lead, workflow.id, NewInstance(name="B"), with_key("k1", "other"))

    assert isinstance(other, Refusal)
    assert other.code == "idempotency_key_reused"


@pytest.mark.django_db
def test_a_key_belongs_to_its_caller() -> None:
    place = a_place()
    workflow = published(place, a_form())
    ann = an_actor(place.workspace, "Ann")

    mine = start_instance(place.lead, workflow.id, NewInstance(name="A"), with_key("k1"))
    hers = start_instance(ann, workflow.id, NewInstance(name="A"), with_key("k1"))

    assert isinstance(mine, Done)
    assert isinstance(hers, Done)


@pytest.mark.django_db
def test_a_key_is_new_again_after_a_day() -> None:
    place = a_place()
    workflow = published(place, a_form())
    start_instance(place.lead, workflow.id, NewInstance(name="A"), with_key("k1"))
    run("UPDATE idempotency SET at = at - interval '25 hours'")

    again = start_instance(place.lead, workflow.id, NewInstance(name="A"), with_key("k1"))

    assert isinstance(again, Done)


@pytest.mark.django_db
def test_a_refusal_is_kept_by_whoever_answers() -> None:
    place = a_place()
    request = with_key("k1").idempotent
    assert request is not None
    assert find_answer(place.lead, request) is None

    keep_answer(place.lead, request, 404, {"code": "not_found"})
    keep_answer(place.lead, request, 200, {"late": True})

    assert find_answer(place.lead, request) == Replayed(404, {"code": "not_found"})
    other = find_answer(place.lead, replace(request, body_sha256=b"x"))
    assert isinstance(other, Refusal)


@pytest.mark.django_db(transaction=True)
def test_the_same_start_many_times_at_once_starts_once() -> None:
    place = a_place()
    workflow = published(place, a_form())
    gate = threading.Barrier(5)
    outcomes: list[object] = []

    def press() -> None:
        gate.wait()
        new = NewInstance(name="A")
        outcomes.append(start_instance(place.lead, workflow.id, new, with_key("k1")))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Instance.objects.filter(workflow_id=workflow.id).count() == 1
    assert sum(isinstance(one, Done) for one in outcomes) == 1
    assert sum(isinstance(one, Replayed) for one in outcomes) == 4


@pytest.mark.django_db(transaction=True)
def test_a_start_key_starts_once() -> None:
    place = a_place()
    workflow = published(place, a_form())
    new = NewInstance(name="A", start_kind="batch", start_key="row 1")

    first = start_instance(place.lead, workflow.id, new)
    again = start_instance(place.lead, workflow.id, new)

    assert isinstance(first, Done)
    assert isinstance(again, Done)
    assert again.instance.id == first.instance.id
