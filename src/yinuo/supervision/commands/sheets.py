"""Filling a unit's sheet line by line, handing it in, accepting it, returning it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from yinuo.commitments.commands import deliver as debtor
from yinuo.commitments.commands import evidence, judge
from yinuo.commitments.commands.evidence import Kept
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import STATUS_LABELS, Status
from yinuo.commitments.queries.asking import held_reports
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.notices.commands.tell import Telling, settle, tell
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.errors.rounds import (
    AnswersElsewhere,
    HandedIn,
    MergedAway,
    NoLongerOpen,
    NotAsked,
    NothingHeld,
    RoundClosed,
    RoundInvalid,
    Unfinished,
    UnknownSheet,
)
from yinuo.supervision.models import Asked, Round, Sheet
from yinuo.supervision.rounds.life import SIGNED, LineState, RoundState

LONGEST_TEXT = 4_000
NAMED = 8
"""Returned lines whose reason stands in the message itself."""

Faults = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a unit writes into one line."""

    commitment: str
    value: str = ""
    """A decimal in the unit of the promise; empty where none is asked for."""
    note: str = ""
    files: Sequence[Kept] = ()
    confirm: bool = False
    """Whether the report that is held already answers, so that nothing is written."""


@dataclass(frozen=True)
class Refused:
    """Why a line was not taken."""

    faults: Faults
    """(field, what) each: `value`, `note`, `evidence`, or empty for the line as a whole."""
    next_step: str
    code: str
    """Of the error."""


@dataclass
class Filled:
    """What came of many lines, each by itself."""

    taken: list[str] = field(default_factory=list)
    """Commitments whose line is answered now."""
    refused: dict[str, Refused] = field(default_factory=dict)


def fill(
    *, sheet: str, given: Sequence[Given], store: FileStore, by: Viewer, at: datetime
) -> Filled:
    """Report many lines of a sheet, each in a transaction of its own.

    A wrong line is refused with its reason and takes no other along. What stops all of them is
    raised: `UnknownSheet`, `NotAllowed`, `RoundClosed`, `HandedIn`.
    """
    found = Filled()
    for one in given:
        try:
            report_line(sheet=sheet, given=one, store=store, by=by, at=at)
        except (UnknownSheet, RoundClosed, HandedIn):
            raise
        except (Invalid, RoundInvalid) as error:
            found.refused[one.commitment] = Refused(error.faults, error.next_step, error.code)
        except YinuoError as error:
            where = "confirm" if isinstance(error, NothingHeld) else ""
            found.refused[one.commitment] = Refused(
                ((where, error.what),), error.next_step, error.code
            )
        else:
            found.taken.append(one.commitment)
    return found


@command("sheet.report_line")
def report_line(*, sheet: str, given: Given, store: FileStore, by: Viewer, at: datetime) -> str:
    """Answer one line with an ordinary report, or confirm the one that is held; returns its code.

    Raises `UnknownSheet`, `RoundClosed`, `HandedIn`, `NotAsked`, `MergedAway`, `NoLongerOpen`,
    `AnswersElsewhere`, `NothingHeld`, and what `report` and `evidence.report` raise.
    """
    row = _fetch(sheet, by)
    line = _line(row, given.commitment)
    line.round = row.round
    acting = _answering(row, line, by)
    code = _confirmed(line, by) if given.confirm else _report(line, given, store, by, at)
    line.report_id, line.status, line.reason_text = code, LineState.ANSWERED, ""
    record(line, verb="asked.answered", by=acting, at=at)
    return code


def _fetch(code: str, by: Viewer) -> Sheet:
    """The sheet whose round takes reports, locked against its closing.

    Raises `UnknownSheet` to those who are not asked anything in it, and `RoundClosed`.
    """
    row = Sheet.objects.select_related("commitment").filter(pk=code).first()
    if row is None or not _is_asked(row, by):
        raise UnknownSheet(code)
    row.round = Round.objects.select_for_update(of=("self",)).get(pk=row.round_id)
    if row.round.status == RoundState.CLOSED:
        raise RoundClosed(row.round_id)
    return row


