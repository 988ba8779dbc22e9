"""Published versions as the engine reads them."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from waypost.engine.definition import Workflow
from waypost.workflows.models import WorkflowVersion


@lru_cache(maxsize=1024)
def load_version(version_id: int) -> Workflow:
    """The definition of a version, parsed once in each process: versions never change."""
    version = WorkflowVersion.objects.only("definition").get(pk=version_id)
    workflow: Workflow = msgspec.convert(version.definition, Workflow)
    return workflow
