"""Setting up an installation: home, key, tables, the city and its first two administrators."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from yinuo.content.commands import approve_publication, ask_publication, keep
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
from yinuo.project.tables import make_tables

SHIPPED = "随软件提供的默认规则，自建立之日起采用"
"""Why the first edition of each file is published."""


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
