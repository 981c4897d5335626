"""Ratings by the applicant (好差评), once a contact, and what is done about bad ones."""

from datetime import datetime

from yinuo.cases.access.cases import as_applicant, watched
from yinuo.cases.errors.cases import UnknownTrack
from yinuo.cases.errors.problems import (
    NotYetThere,
    RatedBefore,
    UnknownRating,
    WrongRectification,
)
from yinuo.cases.models import Case, Rating, Rectification
from yinuo.cases.problems.rating import (
    BAD,
    CONTACT_DAYS,
    CONTACTS,
    LEVELS,
    LIFE,
    RECTIFIED_LABELS,
    RECTIFY_DAYS,
    Rectified,
    reached,
)
from yinuo.cases.tracks import track_mark
from yinuo.commitments.errors import Invalid
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.notices.commands.tell import Telling, settle, tell
from yinuo.parties.viewer import NotAllowed, Viewer

LONGEST = 2_000
AT_WINDOW = frozenset({"consult", "apply", "accept", "collect"})
"""Contacts at which the applicant meets the window that took the case in."""


@command("rating.rate")
def rate(
    *, track: str, contact: str, level: int, said: str, calendar: Calendar, at: datetime
) -> str:
    """Rate one contact of the case of this 查询码, once; 2 and below opens a rectification.

    Returns the code of the rating. Raises `UnknownTrack`, `Invalid`, `NotYetThere`, `RatedBefore`.
    """
    rows = Case.objects.select_for_update(of=("self",)).select_related("item_version")
    case = rows.filter(track_mark=track_mark(track)).first()
    if case is None:
        raise UnknownTrack
    faults = _faults(contact, level, said)
    if faults:
        raise Invalid(case.code, faults)
    _check_contact(case, contact)
    in_window = contact in AT_WINDOW and case.window_id is not None
    row = Rating(
        code=f"{case.code}/R-{contact}",
        case=case,
        contact=contact,
        level=level,
        said_text=put_text(said.strip()),
        rated_at=at,
        unit_id=(case.window_id if in_window else None) or case.unit_id,
        item_code=case.item_version.item_id,
        simulated=case.simulated,
    )
    acting = as_applicant(case.applicant_id)
    record(row, verb="rating.given", by=acting, at=at)
    if level <= BAD:
        _open(row, case.office_id, calendar, acting, at)
    return row.code


def _faults(contact: str, level: int, said: str) -> list[tuple[str, str]]:
    faults = []
    if contact not in CONTACTS:
        faults.append(("contact", "请选择列出的环节"))
    if level not in LEVELS:
        faults.append(("level", "请选择满意程度"))
    elif level <= BAD and not said.strip():
        faults.append(("said", "请写明哪里不满意，我们才能整改"))
    if len(said) > LONGEST:
        faults.append(("said", f"最多 {LONGEST:,} 字，现有 {len(said):,} 字"))
    return faults


def _check_contact(case: Case, contact: str) -> None:
    there = reached(
        contact,
        received=True,
        accepted=case.accepted_at is not None,
        decided=case.decided_at is not None,
        delivered=case.delivered_at is not None,
    )
    if not there:
        raise NotYetThere(case.code, CONTACTS[contact])
    if Rating.objects.filter(case=case, contact=contact).exists():
        raise RatedBefore(case.code, CONTACTS[contact])


def _open(rating: Rating, office: str, calendar: Calendar, by: By, at: datetime) -> None:
    today = civil_date(at)
    row = Rectification(
        code=rating.code,
        rating=rating,
        unit_id=rating.unit_id,
        office_id=office,
        contact_due=calendar.add_working_days(today, CONTACT_DAYS),
        rectify_due=calendar.add_working_days(today, RECTIFY_DAYS),
    )
    record(row, verb="rectification.opened", by=by, at=at)
    title = f"收到差评（{LEVELS[rating.level]}），一个工作日内联系评价人"
    tell(tellings=[_to_unit(row, title, urgent=True)], at=at)


