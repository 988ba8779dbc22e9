"""URL parameters: what the address of a start says about an instance, under declared names."""

from __future__ import annotations

from collections.abc import Mapping

from waypost.engine.definition import Workflow
from waypost.engine.json_value import clean_text

LONGEST_VALUE = 1000


def kept_parameters(workflow: Workflow, given: Mapping[str, str]) -> dict[str, str]:
    """What an instance keeps of the given ones, in the order of the declaration: anybody may add to
    an address, so what nobody declared is dropped and what is too long is cut.
    """
    return {
        name: clean_text(given[name])[:LONGEST_VALUE]
        for name in workflow.url_parameters
        if name in given
    }
