"""Workflows as pictures, drawn from their definition: `diagram_svg`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from waypost.engine.definition import Workflow
from waypost.engine.instance import Status
from waypost.engine.step_types import AnyStep
from waypost.workflows.diagram.layout import lay_out
from waypost.workflows.diagram.svg import write_svg

__all__ = ["diagram_svg"]


def diagram_svg(
    workflow: Workflow,
    link_of: Callable[[AnyStep], str] | None = None,
    states: Mapping[str, Status] | None = None,
) -> str:
    """The workflow as SVG: steps from top to bottom, conditions on the edges, returns at the right.

    `link_of` gives each step the address it leads to; `states` (by step key) show how far a run
    came. Colours are attributes, so that a page's style sheet may change them by class.
    """
    return write_svg(lay_out(workflow), workflow, link_of, states or {})
