"""One Waypost for all stories, every call of it going through a proxy."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.between import Between
from tests.scenarios.verification import World
from tests.stack import Stack, free_port


@pytest.fixture(scope="session")
def data() -> Iterator[Path]:
    """A data folder that the database's own user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="waypost-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def between_and_stack(data: Path) -> Iterator[tuple[Between, Stack]]:
    """Waypost, and the proxy that stands where it believes itself to be."""
    port = free_port()
    with Between(f"http://127.0.0.1:{port}").serving() as between:
        mapped = {"WAYPOST_ORIGIN_MAP": f"http://127.0.0.1:{port}={between.url}"}
        stack = Stack(data, port, mapped)
        try:
            stack.start()
            yield between, stack
        finally:
            stack.stop()


@pytest.fixture(scope="session")
def between(between_and_stack: tuple[Between, Stack]) -> Between:
    """The proxy."""
    return between_and_stack[0]


@pytest.fixture(scope="session")
def world(between_and_stack: tuple[Between, Stack]) -> World:
    """Waypost with its two workflows."""
    return World(between_and_stack[1])
