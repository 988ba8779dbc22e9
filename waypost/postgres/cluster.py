"""Makes the folders and the database cluster; a first start cut short at any point is repeated."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from waypost.postgres.account import Account, can_enter, run_as
from waypost.postgres.findings import PostgresFailed
from waypost.postgres.places import SYSTEM_FOLDER, Places

LOGIN_RULE = "local all all peer map=waypost\n"
# Run by the server in single-user mode: one statement a line.
FIRST_STATEMENTS = """\
CREATE ROLE waypost LOGIN CREATEDB;
CREATE DATABASE waypost OWNER waypost;
"""


def prepare_folders(places: Places, account: Account) -> None:
    """Make every folder that is missing; refuse what belongs to somebody else."""
    _make_data_folder(places, account)
    places.home.mkdir(mode=0o711, exist_ok=True)
    if not account.is_us:
        places.home.chmod(0o711)
    _refuse_strangers(places.cluster, account)
    _make_private(places.sockets, account)


def make_cluster(places: Places, account: Account, programs: Path) -> None:
    """Create the cluster with its role and database, and only then give it its name."""
    if not (places.cluster / "PG_VERSION").exists():
        fresh = places.home / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        _make_private(fresh, account)
        _initialise(fresh, account, programs)
        fresh.rename(places.cluster)
    _write_login_rules(places.cluster, account)


def _make_data_folder(places: Places, account: Account) -> None:
    data = places.data
    data.mkdir(parents=True, exist_ok=True)
    if account.is_us or can_enter(account, data):
        return
    if SYSTEM_FOLDER in data.parents:
        _let_pass(SYSTEM_FOLDER)
    if places.home.exists() or _holds_only_keys(data):
        _let_pass(data)
    if not can_enter(account, data):
        raise PostgresFailed(
            f"PostgreSQL refuses to run as root, and the user {account.name} cannot enter {data}. "
            f"Set WAYPOST_DATA to a new folder that everyone can reach, such as "
            f"{SYSTEM_FOLDER / 'main'}, or set DATABASE_URL to a PostgreSQL server."
        )


def _let_pass(folder: Path) -> None:
    """Only for folders of ours: a strict umask made them too private for the server's user."""
    folder.chmod(stat.S_IMODE(folder.stat().st_mode) | 0o011)


def _holds_only_keys(folder: Path) -> bool:
    """An empty folder given to us is ours; one with other people's files is not."""
    return all(entry.name.startswith("secrets") for entry in folder.iterdir())


def _refuse_strangers(folder: Path, account: Account) -> None:
    """Raise when the folder exists and belongs to neither the account nor, for us, root."""
    if not folder.exists() and not folder.is_symlink():
        return
    owner = folder.lstat().st_uid
    if folder.is_symlink() or (owner != account.uid and (os.geteuid() != 0 or owner != 0)):
        raise PostgresFailed(
            f"{folder} belongs to another user (id {owner}). Start Waypost as that user or as "
            "root, or set WAYPOST_DATA to another folder."
        )
    if owner != account.uid:
        _hand_over(folder, account)


def _hand_over(folder: Path, account: Account) -> None:
    """A backup copied back by root belongs to root: give it to the server again."""
    for root, folders, names in os.walk(folder):
        for name in (*folders, *names):
            os.chown(Path(root, name), account.uid, account.gid, follow_symlinks=False)
    os.chown(folder, account.uid, account.gid)


def _make_private(folder: Path, account: Account) -> None:
    """A folder that only the server's user (and root) may look into."""
    _refuse_strangers(folder, account)
    folder.mkdir(mode=0o700, exist_ok=True)
    if not account.is_us:
        os.chown(folder, account.uid, account.gid)
    if stat.S_IMODE(folder.stat().st_mode) != 0o700:
        folder.chmod(0o700)


def _initialise(fresh: Path, account: Account, programs: Path) -> None:
    """Sorted by code point, with Unicode's upper and lower case: the same on every machine."""
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    locale.append("--builtin-locale=C.UTF-8")
    initdb = [str(programs / "initdb"), "--pgdata", str(fresh), "--username=postgres"]
    run_as(account, [*initdb, *locale, "--auth=peer"])
    single = [str(programs / "postgres"), "--single", "-D", str(fresh), "postgres"]
    run_as(account, single, text=FIRST_STATEMENTS)


def _write_login_rules(cluster: Path, account: Account) -> None:
    """Two locks: the folder of the socket, and the system user at its other end."""
    users = {account.uid: account.name}
    if not account.is_us:
        users[0] = "root"
    rows = [f'waypost "{name}" all\n' for name in users.values()]
    (cluster / "pg_hba.conf").write_text(LOGIN_RULE)
    (cluster / "pg_ident.conf").write_text("".join(rows))
