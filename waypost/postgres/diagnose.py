"""Looks for the usual causes when the embedded database does not work."""

from __future__ import annotations

import shutil
from pathlib import Path

from waypost.postgres.account import can_enter, server_account
from waypost.postgres.findings import Finding, Level, PostgresFailed
from waypost.postgres.places import Places, places_of
from waypost.postgres.program import programs
from waypost.postgres.server import is_ready, is_running

ENOUGH_BYTES = 500_000_000


def diagnose(data: Path) -> list[Finding]:
    """What is right and wrong with the embedded database; changes nothing."""
    places = places_of(data)
    return [_programs(places), _reach(places), _space(places), _state(places)]


def _programs(places: Places) -> Finding:
    try:
        account = server_account(places.cluster)
        if account.is_us:
            programs(places, account)
    except PostgresFailed as error:
        return Finding(Level.ERROR, "PostgreSQL's programs", str(error))
    return Finding(Level.OK, "PostgreSQL's programs", f"in the wheel, run as {account.name}")


def _reach(places: Places) -> Finding:
    subject = "Database folder"
    try:
        account = server_account(places.cluster)
    except PostgresFailed as error:
        return Finding(Level.ERROR, subject, str(error))
    if not places.cluster.exists():
        return Finding(Level.OK, subject, f"{places.cluster} is made at the first start")
    if places.cluster.stat().st_uid != account.uid:
        remedy = "Start Waypost as its owner, or set WAYPOST_DATA to another folder."
        return Finding(Level.ERROR, subject, f"{places.cluster} belongs to another user", remedy)
    if not can_enter(account, places.cluster):
        remedy = f"Let the user {account.name} pass through every folder above it (chmod o+x)."
        return Finding(Level.ERROR, subject, f"{places.cluster} cannot be entered", remedy)
    return Finding(Level.OK, subject, str(places.cluster))


def _space(places: Places) -> Finding:
    folder = next(path for path in (places.data, *places.data.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    message = f"{free // 1_000_000} MB free in {folder}"
    if free < ENOUGH_BYTES:
        remedy = "Free some space, or set WAYPOST_DATA to a bigger disk: a full disk stops writes."
        return Finding(Level.WARNING, "Disk", message, remedy)
    return Finding(Level.OK, "Disk", message)


def _state(places: Places) -> Finding:
    if is_ready(places.data):
        return Finding(Level.OK, "Embedded PostgreSQL", "running")
    if is_running(places.data):
        remedy = f"Wait: recovery after a crash takes a while. Its log is {places.log}."
        return Finding(Level.WARNING, "Embedded PostgreSQL", "starting or stopping", remedy)
    remedy = "Start it with `make run` (or `waypost run`)."
    return Finding(Level.WARNING, "Embedded PostgreSQL", "not running", remedy)
