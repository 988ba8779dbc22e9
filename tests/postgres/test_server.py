"""The embedded server starts, stops, and survives what was seen to break others."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from waypost import postgres
from waypost.postgres.places import places_of
from waypost.postgres.traces import processes

STRANGER = 54321  # A user id that nobody has.
is_root = os.geteuid() == 0


def test_first_start_gives_a_database_that_waypost_owns(data: Path) -> None:
    url = postgres.start(data)

    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT current_user, pg_get_userbyid(datdba), pg_encoding_to_char(encoding)"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert row == ("waypost", "waypost", "UTF8")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("listen_addresses", ""),
        ("max_connections", "40"),
        ("jit", "off"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("lock_timeout", "2s"),
        ("statement_timeout", "0"),
        ("idle_in_transaction_session_timeout", "10s"),
    ],
)
def test_server_runs_with_the_settings_of_the_design(data: Path, name: str, value: str) -> None:
    with psycopg.connect(postgres.start(data)) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()

    assert row == (value,)


def test_socket_folder_is_closed_to_other_users(data: Path) -> None:
    postgres.start(data)

    folder = places_of(data).sockets
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(os.fsencode(folder)) < 90


def test_stopped_server_keeps_its_rows(data: Path) -> None:
    _remember(data, "before the stop")

    postgres.stop(data)

    assert not postgres.is_running(data)
    assert "before the stop" in _remembered(data)


def test_starting_twice_keeps_the_same_server(data: Path) -> None:
    postgres.start(data)
    before = _main_pid(data)

    postgres.start(data)

    assert _main_pid(data) == before


def test_kill_of_every_process_loses_nothing(data: Path) -> None:
    _remember(data, "before the kill")

    for pid in processes(places_of(data)):
        _kill(pid)

    assert "before the kill" in _remembered(data)


def test_kill_of_the_main_process_alone_loses_nothing(data: Path) -> None:
    _remember(data, "before the main process fell")

    _kill(_main_pid(data))

    assert "before the main process fell" in _remembered(data)


def test_pid_file_naming_an_unrelated_process_is_ignored(data: Path) -> None:
    postgres.start(data)
    places = places_of(data)
    kept = places.pid_file.read_text().splitlines()[1:]
    postgres.stop(data)
    owner = places.cluster.stat()

    with subprocess.Popen(["sleep", "60"], user=owner.st_uid if is_root else None) as stranger:
        places.pid_file.write_text("\n".join([str(stranger.pid), *kept]))
        os.chown(places.pid_file, owner.st_uid, owner.st_gid)
        assert not postgres.is_running(data)
        postgres.start(data)
        assert stranger.poll() is None
        stranger.kill()

    assert postgres.is_ready(data)


def test_lock_files_left_by_another_user_are_ignored(data: Path) -> None:
    postgres.stop(data)
    places = places_of(data)
    for path in (places.pid_file, places.sockets / ".s.PGSQL.5432.lock"):
        path.write_text("1\n")
        path.chmod(0)
        if is_root:
            os.chown(path, STRANGER, STRANGER)

    postgres.start(data)

    assert postgres.is_ready(data)


def test_server_ends_with_the_process_that_started_it(data: Path) -> None:
    postgres.stop(data)
    script = (
        "import os, sys; from pathlib import Path; from waypost import postgres;"
        "postgres.start(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )

    done = subprocess.run([sys.executable, "-c", script, str(data)])

    # Some may end between the two looks, which is what they should.
    pids = set(processes(places_of(data)))
    left = [process for process in psutil.process_iter() if process.pid in pids]
    assert done.returncode == -signal.SIGKILL
    assert psutil.wait_procs(left, timeout=20)[1] == []


def test_start_waits_for_a_server_on_its_way_out(data: Path) -> None:
    postgres.start(data)
    os.kill(_main_pid(data), signal.SIGINT)

    postgres.start(data)

    assert "before the stop" in _remembered(data)


def test_running_server_is_diagnosed_as_well(data: Path) -> None:
    postgres.start(data)

    assert {finding.level for finding in postgres.diagnose(data)} == {postgres.Level.OK}


def test_server_that_cannot_start_says_its_last_words(data: Path) -> None:
    postgres.stop(data)
    version = places_of(data).cluster / "PG_VERSION"
    version.write_text("9\n")

    with pytest.raises(postgres.PostgresFailed, match="initialized by PostgreSQL version 9"):
        postgres.start(data)

    version.write_text("18\n")


def _main_pid(data: Path) -> int:
    return int(places_of(data).pid_file.read_text().split("\n", 1)[0])


def _kill(pid: int) -> None:
    """Kill and wait, without reaping: that is for whoever started it."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:  # Its main process was killed before it.
        return
    signal.pidfd_send_signal(handle, signal.SIGKILL)
    select.select([handle], [], [], 10)
    os.close(handle)


def _remember(data: Path, note: str) -> None:
    with psycopg.connect(postgres.start(data)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [note])


def _remembered(data: Path) -> set[str]:
    with psycopg.connect(postgres.start(data)) as connection:
        return {str(row[0]) for row in connection.execute("SELECT text FROM note")}
