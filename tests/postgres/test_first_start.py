"""The first start in folders of every kind, and what it refuses to touch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from waypost import postgres
from waypost.postgres.places import places_of

NOBODY = (65534, 65534)  # User and group on every Debian.
only_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only as root another user runs the server"
)


def test_long_path_with_spaces_still_gets_a_short_socket(new_data: Path) -> None:
    data = new_data / "a folder with spaces, and 'quotes'" / ("long" * 30)
    data.mkdir(parents=True)
    new_data.chmod(0o711)

    with psycopg.connect(postgres.start(data)) as connection:
        row = connection.execute("SELECT 1").fetchone()

    assert row == (1,)
    assert len(os.fsencode(places_of(data).sockets)) < 90
    postgres.stop(data)
    places_of(data).sockets.rmdir()


def test_first_start_that_was_cut_short_is_repeated(new_data: Path) -> None:
    half_done = places_of(new_data).home / "cluster.new"
    half_done.mkdir(parents=True)
    (half_done / "PG_VERSION").write_text("18\n")

    postgres.start(new_data)

    assert postgres.is_ready(new_data)
    assert not half_done.exists()


def test_socket_folder_of_another_user_is_refused(new_data: Path) -> None:
    new_data.chmod(0o711)
    outside = new_data / "outside"
    outside.mkdir()
    places_of(new_data).sockets.symlink_to(outside)

    with pytest.raises(postgres.PostgresFailed, match="belongs to another user"):
        postgres.start(new_data)


@only_root
def test_folder_that_the_server_cannot_enter_is_explained_and_left_alone(new_data: Path) -> None:
    data = new_data / "data"

    with pytest.raises(postgres.PostgresFailed, match="Set WAYPOST_DATA to a new folder"):
        postgres.start(data)

    assert new_data.stat().st_mode & 0o777 == 0o700


@only_root
def test_folder_with_other_files_keeps_its_permissions(new_data: Path) -> None:
    (new_data / "diary.txt").write_text("private")

    with pytest.raises(postgres.PostgresFailed, match="cannot enter"):
        postgres.start(new_data)

    assert new_data.stat().st_mode & 0o777 == 0o700


@only_root
def test_backup_copied_back_by_root_is_given_to_the_server_again(new_data: Path) -> None:
    postgres.start(new_data)
    postgres.stop(new_data)
    cluster = places_of(new_data).cluster
    for root, folders, names in os.walk(cluster):
        for name in (*folders, *names):
            os.chown(Path(root, name), 0, 0)
    os.chown(cluster, 0, 0)

    postgres.start(new_data)

    assert postgres.is_ready(new_data)


@only_root
def test_ordinary_user_starts_a_server_of_its_own(new_data: Path) -> None:
    os.chown(new_data, *NOBODY)
    if _as_nobody("/usr/bin/test", "-x", sys.executable).returncode:
        pytest.skip(f"nobody may not run {sys.executable}: check out outside of /root")
    script = (
        "import sys; from pathlib import Path; from waypost import postgres;"
        "data = Path(sys.argv[1]); print(postgres.start(data), postgres.is_ready(data));"
        "postgres.stop(data); print(postgres.is_running(data))"
    )

    done = _as_nobody(sys.executable, "-c", script, str(new_data))

    assert done.stderr == ""
    assert done.stdout.split() == [postgres.embedded_url(new_data), "True", "False"]


def test_stopping_what_never_ran_does_nothing(new_data: Path) -> None:
    postgres.stop(new_data)

    assert list(new_data.iterdir()) == []


def test_folder_without_a_server_is_diagnosed_as_not_running(new_data: Path) -> None:
    findings = postgres.diagnose(new_data)

    assert [finding.message for finding in findings][-1] == "not running"
    assert "make run" in findings[-1].remedy


def test_address_needs_no_server_and_takes_relative_folders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir("/usr")

    assert postgres.embedded_url(Path("x")) == "postgresql://waypost@/waypost?host=%2Fusr%2Fx%2Frun"


def _as_nobody(*command: str) -> subprocess.CompletedProcess[str]:
    user, group = NOBODY
    return subprocess.run(
        command, cwd="/", capture_output=True, text=True, user=user, group=group, extra_groups=[]
    )
