"""Dates as people type them: read where only one reading is possible."""

import re
import unicodedata
from datetime import date, timedelta

_WRITTEN = re.compile(
    r"(\d{4})(?:年(\d{1,2})月(\d{1,2})[日号]?|([-/.])(\d{1,2})\4(\d{1,2})|(\d{2})(\d{2}))"
)
_PART_OF_DATE = re.compile(r"\d{4}年?(?:(?:[-/.]|)\d{1,2}月?)?(?:底|末|前|初|中旬|上旬|下旬)*")
SERIAL_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's serial numbers, as they count since 1900-03-01."""
FIRST_SERIAL, LAST_SERIAL = 18_264, 73_050
"""1950-01-01 and 2099-12-31."""


def written_date(text: str) -> date | None:
    """The date in 2024年12月31日, 2024.12.31, 2024/12/31, 2024-12-31 or 20241231, else None.

    A two-digit year, or a day that may be a month, is never guessed.

    >>> written_date("２０２４年１２月３１日"), written_date("12/31/2024")
    (datetime.date(2024, 12, 31), None)
    """
    compact = "".join(unicodedata.normalize("NFKC", text).replace("。", ".").split())
    match = _WRITTEN.fullmatch(compact)
    if match is None:
        return None
    year, *parts = (part for part in match.groups() if part and part.isdigit())
    try:
        return date(int(year), *map(int, parts))
    except ValueError:
        return None


def is_part_of_date(text: str) -> bool:
    """Whether the text names a year or month only, such as 2024年12月底."""
    return _PART_OF_DATE.fullmatch("".join(unicodedata.normalize("NFKC", text).split())) is not None


def serial_date(number: float) -> date | None:
    """The date that Excel would show for this number, if it is a likely one."""
    if number != int(number) or not FIRST_SERIAL <= number <= LAST_SERIAL:
        return None
    return SERIAL_ZERO + timedelta(days=int(number))
