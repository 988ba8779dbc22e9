"""Dry runs on their page: form by form, answer by answer, saved as a test."""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec
import pytest
from django.test import Client

from tests.instances.makers import a_call, a_form, a_place, an_actor
from tests.web.visitors import signed_in
from waypost.engine.conditions import Condition, Rule
from waypost.engine.definition import Workflow
from waypost.engine.errors import Refusal
from waypost.engine.step_types import AnyStep
from waypost.engine.step_types.instruction import Instruction
from waypost.people.actor import Actor
from waypost.workflows.actions import Imported, import_workflow, import_workflows
from waypost.workflows.drafts import Draft, open_draft
from waypost.workflows.editing import edit_draft
from waypost.workflows.templates import read_templates

pytestmark = pytest.mark.django_db
SID = "VA00000000000000000000000000000000"


@dataclass(frozen=True)
class Player:
    """A builder in a dry run, without script."""

    actor: Actor
    client: Client
    workflow_id: int

    @property
    def url(self) -> str:
        return f"/workflows/{self.workflow_id}/edit/dry-run/"

    @property
    def page(self) -> str:
        return self.client.get(self.url).content.decode()

    @property
    def draft(self) -> Draft:
        draft = open_draft(self.actor, self.workflow_id)
        assert isinstance(draft, Draft)
        return draft

    def post(self, path: str, **values: str) -> str:
        answer = self.client.post(self.url + path, values, follow=True)
        return answer.content.decode()

    def complete(self, name: str, **values: str) -> str:
        """Fill in the open form of a step by the labels of its fields."""
        part = self.page.partition(f'-head">{name}</h2>')[2].partition("</section>")[0]
        action = re.findall(r'action="([^"]*complete/)"', part)[0]
        fields = dict(re.findall(r'for="(field-[0-9]+)">([^<]*?)\s*<', part + "<"))
        posted = {key: values[label] for key, label in fields.items() if label in values}
        answer = self.client.post(action, {"visit": "1", **posted}, follow=True)
        return answer.content.decode()


def a_player(*steps: AnyStep, url_parameters: tuple[str, ...] = ()) -> Player:
    place = a_place()
    builder = an_actor(place.workspace, "Builder", admin=True)
    workflow = Workflow(key="flow", name="Flow", steps=steps, url_parameters=url_parameters)
    imported = import_workflow(builder, workflow)
    assert isinstance(imported, Imported), imported
    return Player(builder, signed_in(builder), imported.workflow_id)


def test_a_run_begins_when_it_is_started() -> None:
    player = a_player(a_form())

    before = player.page
    after = player.post("start/")

    assert "Start a dry run" in before
    assert "You are a colleague" in after
    assert "Ask is open" in after


def test_forms_are_filled_in_and_the_travelled_path_is_shown() -> None:
    player = a_player(a_form("first"), a_form("second", assignee="external"))
    player.post("start/")

    page = player.complete("First", Text="Hello")

    assert "You completed First" in page
    assert "Text: <strong>Hello</strong>" in page
    assert "You are the customer" in page


def test_an_answer_that_is_refused_is_shown_again_at_its_field() -> None:
    field = {"type": "email", "key": "mail", "name": "Mail", "is_required": True}
    player = a_player(a_form("first", fields=(field,)))
    player.post("start/")

    page = player.complete("First", Mail="nobody")

    assert "Enter one email address" in page
    assert 'value="nobody"' in page
    assert "Back one move" not in page


def test_the_builder_chooses_what_a_strange_system_answers() -> None:
    variable = {"name": "status", "path": "$.status"}
    call = a_call(url="https://api.example.org/x", body='{"a": 1}', variables=(variable,))
    player = a_player(call, a_form())
    page = player.post("start/")
    (action,) = re.findall(r'action="[^"]*dry-run/([^"]*answer/)"', page)

    after = player.post(action, answer="own", status="200", body='{"status": "good"}')

    assert "https://api.example.org/x" in page
    assert "&quot;status&quot;: &quot;pending&quot;" in page
    assert "status: <strong>good</strong>" in after
    assert "Ask is open" in after


