"""What every test may use: a database of its own, started only when a test asks for one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings

from waypost import postgres

# A few random examples each time keep the tests quick; a search for faults takes many.
hypothesis.settings.register_profile(
    "waypost",
    max_examples=int(os.environ.get("WAYPOST_TEST_EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("waypost")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The server at DATABASE_URL, else the embedded one, started for this run of the tests."""
    data = settings.DATA_FOLDER
    if settings.ENVIRONMENT.database_url or postgres.is_ready(data):
        yield settings.DATABASE_URL
        return
    yield postgres.start(data)
    postgres.stop(data)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_server: str) -> None:
    """pytest-django creates its test database on that server."""


def pytest_unconfigure() -> None:
    """Leave no data folder behind that the test settings made."""
    if getattr(settings, "IS_TEMPORARY", False):
        shutil.rmtree(settings.DATA_FOLDER, ignore_errors=True)
