"""One cell into one value: read leniently, reported exactly, stored in one form."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum

from yinuo.goals.plan import Value
from yinuo.goals.workbook.columns import CODE_RULE, LATEST, Column, Form
from yinuo.goals.workbook.figures import Figure, is_noisy, stored_figure, written_figure
from yinuo.goals.workbook.findings import Rule
from yinuo.goals.workbook.read import Cell, Held
from yinuo.goals.workbook.tables import nearest, plain
from yinuo.kernel.decimals import scaled
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.findings import Log, Spot
from yinuo.kernel.written_dates import is_part_of_date, serial_date, written_date


class Missing(Enum):
    """What stands for a value that could not be read; the reason is in the log."""

    BAD = "bad"


BAD = Missing.BAD
Read = Value | Figure | Missing
SEPARATORS = re.compile(r"[、,，;；\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_ALIASES = {
    ">=": "≥",
    "≧": "≥",
    "⩾": "≥",
    "<=": "≤",
    "≦": "≤",
    "⩽": "≤",
    "==": "=",
    "~": "≈",
    "∼": "≈",
    "≒": "≈",
}
"""Other signs for the operators, after full-width forms became half-width."""


def parse(cell: Cell, column: Column, spot: Spot, log: Log) -> Read:
    """The value of a cell that is not empty; `BAD` with a finding where there is none."""
    if cell.held == Held.FORMULA:
        return _bad(
            log, Rule.FORMULA, "是公式；公式会随别处改动", "请复制后“选择性粘贴 → 数值”", spot
        )
    if cell.held == Held.ERROR:
        what = f"是错误值 {cell.raw}"
        if column.form == Form.DATE:
            what += "；在日期格式的单元格里直接输入 20241231 也会这样"
        return _bad(log, Rule.ERROR_VALUE, what, "请填上实际内容", spot)
    if cell.held == Held.TRUTH:
        return _bad(log, Rule.WRONG_FORM, "是逻辑值 TRUE/FALSE", "请写成文字或数", spot)
    return _FORMS[column.form](cell, column, spot, log)


def _bad(log: Log, rule: Rule, what: str, next_step: str, spot: Spot) -> Missing:
    log.add(rule, what, next_step, spot)
    return BAD


def _text(cell: Cell, spot: Spot, log: Log) -> str | Missing:
    """The text of a cell in a text column; a date there is Excel's doing."""
    if isinstance(cell.value, date) or cell.held == Held.TIME:
        return _bad(
            log,
            Rule.WRONG_FORM,
            f"这一列是文字，单元格却是{cell.held} {cell.raw}（Excel 会把 1-3 变成日期）",
            "请把单元格格式设为“文本”，再重新输入",
            spot,
        )
    if isinstance(cell.value, int | float):
        return stored_figure(cell.value, cell.number_format).shown.replace(" ", "")
    if _CONTROL.search(cell.value.replace("\r", "")):
        return _bad(log, Rule.CONTROL, "含有不可见的控制字符", "请删去后重新输入这段文字", spot)
    return cell.value.replace("\r\n", "\n").replace("\r", "\n").strip()


def _checked(text: str, column: Column, spot: Spot, log: Log) -> str | Missing:
    if column.longest and len(text) > column.longest:
        what = f"有 {len(text):,} 个字，最多 {column.longest:,} 个"
        return _bad(log, Rule.TOO_LONG, what, "请缩短；其余内容可写在“说明”里", spot)
    if column.pattern and not re.fullmatch(column.pattern, text):
        if column.form == Form.CODE:
            return _bad(log, Rule.CODE, f"“{text}”不合编号规则", f"只用{CODE_RULE}", spot)
        return _bad(log, Rule.WRONG_FORM, f"“{text}”的写法不对", column.hint, spot)
    return text


def _line(cell: Cell, column: Column, spot: Spot, log: Log) -> Read:
    text = _text(cell, spot, log)
    if text is BAD:
        return BAD
    joined = " ".join(text.split())
    if joined != text:
        log.add(Rule.SPACES, f"多余的空格或换行已合并，读作“{joined}”", "如果不对，请改正", spot)
    return _checked(joined, column, spot, log)


def _paragraphs(cell: Cell, column: Column, spot: Spot, log: Log) -> Read:
    text = _text(cell, spot, log)
    if text is BAD:
        return BAD
    return _checked("\n".join(line.rstrip() for line in text.split("\n")), column, spot, log)


def _halfwidth(text: str, spot: Spot, log: Log) -> str:
    narrow = "".join(unicodedata.normalize("NFKC", text).split())
    if narrow != text:
        log.add(Rule.WIDTH, f"全角字符或空格已统一，读作“{narrow}”", "如果不对，请改正", spot)
    return narrow


def _code(cell: Cell, column: Column, spot: Spot, log: Log) -> Read:
    text = _text(cell, spot, log)
    if text is BAD:
        return BAD
    if cell.held == Held.NUMBER:
        if not text.isdigit():
            return _bad(log, Rule.CODE, f"“{text}”不合编号规则", f"只用{CODE_RULE}", spot)
        what = f"编号是数字格式，按文本“{text}”读取；开头的 0 可能已丢失"
        log.add(Rule.CODE_READ, what, "请把这一列设为“文本”格式", spot)
    return _checked(_halfwidth(text, spot, log), column, spot, log)


def _reference(cell: Cell, _column: Column, spot: Spot, log: Log) -> Read:
    return _text(cell, spot, log)


