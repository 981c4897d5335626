"""Changes of indicators themselves: defined, opened to the public, tied to a promise."""

from collections.abc import Sequence
from datetime import datetime

from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.goals.errors.indicators import AlreadyBound, DefinedOtherwise, UnknownIndicator
from yinuo.goals.indicators.checks import Definition
from yinuo.goals.indicators.defining import NewIndicator
from yinuo.goals.indicators.measuring import UnitsDiffer, converted
from yinuo.goals.indicators.periods import Period
from yinuo.goals.models import Binding, Figure, Indicator
from yinuo.goals.queries.figure_checks import binding_fault
from yinuo.goals.queries.registers import REGISTERS
from yinuo.goals.stored.indicators import FIXED, FIXED_WORDS, differs
from yinuo.ledger.commands.recording import By, command, record
from yinuo.ledger.history import last_actor
from yinuo.parties.viewer import NotAllowed, Viewer


@command("indicator.define")
def define(*, indicators: Sequence[NewIndicator], by: Viewer, at: datetime) -> tuple[int, int]:
    """Define indicators, or describe known ones anew; returns how many of each.

    New ones start under review. What a figure rests on (unit, frequency, kind, whether it may be
    added) never changes once there are figures. Raises `NotAllowed`, `DefinedOtherwise`, `Invalid`.
    """
    made = changed = 0
    rows = {
        row.code: row
        for row in Indicator.objects.select_for_update(of=("self",)).filter(
            pk__in=[each.code for each in indicators]
        )
    }
    for each in _parts_first(indicators):
        row = rows.get(each.code)
        if row is not None and not differs(row, each):
            continue
        for office in {each.office, row.office_id if row else each.office}:
            if office not in by.administrator_of:
                raise NotAllowed("只有答复单位的管理员可以定义指标", place=each.code)
        if row is None:
            made += 1
            row = Indicator(code=each.code, visibility=Visibility.REVIEW)
        else:
            changed += 1
            _require_same(row, each)
        _require_register(each)
        _describe(row, each)
        verb = "indicator.defined" if row.version == 0 else "indicator.described"
        record(row, verb=verb, by=by.acting("administrator", each.office), at=at)
    return made, changed


def _parts_first(indicators: Sequence[NewIndicator]) -> list[NewIndicator]:
    """Numerators and denominators before the ratios of them."""
    by_code = {each.code: each for each in indicators}
    done: dict[str, NewIndicator] = {}

    def put(each: NewIndicator, above: frozenset[str]) -> None:
        if each.code in done:
            return
        for part in (each.numerator, each.denominator):
            if part in above | {each.code}:
                raise Invalid(each.code, [("numerator", "分子、分母绕回了指标自己")])
            if part in by_code:
                put(by_code[part], above | {each.code})
        done[each.code] = each

    for each in indicators:
        put(each, frozenset())
    return list(done.values())


def _require_same(row: Indicator, stated: NewIndicator) -> None:
    fixed = [FIXED_WORDS[name] for name in FIXED if getattr(row, name) != getattr(stated, name)]
    if fixed and Figure.objects.filter(indicator=row).exists():
        raise DefinedOtherwise(row.code, fixed)


def _require_register(stated: NewIndicator) -> None:
    """What it is counted from must be there, in a unit that is its own or converts to it."""
    if not stated.counted:
        return
    register = REGISTERS.get(stated.counted)
    if register is None:
        known = "、".join(REGISTERS)
        raise Invalid(stated.code, [("counted", f"没有台账 {stated.counted}；有：{known}")])
    try:
        converted("1", unit=register.unit, to=stated.unit)
    except UnitsDiffer as error:
        raise Invalid(stated.code, [("unit", error.what)]) from error


