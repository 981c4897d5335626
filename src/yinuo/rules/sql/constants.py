"""FEEL values that are known before the first row, as constants; and kinds of declared types."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from yinuo.rules.feel.kinds import said
from yinuo.rules.feel.values import (
    NANOS,
    Date,
    DateTime,
    DayDuration,
    MonthDuration,
    Value,
)
from yinuo.rules.sql.kinds import (
    DAY,
    MOMENT,
    MONTHS,
    NOTHING,
    SECONDS,
    TEXT,
    TRUTH,
    Kind,
    Listed,
    Struct,
)
from yinuo.rules.sql.numbers import number, to_common
from yinuo.rules.sql.refusals import Refusal
from yinuo.rules.sql.tree import Constant, Operation, Sql, null

_YEARS = range(1, 9999)


def constant(value: Value) -> Sql:  # noqa: C901, PLR0911  # one a kind
    """The value as SQL. Raises `Refusal` for what no column holds."""
    match value:
        case None:
            return null(NOTHING)
        case bool():
            return Constant(value, TRUTH)
        case Decimal():
            return number(value)
        case str():
            if "\0" in value:
                raise Refusal("文本里的空字符", "SQL 的文本不能含有 U+0000")
            return Constant(value, TEXT)
        case Date():
            return Constant(_day(value), DAY)
        case DateTime():
            return Constant(_moment(value), MOMENT)
        case DayDuration(nanos):
            return Constant(Decimal(nanos).scaleb(-9), SECONDS)
        case MonthDuration(months):
            return Constant(Decimal(months), MONTHS)
        case list():
            return listed([constant(each) for each in value])
        case dict():
            return struct({name: constant(each) for name, each in value.items()})
    raise Refusal(said(value), "不能成为一列的值")


def _day(value: Date) -> date:
    if value.year not in _YEARS:
        raise Refusal(f"{value.year} 年", "SQL 的日期在公元 1 年到 9998 年之间")
    return date(value.year, value.month, value.day)


def _moment(value: DateTime) -> datetime:
    if value.time.zone is not None:
        raise Refusal("带时区的日期和时间", "时区只在逐件判定时计算")
    if value.time.nanos % 1000:
        raise Refusal("纳秒", "SQL 的时间到微秒为止")
    micros = value.time.nanos * 1_000_000 // NANOS
    return datetime.combine(_day(value.date), datetime.min.time()) + timedelta(microseconds=micros)


def listed(items: list[Sql]) -> Sql:
    """A list. Raises `Refusal` where its items have no kind in common."""
    if not items:
        return Operation("list", (), Listed(NOTHING))
    found = to_common(*items)
    return Operation("list", found, Listed(found[0].kind))


def struct(entries: dict[str, Sql]) -> Sql:
    """A context; its entries are those written."""
    if not entries:
        raise Refusal("空的上下文 {}", "SQL 没有不含字段的结构")
    lowered = {name.lower() for name in entries}
    if len(lowered) < len(entries):
        raise Refusal("只差大小写的字段名", "SQL 的字段名不分大小写", "换一个字段名")
    kind: Kind = Struct(tuple((name, each.kind) for name, each in entries.items()))
    return Operation("struct", tuple(entries.values()), kind, tuple(entries))


def field(source: Sql, name: str, kind: Kind) -> Sql:
    """An entry of a struct; its name stands ready as a text and as an identifier."""
    quoted = "'" + name.replace("'", "''") + "'"
    marked = "`" + name.replace("`", "``") + "`"
    return Operation("field", (source,), kind, (quoted, marked))
