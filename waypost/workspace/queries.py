"""What others ask of a workspace: its letterhead, and what it remembers."""

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


def template_values(workspace_id: int) -> dict[str, str]:
    """What the parameters of templates were filled with last, by name."""
    found: Workspace = Workspace.objects.only("settings").get(pk=workspace_id)
    values = found.settings.get("template_values", {})
    return {str(name): str(value) for name, value in values.items()}
