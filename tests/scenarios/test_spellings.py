"""Path J: every spelling of keys and ids that callers of the old product use."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.scenarios.runs import process_named, start, text
from tests.scenarios.verification import World

SPELLINGS = ("Api-Key {}", "API Key {}", "API-Key {}", "api_key {}", "{}", "Bearer {}")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_j_every_spelling_of_the_key_is_taken(world: World, spelling: str) -> None:
    headers = {"Authorization": spelling.format(world.stack.key)}

    answer = world.stack.call("GET", "/api/processes/", headers=headers)

    assert answer.status == 200


@pytest.mark.parametrize("written", [int, str])
def test_j_ids_are_taken_as_numbers_and_as_texts(world: World, written: type[int | str]) -> None:
    run = start(world.stack, world.sub, "Spelling")
    values = ("Ann", "ann@example.org", "12025550100", "1", "2", "3")
    body = {
        "step_id": written(run.process.step_id(2)),
        "actions": [
            {"action_id": written(run.process.field_id(2, place)), "input_object": text(value)}
            for place, value in enumerate(values)
        ],
    }

    answer = world.stack.call("POST", f"/api/instances/{run.id}/complete_step", body)

    assert answer.status == 200
    assert run.statuses[2] == "completed"


def test_j_steps_call_their_own_instance_in_every_spelling(world: World, tmp_path: Path) -> None:
    file = tmp_path / "spellings.yaml"
    file.write_text(spelling_workflow(world.stack.key))
    world.stack.command("import", str(file))
    run = start(world.stack, process_named(world.stack, "Spellings"), "Spellings")

    run.wait_until("completed")

    assert set(run.statuses.values()) == {"completed"}
    assert [run.value(number)["inputValue"] for number in (3, 5, 7)] == ["Ann", "Ann", "Ann"]
    assert world.stack.key.partition(".")[2] not in str([run.exchanges(n) for n in (2, 4, 6)])


def spelling_workflow(key: str) -> str:
    """Three calls, each filling the form behind it, with the header spelled as the seed does."""
    steps = []
    for place, (spelling, instance) in enumerate(
        zip(SPELLINGS, ("{InstanceID}", "{Instance ID}", "{{instance_id}}"), strict=False)
    ):
        url = f"https://core.nextmatter.com/api/instances/{instance}/complete_step/"
        action = f'{{"action_id": "{{{{=id spellings/form_{place}/name}}}}", '
        value = '"input_object": {"inputValue": "Ann"}}'
        step_id = f"{{{{=id spellings/form_{place}}}}}"
        call = {
            "key": f"call_{place}",
            "name": f"Call {place}",
            "type": "http_request",
            "is_blocking": False,
            "url": url,
            "headers": [
                {"name": "Content-Type", "value": "application/json"},
                {"name": "Authorization", "value": spelling.format(key)},
            ],
            "body": f'{{"step_id": "{step_id}", "actions": [{action}{value}]}}',
        }
        name = {"key": "name", "name": "Name", "type": "short_text"}
        form = {"key": f"form_{place}", "name": f"Form {place}", "type": "form", "fields": [name]}
        steps += [call, form]
    return yaml.safe_dump({"key": "spellings", "name": "Spellings", "steps": steps})
