"""What `waypost doctor` looks at; each look changes nothing."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from pathlib import Path
from urllib.parse import urlsplit

from waypost import postgres
from waypost.cli.boot import OLDEST_POSTGRES
from waypost.cli.ports import port_trouble
from waypost.postgres import Finding, Level


def check_everything() -> list[Finding]:
    """Every finding, from the ground up; what rests on a broken ground is left out."""
    findings = [check_python(sys.version_info[:2])]
    try:
        from django.conf import settings

        chosen = settings.ENVIRONMENT
    except (OSError, ValueError) as error:
        remedy = "Correct the WAYPOST_ variable it names, or set WAYPOST_DATA to a folder of yours."
        return [*findings, Finding(Level.ERROR, "Settings", str(error), remedy)]
    findings += [check_folder(chosen.data), check_secrets(chosen.data / "secrets")]
    if chosen.database_url is None:
        findings += postgres.diagnose(chosen.data)
    if chosen.database_url or postgres.is_ready(chosen.data):
        findings += _check_database()
    findings += [_check_serving(chosen.port), check_public_url(chosen.public_url)]
    return [*findings, _check_browser()]


def check_python(version: tuple[int, ...]) -> Finding:
    """Waypost runs on Python 3.11 to 3.13."""
    said = ".".join(str(part) for part in version)
    if (3, 11) <= version < (3, 14):
        return Finding(Level.OK, "Python", said)
    return Finding(Level.ERROR, "Python", said, "Install Python 3.11, then delete .venv and retry.")


def check_folder(data: Path) -> Finding:
    """The data folder must be writable."""
    if os.access(data, os.W_OK | os.X_OK):
        return Finding(Level.OK, "Data folder", str(data))
    remedy = "Give it to the user who runs Waypost (chown), or set WAYPOST_DATA to another folder."
    return Finding(Level.ERROR, "Data folder", f"{data} cannot be written", remedy)


def check_secrets(path: Path) -> Finding:
    """The keys are for their owner's eyes only."""
    if not path.exists():
        return Finding(Level.OK, "Keys", "given by the environment")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        remedy = f"Run: chmod 600 '{path}'. If others use this machine, change the keys too."
        return Finding(Level.ERROR, "Keys", f"{path} can be read by other users", remedy)
    return Finding(Level.OK, "Keys", str(path))


def check_public_url(url: str) -> Finding:
    """Links in e-mails start with it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        remedy = "Set WAYPOST_PUBLIC_URL to where people reach it, like https://waypost.example.org"
        return Finding(Level.ERROR, "Public address", f"{url!r} is no web address", remedy)
    is_local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme == "http" and not is_local:
        remedy = "Put a proxy with TLS in front and set WAYPOST_PUBLIC_URL to its https:// address."
        return Finding(Level.WARNING, "Public address", f"{url} is not encrypted", remedy)
    return Finding(Level.OK, "Public address", url)


def _check_database() -> list[Finding]:
    import django
    from django.db import DatabaseError, connection

    django.setup()
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        remedy = "Start the server, or correct DATABASE_URL (postgresql://user:password@host/name)."
        return [Finding(Level.ERROR, "Database", str(error).strip(), remedy)]
    version = connection.cursor().connection.info.server_version // 10000
    if version < OLDEST_POSTGRES:
        remedy = f"Upgrade the server to {OLDEST_POSTGRES} or newer."
        return [Finding(Level.ERROR, "Database", f"PostgreSQL {version} is too old", remedy)]
    return [Finding(Level.OK, "Database", f"PostgreSQL {version} answers"), _check_tables()]


def _check_tables() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        message = f"{len(missing)} migrations are not applied"
        return Finding(Level.ERROR, "Tables", message, "Run: waypost migrate")
    return Finding(Level.OK, "Tables", "up to date")


def _check_serving(port: int) -> Finding:
    """Either the port is free, or it is one of our own processes that listens."""
    trouble = port_trouble(port)
    if trouble is None:
        remedy = "Start it with `make run` (or `waypost run`)."
        return Finding(Level.WARNING, "Waypost", f"not running; port {port} is free", remedy)
    running = _our_commands()
    if "web" not in running:
        return Finding(Level.ERROR, "Port", trouble)
    if "worker" not in running:
        remedy = "Start one with `waypost worker`; without it no call is made and no timer fires."
        return Finding(Level.WARNING, "Worker", "none runs on this machine", remedy)
    return Finding(Level.OK, "Waypost", f"serves on port {port}, with a worker")


def _our_commands() -> set[str]:
    """The `waypost` commands that run on this machine."""
    import psutil

    found: set[str] = set()
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "waypost.cli" in words or any(Path(word).name == "waypost" for word in words[:2]):
            found |= {"web", "worker"} & set(words)
    return found


def _check_browser() -> Finding:
    found = shutil.which("chromium")
    if found:
        return Finding(Level.OK, "Chromium (for tests only)", found)
    remedy = "Only browser tests need it: apt-get install chromium"
    return Finding(Level.OK, "Chromium (for tests only)", "not installed", remedy)
