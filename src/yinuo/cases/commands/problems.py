"""What is done about a problem: raised, asked, owned, passed on, handed over, answered.

Zero is not among it: only who raised it says so, see `problem_words`.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.cases.access.cases import as_applicant
from yinuo.cases.access.problems import act_as_asked, act_as_owner, act_at_desk, owner_of
from yinuo.cases.commands.problem_rows import advance, fetch, next_code
from yinuo.cases.errors.problems import WrongProblemState
from yinuo.cases.in_force.problems import terms_of
from yinuo.cases.models import Applicant, Problem
from yinuo.cases.models.applicant import KINDS
from yinuo.cases.problem_telling import answered, handed, raised
from yinuo.cases.problems.areas import Area, Areas
from yinuo.cases.problems.life import STATUS_LABELS, ProblemStatus
from yinuo.cases.tracks import new_track, track_mark
from yinuo.commitments.commands.on_behalf import deliver_for, end_for
from yinuo.commitments.commands.register import (
    NewCommitment,
    NewDocument,
    put_commitments,
    put_documents,
)
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

LOCK = 0x7961_5054
"""Key of the PostgreSQL advisory lock that lets one register be opened at a time."""
LONGEST_TITLE, LONGEST_TEXT, LONGEST_NAME = 80, 4_000, 120
RAISERS = {"firm": "提出问题的企业", "trader": "提出问题的个体工商户", "person": "提出问题的群众"}
"""The creditor of the promise, without a name."""


@dataclass(frozen=True, kw_only=True)
class NewProblem:
    """What somebody raises."""

    area: str
    title: str
    said: str
    kind: str
    """Who raises it: `firm`, `trader` or `person`."""
    name: str
    contact: str
    about: str = ""


@dataclass(frozen=True)
class Raised:
    """The receipt."""

    code: str
    track: str
    """查询码, shown once."""
    own_due: date
    answer_due: date


def text_faults(field: str, label: str, text: str, longest: int) -> list[tuple[str, str]]:
    """What is wrong with a required text."""
    if not text.strip():
        return [(field, f"请填写{label}")]
    if len(text) > longest:
        return [(field, f"{label}最多 {longest:,} 字，现有 {len(text):,} 字")]
    return []


def _faults(new: NewProblem, areas: Areas) -> list[tuple[str, str]]:
    faults = [
        *text_faults("title", "问题", new.title, LONGEST_TITLE),
        *text_faults("said", "具体情况", new.said, LONGEST_TEXT),
        *text_faults("name", "名称或姓名", new.name, LONGEST_NAME),
        *text_faults("contact", "联系电话", new.contact, LONGEST_NAME),
    ]
    if areas.get(new.area) is None:
        faults.append(("area", "请选择列出的领域"))
    if new.kind not in KINDS:
        faults.append(("kind", "请选择您是谁"))
    return faults


@command("problem.raise")
def raise_problem(
    *,
    new: NewProblem,
    areas: Areas,
    calendar: Calendar,
    at: datetime,
    happened_at: datetime | None = None,
    simulated: bool = False,
) -> Raised:
    """Raise a problem; anyone may. Returns its number and the 查询码, which is kept nowhere.

    A single owner of the area is asked at once, else the office chooses. Raises `Invalid` with
    every fault, `NoTerms` without a published table.
    """
    require_whole(new, areas)
    code = f"AP-{secrets.token_hex(8).upper()}"
    coming = Coming(
        new=new,
        area=areas.by_code[new.area],
        since=happened_at or at,
        raiser=code,
        verb="problem.raised",
        by=as_applicant(code),
        simulated=simulated,
    )
    return put_problem(coming, calendar=calendar, at=at)


def require_whole(new: NewProblem, areas: Areas) -> None:
    """Raises `Invalid` with every fault of what was told."""
    faults = _faults(new, areas)
    if faults:
        raise Invalid("提出问题", faults)


@dataclass(frozen=True, kw_only=True)
class Coming:
    """A problem that was checked and is still to be written."""

    new: NewProblem
    area: Area
    since: datetime
    """When it was told; all its days count from here."""
    raiser: str
    """Code of the row of who has it."""
    verb: str
    """One of `life.RAISING`."""
    by: By
    simulated: bool


def put_problem(coming: Coming, *, calendar: Calendar, at: datetime) -> Raised:
    """Write it down with a new number and 查询码. Raises `NoTerms`."""
    new, area, since = coming.new, coming.area, coming.since
    day, in_force = civil_date(since), terms_of(area.name, on=civil_date(at))
    track = new_track()
    row = Problem(
        code=next_code("WT", since),
        office_id=area.office,
        area=area.code,
        area_name=area.name,
        about=new.about[:80],
        applicant=_put_raiser(coming),
        title_text=put_text(new.title.strip()),
        said_text=put_text(new.said.strip()),
        contact_text=put_text(new.contact.strip()),
        raised_at=since,
        own_due=calendar.add_working_days(day, in_force.terms.own_days),
        answer_due=calendar.add_working_days(day, in_force.terms.answer_days),
        asked_id=area.first_asked,
        edition=in_force.edition,
        track_mark=track_mark(track),
        simulated=coming.simulated,
    )
    record(row, verb=coming.verb, by=coming.by, at=since)
    raised(row, at=at)
    return Raised(row.code, track, row.own_due, row.answer_due)


def _put_raiser(coming: Coming) -> Applicant:
    """A row of its own each time: whoever writes down a firm's name is not yet that firm."""
    row = Applicant(
        code=coming.raiser,
        kind=coming.new.kind,
        name_text=put_text(coming.new.name.strip()),
        simulated=coming.simulated,
    )
    record(row, verb="applicant.registered", by=coming.by, at=coming.since)
    return row


