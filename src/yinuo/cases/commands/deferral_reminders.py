"""Reminding of documents that are to come, and of declarations that are to be looked at."""

from datetime import date, datetime

from yinuo.cases.deferrals.life import OVER, DeclarationState, DeferralState
from yinuo.cases.life import Decision
from yinuo.cases.models import Declaration, Deferral
from yinuo.content.calendars import working_calendar
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import command
from yinuo.notices.commands.tell import Telling, tell

DAYS_BEFORE = 3
"""Working days before its day on which a document is asked after."""


@command("deferrals.remind")
def remind(*, at: datetime) -> int:
    """Tell the deciding unit and the window of gaps that come due; how many were told.

    Three working days before, on the day, and once it is past; each person once for each. The
    applicant sees the same when tracking the case.
    """
    today = civil_date(at)
    soon = working_calendar().add_working_days(today, DAYS_BEFORE)
    rows = Deferral.objects.filter(state=DeferralState.OPEN, due__lte=soon)
    rows = rows.exclude(case__status__in=OVER).exclude(case__decision=Decision.DENIED)
    tellings = [
        telling
        for row in rows.select_related("case", "letter").order_by("due", "code")
        for telling in _tellings(row, today)
    ]
    return tell(tellings=[*tellings, *_checks(soon, today)], at=at)


def _tellings(row: Deferral, today: date) -> list[Telling]:
    if row.due < today:
        rung, words = "late", f"已于 {row.due} 到期，还没有补交：请联系申请人，或认定未兑现"
    elif row.due == today:
        rung, words = "today", "今天到期"
    else:
        rung, words = "soon", f"{row.due} 到期"
    units = dict.fromkeys(filter(None, (row.case.unit_id, row.case.window_id)))
    return [
        Telling(
            to_unit=unit,
            role="officer",
            topic=f"deferral.{rung}",
            title=f"办件 {row.case_id} 的容缺材料{words}",
            page="case",
            args=(row.case_id,),
            about=row.subject,
            due=row.due,
            key=f"deferral.{rung}:{row.code}:{row.due}",
        )
        for unit in units
    ]


def _checks(soon: date, today: date) -> list[Telling]:
    """Checks and rectifications that come due."""
    drawn = Declaration.objects.filter(state=DeclarationState.TO_CHECK, check_due__lte=soon)
    ordered = Declaration.objects.filter(state=DeclarationState.RECTIFYING, rectify_due__lte=soon)
    found = [(row, row.check_due, "核查") for row in drawn.select_related("case")]
    found += [(row, row.rectify_due, "复查整改") for row in ordered.select_related("case")]
    return [
        Telling(
            to_unit=row.case.unit_id,
            role="officer",
            topic="declaration.check",
            title=f"办件 {row.case_id} 的告知承诺要{what}，{due} 到期",
            page="case",
            args=(row.case_id,),
            about=row.subject,
            due=due,
            key=f"declaration.{what}:{row.code}:{due}:{'late' if due and due < today else 'soon'}",
        )
        for row, due, what in found
    ]
