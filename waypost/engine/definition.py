"""The workflow as a builder makes it and as a version freezes it."""

from __future__ import annotations

from functools import cached_property

import msgspec

from waypost.engine.dry_run import DryRun
from waypost.engine.step_types import AnyStep
from waypost.engine.structure import containers_of

#: Number of the stored form; a second one will need what lifts this one on load.
FORMAT = 1
#: Number of the rules a version runs by; a changed rule applies from the next number on.
RULES = 1


class Workflow(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    dict=True,
):
    """A blueprint: steps in order, and how its instances are named.

    Keys are slugs, unique in their parent and stable when something is renamed; ids are given at
    publishing. With `has_automatic_names` the instance name comes from `name_template`, and a start
    must not bring one. `acknowledged` silences warnings of the check: each by its code, or by code
    and place (`decline_ends_here:how_to_proceed`). `dry_runs` are its saved tests. A start may give
    a value for each of the `url_parameters`.
    """

    key: str
    name: str
    steps: tuple[AnyStep, ...]
    id: int = 0
    format: int = FORMAT
    rules: int = RULES
    description: str = ""
    lead: str = ""
    tech_lead: str = ""
    tags: tuple[str, ...] = ()
    has_automatic_names: bool = False
    name_template: str = ""
    url_parameters: tuple[str, ...] = ()
    acknowledged: tuple[str, ...] = ()
    dry_runs: tuple[DryRun, ...] = ()

    @cached_property
    def step_by_key(self) -> dict[str, AnyStep]:
        """Every step by its key, in document order."""
        return {step.key: step for step in self.steps}

    @cached_property
    def step_by_id(self) -> dict[int, AnyStep]:
        """Every published step by its id, in document order."""
        return {step.id: step for step in self.steps}

    @cached_property
    def position_by_key(self) -> dict[str, int]:
        """The place of each step in the order of the walk, from 0."""
        return {step.key: place for place, step in enumerate(self.steps)}

    @cached_property
    def members_by_key(self) -> dict[str, tuple[AnyStep, ...]]:
        """The steps directly within each container, in order; those at the top under ""."""
        found: dict[str, list[AnyStep]] = {"": []}
        for step in self.steps:
            found.setdefault(step.within, []).append(step)
        return {key: tuple(steps) for key, steps in found.items()}

    @cached_property
    def plain_steps_by_key(self) -> dict[str, tuple[AnyStep, ...]]:
        """The steps that hold no others, which alone have runs, in order: those within each
        container, however deep, under its key, and all under "".
        """
        found: dict[str, list[AnyStep]] = {one.key: [] for one in self.steps if one.holds}
        found[""] = []
        for step in self.steps:
            if not step.holds:
                for key in ("", *(one.key for one in containers_of(self, step.key))):
                    found[key].append(step)
        return {key: tuple(steps) for key, steps in found.items()}

    @cached_property
    def number_by_key(self) -> dict[str, str]:
        """The numbers a builder sees: the start item is 1, then 2, 3, members 3.1, 3.1.1."""
        numbers: dict[str, str] = {}
        counts: dict[str, int] = {"": 1}
        for step in self.steps:
            counts[step.within] = counts.get(step.within, 0) + 1
            before = numbers.get(step.within, "")
            own = str(counts[step.within])
            numbers[step.key] = f"{before}.{own}" if before else own
        return numbers

    def step_after(self, key: str) -> tuple[AnyStep, ...]:
        """The steps behind this one, in order."""
        return self.steps[self.position_by_key[key] + 1 :]


# Built here, while one thread imports: msgspec learns a type when it first decodes it, and two
# threads that do so at once end the process (0.22, a segmentation fault).
READER = msgspec.json.Decoder(Workflow)
