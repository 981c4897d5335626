"""A batch of payments as the file that is handed to the bank."""

import csv
from collections.abc import Iterable
from io import BytesIO, StringIO

import xlsxwriter

from yinuo.benefits.banking.lines import COLUMNS, PaymentLine
from yinuo.kernel.spreadsheet.plain_text import plain_text

WIDTHS = (16, 8, 36, 30, 26, 16, 40)
FEN = 100


def yuan(fen: int) -> str:
    """The amount in 元 with two digits, as banks write it.

    >>> yuan(123456)
    '1234.56'
    """
    whole, rest = divmod(fen, FEN)
    return f"{whole}.{rest:02}"


def _cells(line: PaymentLine) -> tuple[str, ...]:
    texts = (line.payee, line.bank, line.account)
    payee, bank, account = (plain_text(text) for text in texts)
    return (
        line.batch,
        str(line.number),
        payee,
        bank,
        account,
        yuan(line.amount),
        plain_text(line.purpose),
    )


def as_csv(lines: Iterable[PaymentLine]) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets of offices need."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(line) for line in lines)
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(lines: Iterable[PaymentLine], *, title: str) -> bytes:
    """One sheet; account numbers are texts, so that no digit is lost, and nothing is a formula."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("付款清单")
        head = book.add_format({"bold": True, "bottom": 1})
        money = book.add_format({"num_format": "0.00"})
        sheet.write_string(0, 0, title, book.add_format({"bold": True}))
        for place, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(1, place, name, head)
        for row, line in enumerate(lines, start=2):
            for place, text in enumerate(_cells(line)):
                sheet.write_string(row, place, text)
            sheet.write_number(row, COLUMNS.index("金额（元）"), line.amount / FEN, money)
        sheet.freeze_panes(2, 0)
    return file.getvalue()
