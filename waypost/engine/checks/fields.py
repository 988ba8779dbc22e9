"""The check of fields: items that can be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from waypost.engine.choice import folded
from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding


def field_findings(workflow: Workflow) -> Iterator[Finding]:
    """Fields that nobody could fill in."""
    for step in workflow.steps:
        for field in step.fields:
            items = getattr(field, "items", None)
            if isinstance(items, tuple):
                for finding in _item_findings(items):
                    yield replace(finding, step=step.key, field=field.key)


def _item_findings(items: tuple[str, ...]) -> Iterator[Finding]:
    spelled = [folded(item) for item in items]
    if not items or "" in spelled:
        yield Finding(
            "no_items",
            "There is nothing, or something empty, to choose.",
            "Write every item.",
            attribute="items",
        )
    if len(set(spelled)) < len(spelled):
        yield Finding(
            "duplicate_item",
            "An item stands twice (case does not count).",
            "Remove one.",
            attribute="items",
        )
