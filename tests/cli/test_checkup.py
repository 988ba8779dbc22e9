"""`waypost doctor` names what is wrong and says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from waypost.cli.checkup import check_folder, check_public_url, check_python, check_secrets
from waypost.postgres import Level


@pytest.mark.parametrize(
    ("version", "level"),
    [((3, 10), Level.ERROR), ((3, 11), Level.OK), ((3, 13), Level.OK), ((3, 14), Level.ERROR)],
)
def test_only_supported_pythons_are_well(version: tuple[int, int], level: Level) -> None:
    assert check_python(version).level is level


def test_missing_data_folder_is_an_error(tmp_path: Path) -> None:
    finding = check_folder(tmp_path / "missing")

    assert finding.level is Level.ERROR
    assert "WAYPOST_DATA" in finding.remedy


@pytest.mark.parametrize(("mode", "level"), [(0o600, Level.OK), (0o640, Level.ERROR)])
def test_keys_that_others_can_read_are_an_error(tmp_path: Path, mode: int, level: Level) -> None:
    secrets = tmp_path / "secrets"
    secrets.touch()
    secrets.chmod(mode)

    assert check_secrets(secrets).level is level


@pytest.mark.parametrize(
    ("url", "level"),
    [
        ("https://waypost.example.org", Level.OK),
        ("http://127.0.0.1:8000", Level.OK),
        ("http://waypost.example.org", Level.WARNING),
        ("waypost.example.org", Level.ERROR),
        ("ftp://waypost.example.org", Level.ERROR),
        ("https://waypost.example.org/?a=b", Level.ERROR),
    ],
)
def test_public_address_must_be_one_that_people_can_open(url: str, level: Level) -> None:
    assert check_public_url(url).level is level
