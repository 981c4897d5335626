"""Setting up an installation: home, key, tables, the city and its first two administrators."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.key import create_key
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Verifier
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    found_duties,
    open_account,
    register_units,
    set_password,
)
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import Viewer
from yinuo.project.content_files import shipped
from yinuo.project.home import prepare
from yinuo.project.rendering import drawn_alone

OURS = frozenset(c.label for c in apps.get_app_configs() if c.name.startswith("yinuo."))
"""Labels of our own apps."""
SHIPPED = "随软件提供的默认规则，自建立之日起采用"
"""Why the first edition of each file is published."""


class TablesOutdated(YinuoError):
    """The database has not the tables that this version needs."""

    code = "HOME-E005"
    status = 500

    def __init__(self, missing: int) -> None:
        super().__init__(
            f"数据库缺少 {missing} 项结构更新",
            next_step="请停止站点，运行 yinuo upgrade：它先备份，再更新，最后核对",
        )


class DatabaseNewer(YinuoError):
    """The database was brought up to a later version than this one."""

    code = "UPGRADE-E002"
    status = 409

    def __init__(self, unknown: Sequence[str]) -> None:
        super().__init__(
            f"数据库已由更新的版本升级过，本版本 {version('yinuo')} 不认识 {'、'.join(unknown)}",
            place="数据库",
            next_step="请装回较新的版本；要退回本版本，见 docs/how-to/upgrade.md",
        )


@dataclass(frozen=True)
class Person:
    """An account to open, with its first duty."""

    username: str
    name: str
    role: str
    unit: str


def random_password() -> str:
    """A password that can be read out: four groups of four."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def make_tables() -> None:
    """Bring the database to the structure of this version."""
    with drawn_alone():
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def check_tables() -> None:
    """Raises `TablesOutdated` if a migration is missing, `DatabaseNewer` if one is unknown."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    known = loader.disk_migrations.keys()
    unknown = sorted(k for k in loader.applied_migrations.keys() - known if k[0] in OURS)
    if unknown:
        raise DatabaseNewer([".".join(key) for key in unknown])
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise TablesOutdated(len(missing))


def lay_out(path: Path, *, key: Path, memory: Memory) -> None:
    """Make the folder, the signing key, the sealer's memory and the tables. Raises `HomeExists`."""
    prepare(path)
    if not key.exists():
        create_key(key)
    if not memory.path.exists():
        memory.begin()
    make_tables()


@transaction.atomic
def found(
    *, city: NewUnit, people: Sequence[Person], key: Verifier, store: FileStore, at: datetime
) -> dict[str, str]:
    """Record the log's key, register the city, open the first accounts, grant the first duties.

    The first two people publish the shipped rules. Returns user name → first password. Raises
    `AlreadyFounded` in a running installation.
    """
    found_key(verifier=key, by=OPERATOR, at=at)
    register_units(units=[city], by=OPERATOR, at=at)
    passwords = {person.username: random_password() for person in people}
    for person in people:
        open_account(
            username=person.username,
            name=person.name,
            password=passwords[person.username],
            by=OPERATOR,
            at=at,
        )
    found_duties(duties=[(p.username, p.role, p.unit) for p in people], at=at)
    first, second = (_founder(person) for person in people[:2])
    publish_shipped(store=store, by=(first, second), at=at)
    return passwords


def _founder(person: Person) -> Viewer:
    viewer = public_viewer_named(person.username)
    assert viewer is not None  # noqa: S101  # opened a moment ago
    return viewer


def publish_shipped(*, store: FileStore, by: tuple[Viewer, Viewer], at: datetime) -> None:
    """Let the rules that come with Yinuo be in force from the first day, as their first edition.

    Two administrators do it, as for every later edition. Raises `ContentRefused` for a bad build.
    """
    asking, approving = by
    for file in shipped():
        kept = keep(
            name=file.name, data=file.path.read_bytes(), valid_from=civil_date(at), store=store
        )
        number = ask_publication(kept=kept, reason=SHIPPED, store=store, by=asking, at=at)
        approve_publication(number=number, store=store, by=approving, at=at)


def renew_passwords(usernames: Sequence[str]) -> dict[str, str]:
    """Give accounts new random passwords and return them."""
    passwords = {username: random_password() for username in usernames}
    for username, password in passwords.items():
        set_password(username=username, password=password)
    return passwords
