"""Writing down the planned curve (序时进度): once, and then only by an approved change."""

from collections.abc import Mapping
from datetime import date, datetime

from yinuo.commitments.commands.rows import fetch
from yinuo.commitments.curve import Curve, Shape, curve_text, read_curve
from yinuo.commitments.errors import Invalid, WrongState
from yinuo.commitments.life import STATUS_LABELS, Status, Visibility
from yinuo.commitments.light_rows import written_curve
from yinuo.commitments.models import Commitment, PlanCurve
from yinuo.commitments.permission import act_as_debtor
from yinuo.kernel.canonical import Canonical
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recording import By, command, record
from yinuo.parties.viewer import Viewer

FIELD = "curve"
"""The one term of a request to replace a curve: its text."""
Faults = list[tuple[str, str]]


class CurveSet(YinuoError):
    """The commitment has a planned curve, which is not simply written over."""

    code = "LIGHT-E002"
    status = 409

    def __init__(self, code: str) -> None:
        super().__init__(
            "这项承诺已有序时进度，不能直接改写",
            place=code,
            next_step="请写明理由，申请调整序时进度，由督查人决定",
        )


@command("curve.set")
def set_curve(
    *, commitment: str, text: str, by: Viewer, at: datetime, version: int | None = None
) -> Curve:
    """Write down the curve of a commitment that has none, by the unit that owes it.

    `text` has one point a line; see `curve.read_curve`. Raises `NotAllowed`, `WrongState` unless
    it is open, `CurveSet`, `Invalid` with every faulty line.
    """
    row = fetch(commitment, by, version)
    acting = act_as_debtor(row, by)
    if row.status != Status.OPEN:
        raise WrongState(row.code, STATUS_LABELS[Status(row.status)], "写明序时进度")
    if PlanCurve.objects.filter(commitment=row).exists():
        raise CurveSet(row.code)
    curve, faults = _read(row, text)
    if curve is None:
        raise Invalid(row.code, faults)
    _write(PlanCurve(commitment=row), curve, verb="curve.set", by=acting, at=at)
    return curve


def wanted_curve(
    row: Commitment, new: Mapping[str, Canonical]
) -> tuple[dict[str, Canonical], Faults]:
    """The curve that a request asks for, in canonical form, and what speaks against it."""
    if set(new) != {FIELD}:
        return {}, [(FIELD, "请写明新的序时进度")]
    now = written_curve(row.code)
    if not now:
        return {}, [(FIELD, "还没有序时进度，请由责任单位直接写明")]
    curve, faults = _read(row, str(new[FIELD]))
    text = curve_text(curve) if curve else ""
    if text == now:
        faults = [(FIELD, "与现在的序时进度相同")]
    return {FIELD: text}, faults


def replace_curve(row: Commitment, text: str, *, by: By, at: datetime) -> None:
    """Write an approved curve over the present one; for commands that have asked who may."""
    curve, faults = _read(row, text)
    if curve is None:
        raise Invalid(row.code, faults)
    held = PlanCurve.objects.select_for_update().get(commitment=row)
    _write(held, curve, verb="curve.replaced", by=by, at=at)


def curve_blocks_publishing(row: Commitment) -> bool:
    """Whether its curve names milestones that the public may not see."""
    held = PlanCurve.objects.filter(commitment=row).first()
    if held is None or held.shape != Shape.MILESTONES:
        return False
    named = Commitment.objects.filter(pk__in=[key for key, _ in held.points])
    return named.exclude(visibility=Visibility.PUBLIC).exists()


def _write(held: PlanCurve, curve: Curve, *, verb: str, by: By, at: datetime) -> None:
    held.shape = curve.shape.value
    held.points = [[point.key, point.amount] for point in curve.points]
    record(held, verb=verb, by=by, at=at)


def _read(row: Commitment, text: str) -> tuple[Curve | None, Faults]:
    unit = None if row.operator == Commitment.Operator.DONE else row.unit
    curve, faults = read_curve(text, unit=unit, children=_milestones(row), due=row.due)
    return curve, [(FIELD, f"第 {fault.line} 行：{fault.what}") for fault in faults]


def _milestones(row: Commitment) -> dict[str, date | None]:
    """The commitments below it that may be milestones, with their deadlines.

    Of a public one only public ones, because its curve tells their codes.
    """
    below = Commitment.objects.filter(parent=row).exclude(status=Status.WITHDRAWN).order_by("code")
    if row.visibility == Visibility.PUBLIC:
        below = below.filter(visibility=Visibility.PUBLIC)
    return dict(below.values_list("code", "due"))
