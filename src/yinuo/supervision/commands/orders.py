"""Taking a step of supervision: issuing its letter, or leaving it with a reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.commitments.commands.deliver import note_faults
from yinuo.commitments.commands.register import NewDocument
from yinuo.commitments.commands.task import NewTask, register_task
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.commitments.numbering import Numbering
from yinuo.commitments.queries.supervised import told_of, why_not_supervised
from yinuo.commitments.sources import Source
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.decimals import canonical_decimal
from yinuo.kernel.instants import civil_date
from yinuo.kernel.limits import DayType, Limit
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record, record_new
from yinuo.notices.commands.tell import Telling, tell
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer
from yinuo.supervision.commands.numbers import next_paper_number
from yinuo.supervision.errors.orders import (
    AlreadyRunning,
    NoSupervisionTable,
    NotSupervisable,
    SeveralOffices,
)
from yinuo.supervision.models import Concern, Forgone, Order
from yinuo.supervision.models.order import ISSUED
from yinuo.supervision.orders.deciding import SERIES, TERMS, Terms
from yinuo.supervision.orders.letter import order_title
from yinuo.supervision.orders.steps import (
    CODES,
    LETTER_LABELS,
    RUNNING,
    STEP_LABELS,
    Step,
)
from yinuo.supervision.orders.table import NAME, InForce, in_force
from yinuo.supervision.papers.paper import paper_number
from yinuo.supervision.queries.due_steps import Looked, looked_at

LOCK = 0x7961_4F52
"""Key of the PostgreSQL advisory lock under which one person takes steps at a time."""
MOST = 100
"""Commitments in one go."""
LONGEST_LINE = 120
LONGEST_SERIES = 20
LONGEST_SAID = 300


@dataclass(frozen=True, kw_only=True)
class NewOrder:
    """A step as the supervisor takes it."""

    step: Step
    commitments: Sequence[str]
    together: bool = True
    """One letter a unit; else one for each commitment."""
    asked: str
    """What the unit is to do."""
    reason: str = ""
    """Why this step, needed where the table asks for another or for none."""
    meeting_date: date | None = None
    """Of a talk."""
    meeting: str = ""
    """Of a talk: who talks, by office held, and where."""
    addressee: str = ""
    """Of a 专报: to whom it is written."""


@command("order.issue")
def issue(*, order: NewOrder, calendar: Calendar, by: Viewer, at: datetime) -> tuple[str, ...]:
    """Take a step on commitments: one letter for each unit, or for each commitment.

    Returns the codes of the orders. Each is a closed commitment of its unit, to be signed for and
    replied to within the days of the table. Raises `Invalid` with every fault, `NotSupervisable`,
    `SeveralOffices`, `AlreadyRunning`, `NoSupervisionTable`.
    """
    today = civil_date(at)
    codes = tuple(dict.fromkeys(order.commitments))
    # Under the lock, so that nobody takes the same step on the same commitment meanwhile.
    one_at_a_time(LOCK)
    found = _supervisable(codes, by, today)
    office = _office(found)
    _check_running(order.step, found)
    table = in_force(today)
    terms, series = _terms(order.step, office, table)
    faults = _faults(order, codes, found)
    if faults:
        raise Invalid("order", faults)
    groups = _groups(found, together=order.together)
    issuing = _Issuing(order, office, table, terms, series, calendar, by, at)
    return tuple(issuing.put(unit, some) for unit, some in groups)


def _supervisable(codes: Sequence[str], by: Viewer, today: date) -> dict[str, Looked]:
    """What the table says of each. Raises `NotSupervisable` with everything that is in the way."""
    found = looked_at(viewer=by, today=today, codes=codes)
    why = why_not_supervised(codes=codes, viewer=by)
    if why:
        raise NotSupervisable(tuple(why.items()))
    return {code: found[code] for code in codes}


def _office(found: Mapping[str, Looked]) -> str:
    offices = sorted({each.facts.office for each in found.values()})
    if len(offices) > 1:
        names = public_unit_names()
        raise SeveralOffices([names[code] for code in offices])
    return offices[0] if offices else ""


def _check_running(step: Step, found: Mapping[str, Looked]) -> None:
    for code, each in found.items():
        standing = each.standing
        if standing is None or standing.step != step or standing.state not in RUNNING:
            continue
        raise AlreadyRunning(code, each.last_order, STEP_LABELS[step])


def _terms(step: Step, office: str, table: InForce) -> tuple[Terms, str]:
    """How the step is handled, and the office's series of numbers."""
    label = STEP_LABELS[step]
    if table.published is None or table.deciding.lacking:
        raise NoSupervisionTable(NAME, "、".join(table.deciding.lacking))
    terms = table.deciding.terms(step)
    if terms is None:
        raise NoSupervisionTable(NAME, f"“{TERMS}”中的{label}")
    series = table.deciding.series(step, public_unit_names().get(office, office))
    if not 0 < len(series) <= LONGEST_SERIES:
        raise NoSupervisionTable(NAME, f"“{SERIES}”中{label}的机关代字")
    return terms, series


