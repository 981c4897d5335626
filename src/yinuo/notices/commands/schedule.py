"""Arming what has to be done at a time, and doing it: each once, whatever happens to the worker."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recording import command
from yinuo.notices.hours import job_retry_seconds
from yinuo.notices.models import Job
from yinuo.notices.registry import Due, JobKind, job_named, recurring

MOST = 1_000
"""Jobs in one turn of the worker."""
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


def run_due(*, at: datetime) -> Done:
    """Do what is due, the longest due first, each in a transaction with the note that it is done.

    What fails is undone, noted, and tried again later; the others go on.
    """
    done = failed = 0
    for _turn in range(MOST):
        outcome = _run_next(at)
        if outcome is None:
            break
        done, failed = done + outcome, failed + (not outcome)
    return Done(done, failed)


@command("notices.run_job")
def _run_next(at: datetime) -> bool | None:
    """Do one job; whether it succeeded, or None where nothing is due."""
    due = Job.objects.filter(open=True, next_try_at__lte=at)
    job = due.select_for_update(skip_locked=True).order_by("next_try_at", "key").first()
    if job is None:
        return None
    try:
        kind = job_named(job.kind)
        with transaction.atomic():
            kind.run(Due(at, job.due_at, job.args))
    except Exception as error:  # whatever it was, it is noted, shown and tried again
        job.tries += 1
        job.error = _words(error)
        job.next_try_at = at + timedelta(seconds=job_retry_seconds(job.tries))
        job.save()
        log.exception("job %s failed: %s", job.key, job.error)
        return False
    job.done_at, job.tries, job.error = at, 0, ""
    job.open = kind.every is not None
    if kind.every is not None:
        job.due_at = job.next_try_at = kind.every.after(at)
    job.save()
    return True


def _words(error: Exception) -> str:
    if isinstance(error, YinuoError):
        return f"{error.code} {error.what}"[:300]
    return type(error).__name__
