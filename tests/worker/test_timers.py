"""Timers with real workers: the open step is the truth, whatever becomes of queue and process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.instances.makers import Place, a_call, a_form, a_place, published, started
from tests.instances.rows import rows, run
from tests.worker.process import a_worker
from tests.worker.site import a_site
from tests.worker.waiting import detail_of, wait_for_end, wait_until
from waypost.engine.instance import Status
from waypost.engine.json_value import JSON
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.form import Form
from waypost.instances.actions import complete_step
from waypost.instances.detail import InstanceDetail

pytestmark = pytest.mark.django_db(transaction=True)

DATED = {"type": "form", "key": "ask", "name": "Ask"}
SCHEDULE: dict[str, object] = {"anchor": "date", "source": "ask.day"}


def waiting(place: Place, later: AnyStep, seconds: float) -> InstanceDetail:
    """An instance whose second step is to start in so many seconds."""
    field = {"type": "date", "key": "day", "name": "Day", "has_time": True}
    ask = msgspec.convert(DATED | {"fields": [field]}, Form)
    workflow = published(place, ask, later)
    instance = started(place, workflow)
    day = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    values: dict[int, JSON] = {workflow.steps[0].fields[0].id: {"date": day}}
    complete_step(place.lead, instance.id, workflow.steps[0].id, values)
    return detail_of(place.lead, instance.id)


def test_a_step_starts_when_its_time_comes() -> None:
    place = a_place()
    with a_site() as site, a_worker(site.url):
        instance = waiting(place, a_call(url=site.url, schedule=SCHEDULE), 2)
        due_at = instance.state.run("call").due_at
        ended = wait_for_end(place.lead, instance.id)

    begun_at = ended.state.run("call").activated_at
    assert due_at is not None and begun_at is not None
    assert begun_at >= due_at
    assert len(site.received) == 1


def test_timers_survive_a_killed_worker_and_a_truncated_queue() -> None:
    place = a_place()
    with a_site() as site:
        with a_worker(site.url) as worker:
            ids = [waiting(place, a_form("later", schedule=SCHEDULE), 2).id for _ in range(3)]
            worker.kill()
            worker.wait()
        assert [kind for (kind,) in rows("SELECT kind FROM open_step")] == ["timer"] * 3
        run("TRUNCATE pgqueuer, pgqueuer_log, pgqueuer_statistics")
        with a_worker(site.url), a_worker(site.url):
            wait_until(lambda: not rows("SELECT 1 FROM open_step WHERE kind = 'timer'"))

    for instance_id in ids:
        assert detail_of(place.lead, instance_id).state.run("later").status is Status.ACTIVE
        kinds = rows("SELECT kind FROM event WHERE instance_id = %s", instance_id)
        assert [kind for (kind,) in kinds].count("step_activated") == 2
