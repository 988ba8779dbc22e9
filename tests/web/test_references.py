"""References in the editor: what may be chosen, what is pasted, and who may ask."""

from __future__ import annotations

import msgspec
import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.engine.seed import seed_bodies, seed_text
from tests.people.makers import a_colleague, an_admin
from tests.web.visitors import signed_in
from tests.workflows.drafting import a_draft, opened
from waypost.engine.labels import resolve_labels
from waypost.engine.step_types.http_request import HttpRequest
from waypost.integrations.credentials import list_credentials
from waypost.people.actor import Actor

pytestmark = pytest.mark.django_db

TEXT = """
key: ask
name: Ask
steps:
  - key: ask
    name: Ask
    type: form
    fields:
      - {key: phone, name: Phone, type: phone}
      - {key: note, name: "Note - \\"long\\"", type: long_text}
  - {key: send, name: Send, type: http_request, url: "https://api.example/old"}
  - {key: confirm, name: Confirm, type: form, assignee: external}
"""


def step_id(actor: Actor, workflow_id: int, key: str) -> int:
    """The id of a step in the draft."""
    return opened(actor, workflow_id).workflow.step_by_key[key].id


def address(actor: Actor, workflow_id: int, key: str = "send") -> str:
    """Where the boxes of a step ask."""
    return f"/workflows/{workflow_id}/edit/references/{step_id(actor, workflow_id, key)}/"


def page_of(actor: Actor, workflow_id: int, key: str = "send") -> str:
    """Where a request is pasted into a step."""
    return f"/workflows/{workflow_id}/edit/steps/{step_id(actor, workflow_id, key)}/paste/"


def call_of(actor: Actor, workflow_id: int) -> HttpRequest:
    """The integration in the draft as it is now."""
    step = opened(actor, workflow_id).workflow.step_by_key["send"]
    assert isinstance(step, HttpRequest)
    return step


def test_what_is_known_comes_grouped_with_how_to_write_it() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin, TEXT)

    answer = signed_in(admin).get(address(admin, workflow_id)).json()

    assert [group["name"] for group in answer["groups"]] == [
        "2. Ask",
        "4. Confirm",
        "This instance",
    ]
    phone = answer["groups"][0]["references"][0]
    assert (phone["reference"], phone["sample"]) == ("ask.phone", "+15005550006")
    link = answer["groups"][1]["references"][0]
    assert (link["formats"], link["note"]) == ([], "works once that step is active")
    assert answer["kinds"]["body"]["usual"] == "json"


def test_an_unchanged_answer_costs_nothing() -> None:
    admin = an_admin()
    url = address(admin, a_draft(admin, TEXT))
    client = signed_in(admin)
    first = client.get(url)

    again = client.get(url, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert again["Cache-Control"] == "private, no-cache"


def test_the_workflows_own_texts_know_the_number_of_the_instance() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin, TEXT)

    answer = signed_in(admin).get(f"/workflows/{workflow_id}/edit/references/0/").json()

    assert [one["reference"] for one in answer["groups"][0]["references"]] == ["instance.id"]


def pasted(client: Client, url: str, text: str) -> list[dict[str, str]]:
    """What a pasted text means."""
    answer = client.post(f"{url}paste/", {"text": text})
    segments: list[dict[str, str]] = answer.json()["segments"]
    return segments


def test_a_pasted_text_comes_back_in_pieces_and_nothing_changes() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin, TEXT)
    text = "Hi {81. Ask - Phone - Input (plain)} and {2. Gone - Name - Input}"

    segments = pasted(signed_in(admin), address(admin, workflow_id), text)

    assert [one["text"] for one in segments] == [
        "Hi ",
        "{{=ask.phone|plain}}",
        " and ",
        "{2. Gone - Name - Input}",
    ]
    assert segments[1]["label"] == "2. Ask - Phone - Input"
    assert "Choose it again" in segments[3]["message"]
    assert opened(admin, workflow_id).revision == 1


def test_every_body_of_the_seed_comes_back_whole() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin, TEXT)
    client, url = signed_in(admin), address(admin, workflow_id)
    workflow = opened(admin, workflow_id).workflow

    for body in seed_bodies():
        stored = "".join(one["text"] for one in pasted(client, url, body))
        assert stored == resolve_labels(body, workflow)[0]


def test_a_very_long_paste_is_refused() -> None:
    admin = an_admin()
    url = address(admin, a_draft(admin, TEXT))

    answer = signed_in(admin).post(f"{url}paste/", {"text": "{" * 100_001})

    assert answer.status_code == 413


@pytest.mark.parametrize("is_elsewhere", [True, False])
def test_other_workspaces_and_unknown_steps_are_not_found(is_elsewhere: bool) -> None:
    admin = an_admin()
    workflow_id = a_draft(admin, TEXT)
    known = step_id(admin, workflow_id, "send")
    visitor = signed_in(an_admin("other") if is_elsewhere else admin)
    number = known if is_elsewhere else 999_999

    for path in (f"references/{number}/", f"steps/{number}/paste/"):
        assert visitor.get(f"/workflows/{workflow_id}/edit/{path}").status_code == 404


