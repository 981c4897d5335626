"""A real installation in a folder of its own, driven through its command line."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings


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
def _fresh_database(name: str) -> Iterator[str]:
    """The URL of an empty database beside the one under test; empty for SQLite."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        yield ""
        return
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def empty(folder: Path) -> Iterator[Installation]:
    """A place for an installation, on the database under test."""
    home = folder / "家目录"
    with _fresh_database(f"yinuo_{os.getpid()}_{folder.name[-20:]}") as url:
        env = {**os.environ, "YINUO_HOME": str(home)}
        env.pop("DATABASE_URL", None)
        if url:
            env["DATABASE_URL"] = url
        yield Installation(home, env)


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """A new installation made by `yinuo init`."""
    with empty(folder) as installation:
        installation.json("init")
        yield installation


@contextmanager
def demonstrated(folder: Path) -> Iterator[Installation]:
    """An installation that holds the demo: the Dalian plan and its own simulated year."""
    with empty(folder) as installation:
        done = installation.run("demo", "--load-only", "--plan-only")
        assert done.returncode == 0, done.stdout + done.stderr
        yield installation