def _to_unit(row: Rectification, title: str, *, urgent: bool = False, key: str = "") -> Telling:
    return Telling(
        to_unit=row.unit_id,
        role="officer",
        topic="case.rated",
        title=title,
        page="rectification",
        args=(row.code,),
        about=row.subject,
        due=row.contact_due if row.status == Rectified.TO_CONTACT else row.rectify_due,
        urgent=urgent,
        key=key,
    )


def fetch(code: str, by: Viewer, version: int | None) -> Rectification:
    """The rectification, locked. Raises `UnknownRating`."""
    row = Rectification.objects.select_for_update(of=("self",)).filter(code=code).first()
    own = by.officer_of | watched(by)
    if row is None or not {row.unit_id, row.office_id} & own:
        raise UnknownRating(code)
    if version is not None and row.version != version:
        row.version = version
    return row


def _act(row: Rectification, by: Viewer) -> By:
    if row.unit_id not in by.officer_of:
        raise NotAllowed("只有被评价单位的工作人员可以这样做", place=row.code)
    return by.acting("officer", row.unit_id)


def act_at_office(row: Rectification, by: Viewer) -> By:
    """Who calls back is not of the unit that was rated. Raises `NotAllowed`."""
    if row.office_id not in by.supervisor_of or row.unit_id in by.held_for:
        raise NotAllowed("回访由主管单位的督查人做，且不得在被评价单位任职", place=row.code)
    return by.acting("supervisor", row.office_id)


def _advance(row: Rectification, verb: str, wanted: str, note: str) -> None:
    target = LIFE.target(row.status, verb)
    if target is None:
        raise WrongRectification(row.code, RECTIFIED_LABELS[Rectified(row.status)], wanted)
    if not note.strip() or len(note) > LONGEST:
        raise Invalid(row.code, [("note", f"请填写，最多 {LONGEST:,} 字")])
    row.status, row.note_text = target, put_text(note.strip())


@command("rectification.contact")
def contact(
    *, rectification: str, note: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """The applicant was spoken with: what is behind it.

    Raises `UnknownRating`, `NotAllowed`, `WrongRectification`, `Invalid`, `StaleVersion`.
    """
    row = fetch(rectification, by, version)
    acting = _act(row, by)
    _advance(row, "rectification.contacted", "登记联系", note)
    row.contacted_at = at
    record(row, verb="rectification.contacted", by=acting, at=at)


@command("rectification.rectify")
def rectify(
    *,
    rectification: str,
    true_reason: bool,
    note: str,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """What was changed; or, where what was said was not so, what was explained."""
    row = fetch(rectification, by, version)
    acting = _act(row, by)
    _advance(row, "rectification.rectified", "登记整改", note)
    row.rectified_at, row.true_reason = at, true_reason
    record(row, verb="rectification.rectified", by=acting, at=at)
    settle(about=[row.subject], at=at)


@command("rectification.call_back")
def call_back(
    *,
    rectification: str,
    content: bool,
    note: str,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """The office called back and told the result; where that was not accepted, it goes back."""
    row = fetch(rectification, by, version)
    acting = act_at_office(row, by)
    verb = "rectification.called_back" if content else "rectification.sent_back"
    _advance(row, verb, "登记回访", note)
    row.content = content
    if content:
        row.called_at = at
    record(row, verb=verb, by=acting, at=at)


@command("rectification.remind")
def remind(*, at: datetime) -> int:
    """Remind units of bad ratings past a day; returns how many."""
    today = civil_date(at)
    late = [
        *Rectification.objects.filter(status=Rectified.TO_CONTACT, contact_due__lt=today),
        *Rectification.objects.filter(status=Rectified.TO_RECTIFY, rectify_due__lt=today),
    ]
    tell(
        tellings=[
            _to_unit(
                row,
                f"差评整改逾期：{RECTIFIED_LABELS[Rectified(row.status)]}",
                key=f"{row.subject}:{row.status}",
            )
            for row in late
        ],
        at=at,
    )
    return len(late)
