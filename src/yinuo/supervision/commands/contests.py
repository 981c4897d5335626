"""Contested figures: put beside the official one by the unit, decided by the supervising side."""

from collections.abc import Sequence
from datetime import datetime

from yinuo.commitments.commands.deliver import note_faults
from yinuo.commitments.commands.evidence import Kept
from yinuo.commitments.errors import Invalid
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.kernel.instants import civil_date
from yinuo.kernel.media.formats import size_words
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record, record_new
from yinuo.notices.commands.tell import Telling, settle, tell
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.contest_life import FILED, STATUS_LABELS, ContestStatus
from yinuo.supervision.contesting import decides, terms, visible_contests
from yinuo.supervision.errors.contests import ContestedAlready, ContestEnded, UnknownContest
from yinuo.supervision.models import Contest, ContestFile
from yinuo.supervision.queries.contestable import contestable

LONGEST_FIGURE = 120
MOST_FILES = 20


LOCK = 0x7961_4354
"""Key of the PostgreSQL advisory lock that lets one contest be numbered at a time."""


def _next_code(year: int) -> str:
    one_at_a_time(LOCK)
    start = f"YY{year}-"
    taken = Contest.objects.filter(code__startswith=start).values_list("code", flat=True)
    return f"{start}{max((int(code.removeprefix(start)) for code in taken), default=0) + 1}"


@command("contest.file")
def file(
    *,
    about: str,
    field: str,
    own_figure: str,
    reason: str,
    source: str,
    files: Sequence[Kept] = (),
    store: FileStore,
    calendar: Calendar,
    by: Viewer,
    at: datetime,
) -> str:
    """Contest one figure of a subject, with the unit's own, why, and where it comes from.

    The official figure is written down as it is shown at this moment, and goes on to hold until
    somebody decides. Returns the code. Raises `NotContestable`, `NotAllowed`, `ContestedAlready`,
    `NoContestTerms`, `Invalid`, `FileMissing`.
    """
    today = civil_date(at)
    held = contestable(about=about, viewer=by, today=today, store=store)
    unit = held.contested_by(by)
    if unit is None:
        raise NotAllowed("只有这个数字所说的单位的填报人可以提出异议", place=about)
    figure = held.figure(field)
    faults = _faults(own_figure, reason, source)
    if figure is None:
        faults.insert(0, ("field", "请选择列出的一个数字"))
    elif own_figure.strip() == figure.shown:
        faults.append(("own_figure", "和现在显示的数字相同"))
    if len(files) > MOST_FILES:
        faults.append(("evidence", f"最多 {MOST_FILES} 个文件"))
    if faults or figure is None:
        raise Invalid(about, faults)
    before = Contest.objects.filter(
        about=about, field=field, unit=unit, status=ContestStatus.OPEN
    ).first()
    if before is not None:
        raise ContestedAlready(before.code)
    counted = terms(kind=held.kind, calendar=calendar, today=today)
    row = Contest(
        code=_next_code(today.year),
        unit_id=unit,
        office_id=held.office,
        about=about,
        field=field,
        figure=figure.shown[:LONGEST_FIGURE],
        own_figure=own_figure.strip(),
        reason_text=put_text(reason),
        source_text=put_text(source),
        due=counted.due,
        terms_edition=counted.edition,
        filed_date=today,
    )
    acting = by.acting("officer", unit)
    record(row, verb=FILED, by=acting, at=at)
    _hand_in(row, files, store=store, acting=acting, at=at)
    told = Telling(
        to_unit=held.office,
        role="supervisor",
        topic="contest.filed",
        title=f"数据异议 {row.code}：请不晚于 {counted.due} 决定",
        page="contest",
        args=(row.code,),
        about=row.subject,
        due=counted.due,
    )
    tell(tellings=[told], at=at)
    return row.code


