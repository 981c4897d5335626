"""A policy (惠企政策) as its file defines it, read and checked. Pure.

Who is eligible, and for how much, says a decision table; this says the rest: whose policy it is,
how much money there is, once in what period, by when it is paid, how it is reviewed.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.money import to_fen

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PER_MILLE = 1_000
MOST_DAYS = 366
SUBJECTS = {"firm": "企业", "trader": "个体工商户", "person": "个人"}


class Shortage(StrEnum):
    """What happens when the budget does not reach for all."""

    STOP = "stop"
    """Nothing is listed; a person decides."""
    FIRST = "first"
    """In the order of `first_by`, until the budget ends; the rest is told so."""


@dataclass(frozen=True, kw_only=True)
class Amount:
    """How the answer of the table becomes money.

    Without `times` the answer is an amount in 元. With it, the answer is multiplied by that field
    of the profile: a percentage of money, or 元 for each of so many.
    """

    output: str
    """The column of the table's answers."""
    times: str = ""
    cap: int | None = None
    """In 分."""


@dataclass(frozen=True, kw_only=True)
class PolicyDefinition:
    """One policy."""

    code: str
    name: str
    unit: str
    """Code of the unit that owes the money."""
    about: str
    basis: str
    """The document and the place in it."""
    subject: str
    table: str
    """Name of the workbook in content/tables, without `.xlsx`."""
    amount: Amount
    valid_from: date
    valid_until: date
    period: str
    """Within which a firm gets it once, such as `2024` or `2024Q3`."""
    budget: int
    """In 分."""
    shortage: Shortage
    promised_days: int
    """Working days from approval to the money's arrival."""
    notice_days: int
    """Working days of 公示."""
    sample_per_mille: int
    """Share of proposals that a person looks at before they are listed."""
    first_by: str = ""
    """Field of the profile that orders firms where the budget does not reach for all."""
    related_by: str = ""
    """Field of the profile in which related firms agree, such as a mark of the representative."""
    simulated: bool = False


class BadPolicy(YinuoError):
    """A file that defines no policy; `findings` holds everything that is wrong with it."""

    code = "BENEFIT-E001"
    status = 422

    def __init__(self, place: str, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        first = findings[0]
        super().__init__(
            f"政策文件有 {len(findings)} 处要改，第一处：{first.field} {first.rule}",
            place=place,
            next_step=first.next_step,
        )


def read_policy(data: bytes, *, code: str) -> PolicyDefinition:
    """The policy that a TOML file defines. Raises `BadPolicy` with every finding."""
    reading = _Reading(code)
    try:
        given = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reading.wrong("文件", "", f"不是 UTF-8 的 TOML：{error}", "对照示例文件改正这一处")
        raise BadPolicy(code, tuple(reading.findings)) from error
    if not CODE.fullmatch(code):
        reading.wrong("文件名", code, "编码只用 a-z、0-9 和 -", "改文件名，如 staff-training.toml")
    amount = given.pop("amount", {})
    if not isinstance(amount, Mapping):
        reading.wrong("amount", amount, "须是一节", "写成 [amount]")
        amount = {}
    made = PolicyDefinition(
        code=code,
        name=reading.text(given, "name", 80),
        unit=reading.text(given, "unit", 40),
        about=reading.text(given, "about", 2_000),
        basis=reading.text(given, "basis", 400),
        subject=reading.one_of(given, "subject", SUBJECTS),
        table=reading.text(given, "table", 60),
        amount=Amount(
            output=reading.text(amount, "output", 40),
            times=reading.text(amount, "times", 40, needed=False),
            cap=reading.money(amount, "cap") if "cap" in amount else None,
        ),
        valid_from=reading.day(given, "valid_from"),
        valid_until=reading.day(given, "valid_until"),
        period=reading.text(given, "period", 20),
        budget=reading.money(given, "budget"),
        shortage=Shortage(reading.one_of(given, "shortage", {each.value: "" for each in Shortage})),
        promised_days=reading.whole(given, "promised_days", 1, MOST_DAYS),
        notice_days=reading.whole(given, "notice_days", 0, MOST_DAYS),
        sample_per_mille=reading.whole(given, "sample_per_mille", 0, PER_MILLE),
        first_by=reading.text(given, "first_by", 40, needed=False),
        related_by=reading.text(given, "related_by", 40, needed=False),
        simulated=bool(given.pop("simulated", False)),
    )
    reading.rest(given, "")
    reading.rest(dict(amount), "amount.")
    if made.valid_until < made.valid_from:
        step = "把截止日期写在开始日期之后"
        reading.wrong("valid_until", made.valid_until, "早于 valid_from", step)
    if made.shortage is Shortage.FIRST and not made.first_by:
        reading.wrong("first_by", "", "shortage = first 时必填", "写明按哪个字段排先后")
    if reading.findings:
        raise BadPolicy(code, tuple(reading.findings))
    return made


class _Reading:
    """Takes values out of what was given, and keeps what is wrong with them."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.findings: list[Finding] = []

    def wrong(self, field: str, value: object, rule: str, next_step: str) -> None:
        self.findings.append(
            Finding(
                code=BadPolicy.code,
                file=self.place,
                field=field,
                value=str(value)[:80],
                rule=rule,
                next_step=next_step,
            )
        )

    def text(self, given: Any, name: str, longest: int, *, needed: bool = True) -> str:  # noqa: ANN401  # from a file
        value = given.pop(name, "")
        if not isinstance(value, str) or (needed and not value.strip()) or len(value) > longest:
            self.wrong(name, value, f"须是 1 到 {longest:,} 字的文字", f'写成 {name} = "…"')
            return ""
        return value.strip()

    def one_of(self, given: Any, name: str, known: Mapping[str, str]) -> str:  # noqa: ANN401
        value = given.pop(name, "")
        if value not in known:
            self.wrong(name, value, f"须是 {'、'.join(known)} 之一", "改成其中一个")
            return next(iter(known))
        return str(value)

    def day(self, given: Any, name: str) -> date:  # noqa: ANN401
        value = given.pop(name, None)
        if type(value) is not date:
            self.wrong(name, value, "须是日期", f"写成 {name} = 2024-01-31，不加引号")
            return date.min
        return value

    def whole(self, given: Any, name: str, low: int, high: int) -> int:  # noqa: ANN401
        value = given.pop(name, None)
        if type(value) is not int or not low <= value <= high:
            self.wrong(name, value, f"须是 {low} 到 {high:,} 的整数", f"写成 {name} = {low or 5}")
            return low
        return value

    def money(self, given: Any, name: str) -> int:  # noqa: ANN401
        value = given.pop(name, None)
        try:
            found = to_fen(value, "元") if isinstance(value, str) else -1
        except (YinuoError, ArithmeticError):
            found = -1
        if found <= 0:
            self.wrong(name, value, "须是大于零的金额，单位元", f'写成 {name} = "5000000.00"')
            return 0
        return found

    def rest(self, given: Mapping[str, object], before: str) -> None:
        for name in given:
            self.wrong(before + name, given[name], "不认识这一项", "对照示例文件核对名称")


def policy_of(data: Mapping[str, Any]) -> PolicyDefinition:
    """The definition as it stands in a row."""
    amount = Amount(**data["amount"])
    days = {name: date.fromisoformat(data[name]) for name in ("valid_from", "valid_until")}
    return PolicyDefinition(
        **{**data, **days, "amount": amount, "shortage": Shortage(data["shortage"])}
    )