def _owner_faults(area: Area | None, to: str) -> list[tuple[str, str]]:
    allowed = area.owners if area else ()
    if to in allowed:
        return []
    names = public_unit_names()
    said = "、".join(names.get(unit, unit) for unit in allowed)
    return [("to", f"这一领域可以办理的单位：{said}")]


@command("problem.ask")
def ask(
    *,
    problem: str,
    to: str,
    areas: Areas,
    by: Viewer,
    at: datetime,
    area: str = "",
    version: int | None = None,
) -> None:
    """Ask a unit to own it, by the office; `area` puts it under another area of the same office.

    Raises `UnknownProblem`, `NotAllowed`, `WrongProblemState`, `Invalid`, `StaleVersion`.
    """
    row = fetch(problem, by, version)
    acting = act_at_desk(row, by)
    found = areas.get(area or row.area)
    faults = _owner_faults(found, to)
    if found is not None and found.office != row.office_id:
        faults.append(("area", "只能改为本单位主管的领域"))
    if faults:
        raise Invalid(row.code, faults)
    advance(row, "problem.asked", "转请单位认领", at)
    row.asked_id = to
    if area and found is not None:
        row.area, row.area_name = found.code, found.name
    record(row, verb="problem.asked", by=acting, at=at)
    handed(row, at=at, why="")


