"""Arming what has to be done at a time, and doing it: all of it, whatever happens to the worker."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recording import command
from yinuo.notices.commands.leasing import LEASE, held
from yinuo.notices.hours import job_retry_seconds
from yinuo.notices.models import Job
from yinuo.notices.registry import Due, JobKind, job_named, long_ones, recurring

MOST = 1_000
"""Jobs in one turn of the worker; of the long ones one, because the time given grows old."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """What one turn did."""

    done: int
    failed: int


@command("notices.arm")
def arm(
    *, kind: str, of: str, due_at: datetime, args: Mapping[str, str | int] | None = None
) -> None:
    """Have something done at a time; arming the same again moves it.

    Belongs into the command that sets the limit: whoever cannot arm it does not set it.
    Raises `UnknownJob`.
    """
    job_named(kind)
    Job.objects.update_or_create(
        key=f"{kind}:{of}",
        defaults={
            "kind": kind,
            "args": dict(args or {}),
            "due_at": due_at,
            "next_try_at": due_at,
            "tries": 0,
            "error": "",
            "open": True,
        },
    )


@command("notices.disarm")
def disarm(*, kind: str, of: str) -> None:
    """No longer do it; nothing happens where it was never armed or is done."""
    Job.objects.filter(key=f"{kind}:{of}").delete()


@command("notices.schedule")
def schedule_recurring(*, at: datetime) -> None:
    """Have everything that comes again by itself done from now on; what is known stays."""
    known = set(Job.objects.values_list("key", flat=True))
    Job.objects.bulk_create(
        (_first(kind, at) for kind in recurring() if kind.name not in known),
        ignore_conflicts=True,
    )


def _first(kind: JobKind, at: datetime) -> Job:
    assert kind.every is not None  # noqa: S101  # `recurring` gives no others
    due = kind.every.after(at)
    return Job(key=kind.name, kind=kind.name, due_at=due, next_try_at=due)


def run_due(*, at: datetime, long: bool = False) -> Done:
    """Do what is due, the longest due first; what fails is noted and tried again later.

    `long`: one of those that take minutes, which have turns of their own; otherwise all others. A
    job runs in no transaction: each command that it calls is whole in itself, so that nobody waits
    for a job that reads files or many rows. One that a crash cut short is done once more after
    `LEASE`, so doing it twice has to come to the same as once.
    """
    done = failed = 0
    for _turn in range(1 if long else MOST):
        job = _claim(at, long=long)
        if job is None:
            break
        if long:
            with held(job, at):
                error = _try(job, at)
        else:
            error = _try(job, at)
        _note(job, error, at)
        done, failed = done + (not error), failed + bool(error)
    return Done(done, failed)


@command("notices.claim_job")
def _claim(at: datetime, *, long: bool) -> Job | None:
    """The job that is due longest, kept from other workers for a while; None where none is due."""
    due = _of_length(long=long).filter(open=True, next_try_at__lte=at)
    job = due.select_for_update(skip_locked=True).order_by("next_try_at", "key").first()
    if job is not None:
        job.next_try_at = at + LEASE
        job.save()
    return job


def _of_length(*, long: bool) -> QuerySet[Job]:
    """The long ones or the others; what no package knows any more is among the others."""
    kinds = long_ones()
    return Job.objects.filter(kind__in=kinds) if long else Job.objects.exclude(kind__in=kinds)


def _try(job: Job, at: datetime) -> str:
    """Do it; why it failed, or nothing."""
    try:
        job_named(job.kind).run(Due(at, job.due_at, job.args))
    except Exception as error:  # whatever it was, it is noted, shown and tried again
        log.exception("job %s failed", job.key)
        return _words(error)
    return ""


@command("notices.note_job")
def _note(job: Job, error: str, at: datetime) -> None:
    """Write down what came of it, unless it was armed anew or disarmed meanwhile."""
    claimed = Job.objects.filter(key=job.key, next_try_at=job.next_try_at)
    if error:
        tries = job.tries + 1
        again = at + timedelta(seconds=job_retry_seconds(tries))
        claimed.update(tries=tries, error=error, next_try_at=again)
        return
    every = job_named(job.kind).every
    if every is None:
        claimed.update(tries=0, error="", done_at=at, open=False)
        return
    again = every.after(at)
    claimed.update(tries=0, error="", done_at=at, due_at=again, next_try_at=again)


def _words(error: Exception) -> str:
    if isinstance(error, YinuoError):
        return f"{error.code} {error.what}"[:300]
    return type(error).__name__
