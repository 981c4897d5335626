"""Branches of joint cases read together: what each has said, waits for, and took."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from yinuo.cases.construction.codes import CORRECTION_GROUND
from yinuo.cases.construction.joining import Standing, standing
from yinuo.cases.construction.stage_time import Counted, Ran, Stood, count
from yinuo.cases.life import DECISION_LABELS, OPEN, STATUS_LABELS, CaseStatus, Decision, EventKind
from yinuo.cases.models import Case, CaseEvent, Correction, JointSilence
from yinuo.commitments.spoken import spoken
from yinuo.content.calendars import working_calendar
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_unit_names

DEVELOPER = "建设单位"


@dataclass(frozen=True, kw_only=True)
class Branch:
    """One branch as the other departments may see it: state, dates, for whom it waits."""

    code: str
    joint: str
    item: str
    name: str
    unit: str
    unit_name: str
    state: str
    """In words."""
    said: Standing
    received_date: date
    decided_date: date | None
    promised_due: date | None
    legal_due: date | None
    next_due: date | None
    """By when somebody has to act; None once decided, or while a stop leaves it open."""
    provisional: bool
    late: bool
    waits_for: str
    """Whom it waits for; empty once it is over."""
    waits_what: str
    waits_since: date | None
    ran: Ran

    @property
    def open(self) -> bool:
        """Whether somebody still waits for its decision."""
        return self.waits_for != ""


def branches_of(joints: Collection[str], *, at: datetime) -> dict[str, list[Branch]]:
    """The branches of some joint cases, each joint case → its branches by code."""
    rows = Case.objects.filter(joint__in=joints).select_related("item_version").order_by("code")
    cases = list(rows)
    codes = [row.code for row in cases]
    stops = _stops(codes)
    names = public_unit_names()
    silent = set(JointSilence.objects.filter(case__in=codes).values_list("case", flat=True))
    found: dict[str, list[Branch]] = defaultdict(list)
    for row in cases:
        unit_name = names.get(row.unit_id, row.unit_id)
        one = _branch(row, unit_name, stops.get(row.code, []), silent=row.code in silent, at=at)
        found[str(row.joint_id)].append(one)
    return found


def counted(branches: Sequence[Branch], *, on: date) -> Counted:
    """What branches took together, as seen on a day."""
    return count([branch.ran for branch in branches], working_calendar(), on=on)


def _stops(codes: Collection[str]) -> Mapping[str, list[Stood]]:
    """Case → its stops; removed ones never were. 补正 counts as one (人在补材料，部门不计时)."""
    found: dict[str, list[Stood]] = defaultdict(list)
    events: dict[str, list[CaseEvent]] = defaultdict(list)
    for event in CaseEvent.objects.filter(case__in=codes).order_by("number"):
        events[event.case_id].append(event)
    for case, those in events.items():
        gone = {one.refers for one in those if one.kind == EventKind.REMOVAL}
        ends = {
            one.refers: one.happened_at
            for one in those
            if one.kind == EventKind.RESUME and one.code not in gone
        }
        for one in those:
            if one.kind == EventKind.STOP and one.code not in gone and one.happened_at:
                found[case].append(_stood(one.ground, one.happened_at, ends.get(one.code)))
    for asked in Correction.objects.filter(case__in=codes):
        found[asked.case_id].append(_stood(CORRECTION_GROUND, asked.asked_at, asked.answered_at))
    return found


def _stood(ground: str, since: datetime, until: datetime | None) -> Stood:
    end = civil_date(until) if until else None
    return Stood(ground=ground, start=civil_date(since), end=end)


def _branch(row: Case, unit_name: str, stops: list[Stood], *, silent: bool, at: datetime) -> Branch:
    today = civil_date(at)
    ended = row.decided_at or row.ended_at
    stopped = next((stop for stop in stops if stop.end is None), None)
    whom, what, since = _waiting(row, unit_name, stops)
    due = None if stopped and row.status == CaseStatus.ACCEPTED else row.sort_due
    open_now = row.status in OPEN
    return Branch(
        code=row.code,
        joint=str(row.joint_id),
        item=row.item_version.item_id,
        name=row.item_version.title,
        unit=row.unit_id,
        unit_name=unit_name,
        state=_state(row, stopped),
        said=standing(row.status, row.decision, silent=silent),
        received_date=civil_date(row.received_at),
        decided_date=civil_date(ended) if ended else None,
        promised_due=row.promised_due,
        legal_due=row.legal_due,
        next_due=due if open_now else None,
        provisional=row.due_provisional,
        late=_late(row, today),
        waits_for=whom,
        waits_what=what,
        waits_since=since,
        ran=Ran(
            key=row.code,
            name=row.item_version.title,
            unit=unit_name,
            start=civil_date(row.received_at),
            end=civil_date(ended) if ended else None,
            stops=tuple(stops),
        ),
    )


def _late(row: Case, today: date) -> bool:
    if row.status in OPEN:
        return row.sort_due is not None and row.sort_due < today
    decided = civil_date(row.decided_at) if row.decided_at else None
    return bool(decided and row.promised_due and decided > row.promised_due)


def _state(row: Case, stopped: Stood | None) -> str:
    if row.status == CaseStatus.ACCEPTED and stopped is not None:
        return gettext("暂停计时（%(ground)s）") % {"ground": stopped.ground}
    if row.decision and row.status in (CaseStatus.DECIDED, CaseStatus.DELIVERED):
        return spoken("decision", DECISION_LABELS[Decision(row.decision)])
    return spoken("case state", STATUS_LABELS[CaseStatus(row.status)])


def _waiting(row: Case, unit_name: str, stops: list[Stood]) -> tuple[str, str, date | None]:
    """For whom, for what, since when."""
    stopped = next((stop for stop in stops if stop.end is None), None)
    if row.status == CaseStatus.CORRECTING:
        since = stopped.start if stopped else civil_date(row.received_at)
        return DEVELOPER, gettext("补正材料"), since
    if row.status == CaseStatus.RECEIVED:
        return unit_name, gettext("受理或一次告知"), civil_date(row.received_at)
    if row.status != CaseStatus.ACCEPTED:
        return "", "", None
    if stopped is not None:
        return unit_name, gettext("%(ground)s的结果") % {"ground": stopped.ground}, stopped.start
    accepted = civil_date(row.accepted_at or row.received_at)
    since = max([accepted, *(stop.end for stop in stops if stop.end)])
    return unit_name, gettext("办理决定"), since
