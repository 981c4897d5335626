"""A real installation in a folder of its own, driven through its command line."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.prepared import admin, database_url, prepared

SEALER = ("-m", "yinuo.project", "ledger", "seal", "--follow")
"""The sealer as a program of its own."""


@dataclass(frozen=True)
class Installation:
    """Where it lives; processes started with `env` belong to it."""

    home: Path
    env: dict[str, str]

    def python(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a Python process of this installation."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """A Python process beside the block; ended with it, however the block ends."""
        process = self.python(*arguments)
        try:
            yield process
        finally:
            process.terminate()  # and not killed: what it has started itself has to end too
            process.communicate(timeout=60)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run `yinuo` with these arguments to its end."""
        process = self.python("-m", "yinuo.project", *arguments)
        out, err = process.communicate(timeout=240)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def json(self, *arguments: str) -> Any:
        """What `yinuo … --json` prints. Fails if it exits with an error."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)


@contextmanager
def _fresh_database(name: str, template: str = "") -> Iterator[str]:
    """The URL of an empty database, or of a copy, beside the one under test; empty for SQLite."""
    url = database_url(name)
    if not url:
        yield ""
        return
    admin(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    try:
        yield url
    finally:
        admin(f'DROP DATABASE "{name}" WITH (FORCE)')


def _at(home: Path, url: str) -> Installation:
    env = {**os.environ, "YINUO_HOME": str(home)}
    env.pop("DATABASE_URL", None)
    if url:
        env["DATABASE_URL"] = url
    return Installation(home, env)


@contextmanager
def empty(folder: Path, template: str = "") -> Iterator[Installation]:
    """A place for an installation, on the database under test."""
    name = f"yinuo_{os.getpid()}_{folder.name[-20:]}"
    with _fresh_database(name, template) as url:
        yield _at(folder / "家目录", url)


@contextmanager
def _copied(
    folder: Path, kind: str, make: Callable[[Installation], None]
) -> Iterator[Installation]:
    """An installation that was made once, with the same key and the same passwords."""

    def make_at(home: Path, database: str) -> None:
        make(_at(home, database_url(database) if database else ""))

    home, template = prepared(kind, make_at)
    with empty(folder, template) as installation:
        shutil.copytree(home, installation.home)
        yield installation


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """A new installation made by `yinuo init`."""
    with _copied(folder, "installed", lambda city: city.json("init")) as installation:
        yield installation


def _demonstrate(city: Installation) -> None:
    done = city.run("demo", "--load-only", "--plan-only")
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def demonstrated(folder: Path) -> Iterator[Installation]:
    """An installation that holds the demo: the Dalian plan and its own simulated year."""
    with _copied(folder, "demonstrated", _demonstrate) as installation:
        yield installation
