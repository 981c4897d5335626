"""What the unit that owes does: report progress, declare it delivered."""

from datetime import date, datetime
from decimal import Decimal

from yinuo.commitments.commands.rows import advance, fetch
from yinuo.commitments.curve import WHOLE, Shape
from yinuo.commitments.errors import Invalid, ThroughOrigin, ThroughSheet, WrongState
from yinuo.commitments.life import STATUS_LABELS, Status
from yinuo.commitments.models import Commitment, PlanCurve, Report
from yinuo.commitments.permission import act_as_debtor
from yinuo.commitments.registry import kind_named
from yinuo.kernel.decimals import canonical_decimal
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.viewer import Viewer

LONGEST_NOTE = 4_000


def note_faults(field: str, label: str, note: str) -> list[tuple[str, str]]:
    """What is wrong with a required free text."""
    if not note.strip():
        return [(field, f"请填写{label}")]
    if len(note) > LONGEST_NOTE:
        return [(field, f"{label}最多 {LONGEST_NOTE:,} 字，现有 {len(note):,} 字")]
    return []


def _past_date_faults(field: str, label: str, value: date, today: date) -> list[tuple[str, str]]:
    if value > today:
        return [(field, f"{label} {value} 晚于今天 {today}")]
    return []


@command("report.make")
def report(
    *,
    commitment: str,
    as_of_date: date,
    value: str = "",
    note: str,
    by: Viewer,
    at: datetime,
) -> str:
    """Report progress as of a date and return the report's code.

    `value` is a decimal in the unit of the commitment, needed where it promises a quantity; where
    it promises none but has a planned curve in percent, the percentage done, which may be left out.
    Raises `NotAllowed`, `WrongState` once it is no longer open, `ThroughSheet`, `Invalid`.
    """
    row = fetch(commitment, by, None)
    acting = act_as_debtor(row, by)
    _not_by_sheet(row)
    if row.status != Status.OPEN:
        raise WrongState(row.code, STATUS_LABELS[Status(row.status)], "报送进展")
    faults = note_faults("note", "进展说明", note)
    faults += _past_date_faults("as_of_date", "截至日期", as_of_date, civil_date(at))
    figure = ""
    if row.operator != "done":
        try:
            figure = canonical_decimal(value.strip())
        except YinuoError as error:
            faults.append(("value", f"{error.what}（单位：{row.unit}）"))
    elif value:
        figure, wrong = _percent(row, value)
        faults += wrong
    if faults:
        raise Invalid(row.code, faults)
    number = Report.objects.filter(commitment=row).count() + 1
    made = Report(
        code=f"{row.code}/R{number}",
        commitment=row,
        as_of_date=as_of_date,
        value=figure,
        note_text=put_text(note),
    )
    record(made, verb="report.made", by=acting, at=at)
    return made.code


def _percent(row: Commitment, value: str) -> tuple[str, list[tuple[str, str]]]:
    """The percentage done of what has no quantity: only where a curve plans in percent."""
    if not PlanCurve.objects.filter(commitment=row, shape=Shape.PERCENT).exists():
        return "", [("value", "这项承诺没有数量指标，请把情况写在说明里")]
    try:
        figure = canonical_decimal(value.strip().removesuffix("%"))
    except YinuoError as error:
        return "", [("value", f"{error.what}（单位：%）")]
    if not 0 <= Decimal(figure) <= WHOLE:
        return "", [("value", f"完成比例 {figure}% 不在 0% 到 100% 之间")]
    return figure, []


@command("commitment.deliver")
def deliver(
    *,
    commitment: str,
    delivered_date: date,
    note: str,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Declare a commitment delivered (申请销号) as of a date; it then waits for verification.

    Raises `NotAllowed`, `WrongState`, `ThroughSheet`, `ThroughOrigin`, `Invalid`, `StaleVersion`.
    """
    row = fetch(commitment, by, version)
    acting = act_as_debtor(row, by)
    _not_by_sheet(row)
    not_by_origin(row)
    _deliver(row, delivered_date=delivered_date, note=note, by=acting, at=at)


@command("commitment.hand_in")
def hand_in(
    *,
    commitment: str,
    delivered_date: date,
    note: str,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Declare a sheet of a round delivered; the calling command has looked at its lines.

    Raises `NotAllowed`, `WrongState`, `Invalid`, `StaleVersion`.
    """
    row = fetch(commitment, by, version)
    acting = act_as_debtor(row, by)
    _deliver(row, delivered_date=delivered_date, note=note, by=acting, at=at)


def _not_by_sheet(row: Commitment) -> None:
    if kind_named(row.kind).by_sheet:
        raise ThroughSheet(row.code)


def not_by_origin(row: Commitment) -> None:
    """Raises `ThroughOrigin` for what is declared done and judged where it arose."""
    kind = kind_named(row.kind)
    if kind.by_origin:
        raise ThroughOrigin(row.code, kind.label)


def _deliver(row: Commitment, *, delivered_date: date, note: str, by: By, at: datetime) -> None:
    faults = note_faults("note", "完成情况", note)
    faults += _past_date_faults("delivered_date", "完成日期", delivered_date, civil_date(at))
    if faults:
        raise Invalid(row.code, faults)
    advance(row, "commitment.delivered", "申请销号")
    row.delivered_date = delivered_date
    row.remark_text = put_text(note)
    record(row, verb="commitment.delivered", by=by, at=at)
