"""Public links: derived, early, active, done, gone, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests.instances.makers import Place, a_form, a_place, published, started
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.instances.actions import (
    Done,
    complete_step,
    complete_step_by_link,
    stop_instances,
)
from waypost.instances.detail import InstanceDetail
from waypost.instances.links import LinkedStep, link_path, make_token, read_token, step_from_link
from waypost.instances.models import EventRow, StepLink


def a_run() -> tuple[Place, Workflow, InstanceDetail, str]:
    """An instance whose second step is for somebody outside, and the token of its link."""
    place = a_place()
    steps = a_form("first"), a_form("outside", assignee="external"), a_form("last")
    workflow = published(place, *steps)
    instance = started(place, workflow)
    return place, workflow, instance, link_path(instance, workflow.steps[1]).removeprefix("/s/")


def state_of(token: str) -> str:
    """How the page behind a link stands."""
    linked = step_from_link(token)
    return linked.code if isinstance(linked, Refusal) else linked.state


@pytest.mark.django_db
def test_a_link_goes_from_early_to_active_to_done_to_gone() -> None:
    place, workflow, instance, token = a_run()
    states = [state_of(token)]

    complete_step(place.lead, instance.id, workflow.steps[0].id, {})
    states.append(state_of(token))
    assert isinstance(complete_step_by_link(token, {}, 1), Done)
    states.append(state_of(token))
    complete_step(place.lead, instance.id, workflow.steps[2].id, {})
    states.append(state_of(token))

    assert states == ["early", "active", "done", "gone"]


@pytest.mark.django_db
def test_a_completion_by_link_is_nobodys_and_told_as_such() -> None:
    place, workflow, instance, token = a_run()
    complete_step(place.lead, instance.id, workflow.steps[0].id, {})
    field = workflow.steps[1].fields[0]

    outcome = complete_step_by_link(token, {field.id: {"inputValue": "12"}}, 1)

    assert isinstance(outcome, Done)
    assert outcome.instance.state.run("outside").values == {"text": {"inputValue": "12"}}
    event = EventRow.objects.filter(instance_id=instance.id, kind="step_completed").latest("seq")
    assert (event.origin, event.actor_id) == ("link", None)


@pytest.mark.django_db
def test_an_early_or_ended_link_completes_nothing() -> None:
    place, _, instance, token = a_run()

    early = complete_step_by_link(token, {}, 1)
    stop_instances(place.lead, [instance.id])
    gone = complete_step_by_link(token, {}, 1)

    assert isinstance(early, Refusal)
    assert early.code in ("step_not_active", "step_reopened")
    assert isinstance(gone, Refusal)
    assert gone.code == "link_gone"


@pytest.mark.django_db
def test_tokens_of_other_steps_and_changed_ones_lead_nowhere() -> None:
    _, workflow, instance, token = a_run()
    inside = make_token(instance.row.uid, instance.id, workflow.steps[0].id, 0)
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")

    for wrong in (inside, changed, token[:-4], token + "A", "", "x", "é", "AAAA", "=" * 40):
        assert state_of(wrong) == "not_found"
        refused = complete_step_by_link(wrong, {}, 1)
        assert isinstance(refused, Refusal)
        assert refused.code == "not_found"


@pytest.mark.django_db
def test_a_revoked_link_leads_nowhere_and_an_expired_one_is_gone() -> None:
    place, workflow, instance, token = a_run()
    rule = StepLink.objects.create(
        workspace=place.workspace,
        instance_id=instance.id,
        step_id=workflow.steps[1].id,
        expires_at=timezone.now() - timedelta(seconds=1),
    )
    assert state_of(token) == "gone"

    rule.generation, rule.expires_at = 1, None
    rule.save()

    assert state_of(token) == "not_found"
    fresh = make_token(instance.row.uid, instance.id, workflow.steps[1].id, 1)
    assert isinstance(step_from_link(fresh), LinkedStep)


@pytest.mark.django_db
def test_links_outlive_a_change_of_keys(settings: Settings) -> None:
    _, workflow, instance, token = a_run()

    settings.LINK_KEYS = ("a new key", *settings.LINK_KEYS)

    assert state_of(token) == "early"
    assert link_path(instance, workflow.steps[1]) != f"/s/{token}"
    settings.LINK_KEYS = ("a new key",)
    assert state_of(token) == "not_found"


def test_a_token_is_short_and_names_its_place() -> None:
    token = make_token(uuid4(), 123_456_789, 987_654, 0)

    target = read_token(token)

    assert len(token) <= 36
    assert target is not None
    assert (target.instance_id, target.step_id) == (123_456_789, 987_654)