def test_who_may_only_look_sees_labels_and_pastes_nothing() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin, TEXT)
    colleague = signed_in(a_colleague(admin))

    seen = colleague.get(address(admin, workflow_id))
    answer = colleague.post(page_of(admin, workflow_id), {"text": "X-A: 1", "use": "1"})

    assert (seen.status_code, answer.status_code) == (200, 403)
    assert opened(admin, workflow_id).revision == 1


def test_strangers_sign_in_first() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin, TEXT)

    for url in (address(admin, workflow_id), page_of(admin, workflow_id)):
        assert "/sign-in" in Client().get(url)["Location"]


REQUEST = """
* **Method**: PUT
* **URL**: `https://api.example/v2/SERVICE_SID`
* **Headers:** Content-Type: application/json
* **Headers:** Authorization: `Bearer abcdef.123456`
* **Body** might look like the following:
```json
{"to": "{81. Ask - Phone - Input (plain)}", "x": "{2. Gone - Name - Input}"}
```
| Name | Value |
| --- | --- |
| step\\_id | \\$.steps\\[0].id |
"""


def confirmed(text: str, revision: int = 1) -> dict[str, str]:
    """What is posted once a builder has seen what was understood."""
    return {"text": text, "use": "1", "revision": str(revision)}


def test_a_pasted_request_is_shown_before_it_changes_anything() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin, TEXT)

    page = signed_in(admin).post(page_of(admin, workflow_id), {"text": REQUEST})

    shown, _, below = page.content.decode().partition('<form class="form-actions"')
    for part in ("PUT", "2. Ask - Phone - Input", "step_id = $.steps[0].id", "SERVICE_SID"):
        assert part in shown
    assert "No step, field or variable is called so" in shown
    assert "Bearer •••" in shown
    assert "abcdef.123456" not in shown
    assert "Use it" in below
    assert opened(admin, workflow_id).revision == 1


def test_using_it_stores_references_variables_and_the_secret_apart() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin, TEXT)
    url = page_of(admin, workflow_id)

    answer = signed_in(admin).post(url, confirmed(REQUEST))

    step = call_of(admin, workflow_id)
    assert answer["Location"] == url.removesuffix("paste/")
    assert (step.method, step.url) == ("PUT", "https://api.example/v2/SERVICE_SID")
    assert '"{{=ask.phone|plain}}"' in step.body
    assert [(one.name, one.path) for one in step.variables] == [("step_id", "$.steps[0].id")]
    assert [one.name for one in step.headers] == ["Content-Type"]
    assert [one.name for one in list_credentials(admin.workspace_id)] == [step.credential]
    assert b"abcdef" not in msgspec.json.encode(opened(admin, workflow_id).workflow)


def test_a_refusal_is_shown_with_the_text_kept() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin, TEXT)

    answer = signed_in(admin).post(page_of(admin, workflow_id), confirmed(REQUEST, revision=999))

    assert answer.status_code == 422
    assert "SERVICE_SID" in answer.content.decode()


def test_a_text_without_a_request_says_what_can_be_pasted() -> None:
    admin = an_admin()

    answer = signed_in(admin).post(page_of(admin, a_draft(admin, TEXT)), {"text": "Hello there"})

    assert answer.status_code == 422
    assert "Nothing of a request was found" in answer.content.decode()


def test_a_form_has_no_page_to_paste_a_request() -> None:
    admin = an_admin()

    answer = signed_in(admin).get(page_of(admin, a_draft(admin, TEXT), "ask"))

    assert answer.status_code == 404


def test_the_seed_itself_pasted_whole_gives_its_first_request() -> None:
    admin = an_admin()
    workflow_id = a_draft(admin, TEXT)

    signed_in(admin).post(page_of(admin, workflow_id), confirmed(seed_text()))

    step = call_of(admin, workflow_id)
    assert step.url == "https://api.sendgrid.com/v3/mail/send"
    assert [one.name for one in step.headers] == ["Content-Type"]


def test_a_box_without_script_is_a_plain_control_with_the_stored_text() -> None:
    value = '\n{"a": "{{=ask.phone|plain}}"} & <b>'
    context = {"name": "body", "kind": "body", "id": "b", "label": "Body", "value": value}

    html = render_to_string("references/_text.html", {**context, "workflow_id": 1, "step_id": 7})

    assert '<label class="field-label" for="b">Body</label>' in html
    assert (
        'spellcheck="false">\n\n{&quot;a&quot;: &quot;{{=ask.phone|plain}}&quot;} &amp; &lt;b&gt;'
        in html
    )
    assert 'src="/workflows/1/edit/references/7/"' in html
