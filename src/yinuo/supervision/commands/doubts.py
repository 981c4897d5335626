"""What people do about doubts: the unit answers, the supervising side closes or opens again."""

from datetime import datetime

from yinuo.commitments.errors import Invalid
from yinuo.commitments.queries.sides import Side, sides
from yinuo.ledger.commands.recording import command, put_text, record
from yinuo.notices.commands.tell import Telling, tell
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.doubt_life import (
    LIFE,
    RESULT_LABELS,
    STATUS_LABELS,
    DoubtResult,
    DoubtStatus,
)
from yinuo.supervision.errors.doubts import DoubtState, UnknownDoubt
from yinuo.supervision.models import Doubt

LONGEST = 4_000


def _fetch(code: str, by: Viewer, version: int | None) -> tuple[Doubt, Side]:
    """The doubt, locked, with the side on which the actor stands."""
    row = Doubt.objects.select_for_update(of=("self",)).filter(code=code).first()
    side = sides(commitments=[row.commitment_id], viewer=by).get(row.commitment_id) if row else None
    if row is None or side is None:
        raise UnknownDoubt(code)
    if version is not None and row.version != version:
        row.version = version  # the guarded write then refuses it as stale
    return row, side


def _require_words(code: str, label: str, note: str) -> None:
    if not note.strip():
        raise Invalid(code, [("note", f"请填写{label}")])
    if len(note) > LONGEST:
        fault = f"{label}最多 {LONGEST:,} 字，现有 {len(note):,} 字"
        raise Invalid(code, [("note", fault)])


def _advance(row: Doubt, verb: str, wanted: str) -> None:
    target = LIFE.target(row.status, verb)
    if target is None:
        raise DoubtState(row.code, STATUS_LABELS[DoubtStatus(row.status)], wanted)
    row.status = target


def _judge(side: Side, code: str) -> None:
    if not side.supervises:
        raise NotAllowed(
            "只有该承诺的督查人可以这样做，且不得在责任单位或其上级单位任职", place=code
        )


@command("doubt.answer")
def answer(*, doubt: str, note: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """The unit says how it came about; the supervising side is told.

    Raises `UnknownDoubt`, `NotAllowed`, `DoubtState`, `Invalid`, `StaleVersion`.
    """
    row, side = _fetch(doubt, by, version)
    if not side.owes:
        raise NotAllowed("只有责任单位的填报人可以答复疑点", place=doubt)
    _require_words(doubt, "答复", note)
    _advance(row, "doubt.answered", "答复")
    row.answered_at, row.answer_text = at, put_text(note)
    record(row, verb="doubt.answered", by=by.acting("officer", str(side.lead)), at=at)
    told = Telling(
        to_unit=side.office,
        role="supervisor",
        topic="doubt.answered",
        title=f"{side.lead_name}答复了疑点 {row.code}：{row.get_kind_display()}",
        page="doubt",
        args=(row.code,),
        about=row.subject,
    )
    tell(tellings=[told], at=at)


@command("doubt.close")
def close(
    *,
    doubt: str,
    result: DoubtResult,
    note: str,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Close a doubt with what was found and why; the unit is told.

    Raises `UnknownDoubt`, `NotAllowed`, `DoubtState`, `Invalid`, `StaleVersion`.
    """
    row, side = _fetch(doubt, by, version)
    _judge(side, doubt)
    _require_words(doubt, "理由", note)
    _advance(row, "doubt.closed", "关闭")
    row.result, row.closed_at, row.closing_text = result, at, put_text(note)
    record(row, verb="doubt.closed", by=by.acting("supervisor", side.office), at=at)
    _tell_unit(row, side, f"疑点 {row.code} 已关闭：{RESULT_LABELS[result]}", at)


@command("doubt.reopen")
def reopen(*, doubt: str, note: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Open a closed doubt again, with a reason; the unit answers anew.

    Raises `UnknownDoubt`, `NotAllowed`, `DoubtState`, `Invalid`, `StaleVersion`.
    """
    row, side = _fetch(doubt, by, version)
    _judge(side, doubt)
    _require_words(doubt, "理由", note)
    _advance(row, "doubt.reopened", "重新打开")
    row.result, row.closed_at, row.closing_text = "", None, put_text(note)
    row.answered_at, row.answer_text = None, ""
    record(row, verb="doubt.reopened", by=by.acting("supervisor", side.office), at=at)
    _tell_unit(row, side, f"疑点 {row.code} 已重新打开，请再次答复", at)


def _tell_unit(row: Doubt, side: Side, title: str, at: datetime) -> None:
    if side.lead is None:
        return
    told = Telling(
        to_unit=side.lead,
        role="officer",
        topic="doubt.closed" if row.status == DoubtStatus.CLOSED else "doubt.reopened",
        title=title,
        page="doubt",
        args=(row.code,),
        about=row.subject,
    )
    tell(tellings=[told], at=at)
