"""Work side by side: a thread for each kind, so that what is urgent waits for nothing long."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import close_old_connections, connections

LOOK_SECONDS = 0.5
"""Between two looks at whether to go on."""
FAILED_SECONDS = 5.0
"""How long a lane rests after a failure that its work does not know."""
GRACE_SECONDS = 5.0
"""How long a turn may still take when all is to end; a longer one is cut short as by a crash."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lane:
    """One kind of work, again and again in a thread of its own with a connection of its own."""

    name: str
    turn: Callable[[], float]
    """Does what there is to do, and answers for how many seconds to rest."""


def run(lanes: Sequence[Lane], *, goes_on: Callable[[], bool]) -> None:
    """Work in all lanes for as long as `goes_on` says so.

    A lane that fails is noted and goes on after a rest; the others do not notice.
    """
    stopping = threading.Event()
    threads = [
        threading.Thread(target=_work, args=(lane, stopping), name=lane.name, daemon=True)
        for lane in lanes
    ]
    for thread in threads:
        thread.start()
    while goes_on():
        time.sleep(LOOK_SECONDS)
    stopping.set()
    end = time.monotonic() + GRACE_SECONDS
    for thread in threads:
        thread.join(max(end - time.monotonic(), 0))


def _work(lane: Lane, stopping: threading.Event) -> None:
    while not stopping.is_set():
        try:
            rest = lane.turn()
        except Exception:  # such as a database that is away: it must not end a job in another lane
            log.exception("%s failed and goes on in %d s", lane.name, FAILED_SECONDS)
            connections.close_all()
            rest = FAILED_SECONDS
        close_old_connections()
        stopping.wait(rest)
    connections.close_all()
