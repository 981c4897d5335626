"""Writes docs/reference/service-items.md from the layout and the rules of items.

    .venv/bin/python -m tools.item_reference

A test fails while the page differs from what this writes.
"""

from collections.abc import Iterator
from pathlib import Path

from yinuo.cases.errors.items import ItemRule
from yinuo.cases.items import codes
from yinuo.cases.items.exchange import FORMAT, SPLIT
from yinuo.cases.items.layout import DERIVED, ITEMS, SHEETS, Column

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "service-items.md"
HEAD = f"""# Service items as files

<!-- Written by tools/item_reference.py; edit the layout or the rules instead. -->

An item is one row of the sheet 事项 with lines on the other sheets, which carry its code in
their first column; or one object of a JSON file, where the lines are nested:
`{{"format": "{FORMAT}", "codes": "{codes.VERSION}", "items": […]}}`. `yinuo items` reads and writes
both and loses nothing. JSON uses the names of the national exchange standard (`up_task_*`). A name
that begins with `yinuo_` is ours, because the standard has no such field, and so are all names
inside such a list.

- Limits: `20wd` working days, `90d` calendar days, `48h` hours, `6m` months, `1y` years; a promise
  may be 即办. JSON keeps the legal and the promised limit as `…_day` and `…_type` (1 工作日,
  2 自然日, 3 小时, and ours: 4 月, 5 年); 0 days promised are 即办.
- Coded columns take the word or the code in both forms; JSON writes the code. The code lists are
  those in use and were not verified against the printed standard, hence their version.
- A name that nobody knows is reported (`CASE-N201`), never dropped in silence. These are written
  from others and not read:
  {", ".join(f"`{name}`" for name in sorted(DERIVED))}.
"""  # the list of names


def _national(column: Column) -> str:
    if column.national in SPLIT:
        return f"`{column.national}_day`, `{column.national}_type`"
    return f"`{column.national}`"


def _holds(column: Column) -> str:
    if column.coded:
        words = "、".join(f"{code} {word}" for code, word in column.coded.items())
        return f"{column.form}：{words}"
    return str(column.form)


def lines() -> Iterator[str]:
    """The page, line by line."""
    yield HEAD
    for sheet in SHEETS:
        name = "" if sheet is ITEMS else f" (`{sheet.national}`)"
        yield f"## {sheet.name}{name}\n"
        yield "| column | in JSON | holds | | |\n|---|---|---|---|---|"
        for column in sheet.columns:
            required = "required" if column.required else ""
            cells = (column.header, _national(column), _holds(column), required, column.hint)
            yield f"| {' | '.join(cells)} |"
        yield ""
    yield "## What is checked\n"
    yield "Codes with -E keep the file out; codes with -N ask to look again.\n"
    yield "| code | rule |\n|---|---|"
    for rule in ItemRule:
        yield f"| `{rule.code}` | {rule.title} |"


def reference() -> str:
    """The page."""
    return "\n".join(lines()) + "\n"


def main() -> None:
    """Write it."""
    PAGE.write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
