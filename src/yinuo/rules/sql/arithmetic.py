"""`+ - * / **` by the kinds of both sides; every other pair is null, as at the window."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from yinuo.rules.sql.kinds import (
    DAY,
    MOMENT,
    MONTHS,
    NOTHING,
    SECONDS,
    SECONDS_SCALE,
    TEXT,
    WHOLE,
    Day,
    Kind,
    Moment,
    Months,
    Number,
    Seconds,
    Text,
)
from yinuo.rules.sql.numbers import (
    Share,
    added,
    as_kind,
    divided,
    multiplied,
    number,
    raised,
    truncated_seconds,
)
from yinuo.rules.sql.refusals import Refusal
from yinuo.rules.sql.tree import Constant, Operation, Sql, null

Work: TypeAlias = Callable[[Sql, Sql, Share], Sql]
DAY_SECONDS = number(Decimal(86_400))
_IN_NUMBERS = Number(SECONDS_SCALE)


def calculate(operator: str, left: Sql, right: Sql, share: Share) -> Sql:
    """`left operator right`; null of kinds that do not go together. Raises `Refusal`."""
    found = _WORK.get((operator, type(left.kind), type(right.kind)))
    if found is None:
        kinds = {type(left.kind), type(right.kind)}
        if operator == "-" and kinds == {Day, Moment}:
            raise Refusal("日期与日期和时间相减", "日期是零时区的零点，SQL 的时间没有时区")
        return null(NOTHING)
    return found(left, right, share)


def negative(part: Sql) -> Sql:
    """The part with its sign turned; null of what has none."""
    if isinstance(part, Constant) and isinstance(part.value, Decimal):
        return Constant(-part.value, part.kind)
    if isinstance(part.kind, Number | Seconds | Months):
        return Operation("negative", (part,), part.kind)
    return null(NOTHING)


def _as_number(node: Sql) -> Sql:
    """Seconds or months as a plain number."""
    if isinstance(node.kind, Seconds):
        return Operation("cast", (node,), _IN_NUMBERS)
    return Operation("cast", (node,), WHOLE) if isinstance(node.kind, Months) else node


def _back(found: Sql, kind: Kind) -> Sql:
    if isinstance(kind, Seconds):
        return truncated_seconds(found)
    return Operation("cast", (Operation("towards zero", (found,), WHOLE),), MONTHS)


def _plain(operator: str) -> Work:
    def work(left: Sql, right: Sql, _share: Share) -> Sql:
        if operator == "*":
            return multiplied(left, right)
        return added(operator, left, right)

    return work


def _of_same_duration(operator: str) -> Work:
    def work(left: Sql, right: Sql, _share: Share) -> Sql:
        kind = left.kind
        numbers = added(operator, _as_number(left), _as_number(right))
        return Operation("cast", (numbers,), kind)

    return work


def _scaled(left: Sql, right: Sql, share: Share) -> Sql:
    duration, factor = (left, right) if isinstance(right.kind, Number) else (right, left)
    return _back(share(multiplied(_as_number(duration), factor)), duration.kind)


def _split(left: Sql, right: Sql, share: Share) -> Sql:
    return _back(share(divided(_as_number(left), right, share)), left.kind)


def _ratio(left: Sql, right: Sql, share: Share) -> Sql:
    return divided(_as_number(left), _as_number(right), share)


def _days_between(left: Sql, right: Sql, _share: Share) -> Sql:
    days = Operation("days between", (right, left), WHOLE)
    return as_kind(multiplied(days, DAY_SECONDS), SECONDS)


def _moments_between(left: Sql, right: Sql, _share: Share) -> Sql:
    one, other = (Operation("moment seconds", (each,), Number(6)) for each in (left, right))
    return as_kind(added("-", one, other), SECONDS)


def _day_later(left: Sql, right: Sql, share: Share) -> Sql:
    """A date moves by whole days, downwards where part of one is left."""
    seconds = share(_as_number(right))
    days = share(divided(seconds, DAY_SECONDS, share))
    whole = Operation("floor", (days,), WHOLE)
    return Operation("later by days", (left, whole), DAY)


def _moment_later(left: Sql, right: Sql, _share: Share) -> Sql:
    return Operation("later by seconds", (left, right), MOMENT)


def _months_later(left: Sql, right: Sql, _share: Share) -> Sql:
    return Operation("later by months", (left, right), left.kind)


def _swapped(work: Work) -> Work:
    return lambda left, right, share: work(right, left, share)


def _backwards(work: Work) -> Work:
    return lambda left, right, share: work(left, negative(right), share)


def _raised(left: Sql, right: Sql, _share: Share) -> Sql:
    return raised(left, right)


def _texts(left: Sql, right: Sql, _share: Share) -> Sql:
    return Operation("text join", (left, right), TEXT)


_WORK: dict[tuple[str, type, type], Work] = {
    ("+", Number, Number): _plain("+"),
    ("-", Number, Number): _plain("-"),
    ("*", Number, Number): _plain("*"),
    ("/", Number, Number): divided,
    ("**", Number, Number): _raised,
    ("+", Text, Text): _texts,
    ("+", Seconds, Seconds): _of_same_duration("+"),
    ("-", Seconds, Seconds): _of_same_duration("-"),
    ("+", Months, Months): _of_same_duration("+"),
    ("-", Months, Months): _of_same_duration("-"),
    ("/", Seconds, Seconds): _ratio,
    ("/", Months, Months): _ratio,
    ("-", Day, Day): _days_between,
    ("-", Moment, Moment): _moments_between,
}
for _duration in (Seconds, Months):
    _WORK["*", _duration, Number] = _WORK["*", Number, _duration] = _scaled
    _WORK["/", _duration, Number] = _split
for _point, _length, _later in (
    (Day, Seconds, _day_later),
    (Moment, Seconds, _moment_later),
    (Day, Months, _months_later),
    (Moment, Months, _months_later),
):
    _WORK["+", _point, _length] = _later
    _WORK["+", _length, _point] = _swapped(_later)
    _WORK["-", _point, _length] = _backwards(_later)
