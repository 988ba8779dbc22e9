"""What an instance is called: as its workflow says, else as whoever starts it says."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.formatting import render_text
from waypost.engine.instance import NEW
from waypost.engine.json_value import clean_text
from waypost.engine.references import Context, Lookup
from waypost.engine.url_parameters import kept_parameters

LONGEST_NAME = 255


def instance_name(
    workflow: Workflow, given: str, context: Context, url_parameters: Mapping[str, str]
) -> str | Refusal:
    """The name of a new instance; `given` must be empty where the workflow names it."""
    given = clean_text(given).strip()
    if workflow.has_automatic_names:
        if given:
            return _bad_name("This workflow names its instances itself. Leave the name out.")
        template = workflow.name_template or f"{workflow.name} {{{{=instance.id}}}}"
        begun = replace(NEW, url_parameters=kept_parameters(workflow, url_parameters))
        return render_text(template, Lookup(workflow, begun, context))[:LONGEST_NAME]
    if not given:
        return _bad_name("Give the instance a name.")
    if len(given) > LONGEST_NAME:
        return _bad_name(f"The name is longer than {LONGEST_NAME} letters. Shorten it.")
    return given


def _bad_name(message: str) -> Refusal:
    return Refusal("invalid_value", message, (("name", message),))
