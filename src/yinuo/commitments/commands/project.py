"""Keeping what is counted and found in step with the sealed log.

    sealed entries ──from the cursor on──→ tally, searchable, news ──together with──→ the cursor

What the rows here say follows from the ledger alone. A batch is worked out outside the transaction
that writes it, so writers wait only for the writing; the cursor moves in the same transaction, so a
crash repeats a batch and never half of one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yinuo.commitments.commands.light import relight
from yinuo.commitments.models import Commitment, News, Projection, Searchable, Tally
from yinuo.commitments.news import NEWS
from yinuo.commitments.projected import NAME
from yinuo.commitments.searchwords import words_of
from yinuo.commitments.tallying import COUNTS, EDITION, Cell, add
from yinuo.commitments.tallying import Tally as Cells
from yinuo.ledger.outbox import Mark, sealed_after, spans, states

BATCH = 4_000
"""Entries in one transaction."""
PREFIX = "commitment:"
ROWS_A_STATEMENT = 500
PAGES_JOINED = 500
JOIN = "INSERT INTO commitments_searched(commitments_searched, rank) VALUES('merge', %s)"


@dataclass(frozen=True)
class Projected:
    """What one batch did."""

    entries: int
    place: int
    more: bool
    """Whether there may be more to take in."""


@dataclass(frozen=True)
class _Batch:
    """What a batch will write."""

    place: int
    cells: Cells
    words: dict[str, str]
    """Code of the commitment → its tokens."""
    news: list[tuple[int, str]]
    told: frozenset[str]
    """Codes of the commitments that anything was told of: their lights may have changed."""


def project(*, batch: int = BATCH) -> Projected:
    """Take in the sealed entries that are not known yet, at most one batch.

    Safe to call from several processes: of two with the same batch one writes. Counts made by an
    earlier edition of the map are thrown away first.
    """
    cursor = Projection.objects.filter(name=NAME).first()
    if cursor is None or cursor.edition != EDITION:
        start_over()
        cursor = Projection.objects.get(name=NAME)
    marks, place = sealed_after(cursor.place, limit=batch)
    if not marks:
        return Projected(0, cursor.place, more=False)
    written = _write(cursor.place, _work_out(marks, place))
    # Where another process wrote the batch, it may not have written all that follows.
    return Projected(len(marks) if written else 0, place, more=not written or len(marks) == batch)


def project_all(*, batch: int = BATCH) -> int:
    """Take in every sealed entry; returns how many there were."""
    found, more = 0, True
    while more:
        done = project(batch=batch)
        found, more = found + done.entries, done.more
    return found


@transaction.atomic
def start_over() -> None:
    """Forget what was counted; what is found stays until it is made anew."""
    Projection.objects.update_or_create(name=NAME, defaults={"place": 0, "edition": EDITION})
    Tally.objects.all().delete()
    News.objects.all().delete()


def refresh_statistics() -> None:
    """Let the database look at how its values are spread, so that it picks the right index.

    On SQLite also join the parts into which the full-text index falls while it grows: a search
    for two words of a million rows then takes two thirds of the time.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _join_parts(cursor)
            # Rows of each index that are looked at: enough to tell a unit from a state.
            cursor.execute("PRAGMA analysis_limit = 100000")
        cursor.execute("ANALYZE")


def _join_parts(cursor: CursorWrapper) -> None:
    """A few pages in each statement, so that no writer waits longer than some tenths of a second.

    See "The merge command" of SQLite's FTS5: negative to begin, and done once nothing is written.
    """
    pages, written = -PAGES_JOINED, PAGES_JOINED
    while written > 1:
        before = connection.connection.total_changes
        cursor.execute(JOIN, [pages])
        pages, written = PAGES_JOINED, connection.connection.total_changes - before


def _work_out(marks: Sequence[Mark], place: int) -> _Batch:
    changed = spans(marks, Commitment.SUBJECT)
    cells: Cells = {}
    add(cells, states({s: first - 1 for s, (first, _) in changed.items()}).values(), -1)
    add(cells, states({s: last for s, (_, last) in changed.items()}).values())
    touched = {s.removeprefix(PREFIX) for s in changed}
    return _Batch(
        place=place,
        cells={cell: counts for cell, counts in cells.items() if any(counts)},
        words=words_of(touched),
        news=[
            (mark.entry_id, mark.thread.removeprefix(PREFIX))
            for mark in marks
            if mark.verb in NEWS and mark.thread.startswith(PREFIX)
        ],
        told=frozenset(
            mark.thread.removeprefix(PREFIX) for mark in marks if mark.thread.startswith(PREFIX)
        ),
    )


@transaction.atomic
def _write(before: int, batch: _Batch) -> bool:
    """Write a batch unless another process did, with the cursor behind it."""
    rows = Projection.objects.filter(name=NAME, place=before, edition=EDITION)
    if not rows.update(place=batch.place):
        return False
    _count(batch.cells)
    _make_searchable(batch.words)
    News.objects.bulk_create(
        [News(entry_id=entry, commitment_id=code) for entry, code in batch.news],
        ignore_conflicts=True,
        batch_size=ROWS_A_STATEMENT,
    )
    relight(batch.told)
    return True


def _count(cells: Cells) -> None:
    """Add to stored cells; what has come to nothing is left at zero."""
    columns = ", ".join(Cell._fields + COUNTS)
    place = f"({', '.join(['%s'] * (len(Cell._fields) + len(COUNTS)))})"
    grown = ", ".join(f"{f} = commitments_tally.{f} + excluded.{f}" for f in COUNTS)
    # In one order everywhere, so that two writers could never wait for each other.
    rows = sorted(cells.items())
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_A_STATEMENT):
            some = rows[start : start + ROWS_A_STATEMENT]
            values: list[str | int | None] = []
            for cell, counts in some:
                values += (*cell, *counts)
            cursor.execute(
                f"INSERT INTO commitments_tally ({columns}) VALUES "  # noqa: S608
                f"{', '.join([place] * len(some))} "
                f"ON CONFLICT (dimension, value, owner, period) DO UPDATE SET {grown}",
                values,
            )  # only names of this module are put in


def _make_searchable(words: dict[str, str]) -> None:
    """Write the tokens that are new or differ; an index entry costs more than a comparison."""
    held = _held(words)
    new = [Searchable(commitment_id=c, words=w) for c, w in words.items() if c not in held]
    Searchable.objects.bulk_create(new, batch_size=ROWS_A_STATEMENT)
    for code, written in held.items():
        if written != words[code]:
            Searchable.objects.filter(commitment=code).update(words=words[code])


def _held(codes: Iterable[str]) -> dict[str, str]:
    wanted = sorted(codes)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), ROWS_A_STATEMENT):
        some = Searchable.objects.filter(commitment__in=wanted[start : start + ROWS_A_STATEMENT])
        found |= dict(some.values_list("commitment_id", "words"))
    return found
