"""Writers of SQLite let each other in: who writes piece after piece keeps nobody out."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from yinuo.notices.models import Job
from yinuo.project.sqlite.base import DatabaseWrapper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine("sqlite")]
PIECE_SECONDS = 0.05
AT = "2024-07-15T00:00:00+00:00"


def write(key: str) -> None:
    Job.objects.update_or_create(key=key, defaults={"kind": "x", "due_at": AT, "next_try_at": AT})


@contextmanager
def written_to(piece_seconds: float) -> Iterator[list[int]]:
    """Somebody writes piece after piece; how many there were."""
    over, begun, pieces = threading.Event(), threading.Event(), [0]

    def work() -> None:
        try:
            while not over.is_set():
                with transaction.atomic():
                    write("long")
                    begun.set()
                    time.sleep(piece_seconds)
                pieces[0] += 1
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(20)
    try:
        yield pieces
    finally:
        over.set()
        thread.join()


def test_a_writer_gets_in_between_the_pieces_of_another() -> None:
    waited = []
    with written_to(PIECE_SECONDS) as pieces:
        for number in range(20):
            before = pieces[0]
            with transaction.atomic():
                write(f"quick-{number}")
            waited.append(pieces[0] - before)
    # With SQLite's own waiting it is dozens of pieces for one of twenty.
    assert sum(waited) / len(waited) < 5, waited


def test_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DatabaseWrapper, "_timeout", lambda _self: 0.05)
    began = time.monotonic()
    with (
        written_to(1.0),
        pytest.raises(OperationalError, match="locked"),
        transaction.atomic(),
    ):
        write("quick")
    assert time.monotonic() - began >= 0.05
    monkeypatch.undo()
    with transaction.atomic():
        write("quick")
    assert Job.objects.filter(key="quick").exists()


def test_waiting_does_not_pass_for_a_broken_connection() -> None:
    with transaction.atomic():
        write("first")
    with written_to(PIECE_SECONDS), transaction.atomic():
        write("second")
    assert not connection.errors_occurred
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (30_000,)
