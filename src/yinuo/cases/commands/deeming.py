"""What time does by itself, said aloud: deemed acceptance, and warnings on the rungs of a clock."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import prefetch_related_objects

from yinuo.cases.clocks import TELL_BASIS, rung_of, used_of
from yinuo.cases.commands.accept import put_accepted
from yinuo.cases.life import Accepted, CaseStatus
from yinuo.cases.models import Case, CaseWarning
from yinuo.cases.stored.cases import clocks_of
from yinuo.content.calendars import working_calendar
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command
from yinuo.notices.commands.tell import Telling, tell

CLOCK = By("operator:deeming")
"""Nobody in particular: the law does it."""
BATCH = 500
WHOLE = 100
"""Percent from which the supervising office is told as well."""


def deem(*, at: datetime) -> int:
    """Accept what nobody spoke of within five working days, as of the day it came in.

    行政许可法 第三十二条第一款第四项. Told to the deciding unit and to the office; each case in a
    transaction of its own. Returns how many.
    """
    rows = Case.objects.filter(status=CaseStatus.RECEIVED, tell_due__lt=civil_date(at))
    codes = list(rows.order_by("tell_due", "code").values_list("code", flat=True))
    return sum(_deem(case=code, at=at) for code in codes)


@command("case.deem")
def _deem(*, case: str, at: datetime) -> bool:
    """Whether it was; somebody may have spoken meanwhile."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("item_version__item")
    row = rows.get(code=case)
    if row.status != CaseStatus.RECEIVED or row.tell_due is None:
        return False
    corrected = row.corrections.order_by("-number").first()
    came_in = corrected.answered_at if corrected and corrected.answered_at else row.received_at
    put_accepted(row, Accepted.DEEMED, CLOCK, at, came_in, basis=TELL_BASIS)
    title = f"办件 {row.code} 逾期未告知，视为自 {civil_date(came_in)} 起受理"
    tell(
        tellings=[
            Telling(
                to_unit=unit,
                role=role,
                topic="case.deemed_accepted",
                title=f"{title}（{TELL_BASIS}）",
                page="case",
                args=(row.code,),
                about=row.subject,
                due=row.sort_due,
                key=f"case.deemed:{row.code}:{came_in.date()}",
            )
            for unit, role in ((row.unit_id, "officer"), (row.office_id, "supervisor"))
        ],
        at=at,
    )
    return True


def warn(*, at: datetime) -> int:
    """Tell of each clock that reached 50, 80, 100 or 120 % of what it allows, each rung once.

    In batches, each a transaction of its own. Returns how many rungs were told.
    """
    return sum(_warn(cases=batch, at=at) for batch in _batches())


def _batches() -> Iterator[list[str]]:
    last = ""
    rows = Case.objects.filter(status=CaseStatus.ACCEPTED).order_by("code")
    while some := list(rows.filter(code__gt=last).values_list("code", flat=True)[:BATCH]):
        yield some
        last = some[-1]


@command("case.warn")
def _warn(*, cases: Sequence[str], at: datetime) -> int:
    rows = list(Case.objects.filter(code__in=cases).select_related("item_version__item"))
    prefetch_related_objects(rows, "events", "warnings")
    new: list[CaseWarning] = []
    for row in rows:
        told: dict[tuple[str, int], set[int]] = {}
        for one in row.warnings.all():
            told.setdefault((one.clock, one.allowance), set()).add(one.rung)
        new += [
            CaseWarning(case=row, clock=clock, rung=rung, allowance=allowance, reached_at=at)
            for clock, rung, allowance in reached(row, at)
            if rung not in told.get((clock, allowance), ())
        ]
    CaseWarning.objects.bulk_create(new, ignore_conflicts=True)
    tell(tellings=[one for warning in new for one in _tellings(warning)], at=at)
    return len(new)


def reached(row: Case, at: datetime) -> Iterator[tuple[str, int, int]]:
    """The highest rung that each clock has climbed: name, percent, and what it allows."""
    calendar = working_calendar()
    for clock in clocks_of(row, row.events.all()).running:
        used = used_of(clock, calendar, at)
        rung = rung_of(used.percent)
        if rung:
            yield clock.limit.name, rung, used.allowance


def _tellings(warning: CaseWarning) -> Iterator[Telling]:
    """The unit that decides, and from the whole allowance on the office as well."""
    row = warning.case
    words = f"办件 {row.code} 的{warning.clock}时限已用 {warning.rung}%"
    whom = [(row.unit_id, "officer")]
    if warning.rung >= WHOLE:
        whom.append((row.office_id, "supervisor"))
    for unit, role in whom:
        yield Telling(
            to_unit=unit,
            role=role,
            topic="case.warned",
            title=f"{words}，{'已到期' if warning.rung >= WHOLE else '请按时办结'}",
            page="case",
            args=(row.code,),
            about=row.subject,
            due=row.sort_due,
            urgent=warning.rung >= WHOLE,
            key=f"case.warned:{row.code}:{warning.clock}:{warning.rung}:{warning.allowance}",
        )