def _is_asked(row: Sheet, by: Viewer) -> bool:
    if row.commitment.lead_id in by.officer_of:
        return True
    return Asked.objects.filter(sheet=row, commitment__lead__in=by.officer_of).exists()


def _line(row: Sheet, commitment: str) -> Asked:
    lines = Asked.objects.select_for_update(of=("self",)).select_related("commitment")
    found = lines.filter(round=row.round_id, commitment=commitment).first()
    if found is None or found.sheet_id != row.pk:
        raise NotAsked(commitment, str(row.pk), found.sheet_id if found else "")
    return found


def _answering(row: Sheet, line: Asked, by: Viewer) -> By:
    """Who answers a line: the officer of the unit that owes it now, while it can be answered."""
    promise = line.commitment
    if promise.merged_into_id:
        raise MergedAway(promise.code, promise.merged_into_id)
    if promise.lead_id not in by.officer_of:
        name = public_unit_names().get(str(promise.lead_id), "其他单位")
        raise AnswersElsewhere(promise.code, name)
    if promise.status != Status.OPEN:
        raise NoLongerOpen(promise.code, STATUS_LABELS[Status(promise.status)])
    # Another unit's part of the sheet does not wait for what this one handed in.
    if promise.lead_id == row.commitment.lead_id and row.commitment.status != Status.OPEN:
        raise HandedIn(str(row.pk), STATUS_LABELS[Status(row.commitment.status)])
    return by.acting("officer", str(promise.lead_id))


def _confirmed(line: Asked, by: Viewer) -> str:
    code = line.commitment_id
    held = held_reports(codes=[code], as_of=line.round.as_of_date, viewer=by)
    if code not in held:
        raise NothingHeld(code)
    return held[code]


def _report(line: Asked, given: Given, store: FileStore, by: Viewer, at: datetime) -> str:
    # A round may ask for the end of a month that is still running: figures are then of today.
    as_of = min(line.round.as_of_date, civil_date(at))
    _check_figure(line, given.value)
    if given.files:
        return evidence.report(
            commitment=given.commitment,
            as_of_date=as_of,
            value=given.value,
            note=given.note,
            files=given.files,
            store=store,
            by=by,
            at=at,
        )
    return debtor.report(
        commitment=given.commitment,
        as_of_date=as_of,
        value=given.value,
        note=given.note,
        by=by,
        at=at,
    )


def _check_figure(line: Asked, value: str) -> None:
    """A promised quantity needs a figure, and what is counted is not below zero.

    Unless the promise itself is, or its unit says a change.
    """
    promise = line.commitment
    if promise.value and not value.strip():
        said = f"请填写累计完成数（单位：{promise.unit or '无'}）"
        raise RoundInvalid(promise.code, [("value", said)])
    if not value.strip().startswith(("-", "－", "−")) or promise.unit in SIGNED:
        return
    if any(text and Decimal(text) < 0 for text in (promise.value, promise.baseline)):
        return
    raise RoundInvalid(
        promise.code,
        [("value", f"“{value.strip()}”是负数：累计完成数（{promise.unit}）不能小于 0")],
    )


# ── the sheet as a whole ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Handed:
    """What handing in came to."""

    answered: int
    missing: int


@command("sheet.hand_in")
def hand_in(
    *, sheet: str, note: str = "", by: Viewer, at: datetime, version: int | None = None
) -> Handed:
    """Hand the sheet of a unit in; the office then checks it. `note` says why lines are missing.

    Raises `UnknownSheet`, `RoundClosed`, `Unfinished` for missing lines without a reason,
    `NotAllowed`, `WrongState`, `StaleVersion`, `Invalid`.
    """
    row = _fetch(sheet, by)
    lead = row.commitment.lead_id
    if lead not in by.officer_of:
        raise NotAllowed("只有被要求报送的单位的填报人可以提交报送表", place=sheet)
    owed = Asked.objects.filter(
        sheet=row, commitment__lead=lead, commitment__status=Status.OPEN
    ).exclude(status=LineState.ANSWERED)
    missing = list(owed.order_by("commitment").values_list("commitment_id", flat=True))
    if missing and not note.strip():
        raise Unfinished(sheet, missing)
    answered = Asked.objects.filter(sheet=row, status=LineState.ANSWERED).count()
    said = f"报送 {answered:,} 项"
    said += f"，未报送 {len(missing):,} 项" if missing else ""
    debtor.hand_in(
        commitment=sheet,
        delivered_date=civil_date(at),
        note="\n".join(filter(None, (said, note.strip()))),
        by=by,
        at=at,
        version=version,
    )
    if row.returned_text:
        row.returned_text = ""
        record(row, verb="sheet.handed_in_again", by=by.acting("officer", str(lead)), at=at)
    settle(about=[f"commitment:{sheet}"], at=at)
    return Handed(answered, len(missing))


