"""Changing drafts: the one door for pages and the API, where two at once lose nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import msgspec
from django.db import transaction
from msgspec import structs

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.json_value import clean_json, clean_text
from waypost.engine.texts import texts_in
from waypost.integrations.credentials import NewCredential
from waypost.people.actor import Actor
from waypost.workflows import models
from waypost.workflows.canonical import plain
from waypost.workflows.check import normalised
from waypost.workflows.collisions import conflict_refusal
from waypost.workflows.difference import Change, changes_between
from waypost.workflows.draft_changes import Undoing, draft_at, draft_of, keep_draft, with_all_ids
from waypost.workflows.identities import identities_of
from waypost.workflows.ids import Identities, with_known_ids, without_ids
from waypost.workflows.merging import applied, is_in_order
from waypost.workflows.secrets import (
    forget_secrets,
    keep_secrets,
    secret_header_in,
    take_secrets,
)
from waypost.workflows.sight import LEADS_BY_ADMINS, UNKNOWN, changeable

#: What a builder did, as a pure function on the draft as they saw it.
Edit: TypeAlias = Callable[[Workflow], Workflow | Refusal]

#: Changes that one may be behind and still be merged: more than a day of many builders.
MOST_REVISIONS = 2000
_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}")
_SECRETS_NEED_ADMIN = Refusal(
    "not_permitted",
    "This is a secret, and only an admin may store credentials. "
    "Choose a stored credential in the step instead, or ask an admin to store it.",
)
_SECRET_STAYS = Refusal(
    "literal_secret",
    "A secret is kept as a credential for the host it is sent to, not in the workflow. "
    "Enter the URL first and choose no other credential, then paste the header.",
)
_TOO_OLD = Refusal(
    "draft_conflict",
    "This page is too old to be merged with what was changed since. Reload it, then try again.",
)
_OUT_OF_ORDER = Refusal(
    "out_of_order",
    "A step stands away from its group, or in one that is not there. "
    "Put every member directly behind its group.",
)
_BAD_KEY = Refusal(
    "unusable_key",
    "Keys of steps and fields have letters, digits, - and _ (100 at most), and each only once. "
    "Give every step, and every field of a step, such a key of its own.",
)


@dataclass(frozen=True, slots=True)
class Edited:
    """The draft after a change, ids filled in; without changes the revision stayed."""

    workflow_id: int
    revision: int
    workflow: Workflow
    changes: tuple[Change, ...]

    @property
    def is_changed(self) -> bool:
        """Whether there is a new revision."""
        return bool(self.changes)

    @property
    def added_steps(self) -> tuple[str, ...]:
        """The keys of the steps that are new, in document order."""
        added = {one.path[-1] for one in self.changes if one.kind == "add" and len(one.path) == 2}
        return tuple(step.key for step in self.workflow.steps if step.key in added)


@transaction.atomic
def edit_draft(
    actor: Actor, workflow_id: int, revision: int, label: str, change: Edit
) -> Edited | Refusal:
    """Carry out what a builder did on the draft they saw, and merge it into the newest.

    `label` names the change in the changelog ("Renamed Ask for phone"). Refused with
    `draft_conflict` when somebody else wanted something else in the same place since.
    """
    row = locked(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    is_recent = row.draft_revision - revision <= MOST_REVISIONS
    base = draft_at(row, revision) if is_recent else None
    if base is None:
        return _TOO_OLD
    known = identities_of(row.workspace_id, [row.key])
    merged = _merged(row, base, revision, _Wish(actor, known, change))
    if isinstance(merged, Refusal):
        return merged
    refusal = keep_secrets(actor, merged.credentials)
    if refusal is not None:
        transaction.set_rollback(True)
        return refusal
    outcome = _kept(actor, row, merged.workflow, label, known)
    forget_secrets(row, merged.credentials)
    return outcome


def locked(actor: Actor, workflow_id: int) -> models.Workflow | Refusal:
    """The row, held until the end of the transaction, so that one change follows another."""
    row = changeable(actor, workflow_id)
    if isinstance(row, Refusal):
        return row
    rows = models.Workflow.objects.select_for_update(no_key=True)
    # Deleted meanwhile: publishing it would make another workflow under its key.
    return rows.filter(pk=row.pk, deleted_at=None).first() or UNKNOWN


def edited(
    actor: Actor,
    row: models.Workflow,
    workflow: Workflow,
    label: str,
    taking_back: Undoing | None = None,
) -> Edited:
    """Keep a draft of a locked row, and give what it became."""
    known = identities_of(row.workspace_id, [row.key])
    return _kept(actor, row, workflow, label, known, taking_back)


def is_good_key(key: str) -> bool:
    """Whether it can be the key of a workflow, step or field."""
    return _KEY.fullmatch(key) is not None


def names_other_leads(wanted: Workflow, before: Workflow) -> bool:
    """Whether somebody else would lead the workflow; naming nobody leaves it to who leads now."""
    return wanted.lead not in ("", before.lead) or wanted.tech_lead not in ("", before.tech_lead)


@dataclass(frozen=True, slots=True)
class _Wish:
    """Who wants which change; `known` are the ids that the change may name."""

    actor: Actor
    known: Identities
    change: Edit


@dataclass(frozen=True, slots=True)
class _Wished:
    """The draft as one builder wants it, and the secrets that came with it."""

    workflow: Workflow
    credentials: tuple[NewCredential, ...]


def _merged(row: models.Workflow, base: Workflow, revision: int, wish: _Wish) -> _Wished | Refusal:
    """What the newest draft becomes; `base` is the draft at the revision that the builder saw."""
    wished = _wished(row, base, wish)
    if isinstance(wished, Refusal) or revision == row.draft_revision:
        return wished
    changes = changes_between(base, wished.workflow)
    merged = applied(draft_of(row), changes)
    if isinstance(merged, Workflow):
        return replace(wished, workflow=merged)
    return _again_on_newest(row, changes, wish) or conflict_refusal(row, revision, merged)


def _wished(row: models.Workflow, base: Workflow, wish: _Wish) -> _Wished | Refusal:
    """What the change makes of a draft, in the form in which drafts are stored."""
    wanted = wish.change(with_known_ids(base, wish.known))
    if isinstance(wanted, Refusal):
        return wanted
    fault = _fault(wanted, base, wish.actor)
    if fault is not None:
        return fault
    wanted = _clean(structs.replace(wanted, key=row.key))
    cleaned = take_secrets(normalised(wanted, frozenset(one.text for one in texts_in(base))))
    if cleaned.credentials and not wish.actor.is_admin:
        return _SECRETS_NEED_ADMIN
    if secret_header_in(cleaned.workflow, base) is not None:
        return _SECRET_STAYS
    return _Wished(without_ids(cleaned.workflow), cleaned.credentials)


def _fault(wanted: Workflow, base: Workflow, actor: Actor) -> Refusal | None:
    if not _has_good_keys(wanted):
        return _BAD_KEY
    if not is_in_order(wanted):
        return _OUT_OF_ORDER
    if not actor.is_admin and names_other_leads(wanted, base):
        return LEADS_BY_ADMINS
    return None


def _clean(workflow: Workflow) -> Workflow:
    """Without the letters that the database refuses; hardly any workflow has them."""
    try:
        written = msgspec.json.encode(workflow).decode()
    except UnicodeEncodeError:
        written = ""
    if written and "\\u0000" not in written and clean_text(written) == written:
        return workflow
    return msgspec.convert(clean_json(plain(workflow)), Workflow)


def _has_good_keys(workflow: Workflow) -> bool:
    steps = [step.key for step in workflow.steps]
    return _are_good(steps) and all(
        _are_good([field.key for field in step.fields]) for step in workflow.steps
    )


def _are_good(keys: Sequence[str]) -> bool:
    return len(keys) == len(set(keys)) and all(is_good_key(key) for key in keys)


def _again_on_newest(row: models.Workflow, meant: Sequence[Change], wish: _Wish) -> _Wished | None:
    """The same change made on the newest draft, when all it did was to add something.

    Two who press "Add step" at once both name theirs `form`; the second gets the next free key.
    """
    if not _only_adds(meant):
        return None
    newest = draft_of(row)
    wished = _wished(row, newest, wish)
    if isinstance(wished, Refusal):
        return None
    made = changes_between(newest, wished.workflow)
    return wished if _only_adds(made) and len(made) == len(meant) else None


def _only_adds(changes: Iterable[Change]) -> bool:
    return Counter(one.kind for one in changes).keys() == {"add"}


def _kept(
    actor: Actor,
    row: models.Workflow,
    workflow: Workflow,
    label: str,
    known: Identities,
    taking_back: Undoing | None = None,
) -> Edited:
    changes = keep_draft(actor, row, workflow, label, taking_back)
    return Edited(row.pk, row.draft_revision, with_all_ids(row, workflow, known), changes)
