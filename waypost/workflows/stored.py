"""Drafts as their rows hold them."""

from __future__ import annotations

import msgspec

from waypost.engine.definition import FORMAT, Workflow
from waypost.engine.errors import UnknownFormat
from waypost.workflows import models


def stored_draft(row: models.Workflow) -> Workflow:
    """The draft of a row, without ids; raises UnknownFormat for one of another release."""
    try:
        workflow = msgspec.convert(row.draft, Workflow)
    except msgspec.ValidationError as error:
        raise UnknownFormat(f"The draft of workflow {row.pk} cannot be read: {error}.") from error
    if workflow.format > FORMAT:
        raise UnknownFormat(f"The draft of workflow {row.pk} has format {workflow.format}.")
    return workflow
