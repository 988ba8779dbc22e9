"""`waypost owner` and `waypost key`: the first account of a server, and its first key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from waypost.cli import key as key_command
from waypost.cli import main
from waypost.cli import owner as owner_command
from waypost.engine.errors import Refusal
from waypost.people.keys import verify_api_key
from waypost.people.welcome import redeem_welcome
from waypost.workspace.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_test_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands would start a database of their own; here one runs already."""

    @contextmanager
    def already_there() -> Iterator[None]:
        yield

    for command in (owner_command, key_command):
        monkeypatch.setattr(command, "with_database", already_there)


def test_the_printed_link_signs_the_owner_in() -> None:
    done = CliRunner().invoke(main, ["owner", "ann@example.org", "--workspace", "Acme Ltd"])

    token = done.output.strip().rstrip("/").rpartition("/")[2]
    account = redeem_welcome(token)
    assert not isinstance(account, Refusal)
    assert account.email == "ann@example.org"
    assert Workspace.objects.get().slug == "acme-ltd"


def test_an_address_is_taken_once() -> None:
    CliRunner().invoke(main, ["owner", "ann@example.org"])

    again = CliRunner().invoke(main, ["owner", "Ann@example.org"])

    assert again.exit_code == 1
    assert "has an account already" in again.output
    assert Workspace.objects.count() == 1


def test_a_made_key_works_until_it_is_revoked() -> None:
    CliRunner().invoke(main, ["owner", "ann@example.org"])
    printed = CliRunner().invoke(main, ["key", "create", "tests"]).output.strip()
    actor = verify_api_key(printed)
    listed = CliRunner().invoke(main, ["key", "list"]).output

    CliRunner().invoke(main, ["key", "revoke", listed.split("\t")[0]])

    assert not isinstance(actor, Refusal)
    assert printed.partition(".")[2] not in listed
    assert isinstance(verify_api_key(printed), Refusal)
