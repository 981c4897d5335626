"""A window system of 市政务服务中心 that sends events; all names are made up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.cases.desk import FEBRUARY, ITEM, MONDAY, OFFICE, WINDOW, make_desk
from tests.city import City
from tests.kept import kept
from yinuo.cases.commands.feed import sources, taking
from yinuo.cases.commands.feed.taking import Taken
from yinuo.cases.models import Case

SOURCE, THEIRS = "zwzx", "0100-17"
EVENING = MONDAY + timedelta(hours=9)
"""18:30 on the Monday: when the first batch comes."""


@kept
def make_window() -> tuple[City, str]:
    """The desk, and a registered source with its key."""
    city = make_desk()
    made = sources.register(
        code=SOURCE,
        title="大厅综窗系统",
        window=WINDOW,
        office=OFFICE,
        mapping="yinuo",
        items={THEIRS: ITEM},
        simulated=True,
        by=city["admin"],
        at=FEBRUARY,
    )
    return city, made.token


def told(event: str, step: str, when: str, case: str = "W-1", **more: Any) -> dict[str, Any]:
    """One event in our own dialect, with local times."""
    return {
        "event": event,
        "case": case,
        "item": THEIRS,
        "step": step,
        "happened_at": when,
        **more,
    }


def send(token: str, rows: Sequence[object], at: datetime = EVENING) -> Taken:
    return taking.receive(source=SOURCE, token=token, rows=rows, at=at)


def fed(case: str = "W-1") -> Case:
    return Case.objects.get(source=SOURCE, source_code=case)
