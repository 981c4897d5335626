"""Accounts that an office gives for many firms at once: the sheet it fills in, and reading it."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter

from yinuo.benefits.banking.sheet import find_heading, read_rows
from yinuo.kernel.spreadsheet.plain_text import plain_text

COLUMNS = ("兑现编号", "统一社会信用代码", "名称", "开户行", "账号")
NEEDED = ("兑现编号", "统一社会信用代码", "开户行", "账号")
"""Of a file that is taken in; of the first two one is enough."""
WIDTHS = (20, 24, 36, 30, 26)


@dataclass(frozen=True, kw_only=True)
class AccountRow:
    """One account as the file has it."""

    row: int
    """Of the file, the first being 1."""
    award: str
    credit_code: str
    bank: str
    account: str


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """An award that has no account yet."""

    award: str
    credit_code: str
    name: str


def read_accounts(data: bytes, *, file: str) -> tuple[AccountRow, ...]:
    """The rows in which an account stands. Raises `SheetRefused`."""
    rows = read_rows(data, file=file)
    heading, places = find_heading(rows, NEEDED, file=file)
    found = []
    for number, cells in enumerate(rows[heading + 1 :], start=heading + 2):
        got = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
        if got["开户行"] or got["账号"]:
            found.append(
                AccountRow(
                    row=number,
                    award=got["兑现编号"],
                    credit_code=got["统一社会信用代码"].upper(),
                    bank=got["开户行"],
                    account=got["账号"],
                )
            )
    return tuple(found)


def sheet_to_fill(awaited: Iterable[Awaited]) -> bytes:
    """A workbook with one row an award; accounts are texts, so that no digit is lost."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("收款账号")
        head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format()
        text.set_num_format("@")
        for place, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(place, place, width, text)
            sheet.write_string(0, place, name, head)
        for row, one in enumerate(awaited, start=1):
            for place, said in enumerate((one.award, one.credit_code, one.name)):
                sheet.write_string(row, place, plain_text(said), text)
        sheet.freeze_panes(1, 0)
    return file.getvalue()
