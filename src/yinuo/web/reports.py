"""What pages of reports, objections and repairs are given: periods and the point table."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yinuo.content.queries import public_book, public_in_force
from yinuo.credit.regimes.periods import FILE as PERIODS
from yinuo.credit.regimes.periods import Period, load_periods
from yinuo.kernel.content import content_file
from yinuo.rules.table import Rulebook
from yinuo.web.credit import FOLDER

GRADE = "tables/grade.xlsx"
MOST_KEPT = 4


@lru_cache(maxsize=MOST_KEPT)
def _periods(path: Path, _age: int) -> tuple[Period, ...]:
    return load_periods(path.read_bytes(), file=path.name)


def periods() -> tuple[Period, ...]:
    """In how many working days objections and repairs are answered. Raises `BadTable`."""
    path = content_file(FOLDER, PERIODS, own=settings.YINUO_CONTENT)
    return _periods(path, path.stat().st_mtime_ns if path.is_file() else 0)


def grade_book(*, on: date) -> Rulebook | None:
    """The point table in force on a day; None where none was published."""
    published = public_in_force(GRADE, on=on)
    return public_book(published) if published is not None else None
