"""What holds commitments up (卡点): an office matter, seen by those inside, never by the public."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from yinuo.commitments.claims import CLAIM_LABELS, COUNTED, LIFE, OPEN, ClaimStatus
from yinuo.commitments.conditions import live_waits
from yinuo.commitments.delays import Delay, Waiting, delay, delay_lines
from yinuo.commitments.errors import UnknownWait
from yinuo.commitments.life import Status
from yinuo.commitments.models import Commitment, Wait
from yinuo.commitments.permission import inside, may_rule, owes
from yinuo.commitments.queries.timeline import Line, told
from yinuo.commitments.wording import wording
from yinuo.kernel.instants import civil_date
from yinuo.ledger.history import thread_events
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import Viewer

PAGE = 100
MOST = 200
"""Lines of one section of “my work”."""
LATE = timedelta(days=1)
BROKEN = frozenset({"commitment.found_broken", "commitment.found_false"})
STATES = {
    "answer": "待对方确认",
    "rule": "有异议，待裁定",
    "waiting": "正在等待",
    "over": "已结束",
}
"""The filters of the list."""


@dataclass(frozen=True)
class WaitView:
    """One claim as people read it."""

    code: str
    commitment: str
    title: str
    due: date | None
    claimed_by: str
    """Name of the unit that waits."""
    claimed_by_code: str
    on: str
    """Name of the unit that is waited for."""
    on_code: str
    what: str
    since_date: date
    ended_date: date | None
    days: int
    """Days so far, or until it ended."""
    state: str
    counted: bool
    """Whether its days count: accepted or upheld."""
    answer: str
    ruling: str
    closing: str
    steps: tuple[str, ...]
    """What the viewer may do now: answer, rule, end, take_back."""


def _steps(wait: Wait, viewer: Viewer) -> tuple[str, ...]:
    claims, asked = (
        unit in viewer.officer_of for unit in (wait.claimed_by_unit_id, wait.on_unit_id)
    )
    found = []
    if asked and wait.status == ClaimStatus.CLAIMED:
        found.append("answer")
    if wait.status == ClaimStatus.DISPUTED and may_rule(wait, wait.commitment, viewer):
        found.append("rule")
    ends = LIFE.target(wait.status, "wait.ended") and wait.ended_date is None
    if ends and (claims or asked):
        found.append("end")
    if claims and LIFE.target(wait.status, "wait.taken_back"):
        found.append("take_back")
    return tuple(found)


def _views(waits: Sequence[Wait], viewer: Viewer, today: date) -> tuple[WaitView, ...]:
    """Claims with their commitment and units fetched."""
    said = wording(
        text for w in waits for text in (w.what_text, w.answer_text, w.ruling_text, w.closing_text)
    )
    return tuple(
        WaitView(
            code=w.code,
            commitment=w.commitment_id,
            title=w.commitment.title,
            due=w.commitment.due,
            claimed_by=w.claimed_by_unit.name,
            claimed_by_code=w.claimed_by_unit_id,
            on=w.on_unit.name,
            on_code=w.on_unit_id,
            what=said.get(w.what_text, ""),
            since_date=w.since_date,
            ended_date=w.ended_date,
            days=max(0, ((w.ended_date or today) - w.since_date).days),
            state=CLAIM_LABELS[ClaimStatus(w.status)],
            counted=w.status in COUNTED,
            answer=said.get(w.answer_text, ""),
            ruling=said.get(w.ruling_text, ""),
            closing=said.get(w.closing_text, ""),
            steps=_steps(w, viewer),
        )
        for w in waits
    )


def _seen(viewer: Viewer) -> QuerySet[Wait]:
    """The claims on commitments of which the viewer may read office matters."""
    if not viewer.signed_in:
        return Wait.objects.none()
    # Asked of each wait, because waits are few and the commitments of an office may be a million.
    allowed = Commitment.objects.filter(inside(viewer), pk=OuterRef("commitment"))
    rows = Wait.objects.filter(Exists(allowed))
    return rows.select_related("commitment", "claimed_by_unit", "on_unit")


@dataclass(frozen=True)
class Part:
    """The days of a delay that fall to one unit."""

    name: str
    days: int
    held: int
    """Days in which it was waited for; 0 for the debtor."""


@dataclass(frozen=True)
class DelayView:
    """Whose delay it is, in figures and sentences."""

    delay: Delay
    parts: tuple[Part, ...]
    """The debtor first; they add up to the delay."""
    lines: tuple[str, ...]
    until: date
    """The day up to which it is reckoned: of delivery, of the finding, or today."""


@dataclass(frozen=True)
class WaitsOf:
    """The claims on one commitment, for those inside."""

    waits: tuple[WaitView, ...]
    """Those that wait for somebody first, then newest first."""
    delay: DelayView | None
    """None before the original deadline has passed, and where nothing is owed any more."""
    may_claim: bool


def _end(c: Commitment, today: date) -> date | None:
    """The day up to which a delay runs; None where nothing is owed any more."""
    if c.status in (Status.DELIVERED, Status.KEPT):
        return c.delivered_date
    if c.status == Status.OPEN:
        return today
    if c.status == Status.BROKEN:
        found = [e for e in thread_events(c.subject) if e.verb in BROKEN]
        return civil_date(found[-1].at) if found else today
    return None


def _start(c: Commitment) -> date:
    """The day the promise was said, or entered where the document has no date."""
    if c.document.said_date:
        return c.document.said_date
    return civil_date(thread_events(c.subject)[0].at)


def _delay(c: Commitment, waits: Iterable[Wait], today: date) -> DelayView | None:
    end = _end(c, today)
    if end is None or c.due_original is None or end <= c.due_original:
        return None
    found = delay(
        start=_start(c),
        due_original=c.due_original,
        due=c.due,
        end=end,
        waitings=[
            Waiting(w.on_unit_id, w.since_date, w.ended_date) for w in waits if w.status in COUNTED
        ],
    )
    names: Mapping[str, str] = {u.code: u.name for u in public_units()}
    debtor = c.lead.name if c.lead else "责任单位"
    parts = (
        Part(debtor, found.own, 0),
        *(Part(names.get(s.unit, s.unit), s.part, s.held) for s in found.shares),
    )
    return DelayView(found, parts, delay_lines(found, debtor=debtor, names=names), end)


def waits_of(*, commitment: str, viewer: Viewer, today: date) -> WaitsOf | None:
    """The claims on a commitment and whose delay it is; None for viewers from outside."""
    if not viewer.signed_in:
        return None
    rows = Commitment.objects.filter(inside(viewer)).select_related("lead", "document")
    c = rows.filter(code=commitment).first()
    if c is None:
        return None
    waits = list(_seen(viewer).filter(commitment=c))
    waits.sort(key=lambda w: (w.status not in OPEN, -w.since_date.toordinal(), w.code))
    return WaitsOf(
        waits=_views(waits, viewer, today),
        delay=_delay(c, waits, today),
        may_claim=owes(c, viewer) and c.status == Status.OPEN,
    )


@dataclass(frozen=True)
class WaitDetail:
    """One claim with its story."""

    view: WaitView
    story: tuple[Line, ...]
    """Newest first."""
    claimed_at: datetime
    late: bool
    """补录: claimed more than a day after the day it is said to have begun."""
    protects: bool
    """Whether the viewer may ask that texts of it be erased by law."""


def wait(*, code: str, viewer: Viewer, today: date) -> WaitDetail:
    """One claim. Raises `UnknownWait` for one not to be seen."""
    row = _seen(viewer).filter(code=code).first()
    if row is None:
        raise UnknownWait(code)
    story = told(events=thread_events(row.subject)[::-1], viewer=viewer)
    claimed: datetime = story[-1].at
    return WaitDetail(
        view=_views([row], viewer, today)[0],
        story=story,
        claimed_at=claimed,
        late=civil_date(claimed) - row.since_date > LATE,
        protects=bool(row.answering_units & viewer.protector_of),
    )


@dataclass(frozen=True)
class WaitWork:
    """What of the claims waits for one person."""

    to_answer: tuple[WaitView, ...]
    """Claims that the viewer's units wait to answer."""
    to_rule: tuple[WaitView, ...]
    """Disputed ones on the viewer's side, whether or not this person may rule on each."""
    own: tuple[WaitView, ...]
    """Open claims of the viewer's units."""
    held: tuple[WaitView, ...]
    """Accepted or upheld ones in which the viewer's units are still waited for."""


