"""Cells of SPGL tables: what they mean, and how they are written. Pure."""

from datetime import date, datetime
from decimal import Decimal

from yinuo.cases.construction.spgl.layout import Holds
from yinuo.kernel.decimals import canonical_decimal
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import SHANGHAI, utc

_MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d")
MOMENT = "%Y-%m-%d %H:%M:%S"
NOON = 12


def raw_text(value: object) -> str:
    """A cell as text, the way the tables write it; whole numbers without `.0`.

    >>> raw_text(6.0), raw_text(date(2024, 3, 1))
    ('6', '2024-03-01')
    """
    if isinstance(value, datetime):
        return value.strftime(MOMENT)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def typed(text: str, holds: Holds) -> tuple[str | int | date | datetime | None, str]:
    """A value and what is wrong with it; a moment is China time and comes back in UTC.

    >>> typed("1200.50", Holds.DECIMAL)
    ('1200.5', '')
    >>> typed("十二", Holds.WHOLE)
    (None, '“十二”不是整数')
    """
    if holds is Holds.WHOLE:
        plain = text.removesuffix(".0")
        digits = plain.removeprefix("-")
        whole = digits.isascii() and digits.isdigit()
        return (int(plain), "") if whole else (None, f"“{text}”不是整数")
    if holds is Holds.DECIMAL:
        return _decimal(text)
    moment = _moment(text)
    if moment is None:
        return None, f"“{text}”不是日期，写成 2024-03-01 或 2024-03-01 09:30:00"
    return (moment.date() if holds is Holds.DAY else utc(moment)), ""


def _decimal(text: str) -> tuple[str | None, str]:
    try:
        return canonical_decimal(Decimal(text.replace(",", ""))), ""
    except (ArithmeticError, ValueError, YinuoError):
        return None, f"“{text}”不是数字"


def _moment(text: str) -> datetime | None:
    for form in _MOMENTS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
    return None


def moment_text(value: datetime) -> str:
    """An instant as the tables write it, China time.

    >>> from datetime import UTC
    >>> moment_text(datetime(2024, 3, 1, 1, 30, tzinfo=UTC))
    '2024-03-01 09:30:00'
    """
    return utc(value).astimezone(SHANGHAI).strftime(MOMENT)
