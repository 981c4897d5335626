"""What sort of value one is, by FEEL's names, and what people call it."""

from decimal import Decimal

from yinuo.rules.feel.values import (
    Date,
    DateTime,
    DayDuration,
    Function,
    MonthDuration,
    Range,
    Time,
    Value,
)

NUMBER, STRING, BOOLEAN, NULL = "number", "string", "boolean", "null"
DATE, TIME, DATE_TIME = "date", "time", "date and time"
DAYS, MONTHS = "days and time duration", "years and months duration"
LIST, CONTEXT, RANGE, FUNCTION = "list", "context", "range", "function"

_KINDS: dict[type, str] = {
    type(None): NULL,
    bool: BOOLEAN,
    Decimal: NUMBER,
    str: STRING,
    Date: DATE,
    Time: TIME,
    DateTime: DATE_TIME,
    DayDuration: DAYS,
    MonthDuration: MONTHS,
    list: LIST,
    dict: CONTEXT,
    Range: RANGE,
    Function: FUNCTION,
}
_WORDS = {
    NUMBER: "数",
    STRING: "文本",
    BOOLEAN: "是否",
    NULL: "空",
    DATE: "日期",
    TIME: "时间",
    DATE_TIME: "日期和时间",
    DAYS: "天数时长",
    MONTHS: "月数时长",
    LIST: "列表",
    CONTEXT: "上下文",
    RANGE: "区间",
    FUNCTION: "函数",
}


def kind(value: Value) -> str:
    """The kind of a value, as FEEL names its type."""
    return _KINDS[type(value)]


def word(kind_name: str) -> str:
    """What people call the kind."""
    return _WORDS.get(kind_name, kind_name)


def said(value: Value) -> str:
    """What people call the kind of a value."""
    return word(kind(value))
