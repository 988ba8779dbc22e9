"""What every step has; the types are one file each in `step_types/`."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

import msgspec

from waypost.engine.conditions import Condition
from waypost.engine.field_types import AnyField
from waypost.engine.moment import Moment
from waypost.engine.setting import Setting

#: How a container's members take their turns; nothing for a step that is no container.
Holding: TypeAlias = Literal["", "sequence", "parallel"]


class Variable(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A value picked from an answer by JSONPath; `default` stands in when nothing was found or the
    step was skipped.
    """

    name: str
    path: str
    default: str = ""


class Step(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="type",
):
    """One step of a workflow. `id` is the step ID of the REST API, 0 until it is known.

    `assignee` is `workflow_lead`, `instance_lead`, `starter`, `external`, `team:<name>` or
    `user:<email>`. `within` is the key of the group or parallel that holds it, empty at the top;
    members stand directly behind their container. `schedule` says when it starts once its turn has
    come, `deadline` by when it should be done.
    """

    #: Who ends an active step: a person, or the answer to a call.
    waits_for: ClassVar[Literal["person", "call"]] = "person"
    #: How a builder calls the type.
    label: ClassVar[str] = ""
    #: Whether it holds other steps, and how.
    holds: ClassVar[Holding] = ""
    #: What a builder may set besides what every step has.
    settings: ClassVar[tuple[Setting, ...]] = ()

    key: str
    name: str
    id: int = 0
    within: str = ""
    assignee: str = "workflow_lead"
    condition: Condition | None = None
    schedule: Moment | None = None
    deadline: Moment | None = None
    is_blocking: bool = True
    notes: str = ""
    fields: tuple[AnyField, ...] = ()
    variables: tuple[Variable, ...] = ()

    @property
    def is_external(self) -> bool:
        """Whether somebody without an account completes it through a secure link."""
        return self.assignee == "external"

    def field(self, key: str) -> AnyField | None:
        """The field with this key."""
        return next((field for field in self.fields if field.key == key), None)

    def variable(self, name: str) -> Variable | None:
        """The variable with this name."""
        return next((one for one in self.variables if one.name == name), None)
