"""From an open call to a request, and from a reply to what the instance keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.instances.makers import Place, a_call, a_form, a_place, published, started
from tests.instances.rows import rows, run
from waypost.engine.instance import Status, StepRun
from waypost.instances.actions import Done, complete_step, restart_step, stop_instances
from waypost.instances.detail import InstanceDetail
from waypost.instances.exchanges import Job, Prepared, log_exchange
from waypost.instances.links import link_path
from waypost.instances.perform import (
    MOST_CLAIMS,
    prepare_call,
    put_back,
    read_job,
    take_outcome,
)
from waypost.instances.queries import InstanceLog, instance_log, load_instance
from waypost.integrations.credentials import NewCredential, create_credential
from waypost.integrations.door import Door
from waypost.integrations.failures import NoConnection, TimedOut
from waypost.integrations.http import Reply
from waypost.integrations.kinds import Kind
from waypost.integrations.models import Credential
from waypost.integrations.origin_header import CallOrigin, read_origin

pytestmark = pytest.mark.django_db

DOOR = Door(own_origin="http://127.0.0.1:8000")
TWILIO = "https://verify.twilio.com/v2/Services/VA1/VerificationCheck"


def job_of(instance: InstanceDetail, number: int = 0, visit: int = 1) -> Job:
    """The job of a step's visit."""
    return Job(instance.id, instance.workflow.steps[number].id, visit)


def prepared(job: Job) -> Prepared:
    """The call, ready."""
    call = prepare_call(job, DOOR)
    assert call is not None
    return call


def a_reply(status: int = 200, body: str = "{}", origin: str = "https://example.org") -> Reply:
    """An answer."""
    return Reply(status, (("Content-Type", "application/json"),), body.encode(), 3, origin)


def run_of(place: Place, instance: InstanceDetail, key: str = "call") -> StepRun:
    """How far a step is."""
    found = load_instance(place.lead, instance.id)
    assert isinstance(found, InstanceDetail)
    return found.state.run(key)


def due_now() -> None:
    """Let every open call be due, as time would."""
    run("UPDATE open_step SET due_at = now() - interval '1 second' WHERE kind = 'call'")


def test_every_try_of_a_visit_sends_the_same_bytes() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_call(body='{"a": "{{=ask.text}}"}'))
    instance = started(place, workflow)
    complete_step(place.lead, instance.id, workflow.steps[0].id, {})

    first = prepared(job_of(instance, 1))
    take_outcome(first, NoConnection("Nobody is there."))
    due_now()
    second = prepared(job_of(instance, 1))

    assert first.filled.request == second.filled.request
    assert first.idempotency_key == second.idempotency_key
    assert (first.attempt, second.attempt) == (1, 2)
    assert run_of(place, instance).attempts == 1


def test_a_restart_is_a_new_visit_under_a_new_key() -> None:
    place = a_place()
    instance = started(place, published(place, a_call()))
    first = prepared(job_of(instance))
    take_outcome(first, a_reply(400, '{"message": "No."}'))
    assert run_of(place, instance).status is Status.FAILED
    assert isinstance(restart_step(place.lead, instance.id, instance.workflow.steps[0].id), Done)

    second = prepared(job_of(instance, visit=2))

    assert first.idempotency_key != second.idempotency_key
    assert prepare_call(job_of(instance), DOOR) is None


def test_a_job_of_a_visit_that_is_over_or_not_due_does_nothing() -> None:
    place = a_place()
    instance = started(place, published(place, a_call(), a_form()))
    job = job_of(instance)
    call = prepared(job)
    take_outcome(call, a_reply(503))
    assert prepare_call(job, DOOR) is None
    due_now()
    take_outcome(prepared(job), a_reply())
    events = rows("SELECT count(*) FROM event")

    assert prepare_call(job, DOOR) is None
    take_outcome(call, a_reply(200))

    assert rows("SELECT count(*) FROM event") == events
    assert rows("SELECT count(*) FROM call_request") == [(0,)]


def test_a_late_answer_is_logged_as_late_and_changes_nothing() -> None:
    place = a_place()
    instance = started(place, published(place, a_call(), a_form()))
    call = prepared(job_of(instance))
    stop_instances(place.lead, [instance.id])

    log_exchange(call, a_reply())
    take_outcome(call, a_reply())

    log = instance_log(place.lead, instance.id)
    assert isinstance(log, InstanceLog)
    assert log.exchanges is not None
    assert [one.is_late for one in log.exchanges] == [True]
    assert run_of(place, instance).status is Status.ACTIVE


def test_five_deaths_hand_the_call_to_the_tech_lead() -> None:
    place = a_place()
    instance = started(place, published(place, a_call(on_failure="skip")))
    for _ in range(MOST_CLAIMS):
        prepared(job_of(instance))

    assert prepare_call(job_of(instance), DOOR) is None

    failed = run_of(place, instance)
    assert failed.status is Status.FAILED
    assert "died five times" in failed.failure


def test_an_outcome_forgives_the_claims() -> None:
    place = a_place()
    instance = started(place, published(place, a_call()))
    for _ in range(MOST_CLAIMS + 2):
        take_outcome(prepared(job_of(instance)), a_reply(503))
        due_now()

    assert run_of(place, instance).status is Status.ACTIVE


def test_a_lost_answer_of_a_code_check_is_never_guessed() -> None:
    place = a_place()
    instance = started(place, published(place, a_call(url=TWILIO, body="", on_failure="skip")))
    prepared(job_of(instance))

    assert prepare_call(job_of(instance), DOOR) is None

    failed = run_of(place, instance)
    assert failed.status is Status.FAILED
    assert "lost" in failed.failure


