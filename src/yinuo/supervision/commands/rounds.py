"""Opening a round, releasing and closing it, opening it again, reminding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.commitments.commands.register import (
    NewCommitment,
    NewDocument,
    put_commitments,
    put_documents,
)
from yinuo.commitments.life import Status, Visibility
from yinuo.commitments.queries.asking import MOST, Choice
from yinuo.commitments.words import days_left
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record, record_new
from yinuo.notices.commands.tell import Telling, settle, tell
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.errors.rounds import (
    ChoiceChanged,
    NothingToAsk,
    OverBurden,
    RoundInvalid,
    StillToJudge,
    TooManyToAsk,
    UnknownRound,
    WrongRoundState,
)
from yinuo.supervision.models import Asked, Round, Sheet
from yinuo.supervision.queries.asking import Asking, foresee
from yinuo.supervision.rounds.burden import Burden
from yinuo.supervision.rounds.life import (
    ROUND,
    RoundSort,
    RoundState,
)
from yinuo.supervision.rounds.numbering import round_code, round_title

LOCK = 0x7961_5244
"""Key of the PostgreSQL advisory lock that lets one round be numbered at a time."""
KIND, DOCUMENT_KIND = "report", "调度通知"
LONGEST_TITLE, LONGEST_TEXT = 120, 4_000
REMIND_BEFORE = (2, 0)
"""Days before the last one on which who has not reported is reminded."""
REMIND_AFTER = (1, 3, 7)
"""Days after it; then once a week."""
WEEK = 7


@dataclass(frozen=True)
class Opened:
    """What opening a round did."""

    code: str
    sheets: int
    lines: int


@command("round.open")
def open_round(
    *,
    wanted: Choice,
    sort: RoundSort,
    as_of: date,
    due: date,
    title: str = "",
    note: str = "",
    overruled: str = "",
    expected: int | None = None,
    by: Viewer,
    at: datetime,
) -> Opened:
    """Ask the lead units of chosen commitments to report as of a day; one sheet a unit.

    `overruled` is the reason for asking what the table of burden does not let through; `expected`
    the number of commitments that was previewed. Raises `NotAllowed`, `RoundInvalid`,
    `NothingToAsk`, `TooManyToAsk`, `ChoiceChanged`, `OverBurden`.
    """
    if wanted.office not in by.supervisor_of:
        raise NotAllowed("只有督查单位的督查人可以开调度期次", place=f"unit:{wanted.office}")
    acting, today = by.acting("supervisor", wanted.office), civil_date(at)
    faults = _faults(title, note, overruled, as_of=as_of, due=due, today=today)
    asking = foresee(wanted=wanted, as_of=as_of, viewer=by, today=today)
    _check(asking, wanted, faults, expected)
    one_at_a_time(LOCK)
    taken = set(Round.objects.values_list("pk", flat=True))
    code = round_code(sort, as_of, taken)
    if asking.refused and not overruled.strip():
        names = public_unit_names()
        raise OverBurden(
            code, [f"{names.get(unit, unit)}{why}" for unit, why in asking.refused.items()]
        )
    row = Round(
        code=code,
        title=title.strip() or round_title(sort, as_of),
        sort=sort,
        office_id=wanted.office,
        as_of_date=as_of,
        due=due,
        opened_at=at,
        opened_by=by.actor,
        note_text=put_text(note.strip()),
        overruled_text=put_text(overruled.strip()) if asking.refused else "",
        burden_edition=asking.edition,
    )
    sheets = _put(row, asking, by=acting, at=at)
    _tell_opened(row, sheets, asking.new, at)
    return Opened(code, len(sheets), len(asking.lines))


def _faults(
    title: str, note: str, overruled: str, *, as_of: date, due: date, today: date
) -> list[tuple[str, str]]:
    found = []
    if len(title) > LONGEST_TITLE:
        found.append(("title", f"名称最多 {LONGEST_TITLE} 字，现有 {len(title):,} 字"))
    for name, label, text in (("note", "填报要求", note), ("overruled", "理由", overruled)):
        if len(text) > LONGEST_TEXT:
            found.append((name, f"{label}最多 {LONGEST_TEXT:,} 字，现有 {len(text):,} 字"))
    if due < today:
        found.append(("due", f"报送时限 {due} 早于今天 {today}"))
    if as_of > due:
        found.append(("as_of_date", f"截至日 {as_of} 晚于报送时限 {due}"))
    return found


def _check(
    asking: Asking, wanted: Choice, faults: Sequence[tuple[str, str]], expected: int | None
) -> None:
    found = list(faults)
    if asking.too_many:
        raise TooManyToAsk(asking.too_many, MOST)
    found += [
        ("codes", f"{code} 不是本单位督查的、进行中的承诺，或不符合其他条件")
        for code in asking.unknown
    ]
    if found:
        raise RoundInvalid(wanted.office, found)
    if not asking.chosen:
        raise NothingToAsk(wanted.office, asking.unowned)
    if expected is not None and expected != len(asking.chosen):
        raise ChoiceChanged(expected, len(asking.chosen))


def _put(row: Round, asking: Asking, *, by: By, at: datetime) -> list[Sheet]:
    """The round with its sheets, which are commitments, and their lines."""
    names = public_unit_names()
    put_documents(
        [
            NewDocument(
                code=row.code,
                title=row.title,
                kind=DOCUMENT_KIND,
                issuer=names[row.office_id],
                said_date=civil_date(at),
            )
        ],
        by=by,
        at=at,
    )
    record(row, verb="round.opened", by=by, at=at)
    codes = {unit: f"{row.code}-{n:02}" for n, unit in enumerate(sorted(asking.new), start=1)}
    put_commitments(
        [
            NewCommitment(
                code=code,
                kind=KIND,
                title=f"{row.title}：报送 {asking.new[unit].lines:,} 项进展",
                document=row.code,
                lead=unit,
                creditor=names[row.office_id],
                creditor_unit=row.office_id,
                due=row.due,
            )
            for unit, code in codes.items()
        ],
        visibility=Visibility.CLOSED,
        by=by,
        at=at,
    )
    sheets = [
        Sheet(commitment_id=code, round=row, unit_asked_id=unit) for unit, code in codes.items()
    ]
    record_new(sheets, verb="sheet.opened", by=by, at=at)
    lines = [
        Asked(
            code=f"{row.code}/{line.commitment}",
            round=row,
            sheet_id=codes[line.unit],
            commitment_id=line.commitment,
            fields=line.fields,
            twice=line.twice or "",
        )
        for line in asking.lines
    ]
    record_new(lines, verb="asked.opened", by=by, at=at)
    return sheets


def _tell_opened(
    row: Round, sheets: Sequence[Sheet], new: Mapping[str, Burden], at: datetime
) -> None:
    tell(
        tellings=[
            Telling(
                to_unit=sheet.unit_asked_id,
                role="officer",
                topic="round.opened",
                title=f"请在 {row.due} 之前报送：{row.title}",
                body=f"共 {new[sheet.unit_asked_id].lines:,} 项承诺，"
                f"{new[sheet.unit_asked_id].fields:,} 处要填，截至 {row.as_of_date}。",
                page="round_sheet",
                args=(str(sheet.pk),),
                about=f"commitment:{sheet.pk}",
                due=row.due,
            )
            for sheet in sheets
        ],
        at=at,
    )


# ── the rest of its life ─────────────────────────────────────────────────────────────────────────


def fetch_round(code: str, by: Viewer) -> tuple[Round, By]:
    """The round, locked, and the viewer acting for its office.

    Raises `UnknownRound` to those who may know nothing of it, else `NotAllowed`.
    """
    row = Round.objects.select_for_update(of=("self",)).filter(pk=code).first()
    if row is None:
        raise UnknownRound(code)
    if row.office_id in by.supervisor_of:
        return row, by.acting("supervisor", row.office_id)
    if row.office_id in by.administrator_of | by.auditor_of:
        raise NotAllowed("只有督查单位的督查人可以这样做", place=code)
    if Sheet.objects.filter(round=row, commitment__lead__in=by.officer_of).exists():
        raise NotAllowed("只有督查单位的督查人可以这样做", place=code)
    raise UnknownRound(code)


def _step(row: Round, verb: str, wanted: str) -> None:
    target = ROUND.target(row.status, verb)
    if target is None:
        raise WrongRoundState(row.code, row.status, wanted)
    row.status = target


@command("round.release")
def release(*, round_code: str, by: Viewer, at: datetime) -> None:
    """Let every unit of the round see how all of them reported; reports still come in.

    Raises `UnknownRound`, `NotAllowed`, `WrongRoundState`.
    """
    row, acting = fetch_round(round_code, by)
    _step(row, "round.released", "发布")
    record(row, verb="round.released", by=acting, at=at)
    units = Sheet.objects.filter(round=row).values_list("commitment__lead_id", flat=True)
    tell(
        tellings=[
            Telling(
                to_unit=str(unit),
                role="officer",
                topic="round.released",
                title=f"已发布：{row.title}的报送情况",
                page="round",
                args=(row.code,),
                about=row.subject,
            )
            for unit in sorted(filter(None, set(units)))
        ],
        at=at,
    )


@command("round.close")
def close(*, round_code: str, by: Viewer, at: datetime) -> int:
    """Lock the round: nothing is reported into it any more. Returns how many never reported.

    Their sheets stay open and overdue and wait, like any promise, for somebody to find them
    broken. Raises `UnknownRound`, `NotAllowed`, `WrongRoundState`, `StillToJudge`, `RoundInvalid`
    before the last day is over while sheets are missing.
    """
    row, acting = fetch_round(round_code, by)
    sheets = Sheet.objects.filter(round=row)
    if waiting := sheets.filter(commitment__status=Status.DELIVERED).count():
        raise StillToJudge(row.code, waiting)
    missing = sheets.filter(commitment__status=Status.OPEN).count()
    if missing and row.due >= civil_date(at):
        raise RoundInvalid(
            row.code,
            [("", f"还有 {missing:,} 个单位没有报送，{row.due} 过后才能关闭")],
        )
    _step(row, "round.closed", "关闭")
    record(row, verb="round.closed", by=acting, at=at)
    settle(about=[f"commitment:{sheet.pk}" for sheet in sheets], at=at)
    return missing


@command("round.ask_reopening")
def ask_reopening(*, round_code: str, reason: str, by: Viewer, at: datetime) -> None:
    """Ask that a closed round be opened again; another supervisor of the office decides.

    Raises `UnknownRound`, `NotAllowed`, `WrongRoundState`, `RoundInvalid`.
    """
    row, acting = fetch_round(round_code, by)
    _step(row, "round.reopening_asked", "申请重新打开")
    if row.reopening_by:
        raise RoundInvalid(row.code, [("reason", "已有一项重新打开的申请等待决定")])
    if not reason.strip() or len(reason) > LONGEST_TEXT:
        raise RoundInvalid(
            row.code, [("reason", f"请填写重新打开的理由，最多 {LONGEST_TEXT:,} 字")]
        )
    row.reopening_by, row.reopening_text = by.actor, put_text(reason.strip())
    record(row, verb="round.reopening_asked", by=acting, at=at)
    tell(
        tellings=[
            Telling(
                to_unit=row.office_id,
                role="supervisor",
                topic="round.reopening_asked",
                title=f"申请重新打开 {row.code}，等待另一名督查人决定",
                page="round",
                args=(row.code,),
                about=row.subject,
            )
        ],
        at=at,
    )


@command("round.decide_reopening")
def decide_reopening(*, round_code: str, approve: bool, by: Viewer, at: datetime) -> None:
    """Open a closed round again, or leave it closed; never by the person who asked for it.

    Raises `UnknownRound`, `NotAllowed`, `WrongRoundState`.
    """
    row, acting = fetch_round(round_code, by)
    verb = "round.reopened" if approve else "round.reopening_refused"
    if not row.reopening_by:
        raise WrongRoundState(row.code, row.status, "决定：没有人申请重新打开")
    if row.reopening_by == by.actor:
        raise NotAllowed(
            "申请重新打开的人不能自己决定", place=row.code, next_step="请另一名督查人决定"
        )
    _step(row, verb, "重新打开")
    row.reopening_by = ""
    row.reopened_count += approve
    record(row, verb=verb, by=acting, at=at)


# ── reminding ────────────────────────────────────────────────────────────────────────────────────


def is_reminded(due: date, today: date) -> bool:
    """Whether who has not reported is reminded on that day.

    >>> [is_reminded(date(2024, 7, 10), date(2024, 7, n)) for n in (8, 9, 10, 11, 12, 24)]
    [True, False, True, True, False, True]
    """
    left = (due - today).days
    if left >= 0:
        return left in REMIND_BEFORE
    return -left in REMIND_AFTER or (-left > WEEK and -left % WEEK == 0)


@command("round.remind")
def remind(*, at: datetime) -> int:
    """Remind units whose sheet is not in, near and after the last day; returns messages written.

    Called daily by the schedule; a second call on the same day tells nobody anything new.
    """
    today = civil_date(at)
    rows = Sheet.objects.filter(commitment__status=Status.OPEN)
    live = rows.exclude(round__status=RoundState.CLOSED).select_related("commitment", "round")
    return tell(tellings=[_reminder(s, today) for s in live if _is_due(s, today)], at=at)


def _is_due(sheet: Sheet, today: date) -> bool:
    due = sheet.commitment.due
    return due is not None and sheet.commitment.lead_id is not None and is_reminded(due, today)


def _reminder(sheet: Sheet, today: date) -> Telling:
    due = sheet.commitment.due or today
    late = due < today
    said = days_left(due, today)
    return Telling(
        to_unit=str(sheet.commitment.lead_id),
        role="officer",
        topic="round.reminder",
        title=f"{said}，还没有提交：{sheet.round.title}",
        page="round_sheet",
        args=(str(sheet.pk),),
        about=f"commitment:{sheet.pk}",
        due=due,
        urgent=late,
        key=f"round.reminder:{sheet.pk}:{today}",
    )
