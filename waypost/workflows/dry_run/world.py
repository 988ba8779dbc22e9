"""The world of a dry run: instances, a clock, what providers remember, and everything so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias

from waypost.engine.commands import Command, Start
from waypost.engine.decide import decide
from waypost.engine.definition import Workflow
from waypost.engine.effects import SendRequest, open_effects
from waypost.engine.errors import Refusal
from waypost.engine.events import Event
from waypost.engine.instance import NEW, Instance
from waypost.engine.naming import instance_name
from waypost.engine.references import Context, Lookup
from waypost.engine.rendering import RenderedRequest
from waypost.engine.step_types.http_request import HttpRequest

#: What public links begin with; they lead nowhere.
LINK_BASE = "https://waypost.example/s/"
#: How many ancestors by creation an instance may have, as in earnest.
DEEPEST = 20

Who: TypeAlias = Literal["person", "call", "time"]


@dataclass(frozen=True, slots=True)
class Origin:
    """The visit of a call: whose step it is, and which round."""

    run_id: int
    step: str
    visit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One instance of the world. `parent` is the visit whose call started it."""

    id: int
    workflow: Workflow
    state: Instance
    started_at: datetime
    parent: Origin | None = None

    @property
    def lookup(self) -> Lookup:
        """The values of its references now."""
        return Lookup(self.workflow, self.state, Context(self.id, self.state.name, LINK_BASE))


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of an instance."""

    run_id: int
    at: datetime
    event: Event
    by: Who


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """A call and its answer. No `status` means that nobody answered; `failure` says why."""

    run_id: int
    at: datetime
    step: str
    visit: int
    attempt: int
    request: RenderedRequest | None
    status: int | None
    body: str
    answered_by: str
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail or text that a customer would have got."""

    run_id: int
    at: datetime
    kind: Literal["mail", "text"]
    to: str
    subject: str
    text: str


Entry: TypeAlias = Happened | Exchanged | Delivered


@dataclass(frozen=True, slots=True)
class Verification:
    """What Twilio Verify remembers of one phone number."""

    sends: int = 0
    checks: int = 0
    is_pending: bool = False
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything at one moment. `workflows` go by key and have ids; the first run is the tested,
    and has the id `first_id`.
    """

    workflows: Mapping[str, Workflow]
    now: datetime
    first_id: int = 1
    runs: tuple[Run, ...] = ()
    log: tuple[Entry, ...] = ()
    verifications: Mapping[str, Verification] = field(default_factory=dict)

    def run(self, run_id: int) -> Run | None:
        """The instance with this id."""
        place = run_id - self.first_id
        return self.runs[place] if 0 <= place < len(self.runs) else None

    def again(self, run: Run) -> Run:
        """An instance as it is in this world."""
        return self.runs[run.id - self.first_id]

    def runs_of(self, key: str) -> tuple[Run, ...]:
        """The instances of a workflow, in the order of their start."""
        return tuple(one for one in self.runs if one.workflow.key == key)

    def with_entries(self, *entries: Entry) -> World:
        """With something more in the log."""
        return replace(self, log=(*self.log, *entries))


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that waits to be made, or to be tried again once it is due."""

    run: Run
    step: HttpRequest
    effect: SendRequest


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a start brings. `name` is empty where the workflow names its instances."""

    name: str
    url_parameters: Mapping[str, str] = field(default_factory=dict)


def start(world: World, key: str, new: Beginning, parent: Origin | None = None) -> World | Refusal:
    """A new instance of a workflow; its id follows from how many there are."""
    workflow = world.workflows.get(key)
    if workflow is None:
        return Refusal("workflow_not_found", f"There is no workflow {key} here.")
    if _depth(world, parent) > DEEPEST:
        return Refusal("too_deep", "Instances start each other without end. Mend that step.")
    run_id = world.first_id + len(world.runs)
    context = Context(run_id, "", LINK_BASE)
    named = instance_name(workflow, new.name, context, new.url_parameters)
    if isinstance(named, Refusal):
        return named
    run = Run(id=run_id, workflow=workflow, state=NEW, started_at=world.now, parent=parent)
    by: Who = "person" if parent is None else "call"
    command = Start(named, url_parameters=new.url_parameters)
    return change(replace(world, runs=(*world.runs, run)), run, command, by)


def change(world: World, run: Run, command: Command, by: Who) -> World | Refusal:
    """Carry a command out on an instance."""
    decision = decide(run.workflow, run.state, command, world.now)
    if isinstance(decision, Refusal):
        return decision
    after = replace(run, state=decision.instance)
    runs = tuple(after if one.id == run.id else one for one in world.runs)
    happened = (Happened(run.id, world.now, event, by) for event in decision.events)
    return replace(world, runs=runs).with_entries(*happened)


def open_calls(world: World) -> Iterator[OpenCall]:
    """Every call that waits, the one that is due first in front."""
    found = (
        OpenCall(run, step, effect)
        for run in world.runs
        for effect in open_effects(run.workflow, run.state)
        if isinstance(effect, SendRequest)
        and isinstance(step := run.workflow.step_by_key[effect.step], HttpRequest)
    )
    return iter(sorted(found, key=lambda one: one.effect.due_at))


def _depth(world: World, parent: Origin | None) -> int:
    depth = 0
    while parent is not None:
        depth += 1
        run = world.run(parent.run_id)
        parent = run.parent if run else None
    return depth
