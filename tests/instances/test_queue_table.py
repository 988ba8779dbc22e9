"""What we write into PgQueuer's table fits the release that is installed."""

from __future__ import annotations

import importlib

from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder
from pgqueuer.domain.settings import DBSettings, Durability

from waypost.instances.store import JOB_COLUMNS, JOB_CONFLICT


def test_our_jobs_fit_the_installed_queue() -> None:
    theirs = QueryQueueBuilder().build_enqueue_query("skip")
    flat = " ".join(theirs.split())

    for column in JOB_COLUMNS.strip("()").split(", "):
        assert column in flat
    assert " ".join(JOB_CONFLICT.split()).casefold() in flat.casefold()


def test_the_migration_made_the_tables_of_the_installed_queue() -> None:
    installed = QueryBuilderEnvironment(DBSettings(durability=Durability.volatile))
    migration = importlib.import_module("waypost.worker.migrations.0001_queue")
    frozen: str = migration.FORWARD

    for statement in installed.build_install_query().split(";"):
        lines = [line for line in statement.strip().splitlines() if not line.startswith("--")]
        assert "\n".join(lines).strip() in frozen
