"""What the bootstrap says, and the one error that ends it."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Failure(Exception):
    """Something a person must mend: what went wrong, then what to do."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(f"{what}\n→ {next_step}")
        self.what = what
        self.next_step = next_step


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)


def show_progress(line: str) -> None:
    """Replace the present line on a terminal; say nothing in a log."""
    if sys.stdout.isatty():
        print(f"\r\033[K  {line}", end="", flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Announce a step and, once it succeeds, how long it took."""
    started = time.monotonic()
    if not sys.stdout.isatty():
        say(f"  {name} …")
    show_progress(f"{name} …")
    yield
    if sys.stdout.isatty():
        print("\r\033[K", end="")
    say(f"  {name}：{time.monotonic() - started:.1f} 秒")
