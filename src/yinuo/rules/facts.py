"""The facts of one case, as JSON gives them, read into the kinds the tables ask for."""

import difflib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from yinuo.kernel.errors import Finding, YinuoError
from yinuo.rules.kinds import Kind, Value
from yinuo.rules.reading import Column, Misread, column_allowed, read_value
from yinuo.rules.table import Input


class FactsRefused(YinuoError):
    """Given facts that are of no use; `findings` holds every one of them."""

    code = "RULES-E106"

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = tuple(findings)
        first = findings[0]
        super().__init__(
            f"给出的事实有 {len(findings)} 处读不懂，第一处：{first.rule}",
            place=f"{first.field} = {first.value}",
            next_step=first.next_step,
        )


def read_facts(given: Mapping[str, object], inputs: Mapping[str, Input]) -> dict[str, Value]:
    """The facts by input; null is left out, for it is missing. Raises `FactsRefused`."""
    found: dict[str, Value] = {}
    findings: list[Finding] = []
    for name, value in given.items():
        column = inputs.get(name)
        if column is None:
            near = difflib.get_close_matches(name, inputs, 1, 0.4)
            hint = f"是不是“{near[0]}”？" if near else ""
            step = f"{hint}可用的名称：{'、'.join(inputs)}"
            findings.append(_finding(name, value, "规则表没有这个输入", step))
            continue
        if value is None or value == "":
            continue
        try:
            found[name] = read_fact(value, column)
        except Misread as misread:
            findings.append(_finding(name, value, misread.what, misread.next_step))
    if findings:
        raise FactsRefused(findings)
    return found


def read_fact(value: object, column: Input) -> Value:
    """One fact. Numbers of a percentage are in points: 15 is 15 %. Raises `Misread`."""
    if isinstance(value, str):
        allowed = column_allowed(column.allowed)
        return read_value(value, Column(column.kind, column.unit, allowed))
    if isinstance(value, bool):
        if column.kind is Kind.TRUTH:
            return value
    elif isinstance(value, int | float | Decimal) and column.kind.is_numeric:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if number.is_finite():
            return number
    elif isinstance(value, date) and column.kind is Kind.DATE:
        return value
    raise Misread(f"“{value}”不是{column.kind}", _EXAMPLES[column.kind])


_EXAMPLES = {
    Kind.NUMBER: '请写成 12.5 或 "12.5"',
    Kind.PERCENT: '请写成 15 或 "15%"',
    Kind.DAYS: '请写成 30 或 "30天"',
    Kind.MONTHS: '请写成 18 或 "18个月"',
    Kind.DATE: '请写成 "2024-12-31"',
    Kind.TEXT: "请写在引号里",
    Kind.TRUTH: '请写成 true、false、"是" 或 "否"',
}


def _finding(name: str, value: object, what: str, next_step: str) -> Finding:
    return Finding(
        code=FactsRefused.code, field=name, value=str(value)[:60], rule=what, next_step=next_step
    )
