"""What a column and a sheet of the plan workbook are, and the columns that several share."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import date
from enum import StrEnum

from yinuo.parties.queries import public_unit_kinds

DONE = "完成"
OPERATORS: Mapping[str, str] = {
    DONE: "done",
    "≥": "ge",
    ">": "gt",
    "≤": "le",
    "<": "lt",
    "=": "eq",
    "≈": "about",
}
"""Sign in the workbook → stored operator."""
SIGNS = {sign: operator for sign, operator in OPERATORS.items() if sign != DONE}
ORIGINS: Mapping[str, str] = {"原文": "text", "推定": "inferred", "未明确": "none"}
LONGEST_NOTE = 4_000
WIDTH = 14
EARLIEST = date(1949, 10, 1)
LATEST = date(2099, 12, 31)
CODE_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._-]*"
CODE_RULE = "字母、数字、-、_、.，以字母或数字开头"


class Form(StrEnum):
    """What the cells of a column hold."""

    CODE = "编号"
    LINE = "文字（一行）"
    TEXT = "文字（可换行）"
    DATE = "日期"
    DECIMAL = "数"
    COUNT = "整数"
    CHOICE = "选项"
    REFERENCE = "引用"
    REFERENCES = "引用（可多个，用“、”分隔）"


@dataclass(frozen=True)
class Column:
    """One column, or one line of the sheet 计划."""

    field: str
    """Attribute of the record that the row becomes; of an informative column, its own name."""
    header: str
    form: Form
    hint: str
    """How to fill it in; shown as a note on the header and in the docs."""
    _: KW_ONLY
    required: bool = False
    optional: bool = False
    """Whether the sheet may lack the column."""
    longest: int = 0
    """Characters at most; 0 where the form itself bounds it."""
    pattern: str = ""
    """Regular expression that the whole text must match; `hint` says it in words."""
    earliest: date = EARLIEST
    """Dates before this one are taken for slips of the keyboard."""
    to: tuple[str, ...] = ()
    """Sheets in which a referenced code may stand."""
    choices: Callable[[], Mapping[str, str]] | None = None
    """Word in the workbook → stored value."""
    informative: bool = False
    """Written on export and never read."""
    width: int = WIDTH


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet. Its first row holds the headers; of 计划, the first column does."""

    name: str
    columns: tuple[Column, ...]
    hint: str
    vertical: bool = False
    optional: bool = False
    """Whether the workbook may lack the sheet."""

    def column(self, field: str) -> Column:
        """The column of a field."""
        return next(column for column in self.columns if column.field == field)


def unit_kinds() -> Mapping[str, str]:
    """Word → kind of reporting unit."""
    return {label: kind for kind, label in public_unit_kinds().items()}


def code_column(hint: str, longest: int = 40) -> Column:
    """The code of the row itself."""
    return Column(
        "code",
        "编号",
        Form.CODE,
        f"{hint}{CODE_RULE}；登记以后不变。",
        required=True,
        longest=longest,
        pattern=CODE_PATTERN,
        width=14,
    )


def line_column(
    field: str,
    header: str,
    hint: str,
    longest: int = 0,
    *,
    required: bool = False,
    optional: bool = False,
    width: int = WIDTH,
) -> Column:
    """A column of words on one line."""
    return Column(
        field,
        header,
        Form.LINE,
        hint,
        required=required,
        optional=optional,
        longest=longest,
        width=width,
    )


def day_column(
    field: str,
    header: str,
    hint: str,
    *,
    required: bool = False,
    optional: bool = False,
    width: int = WIDTH,
) -> Column:
    """A column of dates."""
    return Column(field, header, Form.DATE, hint, required=required, optional=optional, width=width)


HEADING = Column(
    "heading", "目标", Form.REFERENCE, "所属目标的编号；不属于任何目标时留空。", to=("目标",)
)
"""The goal a row stands under."""
DOCUMENT = Column(
    "document",
    "依据",
    Form.REFERENCE,
    "写有这句话的文件，填“依据”表中的编号。",
    to=("依据",),
    required=True,
)
"""The document a row was said in."""
PLACE = Column("place", "位置", Form.LINE, "在文件中的位置，如 第9段、第三部分（二）。", longest=80)
"""The place in that document."""
NOTE = Column(
    "note", "说明", Form.TEXT, "需要说明的情况，用自己的话写。", longest=LONGEST_NOTE, width=40
)
"""A free note."""
UNIT = Column(
    "unit",
    "单位",
    Form.LINE,
    "数值的单位，如 个、亿元、%、万名。万、亿写在单位里，不写在数值里。",
    longest=20,
    width=8,
)
"""The unit of the value."""


def told_column(
    field: str, header: str, hint: str, form: Form = Form.LINE, width: int = 12
) -> Column:
    """A column that export adds and import ignores."""
    return Column(
        field, header, form, hint + "导出时给出，导入时不读。", informative=True, width=width
    )
