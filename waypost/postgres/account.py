"""Which system user runs the server: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from waypost.postgres.findings import PostgresFailed

ACCOUNTS_FOR_ROOT = ("waypost", "nobody")
ENVIRONMENT: Mapping[str, str] = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """An entry of the system's user table."""

    name: str
    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """True when no change of user is needed."""
        return self.uid == os.geteuid()


def server_account(cluster: Path) -> Account:
    """Who runs the server: ourselves; as root the cluster's owner, else `waypost` or `nobody`."""
    if os.geteuid() != 0:
        return _our_account()
    if cluster.exists() and cluster.stat().st_uid != 0:
        return _account(pwd.getpwuid(cluster.stat().st_uid))
    for name in ACCOUNTS_FOR_ROOT:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise PostgresFailed(
        "PostgreSQL refuses to run as root and there is no other user for it. "
        "Create one with: useradd --system waypost"
    )


def run_as(account: Account, command: Sequence[str], text: str = "") -> None:
    """Run a program to its end as this user; raises with its own words when it fails."""
    if account.is_us:
        done = subprocess.run(  # noqa: S603 - programs of the wheel with arguments of ours
            command, input=text, env=ENVIRONMENT, cwd="/", capture_output=True, text=True
        )
    else:
        done = subprocess.run(  # noqa: S603
            command,
            input=text,
            env=ENVIRONMENT,
            cwd="/",
            capture_output=True,
            text=True,
            user=account.uid,
            group=account.gid,
            extra_groups=[],
        )
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip() or f"it ended with {done.returncode}"
        raise PostgresFailed(f"{Path(command[0]).name} failed: {words}")


def can_enter(account: Account, folder: Path) -> bool:
    """True when this user may pass through the folder and all above it."""
    try:
        run_as(account, ["/usr/bin/test", "-x", str(folder)])
    except PostgresFailed:
        return False
    return True


def _our_account() -> Account:
    try:
        return _account(pwd.getpwuid(os.geteuid()))
    except KeyError as error:
        raise PostgresFailed(
            f"User id {os.geteuid()} has no entry in /etc/passwd, which PostgreSQL needs. "
            "Add one, or set DATABASE_URL to a PostgreSQL server."
        ) from error


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
