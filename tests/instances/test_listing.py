"""Lists: every filter, every order, both pagings, and what one may not see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.instances.makers import Place, a_form, a_place, an_actor, published, started
from tests.instances.rows import run, statements_into
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.json_value import JSON
from waypost.instances import listing
from waypost.instances.actions import (
    Changes,
    complete_step,
    delete_instances,
    stop_instances,
    update_instance,
)
from waypost.instances.listing import (
    InstanceFilter,
    Listing,
    Page,
    field_values_across,
    list_instances,
)
from waypost.instances.ordering import ORDERINGS
from waypost.workflows.models import Workflow as WorkflowModel


def listed(place: Place, *ordering: str, **narrowed: Any) -> list[str]:  # noqa: ANN401
    """The names in a list."""
    order = ordering or ("id",)
    found = list_instances(place.lead, InstanceFilter(**narrowed), order)
    assert isinstance(found, Listing), found
    assert found.count == len(found.rows)
    return [row.name for row in found.rows]


def three(place: Place) -> tuple[Workflow, list[int]]:
    """Anna runs, Bert is completed, Carl is stopped."""
    workflow = published(place, a_form())
    ids = [started(place, workflow, name).id for name in ("Anna", "Bert", "Carl")]
    complete_step(place.lead, ids[1], workflow.steps[0].id, {})
    stop_instances(place.lead, [ids[2]])
    return workflow, ids


@pytest.mark.django_db
def test_every_filter_narrows() -> None:
    place = a_place()
    workflow, ids = three(place)
    due = datetime(2030, 1, 1, tzinfo=UTC)
    update_instance(
        place.lead, ids[0], Changes(deadline_at=due, priority="V", tags=("red", "blue"))
    )
    soon, long_ago = due + timedelta(days=1), due - timedelta(days=9999)

    assert listed(place) == ["Anna", "Bert", "Carl"]
    assert listed(place, name="ER") == ["Bert"]
    assert listed(place, name="%") == []
    assert listed(place, query=str(ids[2])) == ["Carl"]
    assert listed(place, status="running") == ["Anna"]
    assert listed(place, progress_min=100) == ["Bert"]
    assert listed(place, progress_max=50) == ["Anna", "Carl"]
    assert listed(place, active_step_id=workflow.steps[0].id) == ["Anna"]
    assert listed(place, priority="V") == ["Anna"]
    assert listed(place, after={"deadline": due}) == ["Anna"]
    assert listed(place, before={"deadline": long_ago}) == []
    assert listed(place, after={"step_deadline": due}) == []
    assert listed(place, before={"ended_time": soon}) == ["Bert", "Carl"]
    assert listed(place, before={"completed_time": soon}) == ["Bert"]
    assert listed(place, before={"aborted_time": soon}) == ["Carl"]
    assert listed(place, after={"started_time": soon}) == []
    assert listed(place, before={"last_updated_time": soon}) == ["Anna", "Bert", "Carl"]
    assert listed(place, total_runtime_min=timedelta(days=1)) == []
    assert listed(place, total_runtime_max=timedelta(days=1)) == ["Anna", "Bert", "Carl"]
    assert listed(place, tags=("green", "blue")) == ["Anna"]
    assert listed(place, lead_user_id=place.lead.principal_id) == ["Anna", "Bert", "Carl"]
    assert listed(place, lead_user_id=10**9) == []
    assert listed(place, instance_ids=(ids[1], ids[2])) == ["Bert", "Carl"]
    assert listed(place, instance_ids=()) == []
    assert listed(place, workflow_id=workflow.id + 1) == []


@pytest.mark.django_db
def test_numbers_beyond_the_database_are_refused() -> None:
    place = a_place()

    outcome = list_instances(place.lead, InstanceFilter(instance_ids=(10**40,)))

    assert isinstance(outcome, Refusal)
    assert outcome.code == "invalid_value"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ORDERINGS)
def test_every_order_pages_there_and_back_by_cursor(name: str) -> None:
    place = a_place()
    three(place)
    for sign in ("", "-"):
        whole = listed(place, sign + name)
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = list_instances(
                place.lead, InstanceFilter(), (sign + name,), Page(size=1, cursor=cursor)
            )
            assert isinstance(page, Listing)
            seen += [row.name for row in page.rows]
            last, cursor = page, page.next_cursor
        assert seen == whole
        back = list_instances(
            place.lead, InstanceFilter(), (sign + name,), Page(size=9, cursor=last.previous_cursor)
        )
        assert isinstance(back, Listing)
        assert [row.name for row in back.rows] == whole[:-1]
        assert back.previous_cursor is None


@pytest.mark.django_db
def test_numbered_pages_say_whether_there_is_more() -> None:
    place = a_place()
    three(place)

    first = list_instances(place.lead, InstanceFilter(), ("name",), Page(size=2))
    second = list_instances(place.lead, InstanceFilter(), ("name",), Page(number=2, size=2))

    assert isinstance(first, Listing)
    assert isinstance(second, Listing)
    assert ([row.name for row in first.rows], first.has_next) == (["Anna", "Bert"], True)
    assert ([row.name for row in second.rows], second.has_next) == (["Carl"], False)
    assert first.count == second.count == 3


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "e30", "WzEsMl0", "é", "WyJhIl0="])
def test_a_bad_cursor_or_order_is_refused(cursor: str) -> None:
    place = a_place()

    by_cursor = list_instances(place.lead, InstanceFilter(), page=Page(cursor=cursor))
    by_order = list_instances(place.lead, InstanceFilter(), ("secret",))

    assert isinstance(by_cursor, Refusal)
    assert isinstance(by_order, Refusal)


@pytest.mark.django_db
def test_counts_beyond_the_limit_are_estimates(monkeypatch: pytest.MonkeyPatch) -> None:
    place = a_place()
    three(place)
    monkeypatch.setattr(listing, "EXACT_COUNT", 1)

    found = list_instances(place.lead, InstanceFilter())

    assert isinstance(found, Listing)
    assert found.is_estimate
    assert found.count >= 2


@pytest.mark.django_db
def test_lists_show_what_may_be_seen() -> None:
    place, other = a_place(), a_place()
    workflow, ids = three(place)
    ann = an_actor(place.workspace, "Ann")
    delete_instances(place.lead, [ids[2]])
    assert len(_rows(ann)) == 2
    assert _rows(other.lead) == ()

    WorkflowModel.objects.filter(pk=workflow.id).update(is_private=True)

    assert _rows(ann) == ()
    assert len(_rows(place.lead)) == 2
    run(
        "UPDATE open_step SET assignee_id = %s WHERE instance_id = %s",
        ann.principal_id or 0,
        ids[0],
    )
    assert [row.id for row in _rows(ann)] == [ids[0]]


@pytest.mark.django_db
def test_one_field_across_instances() -> None:
    place = a_place()
    workflow = published(place, a_form(), a_form("two"))
    field = workflow.steps[0].fields[0]
    ids = [started(place, workflow, name).id for name in ("Anna", "Bert")]
    values: dict[int, JSON] = {field.id: {"inputValue": "x"}}
    complete_step(place.lead, ids[0], workflow.steps[0].id, values)

    found = field_values_across(place.lead, field.id, InstanceFilter(workflow_id=workflow.id))

    assert not isinstance(found, Refusal)
    assert [(one.instance_id, one.value) for one in found.values] == [
        (ids[1], None),
        (ids[0], {"inputValue": "x"}),
    ]


@pytest.mark.django_db
def test_a_list_needs_two_queries_however_long() -> None:
    place = a_place()
    three(place)
    three(place)
    asked: list[str] = []

    with statements_into(asked):
        list_instances(place.lead, InstanceFilter())

    assert len(asked) == 2


def _rows(actor: Any) -> tuple[Any, ...]:  # noqa: ANN401
    found = list_instances(actor, InstanceFilter())
    assert isinstance(found, Listing)
    return found.rows
