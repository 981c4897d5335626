"""The reference page of the workbook, written from its layout and rules."""

from yinuo.goals.workbook.columns import Column, Form, Sheet
from yinuo.goals.workbook.findings import Rule
from yinuo.goals.workbook.layout import SHEETS
from yinuo.goals.workbook.read import MAX_ROWS

HEAD = f"""# The plan workbook

<!-- Written by tools/plan_workbook.py; edit the layout or the rules instead. -->

A plan is one `.xlsx` workbook with six sheets: {"、".join(sheet.name for sheet in SHEETS)}.
`yinuo goals check` reads it, `yinuo goals import` takes it in, `yinuo goals export` gives it back.
Other sheets are not read.

- The first row of a sheet holds the headers exactly as below; the order of the columns is free.
  Every column must be there, even if it is empty, because an empty cell and a missing column do not
  mean the same. In the sheet 计划 the names stand in column A and the values in column B.
- A plan is closed in itself: every code that a row names stands in the workbook, also what is
  registered already.
- Cells hold values, not formulas; nothing is merged. At most {MAX_ROWS:,} rows a sheet.
- *Told* columns are written by export, grey, and ignored by import.
- What can be read in only one way is read, and reported as a notice with the form in which it is
  kept: full-width characters, dates as text (2024年12月31日, 2024.12.31, 20241231), 15 % stored as
  0.15, 3,800, >= for ≥. What can be read in two ways is an error.
"""
RULES = """
## Findings

Every finding names sheet, cell, header, the value, the rule and what to do. Codes with `-E` are
errors: nothing is taken in. Codes with `-N` are notices and block nothing.

| code | about |
|---|---|
"""


def reference() -> str:
    """The whole page in Markdown."""
    rules = "".join(f"| `{rule.code}` | {rule.title} |\n" for rule in Rule)
    return HEAD + "".join(_sheet(sheet) for sheet in SHEETS) + RULES + rules


def _sheet(sheet: Sheet) -> str:
    rows = "".join(_row(column) for column in sheet.columns)
    first = "name in column A" if sheet.vertical else "column"
    return (
        f"\n## {sheet.name}\n\n{sheet.hint}\n\n"
        f"| {first} | holds | | how to fill it in |\n|---|---|---|---|\n{rows}"
    )


def _row(column: Column) -> str:
    needed = "told" if column.informative else "required" if column.required else ""
    return f"| {column.header} | {_holds(column)} | {needed} | {column.hint} |\n"


def _holds(column: Column) -> str:
    if column.choices is not None:
        words = " ".join(f"`{word}`" for word in column.choices())
        return f"{column.form}：{words}"
    if column.to:
        return f"{column.form} → {'、'.join(column.to)}"
    bounded = column.longest and column.form in (Form.LINE, Form.TEXT, Form.CODE)
    return f"{column.form}，最多 {column.longest:,} 字" if bounded else str(column.form)
