"""A data folder that the server's user can reach, also when the tests run as root."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from waypost import postgres


@pytest.fixture
def new_data() -> Iterator[Path]:
    """A folder of its own; below /tmp, because pytest's tmp_path is closed to other users."""
    with _folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """One folder for the tests of a file: making a cluster takes over a second."""
    with _folder() as folder:
        yield folder


@contextmanager
def _folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="waypost-test-", dir="/tmp"))
    yield path
    postgres.stop(path)
    shutil.rmtree(path)