def test_a_time_out_of_a_code_check_is_never_guessed_either() -> None:
    place = a_place()
    instance = started(place, published(place, a_call(url=TWILIO)))
    failure = TimedOut("No answer.")
    failure.was_sent = True

    take_outcome(prepared(job_of(instance)), failure)

    assert run_of(place, instance).status is Status.FAILED


def test_a_code_check_that_was_never_sent_is_tried_again() -> None:
    place = a_place()
    instance = started(place, published(place, a_call(url=TWILIO)))
    take_outcome(prepared(job_of(instance)), NoConnection("Nobody is there."))
    due_now()

    assert prepare_call(job_of(instance), DOOR) is not None


def test_secrets_and_links_are_in_the_request_and_in_no_table() -> None:
    place = a_place()
    secret = "s3cret-t0ken"
    new = NewCredential("Mail", Kind.BEARER, secret, origins=("https://example.org",))
    assert isinstance(create_credential(place.workspace.pk, new), Credential)
    call = a_call(
        credential="Mail", body='{"link": "{{=outside.public_url}}", "name": "{{=instance.name}}"}'
    )
    workflow = published(place, call, a_form("outside", assignee="external"))
    instance = started(place, workflow)
    token = link_path(instance, workflow.steps[1])

    made = prepared(job_of(instance))
    log_exchange(made, a_reply(200, f'{{"echo": "{secret}"}}'))

    headers = dict(made.filled.request.headers)
    assert headers["Authorization"] == f"Bearer {secret}"
    assert headers["Idempotency-Key"] == made.idempotency_key
    assert token in (made.filled.request.body or b"").decode()
    kept = str(rows("SELECT request::text FROM call_request"))
    logged = str(rows("SELECT request::text, response::text, url FROM exchange"))
    for text in (secret, token):
        assert text not in kept
        assert text not in logged


def test_a_call_says_where_it_comes_from() -> None:
    place = a_place()
    instance = started(place, published(place, a_call("launch")))

    made = prepared(job_of(instance))

    assert read_origin(made.signed_origin) == CallOrigin(instance.row.uid, "launch", 1)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"credential": "Nobody"}, "no credential “Nobody”"),
        ({"body": "{"}, "JSON"),
        ({"url": "https://example.org/{{=instance.none}}/x"}, "path"),
    ],
)
def test_a_request_that_cannot_be_made_fails_with_what_to_do(
    settings: dict[str, str], said: str
) -> None:
    place = a_place()
    instance = started(place, published(place, a_call(**settings)))

    assert prepare_call(job_of(instance), DOOR) is None

    failed = run_of(place, instance)
    assert failed.status is Status.FAILED
    assert said in failed.failure


def test_an_error_of_ours_puts_the_call_back_for_later() -> None:
    place = a_place()
    instance = started(place, published(place, a_call()))
    job = job_of(instance)
    prepared(job)

    put_back(job)

    assert prepare_call(job, DOOR) is None
    [(claims, is_later)] = rows("SELECT claims, due_at > now() FROM open_step")
    assert (claims, is_later) == (1, True)


def test_a_call_that_never_gets_through_is_put_back_for_ever() -> None:
    place = a_place()
    job = job_of(started(place, published(place, a_call())))
    run("UPDATE open_step SET claims = 32767 WHERE instance_id = %s", job.instance_id)

    for forgives in (False, True):
        put_back(job, forgives=forgives)

    [(seconds,)] = rows("SELECT extract(epoch FROM due_at - clock_timestamp())::int FROM open_step")
    assert 50 <= seconds <= 60
    run("UPDATE open_step SET claims = 32767, due_at = now()")
    assert prepare_call(job, DOOR) is None
    assert rows("SELECT kind, is_failed FROM open_step") == [("person", True)]


def test_a_state_of_a_newer_release_is_left_alone() -> None:
    place = a_place()
    instance = started(place, published(place, a_call()))
    run("UPDATE instance_state SET format = 99")

    assert prepare_call(job_of(instance), DOOR) is None

    [(claims, is_later)] = rows("SELECT claims, due_at > now() FROM open_step")
    assert (claims, is_later) == (0, True)


def test_our_own_not_yet_is_tried_again_and_other_refusals_are_final() -> None:
    place = a_place()
    not_yet = '{"code": "step_not_active", "detail": "Not yet."}'
    own, foreign = (
        started(place, published(place, a_call(url=f"{origin}/x")))
        for origin in ("http://127.0.0.1:8000", "https://example.org")
    )

    take_outcome(prepared(job_of(own)), a_reply(400, not_yet, "http://127.0.0.1:8000"))
    take_outcome(prepared(job_of(foreign)), a_reply(400, not_yet))

    assert run_of(place, own).status is Status.ACTIVE
    failed = run_of(place, foreign)
    assert failed.status is Status.FAILED
    assert failed.failure == "https://example.org answered 400: Not yet."


@pytest.mark.parametrize("payload", [None, b"", b"1:2", b"1:2:x", b"1:2:3:4", b"\xff"])
def test_what_is_no_job_of_ours_is_left_alone(payload: bytes | None) -> None:
    assert read_job(payload) is None


def test_a_slow_answer_is_asked_for_as_the_other_side_wishes() -> None:
    place = a_place()
    instance = started(place, published(place, a_call()))
    reply = replace(a_reply(503), headers=(("Retry-After", "7"),))

    take_outcome(prepared(job_of(instance)), reply)

    [(seconds,)] = rows("SELECT extract(epoch FROM due_at - now()) FROM open_step")
    assert 6 < seconds < 9
