"""Two who press a button in the same moment: each is answered, and nothing is half done."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from tests.web.test_unusual_input import Target, a_target
from tests.web.visitors import signed_in
from waypost.workflows.actions import publish_workflow
from waypost.workflows.models import Folder, Workflow
from waypost.workflows.sight import UNKNOWN

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 4


def pressed(target: Target, *forms: tuple[str, dict[str, str]]) -> list[int]:
    """What each of these forms is answered, sent in threads of their own."""

    def press(form: tuple[str, dict[str, str]]) -> int:
        try:
            return signed_in(target.admin).post(*form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(forms)) as threads:
        return list(threads.map(press, forms))


def test_of_several_who_make_the_same_folder_one_does() -> None:
    target = a_target()

    answers = pressed(target, *[("/workflows/folders/new/", {"name": "Same"})] * TIMES)

    assert sorted(answers) == [303] + [422] * (TIMES - 1)
    assert Folder.objects.filter(name="Same").count() == 1


def test_several_who_copy_a_workflow_get_a_copy_or_are_told_to_try_again() -> None:
    target = a_target()
    form = (f"/workflows/{target.ids['workflow_id']}/duplicate/", {"name": "Copy", "place": "/"})

    answers = pressed(target, *[form] * TIMES)

    assert set(answers) <= {303, 422}
    assert Workflow.objects.filter(name="Copy").count() == answers.count(303) > 0


def test_a_folder_that_goes_while_something_moves_in_takes_nothing_along() -> None:
    target = a_target()
    folder = str(target.ids["folder_id"])
    move = (f"/workflows/{target.ids['workflow_id']}/move/", {"folder": folder})

    answers = pressed(target, move, (f"/workflows/folders/{folder}/delete/", {}), move)

    assert answers == [303] * 3
    row = Workflow.objects.get(pk=str(target.ids["workflow_id"]))
    assert Folder.objects.filter(pk=folder).exists() == (row.folder_id is not None)


def test_a_workflow_that_is_deleted_while_somebody_publishes_it_stays_deleted() -> None:
    target = a_target()
    workflow_id = int(str(target.ids["workflow_id"]))

    def publish() -> object:
        try:
            return publish_workflow(target.admin, workflow_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            row = Workflow.objects.select_for_update().get(pk=workflow_id)
            published = threads.submit(publish)
            while not (somebody_waits() or published.done()):
                pass
            Workflow.objects.filter(pk=row.pk).update(deleted_at=row.created_at)
        outcome = published.result()

    assert outcome == UNKNOWN
    assert not Workflow.objects.filter(deleted_at=None).exists()


def somebody_waits() -> bool:
    """Whether another connection waits for a lock of this one."""
    with connection.cursor() as cursor:
        # Not pg_stat_activity: within a transaction it stays as it was when it was first read.
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        (count,) = cursor.fetchone()
    return bool(count)
