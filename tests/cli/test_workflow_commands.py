"""Workflow files from the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.people.makers import an_admin
from waypost.cli import main
from waypost.workflows.models import Workflow

TEMPLATES = Path(__file__).parents[2] / "waypost/workflows/templates"
FLOW = "format: 1\nkey: flow\nname: Flow\nsteps:\n  - key: ask\n    name: Ask\n    type: form\n"
WITH_BASE = (
    "parameters: {BASE: {description: this server, example: 'https://a.example'}}\n"
    "key: calls\nname: Calls\nsteps:\n"
    "  - {key: call, name: Call, type: http_request, method: GET, url: '${BASE}/x'}\n"
)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    """A file with a sound workflow."""
    path = tmp_path / "flow.yaml"
    path.write_text(FLOW)
    return path


def test_check_passes_a_sound_file(flow: Path) -> None:
    result = run("check", flow)

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 checked: 0 errors, 0 warnings.\n"


def test_check_prints_file_line_code_reason_and_remedy(flow: Path) -> None:
    flow.write_text(FLOW + "    assignee: me\n")

    result = run("check", flow)

    assert result.exit_code == 1
    assert result.stdout.startswith(f"{flow}:8: unknown_assignee: `me` is nobody. → Choose from ")


def test_check_says_where_each_code_is_explained(flow: Path) -> None:
    flow.write_text(FLOW + "    assignee: me\n")

    result = run("check", flow)

    assert "More on unknown_assignee: /help/findings/#unknown_assignee\n" in result.stderr


def test_files_that_are_checked_together_know_each_other(flow: Path) -> None:
    starter = flow.with_name("starter.yaml")
    starter.write_text(
        "key: starter\nname: Starter\nsteps:\n"
        "  - key: launch\n    name: Launch\n    type: http_request\n"
        "    url: https://way.example/api/instances/\n"
        """    body: '{"process": "{{=id flow}}", "name": "Ann"}'\n"""
    )
    automatic = "name: Flow\nhas_automatic_names: true\nname_template: Case\n"
    flow.write_text(FLOW.replace("name: Flow\n", automatic))

    alone, together = run("check", starter), run("check", starter, flow)

    assert (alone.exit_code, alone.stdout) == (0, "")
    assert f"{starter}:8: name_not_taken: " in together.stdout


def test_check_of_warnings_alone_ends_well(flow: Path) -> None:
    flow.write_text(FLOW.replace("name: Flow\n", "name: Flow\nacknowledged: [nothing]\n"))

    result = run("check", flow)

    assert result.exit_code == 0
    assert ": idle_acknowledgement: " in result.stdout


def test_check_refuses_what_is_not_utf_8(flow: Path) -> None:
    flow.write_bytes(b"name: \xff")

    result = run("check", flow)

    assert result.exit_code == 1
    assert "Save it as UTF-8" in result.stderr


@pytest.mark.django_db
def test_export_gives_back_what_was_imported(flow: Path, tmp_path: Path) -> None:
    an_admin()
    imported = run("import", flow)

    exported = run("export", "flow", "-o", tmp_path / "again.yaml")

    assert (imported.exit_code, exported.exit_code) == (0, 0), imported.output
    assert "version 1\tpublished" in imported.stdout
    assert (tmp_path / "again.yaml").read_text() == FLOW == run("export", "flow").stdout
    assert "version 1\tas before" in run("import", tmp_path / "again.yaml").stdout


@pytest.mark.django_db
def test_a_draft_is_not_published(flow: Path) -> None:
    an_admin()

    result = run("import", "--draft", flow)

    assert "draft only" in result.stdout
    assert Workflow.objects.get().published_version is None


@pytest.mark.django_db
def test_the_address_of_this_server_is_a_parameter(tmp_path: Path) -> None:
    an_admin()
    path = tmp_path / "calls.yaml"
    path.write_text(WITH_BASE)

    run("import", path, "--set", "BASE=https://b.example")

    assert 'url: "https://b.example/x"' in run("export", "calls").stdout


@pytest.mark.django_db
def test_a_faulty_file_imports_nothing(flow: Path, tmp_path: Path) -> None:
    an_admin()
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("key: faulty\nname: Faulty\nsteps: []\n")

    result = run("import", flow, faulty)

    assert result.exit_code == 1
    assert f"{faulty}:3: no_steps: " in result.stdout
    assert not Workflow.objects.exists()


@pytest.mark.django_db
def test_without_a_workspace_there_is_nowhere_to_import(flow: Path) -> None:
    result = run("import", flow)

    assert result.exit_code == 1
    assert "waypost run" in result.stderr


@pytest.mark.django_db
def test_an_unknown_key_cannot_be_exported() -> None:
    an_admin()

    result = run("export", "gone")

    assert result.exit_code == 1
    assert "There is no workflow gone." in result.stderr


def test_schema_is_printed() -> None:
    assert '"title": "Waypost workflow file"' in run("schema").stdout


def test_check_repeats_dry_runs_of_files_that_start_each_other() -> None:
    both = run("check", TEMPLATES / "otp_main.yaml", TEMPLATES / "otp_sms_verification.yaml")
    alone = run("check", TEMPLATES / "otp_main.yaml")

    assert both.stderr == "2 checked: 0 errors, 0 warnings.\n"
    assert "4 dry runs were not repeated: they start otp_sms_verification." in alone.stderr


def test_check_names_the_dry_run_that_ends_differently(tmp_path: Path) -> None:
    text = (TEMPLATES / "otp_sms_verification.yaml").read_text()
    path = tmp_path / "broken.yaml"
    path.write_text(text.replace("path: $.status", "path: $.state"))

    result = run("check", path)

    assert result.exit_code == 1
    assert ": dry_run_differs: The dry run “A: the code is right” does not go as it did." in (
        result.stdout
    )
