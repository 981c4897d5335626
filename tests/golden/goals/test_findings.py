"""A workbook with everything wrong at once, and exactly what is said about it.

Wording is part of the product: a change of `bad_plan.txt` is read in review.
"""

from datetime import date
from pathlib import Path
from typing import Any

from tests.goals.workbooks import checked, edited, workbook

GOLDEN = Path(__file__).with_name("bad_plan.txt")


def _spoil(book: Any) -> None:
    book["计划"]["B4"].value = "督察室"
    book["单位"]["C4"].value = "县"
    book["单位"]["A6"].value = "DL 港"
    book["目标"]["B3"].value = 1
    book["目标"]["F3"].value = "没有表头"
    sheet = book["承诺"]
    sheet["R1"].value = "完成期限"
    sheet["A3"].value = "Ｐ－００１"
    sheet["B2"].value = "指标"
    sheet["C3"].value = None
    sheet["C4"].value = "很长" * 200
    sheet["F5"].value = "旅顺口"
    sheet["K5"].value = "＞＝"
    sheet["M2"].value = "=SUM(A1:A9)"
    sheet["M4"].value = "六十"
    sheet["M5"].value = 0.15
    sheet["M5"].number_format = "0%"
    sheet["U2"].value = date(2024, 1, 3)
    sheet.merge_cells("I2:I3")
    sheet.row_dimensions[4].hidden = True
    reported = book["据报道"]
    reported["E2"].value = "P-102"
    reported["E3"].value = "P-101"
    reported["J2"].value = "5，600"
    book.create_sheet("附表")["A1"].value = "另有内容"


def _said() -> str:
    found = checked(edited(workbook(), _spoil), "坏计划.xlsx")
    assert found.plan is None
    return "\n".join(
        f"{f.code} {f.place}\n  值：{f.value}\n  {f.rule}\n  → {f.next_step}"
        for f in (*found.errors, *found.notices)
    )


def test_findings_read_as_agreed() -> None:
    assert _said() + "\n" == GOLDEN.read_text(encoding="utf-8")
