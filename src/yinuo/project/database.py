"""From `DATABASE_URL` to Django's database settings."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from yinuo.kernel.errors import YinuoError

SQLITE_OPENING = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
    "PRAGMA foreign_keys=ON; PRAGMA cache_size=-64000; PRAGMA wal_autocheckpoint=8000; "
    "PRAGMA mmap_size=2147418112;"
)
"""Durable at every commit, and readers never wait for the writer."""


class BadDatabaseUrl(YinuoError):
    """`DATABASE_URL` names no PostgreSQL."""

    code = "HOME-E004"

    def __init__(self, scheme: str) -> None:
        super().__init__(
            f"DATABASE_URL 的类型 {scheme or '（空）'} 不受支持",
            place="DATABASE_URL",
            next_step="请写成 postgresql://用户:密码@主机:端口/数据库，或删去它以使用 SQLite",
        )


def _sqlite(home: Path) -> dict[str, Any]:
    return {
        "ENGINE": "yinuo.project.sqlite",
        "NAME": home / "yinuo.sqlite3",
        # Opening reads the whole schema, 4 ms, and what it kept in memory goes with a connection.
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            # Of Python's wrapper, which forgets after 128: a page asks up to 40 different ones.
            "cached_statements": 512,
            "init_command": SQLITE_OPENING,
        },
        "TEST": {"NAME": home / "test.sqlite3"},
    }


def database_settings(url: str, *, home: Path) -> dict[str, Any]:
    """Django's settings for the database at `url`, or for SQLite in `home` without one.

    Query parameters (`host=/run/postgresql`, `sslmode=require`) go to the driver as they are.
    Raises `BadDatabaseUrl`.
    """
    if not url:
        return _sqlite(home)
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise BadDatabaseUrl(parts.scheme)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(options.pop("port", parts.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