def wait_work(*, viewer: Viewer, today: date) -> WaitWork:
    """The claims that wait for the viewer, in both duties, the longest wait first."""

    def rows(condition: Q) -> tuple[WaitView, ...]:
        found = _seen(viewer).filter(live_waits(), condition).order_by("since_date", "code")
        return _views(list(found[:MOST]), viewer, today)

    asked = Q(on_unit__in=viewer.officer_of)
    rules = Q(commitment__creditor_unit__in=viewer.supervisor_of)
    return WaitWork(
        to_answer=rows(asked & Q(status=ClaimStatus.CLAIMED)),
        to_rule=rows(rules & Q(status=ClaimStatus.DISPUTED)),
        own=rows(Q(claimed_by_unit__in=viewer.officer_of)),
        held=rows(asked & Q(status__in=COUNTED)),
    )


@dataclass(frozen=True)
class WaitTotal:
    """How much one unit is waited for."""

    unit: str
    name: str
    to_answer: int
    disputed: int
    waiting: int
    """Accepted or upheld and not over."""
    over: int
    """Accepted or upheld and over."""
    days: int
    """Days of all that count, each claim for itself."""


@dataclass(frozen=True)
class WaitPage:
    """A page of the list."""

    rows: tuple[WaitView, ...]
    next_cursor: str
    """Empty on the last page."""
    total: int
    totals: tuple[WaitTotal, ...]
    """By unit waited for, most days first; of all states."""


