"""A scheme and units for the pure tests of races."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from yinuo.kernel.content import content_dir
from yinuo.rules.table import Rulebook
from yinuo.rules.workbook.read import check_bytes
from yinuo.supervision.race.file import Head
from yinuo.supervision.race.scheme import (
    GAIN,
    KEPT,
    LOWEST,
    MOVES,
    PROGRESS,
    REPORTED,
    Group,
    Ranking,
    Terms,
)
from yinuo.supervision.race.scoring import Input, Unit

DISTRICTS = "区市县组"
DAY = date(2024, 4, 1)


@cache
def shipped() -> Rulebook:
    """The tables as they are shipped."""
    return check_bytes((content_dir() / "tables/race.xlsx").read_bytes(), file="race.xlsx").sound()


def terms(indicator: str, **kw: Any) -> Terms:
    """Half to all give points, three cases at least."""
    plain = Terms(
        indicator=indicator,
        weight="40",
        floor="50",
        target="100",
        cap="100",
        least=3,
        most_missing="0",
        missing=LOWEST,
    )
    return replace(plain, **kw)


RANKING = Ranking(
    tolerance="3",
    swing="20",
    factor="1.96",
    least_units=2,
    least_weight="40",
    first_award="80",
    rise_award="5",
    lists=False,
    red="90",
    black="60",
)
ALL = (
    terms(KEPT),
    terms(PROGRESS, weight="30", floor="60", most_missing="10"),
    terms(GAIN, weight="10", floor="-20", target="20", most_missing="10"),
    terms(REPORTED, weight="10"),
    terms(MOVES, weight="10", floor="50", target="0"),
)


def group(*some: Terms, name: str = DISTRICTS, **kw: Any) -> Group:
    """A peer group with these indicators; without any, with all of `ALL`."""
    return Group(name, some or ALL, replace(RANKING, **kw))


def rate(done: int, cases: int, indicator: str = KEPT, **kw: Any) -> Input:
    """So many of so many."""
    return Input(indicator=indicator, numerator=str(done), denominator=str(cases), **kw)


def unit(code: str, *inputs: Input, name: str = DISTRICTS, absent: str = "") -> Unit:
    """A unit of the group."""
    return Unit(code, f"{code}区", name, inputs, absent)


HEAD = Head(
    code="R2024Q2-DL-DCS-1",
    title="2024年二季度赛马",
    office="DL-DCS",
    office_name="市政府督查室",
    period="2024Q2",
    first="2024-04-01",
    last="2024-06-30",
    as_of="2024-07-15",
    edition=1,
    corrects="",
    scheme_name="tables/race.xlsx",
    scheme_number=3,
    scheme_edition=1,
    scheme_sha256="0" * 64,
    scheme_late=False,
    before="R2024Q1-DL-DCS-1",
)