def test_a_wrong_status_is_refused_and_changes_nothing() -> None:
    player = a_player(a_call(), a_form())
    (action,) = re.findall(r'action="[^"]*dry-run/([^"]*answer/)"', player.post("start/"))

    page = player.post(action, answer="own", status="20x")

    assert "Give a status from 100 to 599." in page
    assert "What is it answered?" in page


def test_a_failed_call_is_tried_again_or_skipped() -> None:
    player = a_player(a_call(), a_form())
    (action,) = re.findall(r'action="[^"]*dry-run/([^"]*answer/)"', player.post("start/"))
    page = player.post(action, answer="own", status="400")
    (skip,) = re.findall(r'action="[^"]*dry-run/([^"]*skip/)"', page)

    after = player.post(skip)

    assert "No good answer came." in page
    assert "Ask is open" in after


def test_the_clock_moves_on_to_the_next_timer() -> None:
    schedule = {"anchor": "turn", "amount": 3, "unit": "days"}
    player = a_player(a_form("first"), a_form("second", schedule=schedule))
    player.post("start/")
    page = player.complete("First")

    after = player.post("advance/", by="next")

    assert "Second starts on" in page
    assert "Second is open" in after


def test_one_may_go_back_a_move_start_over_and_leave() -> None:
    player = a_player(a_form("first"), a_form("second"), a_form("third"))
    player.post("start/")
    player.complete("First")
    player.complete("Second")

    back = player.post("back/")
    over = player.post("start/")
    left = player.post("leave/")

    assert "Second is open" in back
    assert "Third is open" not in back
    assert "Second is open" not in over
    assert "Start a dry run" in left


def test_whoever_stops_before_each_call_may_let_it_fail() -> None:
    body = "To=%2B15005550006&Channel=sms"
    header = {"name": "Content-Type", "value": "application/x-www-form-urlencoded"}
    url = f"https://verify.twilio.com/v2/Services/{SID}/Verifications"
    call = a_call(url=url, body=body, headers=(header,))
    player = a_player(a_form("first"), call)
    player.post("start/")
    player.post("stops/")
    page = player.complete("First")
    (action,) = re.findall(r'action="[^"]*dry-run/([^"]*answer/)"', page)
    (choice,) = re.findall(r'value="(known-[0-9])"> 429', page)

    after = player.post(action, answer=choice)

    assert "The usual answer" in page
    assert "Max send attempts reached" in after


def test_a_saved_run_stands_in_the_draft_and_is_listed_with_its_outcome() -> None:
    player = a_player(a_form("first"), a_form("second"))
    player.post("start/")
    player.complete("First", Text="Hello")

    page = player.post("save/", name="Ann says hello")

    (run,) = player.draft.workflow.dry_runs
    assert run.name == "Ann says hello"
    assert [move.step for move in run.moves if hasattr(move, "step")] == ["first"]
    assert "Ends as it did" in page


def changed(workflow: Workflow) -> Workflow | Refusal:
    """With a condition on the second step that does not hold."""
    rule = Rule(source="first.text", operator="is", value="never")
    second = msgspec.structs.replace(workflow.steps[1], condition=Condition(rules=(rule,)))
    return msgspec.structs.replace(workflow, steps=(workflow.steps[0], second))


def a_player_whose_run_differs() -> Player:
    player = a_player(a_form("first"), a_form("second"))
    player.post("start/")
    player.complete("First", Text="Hello")
    player.post("save/", name="Hello")
    edit_draft(player.actor, player.workflow_id, player.draft.revision, "Changed", changed)
    return player


def test_a_run_that_ends_differently_says_where_and_stops_publishing() -> None:
    player = a_player_whose_run_differs()

    page = player.page
    outcome = import_workflow(player.actor, player.draft.workflow)

    assert "Flow, step Second: is skipped, not active." in page
    assert not isinstance(outcome, Imported)
    assert [one.code for one in outcome.findings["flow"]] == ["dry_run_differs"]


