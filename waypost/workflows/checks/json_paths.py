"""The check of variables: JSONPath that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from jsonpath import JSONPathEnvironment, JSONPathError

from waypost.engine.definition import Workflow
from waypost.engine.finding import Finding
from waypost.engine.heavy_paths import why_heavy
from waypost.engine.labels import unescape_jsonpath

_JSONPATH = JSONPathEnvironment(strict=True)


def json_path_findings(workflow: Workflow) -> Iterator[Finding]:
    """Paths that pick nothing because they are none."""
    for step in workflow.steps:
        for number, variable in enumerate(step.variables):
            problem = _problem(unescape_jsonpath(variable.path))
            if problem:
                yield Finding(
                    "invalid_jsonpath",
                    f"`{variable.path}` is no JSONPath: {problem}.",
                    "Write a path from the root, such as $.id or $.items[0].name.",
                    step=step.key,
                    attribute=f"variables.{number}.path",
                )


@lru_cache(maxsize=1024)
def _problem(path: str) -> str:
    if not path.startswith("$"):
        return "it does not begin with $"
    heavy = why_heavy(path)
    if heavy:
        return heavy
    try:
        _JSONPATH.compile(path)
    except JSONPathError as error:
        return str(error).partition("\n")[0].rstrip(".")
    except RecursionError:
        return "it is nested too deep"
    return ""