@command("problem.pass_on")
def pass_on(
    *,
    problem: str,
    to: str | None,
    reason: str,
    areas: Areas,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Say that it is not ours, with a reason, to another unit or back to the office (None).

    The clock runs on. Only before it is owned. Raises as `ask`.
    """
    row = fetch(problem, by, version)
    acting = act_as_asked(row, by, str(row.asked_id))
    faults = text_faults("reason", "不属于本单位的理由", reason, LONGEST_TEXT)
    if to is not None:
        faults += _owner_faults(areas.get(row.area), to)
    if to is not None and to == row.asked_id:
        faults.append(("to", "不能转给本单位"))
    if faults:
        raise Invalid(row.code, faults)
    advance(row, "problem.passed_on", "转出", at)
    row.asked_id, row.passed, row.note_text = to, row.passed + 1, put_text(reason.strip())
    record(row, verb="problem.passed_on", by=acting, at=at)
    handed(row, at=at, why=reason)


@command("problem.own")
def own(
    *,
    problem: str,
    unit: str,
    areas: Areas,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> str:
    """Own it for a unit: from now on it is this unit's promise. Returns the commitment's code.

    By an officer of the unit asked, or of any unit of the area while none is asked.
    """
    row = fetch(problem, by, version)
    acting = act_as_asked(row, by, unit)
    if row.asked_id is not None and row.asked_id != unit:
        raise Invalid(row.code, [("unit", "这个问题请的是别的单位，请由主管单位改请")])
    if row.asked_id is None:
        faults = _owner_faults(areas.get(row.area), unit)
        if faults:
            raise Invalid(row.code, [("unit", faults[0][1])])
    advance(row, "problem.owned", "认领", at)
    if row.owned_at is None:
        row.owned_at, row.owned_late = at, civil_date(at) > row.own_due
    row.asked_id = unit
    undertake(row, unit, by=acting, at=at)
    record(row, verb="problem.owned", by=acting, at=at)
    return str(row.commitment_id)


def undertake(row: Problem, unit: str, *, by: By, at: datetime) -> None:
    """Put the promise of a unit for this problem on the ledger, closed, due as on the first day."""
    document = _register_of(row.office_id, by=by, at=at)
    row.undertaken += 1
    code = row.code if row.undertaken == 1 else f"{row.code}-{row.undertaken}"
    promise = NewCommitment(
        code=code,
        kind="problem",
        title=f"解决问题 {row.code}（{row.area_name}）",
        document=document,
        place=row.code,
        lead=unit,
        creditor=RAISERS[row.applicant.kind],
        creditor_unit=row.office_id,
        due=row.answer_due,
        due_origin="inferred",
        due_said=f"问题清零规则表第 {row.edition} 版",
    )
    put_commitments([promise], visibility=Visibility.CLOSED, by=by, at=at)
    row.commitment_id = code


def _register_of(office: str, *, by: By, at: datetime) -> str:
    """The document in which the promises of an office's problems stand; made with the first."""
    code = f"WTTZ-{office}"
    undertaken = Problem.objects.filter(office=office, undertaken__gt=0)
    if not undertaken.exists():
        one_at_a_time(LOCK)
        if not undertaken.exists():
            book = NewDocument(code=code, title="企业和群众问题台账", kind="问题台账")
            put_documents([book], by=by, at=at)
    return code


@command("problem.hand_over")
def hand_over(
    *,
    problem: str,
    to: str,
    reason: str,
    areas: Areas,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Take an owned problem from its unit and ask another, by the office, with a reason.

    The first unit is released from its promise; the days run on. Raises as `ask`.
    """
    row = fetch(problem, by, version)
    acting = act_at_desk(row, by)
    faults = text_faults("reason", "改由其他单位办理的理由", reason, LONGEST_TEXT)
    faults += _owner_faults(areas.get(row.area), to)
    if to == owner_of(row):
        faults.append(("to", "问题已经由这个单位办理"))
    if faults:
        raise Invalid(row.code, faults)
    advance(row, "problem.handed_over", "改由其他单位办理", at)
    end_for(
        commitment=str(row.commitment_id),
        verb="commitment.waived",
        note=reason,
        by=acting,
        at=at,
    )
    row.asked_id, row.passed, row.commitment_id = to, row.passed + 1, None
    row.note_text = put_text(reason.strip())
    record(row, verb="problem.handed_over", by=acting, at=at)
    handed(row, at=at, why=reason)


@command("problem.answer")
def answer(
    *,
    problem: str,
    note: str,
    calendar: Calendar,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Say what was done, to who raised it, who then confirms or not.

    Raises `UnknownProblem`, `NotAllowed`, `WrongProblemState`, `NoTerms`, `Invalid`.
    """
    row = fetch(problem, by, version)
    if row.status == ProblemStatus.RAISED:
        label = STATUS_LABELS[ProblemStatus.RAISED]
        raise WrongProblemState(row.code, label, "答复；请先认领")
    acting = act_as_owner(row, by)
    faults = text_faults("note", "答复", note, LONGEST_TEXT)
    if faults:
        raise Invalid(row.code, faults)
    advance(row, "problem.answered", "答复", at)
    today = civil_date(at)
    wait = terms_of(row.area_name, on=today).terms.confirm_days
    deliver_for(
        commitment=str(row.commitment_id), delivered_date=today, note=note, by=acting, at=at
    )
    row.answered_at, row.note_text = at, put_text(note.strip())
    row.confirm_due = calendar.add_working_days(today, wait)
    record(row, verb="problem.answered", by=acting, at=at)
    answered(row, at=at)
