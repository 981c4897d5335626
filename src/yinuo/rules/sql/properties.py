"""What dates and durations answer to after a point."""

from decimal import Decimal

from yinuo.rules.sql.kinds import (
    NOTHING,
    SECONDS_SCALE,
    WHOLE,
    Day,
    Kind,
    Moment,
    Months,
    Number,
    Seconds,
)
from yinuo.rules.sql.numbers import Share, divided, multiplied, number
from yinuo.rules.sql.refusals import Refusal
from yinuo.rules.sql.tree import Operation, Sql, null

_OF_DAY = {"year": "year", "month": "month", "day": "day", "weekday": "weekday"}
_OF_MOMENT = {**_OF_DAY, "hour": "hour", "minute": "minute", "second": "whole second"}
_PARTS: dict[str, tuple[int, int]] = {
    "days": (86_400, 0),
    "hours": (3600, 86_400),
    "minutes": (60, 3600),
    "seconds": (1, 60),
}
_ZONED = ("time offset", "timezone")


def property_of(value: Sql, name: str, share: Share) -> Sql:
    """A property of the value; null if it has none of that name. Raises `Refusal`."""
    match value.kind:
        case Day() if name in _OF_DAY:
            return Operation(_OF_DAY[name], (value,), WHOLE)
        case Moment() if name in _OF_MOMENT:
            return Operation(_OF_MOMENT[name], (value,), WHOLE)
        case Moment() if name in _ZONED:
            raise Refusal(f"属性“{name}”", "时区只在逐件判定时计算")
        case Seconds() if name in _PARTS:
            unit, whole = _PARTS[name]
            seconds = Operation("cast", (value,), Number(SECONDS_SCALE))
            return _part(share(seconds), unit, whole, share)
        case Months() if name in ("years", "months"):
            months = share(Operation("cast", (value,), WHOLE))
            return _part(months, 12, 0, share) if name == "years" else _rest(months, 12, WHOLE)
    return null(NOTHING)


def _rest(value: Sql, whole: int, kind: Kind) -> Sql:
    return Operation("remainder", (value, number(Decimal(whole))), kind)


def _part(value: Sql, unit: int, whole: int, share: Share) -> Sql:
    """So many whole units, of what is left of a larger one; with the sign of the whole."""
    rest = share(_rest(value, whole, value.kind)) if whole else value
    parts = divided(rest, number(Decimal(unit)), share) if unit > 1 else rest
    return multiplied(Operation("towards zero", (share(parts),), WHOLE), number(Decimal(1)))