def _references(cell: Cell, _column: Column, spot: Spot, log: Log) -> Read:
    text = _text(cell, spot, log)
    if text is BAD:
        return BAD
    return tuple(part for part in (p.strip() for p in SEPARATORS.split(text)) if part)


def _choice(cell: Cell, column: Column, spot: Spot, log: Log) -> Read:
    text = _text(cell, spot, log)
    if text is BAD or column.choices is None:
        return BAD
    choices = column.choices()
    if text in choices:
        return choices[text]
    word = _ALIASES.get(plain(text), plain(text))
    if word in choices:
        log.add(Rule.SIGN_READ, f"“{text}”读作“{word}”", "如果不对，请改正", spot)
        return choices[word]
    near = nearest(text, choices)
    guess = f"；是不是“{near}”？" if near else ""
    words = "、".join(choices)
    return _bad(log, Rule.CHOICE, f"“{text}”不在可选的词中{guess}", f"请选：{words}", spot)


def _count(cell: Cell, column: Column, spot: Spot, log: Log) -> Read:
    figure = _decimal(cell, column, spot, log)
    if not isinstance(figure, Figure):
        return BAD
    if figure.unit or not figure.value.isdigit() or int(figure.value) > 10**6:
        return _bad(log, Rule.NUMBER, f"“{cell.raw}”不是 0 到 100 万的整数", column.hint, spot)
    return int(figure.value)


def _decimal(cell: Cell, _column: Column, spot: Spot, log: Log) -> Read:
    if isinstance(cell.value, date) or cell.held == Held.TIME:
        what = f"应是数，单元格却是{cell.held} {cell.raw}"
        return _bad(log, Rule.WRONG_FORM, what, "请把单元格格式设为“常规”，再重新输入", spot)
    try:
        figure = _figure(cell, spot, log)
        if figure is None:
            return _not_a_number(cell, spot, log)
        scaled(figure.value)
    except YinuoError as error:
        return _bad(log, Rule.NUMBER, error.what, error.next_step, spot)
    return figure


def _figure(cell: Cell, spot: Spot, log: Log) -> Figure | None:
    if isinstance(cell.value, int | float):
        figure = stored_figure(cell.value, cell.number_format)
        if figure.unit:
            what = f"百分比格式的 {cell.raw} 读作 {figure.shown}"
            log.add(Rule.PERCENT, what, f"可改为数值 {figure.value}、单位 %", spot)
        elif is_noisy(figure.value):
            what = f"{figure.value} 的位数比手工填写的多，可能是计算留下的误差"
            log.add(Rule.PLEASE_CHECK, what, "请核对并改成实际的数", spot)
        return figure
    text = str(cell.value).strip()
    written = written_figure(text)
    if written and text != written.value:
        rule = Rule.WIDTH if not text.isascii() and not written.unit else Rule.NUMBER_READ
        log.add(rule, f"“{text}”读作 {written.shown}", "数值列只写数，单位写在“单位”列", spot)
    return written


def _not_a_number(cell: Cell, spot: Spot, log: Log) -> Missing:
    return _bad(
        log,
        Rule.NUMBER,
        f"“{cell.raw}”不是一个数",
        "数值列只写一个阿拉伯数字的数；“以上、超过、约”写在“比较方式”列，单位写在“单位”列",
        spot,
    )


def _date(cell: Cell, column: Column, spot: Spot, log: Log) -> Read:
    value = cell.value
    if isinstance(value, datetime):
        day = value.date()
        what = f"带有时刻，只取日期 {day}"
        log.add(Rule.DATE_READ, what, "请只填日期", spot)
        return _in_range(day, column, spot, log)
    if isinstance(value, date):
        return _in_range(value, column, spot, log)
    read = written_date(str(value)) if cell.held in (Held.TEXT, Held.NUMBER) else None
    if read is None:
        return _unclear_date(cell, spot, log)
    if cell.raw.strip() != read.isoformat():
        what = f"“{cell.raw}”不是日期格式，读作 {read}"
        log.add(Rule.DATE_READ, what, "请把单元格设为日期格式", spot)
    return _in_range(read, column, spot, log)


def _unclear_date(cell: Cell, spot: Spot, log: Log) -> Missing:
    serial = serial_date(cell.value) if isinstance(cell.value, int | float) else None
    if serial:
        what = f"数字 {cell.raw} 可能是日期 {serial}，也可能不是"
        return _bad(log, Rule.DATE, what, "请把单元格设为日期格式", spot)
    if is_part_of_date(cell.raw):
        return _bad(
            log,
            Rule.DATE,
            f"“{cell.raw}”没有写到哪一天",
            "请填确切的日期；文件没有写明就留空，原话写在“时限原文”或“日期原文”",
            spot,
        )
    what = f"“{cell.raw}”看不出是哪一天"
    return _bad(log, Rule.DATE, what, "请填 2024-12-31 这样的日期", spot)


def _in_range(day: date, column: Column, spot: Spot, log: Log) -> date | Missing:
    if column.earliest <= day <= LATEST:
        return day
    what = f"{day} 不在 {column.earliest} 至 {LATEST} 之间"
    return _bad(log, Rule.DATE_RANGE, what, "请核对年份", spot)


_FORMS: dict[Form, Callable[[Cell, Column, Spot, Log], Read]] = {
    Form.CODE: _code,
    Form.LINE: _line,
    Form.TEXT: _paragraphs,
    Form.DATE: _date,
    Form.DECIMAL: _decimal,
    Form.COUNT: _count,
    Form.CHOICE: _choice,
    Form.REFERENCE: _reference,
    Form.REFERENCES: _references,
}