def _faults(own_figure: str, reason: str, source: str) -> list[tuple[str, str]]:
    faults = note_faults("own_figure", "您单位的数字", own_figure)
    if len(own_figure) > LONGEST_FIGURE:
        faults = [("own_figure", f"最多 {LONGEST_FIGURE} 字，现有 {len(own_figure)} 字")]
    faults += note_faults("reason", "理由", reason)
    return faults + note_faults("source", "来源", source)


def _hand_in(
    row: Contest, files: Sequence[Kept], *, store: FileStore, acting: By, at: datetime
) -> None:
    """Write the rows of files that are on the disk."""
    made = []
    for number, each in enumerate(files, start=1):
        if store.size(each.sha256) != each.size:
            raise FileMissing(each.sha256, "的大小与提交的不同")
        code = f"{row.code}/F{number}"
        about = f"文件 {code}：{each.label}，{size_words(each.size)}，SHA-256 {each.sha256}"
        made.append(
            ContestFile(
                code=code,
                contest=row,
                name_text=put_text(each.name),
                file_text=put_text(about),
                media_type=each.media_type,
                size=each.size,
                sha256=each.sha256,
            )
        )
    record_new(made, verb="contest_file.handed_in", by=acting, at=at)


def _fetch(code: str, by: Viewer, version: int | None) -> Contest:
    """The contest, locked and still open. Raises `UnknownContest` and `ContestEnded`."""
    rows = Contest.objects.select_for_update(of=("self",))
    row = rows.filter(visible_contests(by), code=code).first()
    if row is None:
        raise UnknownContest(code)
    if row.status != ContestStatus.OPEN:
        raise ContestEnded(code, STATUS_LABELS[ContestStatus(row.status)])
    if version is not None and row.version != version:
        row.version = version  # the guarded write then refuses it as stale
    return row


@command("contest.decide")
def decide(
    *,
    contest: str,
    upheld: bool,
    note: str,
    correction: str = "",
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Decide: upheld with what will be corrected and how, or refused; always with a reason.

    The correction itself is a change or an edition of its own, with its own two persons. Raises
    `UnknownContest`, `ContestEnded`, `NotAllowed`, `Invalid`.
    """
    row = _fetch(contest, by, version)
    if not decides(row, by):
        raise NotAllowed(
            "只有督查单位的督查人可以决定，且不得在提出异议的单位或其上级单位任职",
            place=contest,
            next_step="请由另一名督查人决定",
        )
    faults = note_faults("note", "理由", note)
    if upheld:
        faults += note_faults("correction", "怎样更正", correction)
    if faults:
        raise Invalid(contest, faults)
    row.status = ContestStatus.UPHELD if upheld else ContestStatus.REFUSED
    row.decision_text = put_text(note)
    row.correction_text = put_text(correction) if upheld else ""
    row.decided_date = civil_date(at)
    acting = by.acting("supervisor", row.office_id)
    record(row, verb=f"contest.{row.status}", by=acting, at=at)
    settle(about=[row.subject], at=at)
    told = Telling(
        to_unit=row.unit_id,
        role="officer",
        topic="contest.decided",
        title=f"数据异议 {row.code}：{STATUS_LABELS[ContestStatus(row.status)]}",
        page="contest",
        args=(row.code,),
        about=f"{row.subject}/decision",
    )
    tell(tellings=[told], at=at)


@command("contest.withdraw")
def withdraw(
    *, contest: str, note: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Take a contest back, with the reason. Raises what `decide` does."""
    row = _fetch(contest, by, version)
    if row.unit_id not in by.officer_of:
        raise NotAllowed("只有提出异议的单位可以撤回", place=contest)
    faults = note_faults("note", "撤回的理由", note)
    if faults:
        raise Invalid(contest, faults)
    row.status = ContestStatus.WITHDRAWN
    row.decision_text = put_text(note)
    row.decided_date = civil_date(at)
    record(row, verb="contest.withdrawn", by=by.acting("officer", row.unit_id), at=at)
    settle(about=[row.subject], at=at)
