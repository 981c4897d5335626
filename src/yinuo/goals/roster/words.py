"""Plain words of a cell: errors refused, results of formulas taken, odd characters left out."""

import re
from datetime import date, time, timedelta

from yinuo.goals.roster.book import Cell
from yinuo.goals.roster.rules import RosterRule
from yinuo.goals.workbook.figures import stored_figure
from yinuo.goals.workbook.findings import Rule
from yinuo.kernel.findings import Log, Spot

LONGEST_TITLE = 300
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\u200b-\u200f\ufeff]")
_BREAKS = re.compile(r"\r\n|\r|\x0b|\x0c|\u2028|\u2029")
_SENTENCE = re.compile(r"[。！？!?；;\n]")


def is_sound(cell: Cell, spot: Spot, log: Log, *, key: bool = False) -> bool:
    """Whether a cell has a value that can be read; a formula's saved result is one.

    `key` is for cells that tell which row it is.
    """
    if cell.error:
        step = "请填上实际内容"
        log.add(Rule.ERROR_VALUE, f"是错误值 {cell.error}", step, spot)
        return False
    if cell.formula and cell.value == "":
        step = "请在 Excel 或 WPS 中打开并保存一次，或复制后“选择性粘贴 → 数值”"
        log.add(Rule.FORMULA, "是公式，文件里没有保存它的结果", step, spot)
        return False
    if cell.formula:
        step = "公式会随别处改动；请复制后“选择性粘贴 → 数值”"
        if key:
            step += "，否则增删行以后编号就变了"
        log.add(RosterRule.CACHED, f"是公式，按保存时的结果“{_cut(cell.raw)}”读取", step, spot)
    return True


def words(cell: Cell, spot: Spot, log: Log) -> str:
    """The text of a cell with its lines; characters that cannot be seen are left out."""
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return stored_figure(cell.value, cell.number_format).shown.replace(" ", "")
    if isinstance(cell.value, date | time | timedelta):
        return str(cell.value)
    text = cell.raw
    if text.isprintable() and "  " not in text:
        return text.strip()
    text = _BREAKS.sub("\n", text)
    clean = _CONTROL.sub("", text)
    if clean != text:
        step = "多半是从网页或 Word 粘贴来的；如果缺了字，请重新输入"
        log.add(Rule.SPACES, "含有看不见的字符，已略去", step, spot)
    return "\n".join(" ".join(line.split()) for line in clean.split("\n")).strip()


def one_line(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())


def headline(text: str) -> tuple[str, bool]:
    """The name of a task, and whether it is only the first sentence of the text.

    >>> headline("建设港口。" + "同步推进。" * 80)
    ('建设港口', True)
    """
    line = one_line(text)
    if len(line) <= LONGEST_TITLE:
        return line, False
    first = one_line(_SENTENCE.split(text.strip(), maxsplit=1)[0])
    if 0 < len(first) <= LONGEST_TITLE:
        return first, True
    return f"{line[: LONGEST_TITLE - 1]}…", True


def _cut(text: str, longest: int = 40) -> str:
    return text if len(text) <= longest else text[:longest] + "…"
