"""What a customer meets behind a link, in a browser without script."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.instances.makers import Place, a_form, a_place, published, started
from waypost.engine.definition import Workflow
from waypost.engine.field_types.email import Email
from waypost.engine.field_types.instruction import Instruction
from waypost.engine.field_types.short_text import ShortText
from waypost.instances.actions import complete_step, stop_instances
from waypost.instances.detail import InstanceDetail
from waypost.instances.links import link_path
from waypost.instances.queries import load_instance

pytestmark = pytest.mark.django_db

CODE = ShortText(
    key="code",
    name="The code. Write NOTRECEIVED if none came.",
    is_required=True,
    is_one_time_code=True,
)


def a_run(place: Place, *fields: object) -> InstanceDetail:
    """First a step of ours, then one of the customer's, then one of ours."""
    asked = fields or (ShortText(key="text", name="Your name", is_required=True),)
    workflow = published(
        place,
        a_form("before"),
        a_form("customer", name="Tell us", assignee="external", fields=asked),
        a_form("after"),
    )
    return started(place, workflow, "Case")


def path_of(detail: InstanceDetail) -> str:
    return link_path(detail, detail.workflow.step_by_key["customer"])


def opened(place: Place, *fields: object) -> InstanceDetail:
    """A run in which it is the customer's turn."""
    detail = a_run(place, *fields)
    complete_step(place.lead, detail.id, step_id(detail.workflow, "before"), {})
    return now(place, detail)


def step_id(workflow: Workflow, key: str) -> int:
    return workflow.step_by_key[key].id


def field_name(detail: InstanceDetail, key: str) -> str:
    field = detail.workflow.step_by_key["customer"].field(key)
    assert field is not None
    return f"field-{field.id}"


def now(place: Place, detail: InstanceDetail) -> InstanceDetail:
    loaded = load_instance(place.lead, detail.id)
    assert isinstance(loaded, InstanceDetail)
    return loaded


def test_a_link_opened_early_says_so_and_works_later() -> None:
    place = a_place()
    detail = a_run(place)

    early = Client().get(path_of(detail))
    complete_step(place.lead, detail.id, step_id(detail.workflow, "before"), {})
    later = Client().get(path_of(detail))

    assert early.status_code == 200
    assert b"Not available yet" in early.content
    assert b"<form" not in early.content
    assert b"Your name" in later.content


def test_an_early_page_learns_when_its_turn_comes() -> None:
    place = a_place()
    detail = a_run(place)
    page = Client().get(path_of(detail)).content.decode()
    etag = re.findall(r'etag="&quot;(.*?)&quot;"', page)[0]
    asked = {"If-None-Match": f'"{etag}"'}

    waiting = Client().get(f"{path_of(detail)}/live", headers=asked)
    complete_step(place.lead, detail.id, step_id(detail.workflow, "before"), {})
    opened_now = Client().get(f"{path_of(detail)}/live", headers=asked)

    assert waiting.status_code == 304
    assert opened_now["X-Reload"] == "1"


def test_looking_changes_nothing() -> None:
    place = a_place()
    detail = opened(place)

    for method in ("get", "head"):
        getattr(Client(), method)(path_of(detail), {field_name(detail, "text"): "Ann"})
        getattr(Client(), method)(f"{path_of(detail)}/live")

    assert now(place, detail).version == detail.version


def test_complete_thanks_and_shows_what_was_sent() -> None:
    place = a_place()
    detail = opened(place)
    client = Client()

    answer = client.post(path_of(detail), {"visit": "1", field_name(detail, "text"): "Ann <b>"})
    page = client.get(path_of(detail)).content.decode()

    assert (answer.status_code, answer["Location"]) == (303, path_of(detail))
    assert "Thank you" in page
    assert "Ann &lt;b&gt;" in page
    assert now(place, detail).run(detail.workflow.step_by_key["customer"]).status == "completed"


def test_a_double_click_counts_once() -> None:
    place = a_place()
    detail = opened(place)
    sent = {"visit": "1", field_name(detail, "text"): "Ann"}
    Client().post(path_of(detail), sent)
    once = now(place, detail)

    answer = Client().post(path_of(detail), {**sent, field_name(detail, "text"): "Eve"})

    assert b"Thank you" in answer.content
    assert now(place, detail).version == once.version


