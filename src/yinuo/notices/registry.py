"""The kinds of job that the installed packages know, each from a package's `jobs` module."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
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


@dataclass(frozen=True)
class Later:
    """A function of a module that is loaded when the job is first done.

    Every command and every web process knows all kinds of job, and few of them do one: what the
    jobs need is left to the worker.
    """

    module: str
    name: str

    def found(self) -> Callable[[Due], None]:
        """The function itself."""
        function: Callable[[Due], None] = getattr(import_module(self.module), self.name)
        return function

    def __call__(self, due: Due) -> None:
        """Do it."""
        self.found()(due)


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
    long: bool = False
    """Whether it may take minutes: then it is done apart, and nothing quick waits for it."""


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


def long_ones() -> tuple[str, ...]:
    """Names of the kinds that may take minutes."""
    return tuple(kind.name for kind in _kinds.values() if kind.long)


def job_label(name: str) -> str:
    """The words for a kind; its name where no package knows it any more."""
    return _kinds[name].label if name in _kinds else name
