"""What strangers may know of a workspace."""

from __future__ import annotations

from dataclasses import dataclass

from waypost.workspace.models import Workspace


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The name and logo on pages for people outside. `logo` is an image address of our own."""

    name: str
    logo: str

    @property
    def initial(self) -> str:
        """Stands for a logo where there is none."""
        return self.name[:1].upper()


def letterhead(workspace_id: int) -> Letterhead:
    """How the workspace presents itself."""
    workspace = Workspace.objects.only("name", "settings").get(pk=workspace_id)
    logo = str(workspace.settings.get("logo", ""))
    return Letterhead(workspace.name, logo if logo.startswith(("/", "data:image/")) else "")
