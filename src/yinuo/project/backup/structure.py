"""The structure of the database: what this version brings that it lacks, and how it was before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from yinuo.project.backup.manifest import our_apps

Key = tuple[str, str]
"""An app and the name of one of its migrations."""


@dataclass(frozen=True)
class Structure:
    """How the database's tables stand to this version of the software."""

    missing: tuple[str, ...]
    """Changes that this version brings and the database has not, such as `goals.0003_depth`."""
    unknown: tuple[str, ...]
    """Changes that the database has and this version knows nothing of: it is the older one."""
    is_empty: bool
    """Whether none of our tables was ever made."""


def names(keys: Iterable[Key]) -> tuple[str, ...]:
    """Migrations as they are shown."""
    return tuple(".".join(key) for key in keys)


def structure() -> Structure:
    """Compare the database with this version. Changes nothing."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    ours = {key for key in executor.loader.applied_migrations if key[0] in our_apps()}
    return Structure(
        missing=names((one.app_label, one.name) for one, _backwards in plan),
        unknown=names(sorted(ours - executor.loader.disk_migrations.keys())),
        is_empty=not ours,
    )


def models_as_applied() -> Apps:
    """The models as the migrations in the database left them: those of the version before."""
    loader = MigrationLoader(connection)
    return loader.project_state(
        [k for k in loader.applied_migrations if k in loader.graph.nodes]
    ).apps


def models_after(migrations: Mapping[str, Sequence[str]]) -> Apps:
    """The models as these migrations leave them, by app. Needs no database."""
    every = [(app, name) for app, some in migrations.items() for name in some]
    return MigrationLoader(None).project_state(every).apps


def make_tables_after(migrations: Mapping[str, Sequence[str]]) -> None:
    """Make the tables in an empty database as these migrations leave them, by app."""
    executor = MigrationExecutor(connection)
    executor.migrate([(app, max(some)) for app, some in migrations.items() if some])
