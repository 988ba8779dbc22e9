"""What can be done to workspaces."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.text import slugify

from waypost.workspace.models import Workspace


def create_workspace(name: str) -> Workspace:
    """A new, empty workspace; its slug follows from the name and is made unique."""
    stem = slugify(name)[:40] or "workspace"
    taken = set(Workspace.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    slug = next(slug for slug in (stem, *numbered) if slug not in taken)
    return Workspace.objects.create(slug=slug, name=name.strip()[:255])


@transaction.atomic
def remember_template_values(workspace_id: int, values: Mapping[str, str]) -> None:
    """Offer these values the next time a template asks for them."""
    workspace = Workspace.objects.select_for_update().get(pk=workspace_id)
    known = workspace.settings.get("template_values", {})
    workspace.settings = workspace.settings | {"template_values": known | dict(values)}
    workspace.save(update_fields=["settings"])
