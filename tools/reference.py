"""Writes the reference pages that follow from the code: errors, commands, settings.

    .venv/bin/python -m tools.reference

A test fails while a page differs from what this writes.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import click

from yinuo.kernel.errors import YinuoError
from yinuo.project.main import cli  # sets Django up before anything imports a model
from yinuo.witness.main import cli as witness

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
NOTICE = "<!-- Written by tools/reference.py; edit the code instead. -->\n"
SETTINGS = {
    "YINUO_HOME": "The folder that holds all state. Default: `var/` in the checkout, or `./var`.",
    "YINUO_SEALER_MEMORY": "File with the last checkpoint the sealer signed. Keep it outside the"
    " database and its backups. Default: `sealer.checkpoint` in the home.",
    "YINUO_FILES": "Folder of evidence and uploaded workbooks, each named by its SHA-256; outside"
    " the web root and shared by all web nodes. Default: `files` in the home.",
    "YINUO_LAKE": "Folder of event logs and credit records as Parquet; shared by all web nodes."
    " `credit/salt` in it belongs in every backup. Default: `lake` in the home.",
    "YINUO_LAKE_MEMORY": "How much memory one piece of work on credit data may take, such as"
    " `4GB`; the rest is put on disk meanwhile. Default: `2GB`.",
    "YINUO_SPARK": "Master of the Spark that resolves and publishes credit data, `local[4]` or"
    " `spark://host:7077`. Default: none; DuckDB does so on this machine.",
    "YINUO_CREDIT_CENTRE": "Code of the unit that publishes credit data and judges joins"
    " (信用中心). Default: `DL-XYZX`.",
    "YINUO_READS": "Folder of the log of looks at credit records; shared by all web nodes, and"
    " part of every backup. Default: `reads` in the home.",
    "YINUO_IDENTITY": "File that names the identity platform with which firms and citizens sign in."
    " Default: `identity.toml` in the home; without it nobody can.",
    "YINUO_TRUST": "Trust file (C2SP tlog-policy): this log's key, its witnesses and how many of"
    " them it takes. Default: `trust.policy` in the home; need not exist.",
    "YINUO_NOTICES": "File that names the services by which messages leave. Default: `notices.toml`"
    " in the home; need not exist.",
    "DATABASE_URL": "`postgresql://user:password@host:port/name` for PostgreSQL; without it SQLite"
    " in the home.",
    "YINUO_HOSTS": "Host names the site answers to, joined by commas, besides those of the machine"
    " itself (`127.0.0.1`, `localhost`). Default: none.",
    "YINUO_ORIGINS": "Origins allowed to post forms when a proxy changes the scheme or host,"
    " such as `https://yinuo.example`.",
    "YINUO_HTTPS": "Set to `1` behind HTTPS: cookies then travel over HTTPS alone, and addresses"
    " that the site writes, in letters and to the identity platform, begin with `https`.",
    "YINUO_PROXIES": "Addresses and networks of the proxies in front, joined by commas: whom they"
    " name in `X-Forwarded-For` is who asks. Default: none. Without it everybody behind a proxy"
    " counts as one when passwords and codes are wrong.",
    "LANG": "`yinuo-verify` speaks English where it begins with `en`, Chinese otherwise.",
    "YINUO_CHROMIUM": "Tests only: the Chromium to use for the browser tests.",
}


def errors() -> str:
    """Every error code, what it means, and where it is raised."""
    package = importlib.import_module("yinuo")
    for module in pkgutil.walk_packages(package.__path__, "yinuo."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    rows = sorted(
        (error.code, error.__name__, (error.__doc__ or "").split("\n")[0], error.__module__)
        for error in _subclasses(YinuoError)
        if "code" in vars(error) and error.__module__.startswith("yinuo.")
    )
    lines = [f"| `{code}` | {what} | `{module}.{name}` |" for code, name, what, module in rows]
    return (
        f"# Errors\n\n{NOTICE}\nEvery error carries its code, its place and the next step.\n\n"
        "| code | meaning | class |\n|---|---|---|\n" + "\n".join(lines) + "\n"
    )


def _subclasses(parent: type[YinuoError]) -> Iterator[type[YinuoError]]:
    for child in parent.__subclasses__():
        yield child
        yield from _subclasses(child)


def commands() -> str:
    """The help of every command."""
    parts = [f"# Commands\n\n{NOTICE}"]
    programs = (*_commands(("yinuo",), cli), *_commands(("yinuo-witness",), witness))
    for path, command in programs:
        context = click.Context(command, info_name=" ".join(path), max_content_width=100)
        title = "#" * min(len(path) + 1, 3)
        parts.append(f"{title} {' '.join(path)}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def _commands(
    path: tuple[str, ...], command: click.Command
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from _commands((*path, name), child)


def settings() -> str:
    """Every environment variable."""
    rows = "\n".join(f"| `{name}` | {what} |" for name, what in SETTINGS.items())
    return f"# Settings\n\n{NOTICE}\n| variable | meaning |\n|---|---|\n{rows}\n"


PAGES = {"errors.md": errors, "commands.md": commands, "settings.md": settings}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
