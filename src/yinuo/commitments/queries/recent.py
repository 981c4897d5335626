"""What changed last among the promises somebody may see."""

from dataclasses import dataclass

from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import visible
from yinuo.commitments.queries.timeline import Line, told
from yinuo.ledger.history import latest_threads, thread_events
from yinuo.parties.viewer import Viewer

NEWS = (
    "change.asked",
    "change.refused",
    "commitment.delivered",
    "commitment.found_broken",
    "commitment.found_false",
    "commitment.kept_in_part",
    "commitment.merged",
    "commitment.moved",
    "commitment.overturned",
    "commitment.rejected",
    "commitment.rescoped",
    "commitment.revised",
    "commitment.transferred",
    "commitment.verified",
    "commitment.waived",
    "commitment.withdrawn",
)
"""The steps worth telling to everybody: what was asked, decided, kept or broken."""
BATCH = 200
PREFIX = "commitment:"


@dataclass(frozen=True)
class Recent:
    """One step on one promise."""

    code: str
    title: str
    line: Line


def recent(*, viewer: Viewer, limit: int = 10) -> tuple[Recent, ...]:
    """The last steps on promises the viewer may see, newest first."""
    chosen: list[tuple[int, str]] = []
    titles: dict[str, str] = {}
    before: int | None = None
    while len(chosen) < limit:
        batch = latest_threads(NEWS, before=before, limit=BATCH)
        if not batch:
            break
        before = batch[-1][0]
        codes = {thread.removeprefix(PREFIX) for _entry, thread in batch}
        seen = Commitment.objects.filter(visible(viewer), code__in=codes)
        titles |= dict(seen.values_list("code", "title"))
        chosen += [(n, t) for n, t in batch if t.removeprefix(PREFIX) in titles]
    return _tell(chosen[:limit], titles, viewer)


def _tell(
    chosen: list[tuple[int, str]], titles: dict[str, str], viewer: Viewer
) -> tuple[Recent, ...]:
    wanted = {entry for entry, _thread in chosen}
    events = [
        event
        for thread in {thread for _entry, thread in chosen}
        for event in thread_events(thread)
        if event.entry_id in wanted
    ]
    events.sort(key=lambda event: -event.entry_id)
    lines = told(events=events, viewer=viewer)
    codes = [thread.removeprefix(PREFIX) for _entry, thread in chosen]
    return tuple(
        Recent(code=code, title=titles[code], line=line)
        for code, line in zip(codes, lines, strict=True)
    )
