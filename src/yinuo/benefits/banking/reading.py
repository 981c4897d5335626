"""The bank's answer, CSV or Excel, read line by line; what cannot be read is kept aside."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO

from python_calamine import CalamineError, CalamineWorkbook

from yinuo.benefits.banking.lines import ANSWERED, BOUNCED_WORDS, PAID_WORDS, Aside, BankLine
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.money import to_fen

HEADING_ROWS = 10
MOST_BYTES = 32 * 1024 * 1024
MOST_ROWS = 200_000
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_ZIP = b"PK"


class BankFileRefused(YinuoError):
    """A file that is no answer of a bank."""

    code = "BENEFIT-E010"
    status = 422

    def __init__(self, file: str, what: str, next_step: str) -> None:
        super().__init__(what, place=file, next_step=next_step)


@dataclass(frozen=True)
class BankFile:
    """Rows read = lines + aside."""

    lines: tuple[BankLine, ...]
    aside: tuple[Aside, ...]


def read_bank_file(data: bytes, *, file: str) -> BankFile:
    """Read an answer; blank rows do not count. Raises `BankFileRefused`."""
    if len(data) > MOST_BYTES:
        raise BankFileRefused(file, "文件超过 32 MB", "请银行分批回单")
    rows = list(_sheet(data, file) if data.startswith(_ZIP) else _text(data, file))
    if len(rows) > MOST_ROWS:
        raise BankFileRefused(file, f"超过 {MOST_ROWS:,} 行", "请银行分批回单")
    heading, places = _heading(rows, file)
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


def _text(data: bytes, file: str) -> Iterator[Sequence[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return csv.reader(StringIO(text, newline=""))
    raise BankFileRefused(
        file, "既不是 UTF-8 也不是 GB18030 的文字", "请银行按 CSV 或 Excel 重新导出"
    )


def _sheet(data: bytes, file: str) -> Iterator[Sequence[str]]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError) as error:
        raise BankFileRefused(file, f"工作簿读不出来：{error}", "请银行重新导出") from error
    return ([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".removesuffix(".00")
    return value.isoformat()[:10] if isinstance(value, date) else str(value)


def _heading(rows: Sequence[Sequence[str]], file: str) -> tuple[int, Mapping[str, int]]:
    for number, cells in enumerate(rows[:HEADING_ROWS]):
        names = [cell.strip() for cell in cells]
        if set(ANSWERED) <= set(names):
            return number, {name: names.index(name) for name in ANSWERED}
    what = f"前 {HEADING_ROWS} 行里找不到表头 {'、'.join(ANSWERED)}"
    raise BankFileRefused(file, what, "请银行按约定的列名回单")


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
