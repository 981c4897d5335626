"""Holding a job that takes long, so that no other worker begins it too."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

from yinuo.ledger.commands.recording import command
from yinuo.notices.models import Job

LEASE = timedelta(minutes=30)
"""For so long a job that was begun belongs to its worker; a long one is held again and again."""
RENEW_SECONDS = 600.0


@contextmanager
def held(job: Job, at: datetime) -> Iterator[None]:
    """Put the end of the lease off every `RENEW_SECONDS` for as long as the body runs.

    Only a worker that is gone lets it end. `at`: when the job was begun. The row in hand follows,
    so that the end of the job is noted on the lease that is in force then.
    """
    over, begun = threading.Event(), time.monotonic()

    def renew() -> None:
        try:
            while not over.wait(RENEW_SECONDS):
                spent = timedelta(seconds=time.monotonic() - begun)
                if not _renew(job, at + spent + LEASE):
                    return
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"lease of {job.key}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@command("notices.renew_job")
def _renew(job: Job, until: datetime) -> bool:
    """Whether it is still this worker's: not armed anew or disarmed meanwhile."""
    mine = Job.objects.filter(key=job.key, next_try_at=job.next_try_at)
    if not mine.update(next_try_at=until):
        return False
    job.next_try_at = until
    return True