@command("sheet.accept")
def accept(*, sheets: Sequence[str], note: str, by: Viewer, at: datetime) -> int:
    """Accept sheets that were handed in; all or nothing. Returns how many.

    Raises `UnknownSheet`, `NotAllowed`, `WrongState`, `Invalid`.
    """
    for code in sorted(set(sheets)):
        row = _of_office(code, by)
        judge.verify(commitment=code, note=note, by=by, at=at)
        settle(about=[f"commitment:{row.pk}"], at=at)
    return len(set(sheets))


@command("sheet.give_back")
def give_back(
    *, sheet: str, reason: str, lines: Mapping[str, str], by: Viewer, at: datetime
) -> None:
    """Return a sheet that was handed in, whole or for single lines, each with what is wrong.

    `lines` maps a commitment to its own reason. Without any, every answered line stays as it is
    and the unit reads the reason of the whole. Raises `UnknownSheet`, `RoundClosed`, `NotAsked`,
    `NotAllowed`, `WrongState`, `Invalid`, `RoundInvalid`.
    """
    row = _of_office(sheet, by)
    if row.round.status == RoundState.CLOSED:
        raise RoundClosed(row.round_id)
    named = {code: text.strip() for code, text in lines.items()}
    faults = [(f"line-{code}", f"请写明 {code} 为什么退回") for code, t in named.items() if not t]
    faults += [
        (f"line-{code}", f"{code} 的理由最多 {LONGEST_TEXT:,} 字")
        for code, text in named.items()
        if len(text) > LONGEST_TEXT
    ]
    if faults:
        raise RoundInvalid(sheet, faults)
    said = reason.strip() or (f"有 {len(named):,} 项要补充，理由见各行" if named else "")
    judge.reject(commitment=sheet, note=said, by=by, at=at)
    acting = by.acting("supervisor", row.round.office_id)
    row.returned_text = put_text(said)
    record(row, verb="sheet.returned", by=acting, at=at)
    for code, text in sorted(named.items()):
        line = _line(row, code)
        if line.status != LineState.ANSWERED:
            raise RoundInvalid(sheet, [(f"line-{code}", f"{code} 还没有报，不能退回")])
        line.status, line.reason_text = LineState.RETURNED, put_text(text)
        record(line, verb="asked.returned", by=acting, at=at)
    _tell_returned(row, said, named, at)


def _of_office(code: str, by: Viewer) -> Sheet:
    """A sheet of a round of the viewer's office. Raises `UnknownSheet`."""
    rows = Sheet.objects.select_related("commitment", "round")
    row = rows.filter(pk=code, round__office__in=by.supervisor_of).first()
    if row is None:
        raise UnknownSheet(code)
    return row


def _tell_returned(row: Sheet, said: str, named: Mapping[str, str], at: datetime) -> None:
    first = list(named.items())[:NAMED]
    more = f"\n另有 {len(named) - NAMED:,} 项" if len(named) > NAMED else ""
    tell(
        tellings=[
            Telling(
                to_unit=str(row.commitment.lead_id),
                role="officer",
                topic="round.returned",
                title=f"报送表已退回补充：{row.round.title}",
                body="\n".join([said, *(f"{code}：{text}" for code, text in first)]) + more,
                page="round_sheet",
                args=(str(row.pk),),
                about=f"commitment:{row.pk}",
                due=row.commitment.due,
                urgent=True,
            )
        ],
        at=at,
    )
