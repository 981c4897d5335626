"""What must hold before one unit takes the place of others."""

from collections.abc import Iterable, Sequence
from datetime import date

from yinuo.parties.models import Succession, Unit

Faults = list[tuple[str, str]]
APPROVED = Succession.Status.APPROVED


def in_force(code: str, on: date) -> Succession | None:
    """The succession by which a unit had ended on that day, or None."""
    rows = Succession.objects.filter(unit=code, status=APPROVED, effective_date__lte=on)
    return rows.select_related("unit", "successor").first()


def heir(code: str, on: date) -> Succession | None:
    """The last succession of the chain that starts at a unit; its successor owes on that day.

    Chains end: only a unit that has not ended may succeed, so none can lead back.
    """
    last, found = None, in_force(code, on)
    while found is not None:
        last, found = found, in_force(found.successor_id, on)
    return last


def succession_sentence(first: Succession, last: Succession) -> str:
    """What became of a unit, such as `甲局 已于 2024-08-01 并入 乙局`."""
    said = f"{first.unit.name} 已于 {first.effective_date} 并入 {first.successor.name}"
    if last.successor_id != first.successor_id:
        said += f"，现由 {last.successor.name} 承接"
    return said


def _ended(unit: Unit, on: date) -> str:
    first, last = in_force(unit.code, on), heir(unit.code, on)
    if first and last:
        return f"{succession_sentence(first, last)}，请直接写 {last.successor.name}"
    return f"{unit.name} 已于 {unit.valid_to} 终止"


def _old_faults(unit: Unit, successor: str, effective: date, waiting: set[str]) -> Iterable[str]:
    if unit.code == successor:
        yield f"{unit.name} 不能由自己承接"
    elif unit.valid_to is not None:
        yield _ended(unit, date.max)
    elif unit.code in waiting:
        yield f"{unit.name} 已有一项待批准的承接申请"
    elif unit.valid_from is not None and effective <= unit.valid_from:
        yield f"生效日期 {effective} 不晚于 {unit.name} 成立的 {unit.valid_from}"


def _successor_faults(unit: Unit, effective: date) -> Iterable[str]:
    if unit.valid_to is not None:
        yield _ended(unit, date.max)
    elif unit.valid_from is not None and effective < unit.valid_from:
        yield f"生效日期 {effective} 早于 {unit.name} 成立的 {unit.valid_from}"


def succession_faults(
    *, units: Sequence[str], successor: str, effective_date: date, number: int | None = None
) -> Faults:
    """What speaks against this succession, by field; `number` is its own, once it was asked."""
    known = {u.code: u for u in Unit.objects.filter(code__in=[*units, successor])}
    asked = Succession.objects.filter(status=Succession.Status.ASKED).exclude(number=number or 0)
    waiting = set(asked.filter(unit__in=units).values_list("unit_id", flat=True))
    faults: Faults = []
    if not units:
        faults.append(("units", "请至少选一个被撤并或更名的单位"))
    if len(set(units)) != len(units):
        faults.append(("units", "同一个单位写了两次"))
    for code in dict.fromkeys(units):
        if code not in known:
            faults.append(("units", f"没有单位 {code}"))
            continue
        old = _old_faults(known[code], successor, effective_date, waiting)
        faults += [("units", what) for what in old]
    if successor not in known:
        return [*faults, ("successor", f"没有单位 {successor}；请先登记承接单位")]
    new = _successor_faults(known[successor], effective_date)
    return faults + [("successor", what) for what in new]
