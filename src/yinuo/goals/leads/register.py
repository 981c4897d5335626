"""What a delegation and a lead say when they come onto the register, and what is wrong with it.

Pure. A form, a row of a workbook and a command ask the same functions.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from yinuo.goals.leads.stages import AGREEMENTS, Origin
from yinuo.goals.projects.industries import Industries, NotAnIndustry
from yinuo.kernel.decimals import canonical_decimal, exact, scaled
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.money import is_money, to_fen

Faults = list[tuple[str, str]]
"""Field and what is wrong with it."""

STATED: Mapping[str, tuple[str, str]] = {
    "firms": ("企业", "家"),
    "agreements": ("协议和备忘录", "个"),
    "events": ("说明会", "场"),
    "cities": ("城市", "个"),
    "countries": ("国家", "个"),
}
"""What is announced of a delegation: name → what is counted, and its measure word."""
LONGEST: Mapping[str, tuple[str, int]] = {
    "title": ("名称", 200),
    "source": ("来源", 300),
    "firm": ("企业", 160),
    "firm_original": ("企业原文名", 160),
    "country": ("国别", 60),
    "top500": ("500强", 120),
    "partner": ("我方签约主体", 160),
    "visited_said": ("拜访时间原文", 60),
    "signed_said": ("签约时间原文", 60),
    "note": ("说明", 4_000),
    "countries": ("国家", 200),
    "cities": ("城市", 300),
}
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
CODE_RULE = "字母、数字、-、_、.，以字母或数字开头，最多 32 个"
CURRENCIES = (
    *("美元", "日元", "欧元", "英镑", "港元", "港币", "韩元", "新加坡元", "加元", "澳元"),
    *("瑞士法郎", "新台币", "卢布"),
)
_FOREIGN_UNIT = re.compile(rf"(?:百|千|万|百万|千万|亿|百亿|千亿|万亿)?(?:{'|'.join(CURRENCIES)})")
LARGEST_YUAN = 10**12
"""A single intent of more than a million million yuan is a slip between 万元 and 亿元."""


@dataclass(frozen=True, kw_only=True)
class NewDelegation:
    """A trip as it comes onto the register."""

    code: str = ""
    """Empty: the next of the series."""
    office: str
    title: str
    countries: str = ""
    cities: str = ""
    first_date: date | None = None
    last_date: date | None = None
    leading_unit: str | None = None
    stated: Mapping[str, int] = field(default_factory=dict)
    source: str = ""
    simulated: bool = False


@dataclass(frozen=True, kw_only=True)
class NewLead:
    """A lead as it comes onto the register."""

    code: str = ""
    """Empty: the next of the series."""
    office: str
    unit: str | None = None
    origin: str
    title: str
    delegation: str | None = None
    source: str = ""
    firm: str = ""
    firm_original: str = ""
    foreign: bool | None = None
    country: str = ""
    industry: str = ""
    top500: str = ""
    partner: str = ""
    between_firms: bool = False
    visited_date: date | None = None
    visited_said: str = ""
    signed_date: date | None = None
    signed_said: str = ""
    agreement: str = ""
    intended_value: str = ""
    intended_unit: str = ""
    note: str = ""
    simulated: bool = False


def is_unit_of_money(unit: str) -> bool:
    """Whether that is a unit of 人民币 or of a known foreign currency.

    >>> is_unit_of_money("亿元"), is_unit_of_money("万美元"), is_unit_of_money("亿")
    (True, True, False)
    """
    return is_money(unit) or _FOREIGN_UNIT.fullmatch(unit) is not None


def fen_of(value: str, unit: str) -> int | None:
    """In 分 where the unit is one of 人民币, else None: nothing is converted.

    >>> fen_of("1.06", "亿元"), fen_of("300", "万美元")
    (10600000000, None)
    """
    return to_fen(value, unit) if value and is_money(unit) else None


def amount_faults(value: str, unit: str, *, fields: tuple[str, str], what: str) -> Faults:
    """What is wrong with an amount and its unit; `fields` are those of value and unit."""
    if not value or not unit:
        half = f"{what}要有数也要有单位，如 1.06 和 亿元"
        return [(fields[0 if unit else 1], half)] if value or unit else []
    if not is_unit_of_money(unit):
        return [
            (fields[1], f"“{unit}”不是金额单位；写 万元、亿元、万美元、亿日元 这样，币种不省略")
        ]
    try:
        number = exact(value)
        scaled(number)
        fen = fen_of(value, unit)
    except YinuoError as error:
        return [(fields[0], error.what)]
    if number <= 0:
        return [(fields[0], f"{what}应大于 0；没有就留空")]
    if fen is not None and fen > LARGEST_YUAN * 100:
        return [(fields[0], f"{value} {unit}超过 1 万亿元，请核对单位是不是把万元写成了亿元")]
    return []


def plain_amount(value: str) -> str:
    """A number in its canonical form; what is none stays as it is, for the faults to name."""
    try:
        return canonical_decimal(value) if value else ""
    except YinuoError:
        return value


def delegation_faults(new: NewDelegation) -> Faults:
    """Everything that is wrong with a delegation by itself."""
    faults = _head_faults(new.code, new.title, vars(new))
    if new.first_date and new.last_date and new.last_date < new.first_date:
        faults.append(("last_date", f"最后一天 {new.last_date} 早于第一天 {new.first_date}"))
    for name in new.stated:
        if name not in STATED:
            faults.append(("stated", f"没有“{name}”这一项公布数"))
    if any(new.stated.values()) and not new.source:
        faults.append(("source", "有公布数的，要写明是哪里公布的"))
    return faults


def lead_faults(new: NewLead, *, today: date, industries: Industries) -> Faults:
    """Everything that is wrong with a lead by itself."""
    faults = _head_faults(new.code, new.title, vars(new))
    if new.origin not in set(Origin):
        faults.append(("origin", "请选择来源：拜访、签约或说明会"))
    if new.origin != Origin.EVENT and not new.firm:
        faults.append(("firm", "请写企业名称；说明会可以没有"))
    faults += _stage_faults(new, today)
    try:
        if new.industry.strip():
            industries.read(new.industry)
    except NotAnIndustry as error:
        faults.append(("industry", error.what))
    faults += amount_faults(
        new.intended_value,
        new.intended_unit,
        fields=("intended_value", "intended_unit"),
        what="意向投资",
    )
    if new.between_firms and not new.partner:
        faults.append(("partner", "企业间协议请写明另一方企业"))
    return faults


def _head_faults(code: str, title: str, values: Mapping[str, object]) -> Faults:
    faults: Faults = []
    if code and not CODE.fullmatch(code):
        faults.append(("code", f"编号“{code[:40]}”只用{CODE_RULE}"))
    if not title.strip():
        faults.append(("title", "请写名称"))
    for name, (label, most) in LONGEST.items():
        text = values.get(name)
        if isinstance(text, str) and len(text) > most:
            faults.append((name, f"{label}最多 {most} 字，现有 {len(text)} 字"))
    return faults


def _stage_faults(new: NewLead, today: date) -> Faults:
    faults: Faults = []
    signed = bool(new.signed_date or new.signed_said)
    if new.agreement and new.agreement not in AGREEMENTS:
        faults.append(("agreement", "签的是协议、备忘录还是框架协议？请从中选"))
    if new.origin == Origin.AGREEMENT and not signed:
        faults.append(("signed_date", "来源是签约的，请写签约日期；只知道月份的写在“签约时间原文”"))
    if new.origin == Origin.VISIT and not (new.visited_date or new.visited_said):
        faults.append(
            ("visited_date", "来源是拜访的，请写拜访日期；只知道月份的写在“拜访时间原文”")
        )
    if new.agreement and not signed:
        faults.append(("signed_date", "写了签的是什么，也要写签约日期或时间原文"))
    for name, label, day in (
        ("visited_date", "拜访日期", new.visited_date),
        ("signed_date", "签约日期", new.signed_date),
    ):
        if day is not None and day > today:
            faults.append((name, f"{label} {day} 还没有到；打算的事写进接触记录的下一步"))
    if new.visited_date and new.signed_date and new.signed_date < new.visited_date:
        faults.append(("signed_date", f"签约 {new.signed_date} 早于拜访 {new.visited_date}"))
    return faults


def repeated(
    new: NewLead, known: Iterable[tuple[str, str, str]], *, same: Callable[[str, str], bool]
) -> str:
    """The code of a registered lead with the same title and firm; empty for none.

    `known` holds code, title and firm.
    """
    return next(
        (code for code, title, firm in known if same(title, new.title) and same(firm, new.firm)),
        "",
    )


def same_words(left: str, right: str) -> bool:
    """Whether two names differ in blanks, width and brackets only.

    >>> same_words("欧力士（中国）", "欧力士(中国) ")
    True
    """
    return _bare(left) == _bare(right)


def _bare(text: str) -> str:
    return re.sub(r"[\s()（）·•\-—]", "", text).casefold()
