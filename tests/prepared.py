"""What takes seconds to make and is the same each time: made once, then copied.

empty tables    from one run to the next, for as long as no migration changes (SQLite)
installations   once a run, for all its workers (both databases)
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).parents[1]
TABLES = ROOT / ".pytest_cache" / "yinuo"
"""Databases with empty tables, each named after the migrations that made it."""
MOST_TABLES = 4


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time; the lock goes with a process that dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _migrations() -> str:
    """A mark of every migration of every package."""
    mark = hashlib.sha256(django.__version__.encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.name):
        if find_spec(f"{app.name}.migrations") is None:
            continue
        (folder,) = import_module(f"{app.name}.migrations").__path__
        for path in sorted(Path(folder).glob("*.py")):
            mark.update(f"{app.label}/{path.name}".encode() + path.read_bytes())
    return mark.hexdigest()[:20]


def copy_tables(target: Path, migrate: Callable[[], None]) -> None:
    """Put a database with empty tables at `target`; `migrate` makes one there if none is kept."""
    kept = TABLES / f"{_migrations()}.sqlite3"
    with _alone(TABLES):
        if kept.exists():
            shutil.copyfile(kept, target)
            os.utime(kept)
            return
        migrate()
        part = kept.with_suffix(".part")
        part.unlink(missing_ok=True)
        made = sqlite3.connect(target)
        made.execute("VACUUM INTO ?", (str(part),))
        made.close()
        part.replace(kept)
        old = sorted(TABLES.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)
        for path in old[:-MOST_TABLES]:
            path.unlink()


def database_url(name: str) -> str:
    """The URL of a database beside the one under test; empty for SQLite."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return ""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def admin(statement: str) -> None:
    """Run a statement that no transaction may hold."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(statement)


def prepared(kind: str, make: Callable[[Path, str], None]) -> tuple[Path, str]:
    """The home and the database of an installation to copy; `make` makes it where there is none.

    The database is the name of a template on the server, and empty for SQLite, which has it in the
    home.
    """
    folder = settings.HOME / "prepared"
    home, ready = folder / kind, folder / f"{kind}.ready"
    name = f"yinuo_prepared_{kind}_{settings.HOME.name[-8:]}".lower() if database_url("x") else ""
    with _alone(folder):
        if not ready.exists():
            if name:
                admin(f'CREATE DATABASE "{name}"')
            atexit.register(_forget, folder, kind, name)
            make(home, name)
            ready.touch()
    return home, name


def _forget(folder: Path, kind: str, name: str) -> None:
    if not folder.exists():
        return
    with _alone(folder):
        (folder / f"{kind}.ready").unlink(missing_ok=True)
        shutil.rmtree(folder / kind, ignore_errors=True)
        if name:
            admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
