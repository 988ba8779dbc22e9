"""The audit log shows when somebody changed it."""

from __future__ import annotations

import pytest

from tests.people.makers import an_admin
from waypost.workspace.audit import Subject, first_broken_entry, list_entries, record
from waypost.workspace.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_entries_are_numbered_in_each_workspace() -> None:
    one, two = an_admin("one"), an_admin("two")

    for actor in (one, one, two):
        record(actor, "workflow_published", Subject("workflow", 7, {"number": 1}))

    assert [entry.seq for entry in list_entries(one.workspace_id)] == [2, 1]
    assert [entry.seq for entry in list_entries(two.workspace_id)] == [1]
    assert [entry.seq for entry in list_entries(one.workspace_id, before=2)] == [1]


def test_an_untouched_log_is_sound() -> None:
    actor = an_admin()
    for number in range(3):
        record(actor, "workflow_published", Subject("workflow", 7, {"number": number}))

    assert first_broken_entry(actor.workspace_id) is None


def test_a_changed_entry_shows() -> None:
    actor = an_admin()
    for number in range(3):
        record(actor, "workflow_published", Subject("workflow", 7, {"number": number}))

    AuditEntry.objects.filter(seq=2).update(act="nothing_happened")

    assert first_broken_entry(actor.workspace_id) == 2


def test_a_removed_entry_shows() -> None:
    actor = an_admin()
    for number in range(3):
        record(actor, "workflow_published", Subject("workflow", 7, {"number": number}))

    AuditEntry.objects.filter(seq=1).delete()

    assert first_broken_entry(actor.workspace_id) == 1
