"""One writer at a time, and nobody waits long for a writer that comes again and again.

SQLite looks for its lock ten times a second and takes it when it happens to be free. Whoever writes
piece after piece, such as an import, lets go of it for a thousandth of a second, and others would
find it taken for as long as the import lasts. So here a waiting writer looks every few
milliseconds, and one that held the lock long rests for as long as others take to look. Source:
ADR 60.
"""

import sqlite3
import time

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

FIRST_SECONDS, LONGEST_SECONDS, GROWTH = 0.0005, 0.004, 1.5
"""Between two looks of a waiting writer, at first and at most."""
LONG_SECONDS = 0.02
"""Whoever held the lock for so long makes room before it takes it again."""
ROOM_SECONDS = 0.006
"""For so long: a little more than others rest between two looks."""
BUSY = 0xFF
"""Mask of SQLite's primary error codes."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to SQLite. `timeout` is for how long its transactions wait for the lock."""

    began = 0.0
    let_go = 0.0
    """When its transaction, if it was a long one, ended."""

    def _start_transaction_under_autocommit(self) -> None:
        """Begin, and with it take the lock; raises `OperationalError` after `timeout` seconds."""
        begun = time.monotonic()
        room = self.let_go + ROOM_SECONDS - begun
        if room > 0:
            time.sleep(room)
        end = begun + self._timeout()
        pause = FIRST_SECONDS
        self._wait_inside(0)
        try:
            while not self._begin(last=time.monotonic() >= end):
                time.sleep(pause)
                pause = min(pause * GROWTH, LONGEST_SECONDS)
        finally:
            self._wait_inside(self._timeout())
        self.began = time.monotonic()

    def _begin(self, *, last: bool) -> bool:
        """Whether the lock was free; the last time a taken one is an error."""
        sound = not self.errors_occurred
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except OperationalError as error:
            cause = error.__cause__
            code = cause.sqlite_errorcode if isinstance(cause, sqlite3.OperationalError) else 0
            if last or code & BUSY != sqlite3.SQLITE_BUSY:
                raise
            # Django would take it for a broken connection.
            self.errors_occurred = not sound
            return False
        return True

    def _timeout(self) -> float:
        return float(self.settings_dict["OPTIONS"].get("timeout", 5.0))

    def _wait_inside(self, seconds: float) -> None:
        """For how long SQLite itself waits for a lock."""
        self.connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._ended()

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        self._ended()

    def _ended(self) -> None:
        now = time.monotonic()
        self.let_go = now if self.began and now - self.began >= LONG_SECONDS else 0.0
        self.began = 0.0