def _faults(
    order: NewOrder, codes: Sequence[str], found: Mapping[str, Looked]
) -> list[tuple[str, str]]:
    faults = note_faults("asked", "要求", order.asked)
    if not codes:
        faults.append(("commitments", "请至少选一项"))
    if len(codes) > MOST:
        faults.append(("commitments", f"一次最多 {MOST} 项，现有 {len(codes)} 项"))
    others = [code for code, each in found.items() if each.due.step != order.step]
    if others and not order.reason.strip():
        said = "；".join(f"{code}：{_wanted(found[code])}" for code in others)
        faults.append(("reason", f"改为“{STEP_LABELS[order.step]}”要写明理由。{said}"))
    if len(order.reason) > LONGEST_SAID:
        faults.append(("reason", f"理由最多 {LONGEST_SAID} 字"))
    if order.step is Step.TALK:
        if order.meeting_date is None:
            faults.append(("meeting_date", "请填写约谈日期"))
        if not order.meeting.strip():
            faults.append(("meeting", "请写约谈人的职务和地点"))
    if order.step is Step.MEMO and not order.addressee.strip():
        faults.append(("addressee", "请写专报送给谁"))
    faults += [
        (name, f"最多 {LONGEST_LINE} 字")
        for name in ("meeting", "addressee")
        if len(getattr(order, name)) > LONGEST_LINE
    ]
    return faults


def _wanted(each: Looked) -> str:
    if each.due.step is None:
        return "按规则表现在没有要采取的步骤"
    return f"按规则表现在应采取“{STEP_LABELS[each.due.step]}”"


def _groups(found: Mapping[str, Looked], *, together: bool) -> list[tuple[str, list[Looked]]]:
    if not together:
        return [(each.facts.lead, [each]) for each in found.values()]
    groups: dict[str, list[Looked]] = defaultdict(list)
    for each in found.values():
        groups[each.facts.lead].append(each)
    return sorted(groups.items())