def _state_filter(state: str) -> Q:
    """The condition of one of `STATES`; all that were not withdrawn for an unknown or empty one."""
    return {
        "answer": Q(status=ClaimStatus.CLAIMED),
        "rule": Q(status=ClaimStatus.DISPUTED),
        "waiting": Q(status__in=COUNTED, ended_date=None),
        "over": Q(status__in=COUNTED, ended_date__isnull=False),
    }.get(state, Q(status__in=OPEN | COUNTED))


def _totals(rows: QuerySet[Wait], today: date) -> tuple[WaitTotal, ...]:
    counted = Q(status__in=COUNTED)
    found = (
        rows.filter(status__in=OPEN | COUNTED)
        .order_by()
        .values("on_unit", "on_unit__name")
        .annotate(
            to_answer=Count("pk", filter=Q(status=ClaimStatus.CLAIMED)),
            disputed=Count("pk", filter=Q(status=ClaimStatus.DISPUTED)),
            waiting=Count("pk", filter=counted & Q(ended_date=None)),
            over=Count("pk", filter=counted & Q(ended_date__isnull=False)),
            days=Sum(Coalesce(F("ended_date"), Value(today)) - F("since_date"), filter=counted),
        )
    )
    totals = [
        WaitTotal(
            unit=row["on_unit"],
            name=row["on_unit__name"],
            to_answer=row["to_answer"],
            disputed=row["disputed"],
            waiting=row["waiting"],
            over=row["over"],
            days=max(0, row["days"].days) if row["days"] else 0,
        )
        for row in found
    ]
    return tuple(sorted(totals, key=lambda t: (-t.days, -t.waiting - t.to_answer, t.unit)))


def wait_page(
    *, viewer: Viewer, today: date, unit: str = "", state: str = "", cursor: str = ""
) -> WaitPage:
    """Claims the viewer may see by unit waited for, the longest wait first, with totals a unit.

    `cursor` is the place after which to go on, as the page before gave it.
    """
    rows = _seen(viewer)
    totals = _totals(rows, today)
    chosen = rows.filter(_state_filter(state))
    if unit:
        chosen = chosen.filter(on_unit=unit)
    total = chosen.count()
    start = int(cursor) if cursor.isdecimal() and len(cursor) < 10 else 0  # noqa: PLR2004  # digits
    ordered = chosen.order_by("on_unit", "since_date", "code")
    found = list(ordered[start : start + PAGE + 1])
    return WaitPage(
        rows=_views(found[:PAGE], viewer, today),
        next_cursor=str(start + PAGE) if len(found) > PAGE else "",
        total=total,
        totals=totals,
    )
