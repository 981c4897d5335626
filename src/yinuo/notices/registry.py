"""The kinds of job that the installed packages know, each from a package's `jobs` module."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yinuo.notices.errors import UnknownJob
from yinuo.notices.hours import Daily, Every


@dataclass(frozen=True)
class Due:
    """One occasion on which a job is to be done."""

    at: datetime
    """Now."""
    due_at: datetime
    """When it was due; earlier where the worker was down."""
    args: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """Something that the worker does at its time. Its name is permanent."""

    name: str
    label: str
    """The Chinese words on pages."""
    run: Callable[[Due], None]
    """Calls commands, each whole in itself; done twice it comes to the same as once."""
    every: Daily | Every | None = None
    """None for what is armed one by one."""


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    """Make a kind known; called once from a package's `jobs` module."""
    if _kinds.get(kind.name, kind) != kind:
        raise ValueError(f"job {kind.name} is registered twice, differently")
    _kinds[kind.name] = kind


def job_named(name: str) -> JobKind:
    """The kind with this name. Raises `UnknownJob`."""
    if name not in _kinds:
        raise UnknownJob(name, _kinds)
    return _kinds[name]


def recurring() -> tuple[JobKind, ...]:
    """Every kind that comes again by itself."""
    return tuple(kind for kind in _kinds.values() if kind.every)


def job_label(name: str) -> str:
    """The words for a kind; its name where no package knows it any more."""
    return _kinds[name].label if name in _kinds else name
