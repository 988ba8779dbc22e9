"""A step as a form to fill in, for colleagues and customers alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.http import QueryDict
from django.utils.safestring import SafeString

from waypost.engine.errors import Refusal
from waypost.engine.field_types import AnyField
from waypost.engine.field_types.date import Date
from waypost.engine.formatting import render_text
from waypost.engine.forms import offered_values, visible_fields
from waypost.engine.json_value import JSON, text_of
from waypost.engine.references import Context, Lookup, fill_links
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.instruction import Instruction
from waypost.instances.detail import InstanceDetail
from waypost.instances.links import link_path
from waypost.web.fields.reading import NO_CODE, input_name, posted_texts
from waypost.web.markdown import as_html

LINKS = "/s/"
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """One item to choose, or one button of a routing."""

    id: str
    value: str
    label: str
    is_chosen: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """One field as its template draws it. `id` is also the name of its control.

    `value` is what a single control holds; of a routing it is the comment.
    """

    id: str
    field_id: int
    template: str
    label: str
    definition: AnyField
    info: SafeString | str = ""
    text: SafeString | str = ""
    value: str = ""
    choices: tuple[Choice, ...] = ()
    error: str = ""
    input_type: str = "text"
    step: str = "any"
    offers_no_code: bool = False

    @property
    def is_long(self) -> bool:
        """Whether the label is a text to read rather than a name."""
        return len(self.label) > LONGEST_NAME

    @property
    def described_by(self) -> str:
        """Ids of what explains the control, for `aria-describedby`."""
        named = (("info", self.info), ("error", self.error))
        return " ".join(f"{self.id}-{name}" for name, text in named if text)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepForm:
    """An active step to be filled in. `visit` is the round it shows; it travels with the answer."""

    step: AnyStep
    visit: int
    text: SafeString | str
    fields: tuple[ShownField, ...]
    refusal: str = ""

    @property
    def faulty_fields(self) -> tuple[ShownField, ...]:
        """The fields whose answer could not be taken."""
        return tuple(one for one in self.fields if one.error)

    @property
    def has_routing(self) -> bool:
        """Whether its own buttons end the step, in place of Complete."""
        return any(one.definition.widget == "routing" for one in self.fields)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer that was not taken, and why: shown again, so that nothing has to be typed twice."""

    post: QueryDict
    refusal: Refusal


def asked_fields(detail: InstanceDetail, step: AnyStep, now: datetime) -> tuple[AnyField, ...]:
    """The fields that the step asks now."""
    return visible_fields(step, detail.workflow, detail.state, now)


@dataclass(frozen=True, slots=True)
class Links:
    """What public links in a text become: the base, and behind it a token by step key."""

    base: str
    token_of: Callable[[str], str]


def step_form(
    detail: InstanceDetail,
    step: AnyStep,
    now: datetime,
    attempt: Attempt | None = None,
    links: Links | None = None,
) -> StepForm:
    """The form of an active step, empty, prefilled, or as it was sent; `links` stand in for the
    real ones.
    """
    texts = Texts(detail, links)
    fields = asked_fields(detail, step, now)
    given = _given(detail, step, texts, fields, attempt)
    faults = dict(attempt.refusal.fields) if attempt else {}
    return StepForm(
        step=step,
        visit=detail.run(step).visit,
        text=texts.html(step.text) if isinstance(step, Instruction) else "",
        fields=tuple(
            shown_field(one, texts, given.get(one.id, []), _fault(one, faults)) for one in fields
        ),
        refusal="" if attempt is None or faults else attempt.refusal.message,
    )


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of builders with the values of one instance in them."""

    detail: InstanceDetail
    links: Links | None = None
    lookup: Lookup = field(init=False)

    def __post_init__(self) -> None:
        detail = self.detail
        base = self.links.base if self.links else settings.PUBLIC_URL + LINKS
        context = Context(detail.id, detail.row.name, base)
        object.__setattr__(self, "lookup", Lookup(detail.workflow, detail.state, context))

    def html(self, text: str) -> SafeString:
        """Markdown with references, as HTML; public links become links to click."""
        return as_html(fill_links(render_text(text, self.lookup, "markdown"), self._token))

    def plain(self, text: str) -> str:
        """One line with references."""
        return fill_links(render_text(text, self.lookup), self._token)

    def _token(self, step_key: str) -> str:
        if self.links is not None:
            return self.links.token_of(step_key)
        step = self.detail.workflow.step_by_key[step_key]
        return link_path(self.detail, step).removeprefix(LINKS)


def shown_field(one: AnyField, texts: Texts, given: list[str], fault: str) -> ShownField:
    """A field with what it offers or was given."""
    name = input_name(one)
    return ShownField(
        id=name,
        field_id=one.id,
        template=f"fields/{one.widget}.html",
        label=one.name,
        definition=one,
        info=texts.html(one.info) if one.info else "",
        text=texts.html(getattr(one, "text", "")),
        value=given[0] if given else "",
        choices=_choices(one, name, given),
        error=fault,
        input_type="datetime-local" if isinstance(one, Date) and one.has_time else "date",
        step=_step_of(one),
        offers_no_code=one.is_one_time_code and NO_CODE in one.name + one.info,
    )


def _given(
    detail: InstanceDetail,
    step: AnyStep,
    texts: Texts,
    fields: tuple[AnyField, ...],
    attempt: Attempt | None,
) -> Mapping[int, list[str]]:
    if attempt:
        comments = {
            one.id: [attempt.post.get(f"{input_name(one)}-comment", "")]
            for one in fields
            if one.widget == "routing"
        }
        return posted_texts(fields, attempt.post) | comments
    offered = offered_values(step, detail.run(step))
    return {
        one.id: _stored_texts(one, offered[one.key])
        if one.key in offered
        else [texts.plain(getattr(one, "prefill", ""))]
        for one in fields
    }


def _stored_texts(one: AnyField, stored: JSON) -> list[str]:
    if one.widget == "routing":
        return []  # Its comment belongs to the button that was pressed then.
    value = one.output(stored, "e164" if one.widget == "phone" else one.default_output)
    return [text_of(item) for item in value] if isinstance(value, list) else [text_of(value)]


def _choices(one: AnyField, name: str, given: list[str]) -> tuple[Choice, ...]:
    buttons = getattr(one, "buttons", ())
    if buttons:
        return tuple(
            Choice(f"{name}-{place}", str(place), button.label, tone=button.action)
            for place, button in enumerate(buttons)
        )
    items: tuple[str, ...] = getattr(one, "items", ())
    return tuple(
        Choice(f"{name}-{place}", item, item, is_chosen=item in given)
        for place, item in enumerate(items)
    )


def _step_of(one: AnyField) -> str:
    if getattr(one, "is_whole", False):
        return "1"
    return str(getattr(one, "step", None) or "any")


def _fault(one: AnyField, faults: Mapping[str, str]) -> str:
    """The reason without the field's name in front: it stands right beside the field."""
    reason = faults.get(one.key, "").removeprefix(f"{one.name}: ")
    return reason[:1].upper() + reason[1:]