@dataclass(frozen=True)
class _Issuing:
    """What all letters of one issue share."""

    order: NewOrder
    office: str
    table: InForce
    terms: Terms
    series: str
    calendar: Calendar
    by: Viewer
    at: datetime

    def put(self, unit: str, some: Sequence[Looked]) -> str:
        """Write one order with its commitment and its concerns; returns its code."""
        order, today = self.order, civil_date(self.at)
        acting = self.by.acting("supervisor", self.office)
        told = told_of(codes=[e.facts.code for e in some], viewer=self.by, today=today)
        title = order_title(order.step, [told[each.facts.code].title for each in some])
        number = next_paper_number(series=self.series, year=today.year, by=acting, at=self.at)
        reply_by = self.calendar.add_working_days(today, self.terms.reply_days)
        code = self._commitment(title, number, unit, reply_by)
        row = Order(
            code=code,
            commitment_id=code,
            step=order.step,
            series=self.series,
            year=today.year,
            number=number,
            issued_date=today,
            issued_by=self.by.actor,
            asked_text=put_text(order.asked),
            reason_text=put_text(order.reason.strip()),
            extendable=self.terms.extendable,
            again_days=self.terms.again_days,
            table_number=self.table.number,
            table_edition=self.table.edition,
            meeting_date=order.meeting_date if order.step is Step.TALK else None,
            meeting_text=put_text(order.meeting.strip() if order.step is Step.TALK else ""),
            addressee_text=put_text(order.addressee.strip() if order.step is Step.MEMO else ""),
        )
        record(row, verb=ISSUED, by=acting, at=self.at)
        concerns = []
        for each in some:
            light = told[each.facts.code].light
            said = f"{light.word}：{light.reason}" if light else ""
            concerns.append(_concern(code, each, said[:LONGEST_SAID], today))
        record_new(concerns, verb="concern.noted", by=acting, at=self.at)
        self._tell(code, title, unit, reply_by)
        return code

    def _commitment(self, title: str, number: int, unit: str, reply_by: date) -> str:
        step, today = self.order.step, civil_date(self.at)
        names = public_unit_names()
        document = NewDocument(
            code="",
            title=title,
            kind="",
            number=paper_number(self.series, today.year, number),
            issuer=names[self.office],
            said_date=today,
        )
        sign_by = self.calendar.add_working_days(today, self.terms.sign_days)
        task = NewTask(title=title, new_document=document, lead=unit, due=reply_by)
        source = _source(step, self.terms)
        made = register_task(
            task=task, source=source, office=self.office, sign_by=sign_by, by=self.by, at=self.at
        )
        return made.code

    def _tell(self, code: str, title: str, unit: str, reply_by: date) -> None:
        step = self.order.step
        office = public_unit_names()[self.office]
        telling = Telling(
            to_unit=unit,
            role="officer",
            topic="order.issued",
            title=title[:200],
            body=f"{office}发来{LETTER_LABELS[step]}，请先签收，并在 {reply_by} 之前回复。",
            page="order",
            args=(code,),
            about=f"order:{code}",
            due=reply_by,
            urgent=step in {Step.TALK, Step.MEMO},
        )
        tell(tellings=[telling], at=self.at)


def _source(step: Step, terms: Terms) -> Source:
    """How the commitment behind a step is registered."""
    days = Limit(
        number=terms.sign_days,
        day_type=DayType.WORKING_DAY,
        start_event="发出",
        legal_basis=NAME,
    )
    return Source(
        name=STEP_LABELS[step],
        numbering=Numbering(CODES[step]),
        kind="order",
        visibility=Visibility.CLOSED,
        limit=None,
        sign_by=days,
        creditor="",
        basis=NAME,
        checked="",
    )


def _concern(order: str, each: Looked, said: str, today: date) -> Concern:
    facts = each.facts
    return Concern(
        code=f"{order}/{facts.code}",
        order_id=order,
        commitment_id=facts.code,
        due_step=each.due.step or "",
        rule=each.due.rule,
        colour=facts.colour or "",
        said=said,
        days_left=(facts.due - today).days if facts.due else None,
        behind="" if facts.behind is None else canonical_decimal(str(facts.behind)),
        reported_date=facts.reported,
    )


@command("order.forgo")
def forgo(
    *,
    commitments: Sequence[str],
    reason: str,
    until: date | None,
    by: Viewer,
    at: datetime,
) -> int:
    """Not take the step that is due on these commitments now, and say why; returns how many.

    With `until` it is due again from that day on; without it is passed over, and what comes next
    is what the table says then. Raises `Invalid`, `NotSupervisable`.
    """
    today = civil_date(at)
    codes = tuple(dict.fromkeys(commitments))
    one_at_a_time(LOCK)
    found = _supervisable(codes, by, today)
    faults = note_faults("reason", "理由", reason)
    if not codes:
        faults.append(("commitments", "请至少选一项"))
    if until is not None and until <= today:
        faults.append(("until", f"{until} 不晚于今天 {today}"))
    nothing = [code for code, each in found.items() if each.due.step is None or each.forgone]
    if nothing:
        faults.append(("commitments", f"{'、'.join(nothing)} 现在没有要采取的步骤"))
    if faults:
        raise Invalid("forgone", faults)
    table = in_force(today)
    for code, each in found.items():
        acting: By = by.acting("supervisor", each.facts.office)
        count = Forgone.objects.filter(commitment=code).count()
        row = Forgone(
            code=f"{code}/F{count + 1}",
            commitment_id=code,
            step=each.due.step or "",
            last_order=each.last_order,
            until_date=until,
            rule=each.due.rule,
            table_number=table.number,
            decided_by=by.actor,
            decided_at=at,
            reason_text=put_text(reason),
        )
        record(row, verb="step.forgone", by=acting, at=at)
    return len(codes)
