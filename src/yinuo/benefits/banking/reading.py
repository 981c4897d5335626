"""The bank's answer, CSV or Excel, read line by line; what cannot be read is kept aside."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.benefits.banking.lines import ANSWERED, BOUNCED_WORDS, PAID_WORDS, Aside, BankLine
from yinuo.benefits.banking.sheet import find_heading, read_rows
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.money import to_fen

_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")


@dataclass(frozen=True)
class BankFile:
    """Rows read = lines + aside."""

    lines: tuple[BankLine, ...]
    aside: tuple[Aside, ...]


def read_bank_file(data: bytes, *, file: str) -> BankFile:
    """Read an answer; blank rows do not count. Raises `SheetRefused`."""
    rows = read_rows(data, file=file)
    heading, places = find_heading(rows, ANSWERED, file=file)
    lines: list[BankLine] = []
    aside: list[Aside] = []
    for number, cells in enumerate(rows[heading + 1 :], start=heading + 2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            lines.append(_line(number, cells, places))
        except _Unfit as unfit:
            aside.append(Aside(row=number, what=unfit.what, next_step=unfit.step, raw=tuple(cells)))
    return BankFile(tuple(lines), tuple(aside))


class _Unfit(Exception):
    def __init__(self, what: str, step: str) -> None:
        super().__init__(what)
        self.what, self.step = what, step


def _line(row: int, cells: Sequence[str], places: Mapping[str, int]) -> BankLine:
    got = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
    if not got["序号"].isdecimal():
        raise _Unfit(f"序号“{got['序号']}”不是数", "照付款清单的序号填写")
    try:
        amount = to_fen(got["金额（元）"].replace(",", ""), "元")
    except (YinuoError, ArithmeticError):
        raise _Unfit(f"金额“{got['金额（元）']}”读不懂", "写成 1234.56") from None
    word = got["结果"]
    if word not in PAID_WORDS | BOUNCED_WORDS:
        known = "、".join(sorted(PAID_WORDS | BOUNCED_WORDS))
        raise _Unfit(f"结果“{word}”不认识", f"用 {known} 之一")
    if word in BOUNCED_WORDS and not got["原因"]:
        raise _Unfit("退汇没有写原因", "请银行写明退汇原因")
    return BankLine(
        row=row,
        batch=got["批次"],
        number=int(got["序号"]),
        amount=amount,
        paid=word in PAID_WORDS,
        on=_day(got["日期"]),
        reason=got["原因"][:200],
    )


def _day(text: str) -> date:
    found = _DAY.fullmatch(text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass  # the 31st of a month without one reads like any other mistake
    raise _Unfit(f"日期“{text}”读不懂", "写成 2024-02-08")