def test_the_dialog_of_publishing_leads_to_the_run_that_differs() -> None:
    player = a_player_whose_run_differs()

    answer = player.client.get(f"/workflows/{player.workflow_id}/edit/publish/")

    page = answer.content.decode()
    assert "The dry run “Hello” does not go as it did." in page
    assert f'href="{player.url}#saved"' in page
    assert "Publish</button>" not in page


def test_the_new_outcome_can_be_accepted() -> None:
    player = a_player_whose_run_differs()

    page = player.post("saved/accept/", name="Hello")

    assert "Ends as it did" in page
    assert isinstance(import_workflow(player.actor, player.draft.workflow), Imported)


def test_a_saved_run_is_opened_again_and_deleted() -> None:
    player = a_player_whose_run_differs()

    opened = player.post("saved/open/", name="Hello")
    deleted = player.post("saved/delete/", name="Hello")

    assert "The run has ended" in opened
    assert 'value="Hello"' in opened
    assert "None yet." in deleted
    assert player.draft.workflow.dry_runs == ()


def test_a_run_under_way_survives_a_change_of_the_workflow() -> None:
    player = a_player(a_form("first"), a_form("second"))
    player.post("start/")
    player.complete("First")
    player.complete("Second")
    edit_draft(player.actor, player.workflow_id, player.draft.revision, "Changed", changed)

    page = player.page

    assert "Move 2 cannot be made any more" in page


def test_the_happy_path_of_the_verification_is_played_to_its_end() -> None:
    place = a_place()
    builder = an_actor(place.workspace, "Builder", admin=True)
    given = {"BASE": "https://waypost.example.org", "TWILIO_SERVICE_SID": SID}
    templates = read_templates(given, ("otp_sms_verification", "otp_main"))
    imported = import_workflows(builder, templates)
    assert isinstance(imported, tuple), imported
    player = Player(builder, signed_in(builder), imported[1].workflow_id)
    player.post("start/")

    player.complete(
        "Customer details",
        **{
            "Customer name": "Ann",
            "Customer email": "ann@example.org",
            "Phone number": "+15005550006",
        },
    )
    links = re.findall(r"dry-run/#(run-2-step-[0-9]+)", player.page)
    page = player.complete("Verification Instructions")
    code = re.findall(r"Your verification code is: ([0-9]+)", page)[0]
    label = next(one for one in re.findall(r"Please enter the code[^<]*", page))
    page = player.complete("Verify yourself", **{label.strip(): code})

    assert "Outcome: <strong>Successful</strong>" in page
    assert "Share data is open" in page
    assert len(links) == 1
    assert "To ann@example.org" in page


def test_a_broken_workflow_is_not_played() -> None:
    player = a_player(a_form("first"), a_form("second"))

    def broken(workflow: Workflow) -> Workflow | Refusal:
        rule = Rule(source="nowhere.text", operator="is", value="x")
        second = msgspec.structs.replace(workflow.steps[1], condition=Condition(rules=(rule,)))
        return msgspec.structs.replace(workflow, steps=(workflow.steps[0], second))

    edit_draft(player.actor, player.workflow_id, player.draft.revision, "Broken", broken)

    assert "Mend these first" in player.page


def test_only_those_who_may_change_a_workflow_play_it() -> None:
    player = a_player(a_form())
    place = a_place()
    stranger = an_actor(place.workspace, "Stranger", admin=True)

    assert signed_in(stranger).get(player.url).status_code == 404


def test_a_dry_run_of_nothing_under_way_is_not_there() -> None:
    player = a_player(a_form())

    assert player.client.post(f"{player.url}back/").status_code == 404
    assert player.client.post(f"{player.url}advance/").status_code == 404


def test_a_run_starts_with_url_parameters_and_keeps_them_when_saved() -> None:
    text = Instruction(key="read", name="Read", text="From {{=url.country}}")
    player = a_player(text, url_parameters=("country", "time"))

    asked = player.page
    begun = player.post("start/", **{"url.country": "Spain", "url.city": "Rome"})
    player.post("save/", name="From Spain")

    assert 'name="url.country"' in asked
    assert "From Spain" in begun
    (run,) = player.draft.workflow.dry_runs
    assert run.url_parameters == {"country": "Spain"}
    assert "Ends as it did" in player.page