def test_a_form_of_an_earlier_round_is_refused_and_shown_again() -> None:
    place = a_place()
    detail = opened(place)

    answer = Client().post(path_of(detail), {"visit": "7", field_name(detail, "text"): "Ann"})

    assert answer.status_code == 422
    assert b'role="alert"' in answer.content
    assert b'value="Ann"' in answer.content
    assert now(place, detail).version == detail.version


def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost() -> None:
    place = a_place()
    fields = (
        ShortText(key="text", name="Your name", is_required=True),
        Email(key="mail", name="Your address", is_required=True),
    )
    detail = opened(place, *fields)
    name, mail = field_name(detail, "text"), field_name(detail, "mail")

    answer = Client().post(path_of(detail), {"visit": "1", name: "Ann", mail: "not one"})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert 'value="Ann"' in page
    assert 'value="not one"' in page
    assert f'aria-describedby="{mail}-error"' in page
    assert f'<a href="#{mail}">Your address</a>: Enter one email address' in page
    assert f'id="{name}-error"' not in page


def test_a_code_field_asks_for_a_code_and_offers_that_none_came() -> None:
    place = a_place()
    detail = opened(place, CODE)
    field = detail.workflow.step_by_key["customer"].fields[0]

    page = Client().get(path_of(detail)).content.decode()
    Client().post(path_of(detail), {"visit": "1", f"field-{field.id}": "", "no-code": field.id})

    assert 'autocomplete="one-time-code" inputmode="numeric"' in page
    assert "I did not receive a code" in page
    assert page.index("Complete</button>") < page.index("I did not receive a code")
    assert now(place, detail).values_by_field_id[field.id] == {"inputValue": "NOTRECEIVED"}


def test_a_code_is_not_shown_back() -> None:
    place = a_place()
    detail = opened(place, CODE)
    Client().post(path_of(detail), {"visit": "1", field_name(detail, "code"): "123456"})

    page = Client().get(path_of(detail)).content

    assert b"123456" not in page


def test_texts_show_values_and_links_but_never_markup_of_others() -> None:
    place = a_place()
    text = "Dear **{{=before.text}}**, go on at {{=customer.public_url}} <script>alert(1)</script>"
    detail = a_run(place, Instruction(key="read", name="Read", text=text))
    before = detail.workflow.step_by_key["before"]
    complete_step(
        place.lead, detail.id, before.id, {before.fields[0].id: "<img src=x> [a](javascript:x)"}
    )

    page = Client().get(path_of(detail)).content.decode()

    assert "<strong>&lt;img src=x&gt; [a](javascript:x)</strong>" in page
    assert f'{path_of(detail)}" rel="noopener">' in page
    assert "<script>alert" not in page


def test_a_stopped_run_ends_its_links() -> None:
    place = a_place()
    detail = opened(place)
    stop_instances(place.lead, [detail.id])

    answer = Client().get(path_of(detail))
    posted = Client().post(path_of(detail), {"visit": "1", field_name(detail, "text"): "Ann"})

    assert answer.status_code == posted.status_code == 410
    assert b"This link has ended" in answer.content


def test_the_last_answer_is_thanked_for_although_the_run_has_ended() -> None:
    place = a_place()
    workflow = published(place, a_form("customer", assignee="external"))
    detail = started(place, workflow)

    answer = Client().post(path_of(detail), {"visit": "1"}, follow=True)

    assert answer.status_code == 200
    assert b"Thank you" in answer.content


@pytest.mark.parametrize("token", ["x", "AAAA", "a" * 200, "%00"])
def test_what_is_no_link_is_not_found(token: str) -> None:
    assert Client().get(f"/s/{token}").status_code == 404
    assert Client().post(f"/s/{token}", {}).status_code == 404
    assert Client().get(f"/s/{token}/live").status_code == 404


def test_the_page_is_for_nobody_s_index_and_carries_the_company_s_name() -> None:
    place = a_place()
    answer = Client().get(path_of(opened(place)))

    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert place.workspace.name.encode() in answer.content
