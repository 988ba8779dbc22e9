"""A worker as a process of its own, on the database of the test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = "import django; django.setup(); from waypost.worker.main import run; run()"


@contextmanager
def a_worker(site_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A running worker that may call this site; killed at the end."""
    process = start_worker(site_url)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def start_worker(site_url: str) -> subprocess.Popen[bytes]:
    """Start a worker; the caller ends it."""
    keys = {
        "WAYPOST_SECRET_KEY": settings.SECRET_KEY,
        "WAYPOST_CREDENTIAL_KEY": ",".join(settings.CREDENTIAL_KEYS),
        "WAYPOST_LINK_KEY": ",".join(settings.LINK_KEYS),
        "WAYPOST_CODE_KEY": ",".join(settings.SANDBOX_CODE_KEYS),
    }
    given = {
        "DJANGO_SETTINGS_MODULE": "waypost.config.settings",
        "DATABASE_URL": _test_url(),
        "WAYPOST_ALLOW_ADDRESSES": site_url,
        "WAYPOST_DATA": str(settings.DATA_FOLDER),
    }
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM], cwd=ROOT, env=os.environ | keys | given
    )


def _test_url() -> str:
    parts = urlsplit(settings.DATABASE_URL)
    return parts._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