def _describe(row: Indicator, stated: NewIndicator) -> None:
    row.name, row.unit, row.definition = stated.name, stated.unit, stated.definition
    row.direction, row.frequency, row.kind = stated.direction, stated.frequency, stated.kind
    row.additive, row.base_year, row.source = stated.additive, stated.base_year, stated.source
    row.numerator_id, row.denominator_id = stated.numerator or None, stated.denominator or None
    row.wider = {subject: list(wider) for subject, wider in stated.wider.items()}
    row.near_names = list(stated.near_names)
    row.heading, row.counted = stated.heading, stated.counted
    row.simulated, row.office_id = stated.simulated, stated.office


@command("indicator.publish")
def publish(*, indicators: Sequence[str], visibility: Visibility, by: Viewer, at: datetime) -> None:
    """Set who may see indicators and their released figures; all or nothing.

    The reviewer is not who defined them. Raises `UnknownIndicator`, `NotAllowed`, `Invalid`.
    """
    for code in indicators:
        row = Indicator.objects.select_for_update(of=("self",)).filter(pk=code).first()
        if row is None:
            raise UnknownIndicator(code)
        if row.office_id not in by.supervisor_of:
            raise NotAllowed("只有答复单位的督查人可以审查公开", place=code)
        if last_actor(row.subject, "indicator.defined") == by.actor:
            raise NotAllowed("定义人不能审查自己定义的指标", place=code)
        if row.visibility == visibility:
            raise Invalid(code, [("visibility", "已经是这个公开类型")])
        row.visibility = visibility
        acting = by.acting("supervisor", row.office_id)
        record(row, verb="indicator.published", by=acting, at=at)


def _require_fit(commitment: str, by: Viewer, definition: Definition | None) -> None:
    why = binding_fault(commitment=commitment, indicator=definition, viewer=by)
    if why:
        raise Invalid(commitment, [("indicator", why)])


@command("indicator.bind")
def bind(
    *, commitment: str, indicator: str, subject: str, period: Period, by: Viewer, at: datetime
) -> str:
    """Tie a promise to a series: figures released from now on report on it by themselves.

    By the supervisor or administrator of the unit that supervises the promise. Raises
    `UnknownIndicator`, `AlreadyBound`, and `Invalid` where the two cannot be tied.
    """
    row = Indicator.objects.filter(pk=indicator).first()
    if row is None or not subject:
        raise UnknownIndicator(indicator)
    definition = Definition(row.code, row.name, row.unit, row.kind)
    _require_fit(commitment, by, definition)
    bound = Binding.objects.select_for_update(of=("self",)).filter(commitment=commitment).first()
    if bound is not None and not bound.ended:
        raise AlreadyBound(commitment, bound.indicator_id)
    if bound is None:
        bound = Binding(code=f"{commitment}/I", commitment_id=commitment)
    bound.indicator_id, bound.subject_key = indicator, subject
    bound.period, bound.first_date, bound.last_date = period.key, period.first, period.last
    bound.ended = False
    record(bound, verb="binding.made", by=_capacity(bound, by), at=at)
    return bound.code


@command("indicator.unbind")
def unbind(*, commitment: str, by: Viewer, at: datetime) -> None:
    """Undo what `bind` did; reports that were made stay.

    Raises `UnknownIndicator` for a promise that is tied to none, and `NotAllowed`.
    """
    bound = (
        Binding.objects.select_for_update(of=("self",))
        .filter(commitment=commitment, ended=False)
        .first()
    )
    if bound is None:
        raise UnknownIndicator(commitment)
    office = bound.commitment.creditor_unit_id
    if office not in by.supervisor_of | by.administrator_of:
        raise NotAllowed("只有督查单位的督查人或管理员可以解除", place=commitment)
    bound.ended = True
    record(bound, verb="binding.ended", by=_capacity(bound, by), at=at)


def _capacity(bound: Binding, by: Viewer) -> By:
    office = bound.commitment.creditor_unit_id
    role = "supervisor" if office in by.supervisor_of else "administrator"
    return by.acting(role, office)
