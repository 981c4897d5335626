"""Figures as offices write them into the column of targets: 3800个（含续建）, ≥14%, 约200万元."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from yinuo.goals.workbook.figures import is_percent_format, stored_figure
from yinuo.kernel.amounts import Amount, NotAnAmount, Operator, TwoFigures, parse_amount
from yinuo.kernel.decimals import canonical_decimal, scaled, times

STORED = {
    Operator.AT_LEAST: "ge",
    Operator.MORE_THAN: "gt",
    Operator.AT_MOST: "le",
    Operator.LESS_THAN: "lt",
    Operator.EQUAL: "eq",
    Operator.ABOUT: "about",
}
TEXT, INFERRED = "text", "inferred"
ABOUT_SHARE = Decimal("0.1")
"""Of the value: what 约 and 左右 allow, where nothing else is said."""
_BRACKETED = re.compile(r"[（(\[【]([^（）()\[\]【】]*)[)）\]】]")
_CLAUSE = re.compile(r"[；;。\n]|[,，、](?!\d{3}(?:\D|$))")
_DIGIT = re.compile(r"\d|百分之|[一二三四五六七八九十两]+(?:个|项|家|万|亿|千|百|成|所|座|条|公里)")
_FIGURE = re.compile(r"(?:[≥≤<>≈=~]|不低于|不少于|不超过|超过?|约|近)?[-+]?\d")
_WORD_AFTER = re.compile(r"(及?以上|及?以下|以内|之内|左右|上下)(?=[^\s,，.。;；、）)])")
_SIGN = re.compile(r"=|等于")
_QUOTED = re.compile(r'"([^"]{1,12})"')
_PLACEHOLDER = re.compile(r"[-—–/无]+")


@dataclass(frozen=True)
class Target:
    """What a cell with a figure says."""

    operator: str
    """As stored; `done` where there is no figure."""
    origin: str
    """`inferred` where no word compares: a bare figure is the least that is promised."""
    value: str
    unit: str
    tolerance: str
    rest: str
    """What else stands in the cell, for the note."""
    how: str
    """For people: what was read into it; empty where nothing was."""


NOTHING = Target("done", TEXT, "", "", "", "", "")


def read_target(text: str) -> Target:
    """The figure in a text. Words without any figure are all rest.

    Raises `NotAnAmount`, `OperatorsDisagree`, `TwoFigures` and `OutOfRange`.

    >>> read_target("3800个（含续建）").how, read_target("3800个（含续建）").rest
    ('“3800个（含续建）”读作 ≥ 3800 个', '含续建')
    >>> read_target("增长6%以上").operator, read_target("主体封顶").rest
    ('ge', '主体封顶')
    """
    said = " ".join(unicodedata.normalize("NFKC", text).split())
    if _PLACEHOLDER.fullmatch(said):
        return NOTHING
    if not _DIGIT.search(said):
        return Target("done", TEXT, "", "", "", text.strip(), f"“{_cut(text)}”里没有数，记在说明里")
    aside = [found for found in _BRACKETED.findall(said) if found]
    # “5个以上示范点”: the noun after the word of comparison is no part of the unit.
    bare = _WORD_AFTER.sub(r"\1，", _BRACKETED.sub("", said).strip())
    amount, beside = _first_amount(bare, said)
    operator, origin = amount.operator, TEXT
    if operator == Operator.EQUAL and not _SIGN.search(bare):
        operator, origin = Operator.AT_LEAST, INFERRED
    tolerance = ""
    if operator == Operator.ABOUT:
        tolerance = canonical_decimal(abs(times(amount.value, ABOUT_SHARE)))
        if tolerance == "0":
            raise NotAnAmount(text, "零没有“左右”")
    rest = "；".join(part for part in (amount.lead, *beside, *aside) if part)
    shown = f"{operator.value} {amount.value} {amount.unit}".strip()
    plain = {amount.value + amount.unit, operator.value + amount.value + amount.unit}
    written = "".join(said.split()).replace(",", "")
    how = "" if written in plain else f"“{_cut(text)}”读作 {shown}"
    if tolerance:
        how += f"，相差 {tolerance} 以内算做到（原文没有写，按 10%）"
    return Target(STORED[operator], origin, amount.value, amount.unit, tolerance, rest, how)


def _first_amount(bare: str, said: str) -> tuple[Amount, list[str]]:
    """The only amount in the text, and the words around it."""
    try:
        return parse_amount(bare), []
    except NotAnAmount as whole:
        clauses = [clause.strip() for clause in _CLAUSE.split(bare) if clause.strip()]
        with_figure = [clause for clause in clauses if _DIGIT.search(clause)]
        if len(with_figure) != 1:
            raise (TwoFigures(said) if len(with_figure) > 1 else whole) from whole
        amount, lead = _in_clause(with_figure[0], whole)
        others = [clause for clause in clauses if clause is not with_figure[0]]
        return amount, [part for part in (lead, *others) if part]


def _in_clause(clause: str, whole: NotAnAmount) -> tuple[Amount, str]:
    try:
        return parse_amount(clause), ""
    except NotAnAmount as error:
        start = _FIGURE.search(clause)
        if start is None or start.start() == 0:
            raise whole from error
        return parse_amount(clause[start.start() :]), clause[: start.start()]


def stored_target(number: float, number_format: str) -> Target:
    """The figure of a numeric cell; 0.15 shown as 15% is 15 %, and `0"个"` tells its unit.

    Raises `OutOfRange`.
    """
    figure = stored_figure(number, number_format)
    scaled(figure.value)
    unit = figure.unit
    how = f"百分比格式的 {number} 读作 {figure.value}%" if is_percent_format(number_format) else ""
    quoted = _QUOTED.findall(number_format.partition(";")[0])
    if not unit and len(quoted) == 1:
        unit = quoted[0].strip()
        how = f"单元格格式带有“{unit}”，读作 {figure.value} {unit}"
    return Target("ge", INFERRED, figure.value, unit, "", "", how)


def in_unit(target: Target, unit: str) -> Target | None:
    """The target in the unit that its own column names; None where the two disagree."""
    if not unit or not target.value:
        return target
    stated = Target(**{**vars(target), "unit": unit})
    if target.unit in ("", unit):
        return stated
    for word, power in (("万", 4), ("亿", 8)):
        if unit == word + target.unit:
            value = canonical_decimal(times(target.value, Decimal(1).scaleb(-power)))
            near = target.tolerance and canonical_decimal(
                times(target.tolerance, Decimal(1).scaleb(-power))
            )
            return Target(**{**vars(stated), "value": value, "tolerance": near})
    return None


def _cut(text: str, longest: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[:longest] + "…"
