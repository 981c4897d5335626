"""What changed last among the city's promises that somebody may see."""

from collections.abc import Iterator
from dataclasses import dataclass

from yinuo.commitments.conditions import promised_by
from yinuo.commitments.models import Commitment, News
from yinuo.commitments.news import NEWS
from yinuo.commitments.permission import visible
from yinuo.commitments.projected import later_marks, place
from yinuo.commitments.queries.timeline import Line, told
from yinuo.commitments.registry import Promisor
from yinuo.ledger.history import Event, latest_threads, thread_events
from yinuo.ledger.remembered import remembered
from yinuo.parties.viewer import Viewer

BATCH = 50
ROWS_A_STATEMENT = 5_000
PREFIX = "commitment:"


@dataclass(frozen=True)
class Recent:
    """One step on one promise."""

    code: str
    title: str
    line: Line


def recent(*, viewer: Viewer, limit: int = 10) -> tuple[Recent, ...]:
    """The last steps on the city's promises that the viewer may see, newest first."""
    chosen, titles = _chosen(viewer, limit)
    return _tell(chosen, titles, viewer)


@remembered
def _chosen(viewer: Viewer, limit: int) -> tuple[list[tuple[int, str]], dict[str, str]]:
    """(entry id, code) of the last steps the viewer may see; code → title."""
    chosen: list[tuple[int, str]] = []
    titles: dict[str, str] = {}
    batches = _batches()
    while len(chosen) < limit and (batch := next(batches, None)):
        for start in range(0, len(batch), ROWS_A_STATEMENT):
            codes = {code for _, code in batch[start : start + ROWS_A_STATEMENT]}
            of_city = Commitment.objects.filter(promised_by(Promisor.CITY), code__in=codes)
            seen = of_city.filter(visible(viewer))
            titles |= dict(seen.values_list("code", "title"))
        chosen += [(entry, code) for entry, code in batch if code in titles]
    return chosen[:limit], titles


def _batches() -> Iterator[list[tuple[int, str]]]:
    """(entry id, code) of every step worth telling, newest first, in batches that grow.

    They grow because somebody who may see one step in ten thousand waits as well.
    """
    start = place()
    marks = later_marks(start) if start else None
    later = sorted(
        ((m.entry_id, m.thread.removeprefix(PREFIX)) for m in marks or () if m.verb in NEWS),
        reverse=True,
    )
    size, before = BATCH, None
    while True:
        if marks is None:
            found = latest_threads(NEWS, before=before, limit=size)
            batch = [(entry, thread.removeprefix(PREFIX)) for entry, thread in found]
        else:
            rows = News.objects.order_by("-pk")
            rows = rows.filter(pk__lt=before) if before is not None else rows
            known = list(rows.values_list("pk", "commitment_id")[:size])
            newer = [pair for pair in later if before is None or pair[0] < before]
            batch = sorted({*known, *newer}, reverse=True)[:size]
        if not batch:
            return
        yield batch
        before, size = batch[-1][0], size * 4


def _tell(
    chosen: list[tuple[int, str]], titles: dict[str, str], viewer: Viewer
) -> tuple[Recent, ...]:
    lines = told(events=_events(tuple(chosen)), viewer=viewer)
    codes = [code for _entry, code in chosen]
    return tuple(
        Recent(code=code, title=titles[code], line=line)
        for code, line in zip(codes, lines, strict=True)
    )


@remembered
def _events(chosen: tuple[tuple[int, str], ...]) -> list[Event]:
    """What the log says of these steps, newest first; it names texts and people and holds none."""
    wanted = {entry for entry, _code in chosen}
    found = [
        event
        for code in {code for _entry, code in chosen}
        for event in thread_events(f"{PREFIX}{code}")
        if event.entry_id in wanted
    ]
    return sorted(found, key=lambda event: -event.entry_id)
