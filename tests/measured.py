"""Indicators of the small city, defined, filled, revised and released through the real commands."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from tests.city import CITY, LUSHUN, MARCH, OFFICE, City
from yinuo.commitments.life import Visibility
from yinuo.goals.commands import figures
from yinuo.goals.commands.indicators import define, publish
from yinuo.goals.indicators.checks import NewFigure
from yinuo.goals.indicators.defining import NewIndicator
from yinuo.goals.indicators.periods import read_period
from yinuo.goals.indicators.words import (
    Direction,
    Frequency,
    Measure,
    SeriesKind,
    Standing,
    ValueKind,
)
from yinuo.ledger.commands.recording import command
from yinuo.parties.viewer import Viewer

GDP, SHARE, VISITORS, CUSTOMS, SECRET, EMPTY = (
    *("ZB-GDP", "ZB-XX", "ZB-LK", "ZB-TG"),
    *("ZB-MM", "ZB-KK"),
)
HIDDEN_NAME = "机密指标"
"""Of the one that is not public; must appear nowhere for anyone."""
WAITING_VALUE = "5555.5"
"""Of a figure whose load nobody has released."""
APRIL = datetime(2024, 4, 20, 2, 0, tzinfo=UTC)


def indicators() -> list[NewIndicator]:
    """What is defined."""
    common: dict[str, Any] = {"office": OFFICE, "heading": "G-1", "source": "市统计局"}
    return [
        NewIndicator(
            code=GDP,
            name="地区生产总值",
            unit="亿元",
            frequency=Frequency.QUARTER,
            kind=ValueKind.CUMULATIVE,
            direction=Direction.UP,
            definition="按当年价格；年度数会按普查修订",
            wider={CITY: ["辽宁省"]},
            near_names=("规模以上工业增加值",),
            **common,
        ),
        NewIndicator(
            code=SHARE,
            name="战略性新兴产业占比",
            unit="%",
            frequency=Frequency.MONTH,
            kind=ValueKind.RATIO,
            direction=Direction.UP,
            **common,
        ),
        NewIndicator(
            code=VISITORS,
            name="节假日接待游客",
            unit="万人次",
            frequency=Frequency.NAMED,
            kind=ValueKind.CURRENT,
            simulated=True,
            **common,
        ),
        NewIndicator(
            code=CUSTOMS,
            name="进口整体通关时间",
            unit="小时",
            frequency=Frequency.YEAR,
            kind=ValueKind.CURRENT,
            direction=Direction.DOWN,
            base_year=2017,
            near_names=("海关作业时间",),
            **common,
        ),
        NewIndicator(
            code=SECRET,
            name=HIDDEN_NAME,
            unit="个",
            frequency=Frequency.YEAR,
            kind=ValueKind.END,
            **common,
        ),
        NewIndicator(
            code=EMPTY,
            name="还没有数据的指标",
            unit="个",
            frequency=Frequency.YEAR,
            kind=ValueKind.END,
            **common,
        ),
    ]


def figure(
    indicator: str,
    period: str,
    value: str,
    *,
    subject: str = CITY,
    first: date | None = None,
    last: date | None = None,
    **kw: Any,
) -> NewFigure:
    """A figure of the city; `kw` replaces any of its fields."""
    plain: dict[str, Any] = {
        "source": "统计月报",
        "published": date(2024, 4, 18),
        "standing": Standing.FINAL,
    }
    return NewFigure(
        indicator=indicator,
        subject=subject,
        is_unit=subject.isascii(),
        period=read_period(period, first=first, last=last),
        value=value,
        **{**plain, **kw},
    )


def some_figures() -> list[tuple[NewFigure, int]]:
    """What is entered, each with its vintage."""
    five: dict[str, Any] = {"first": date(2024, 2, 10), "last": date(2024, 2, 14)}
    return [
        (figure(GDP, "2023-01~03", "2010.2"), 1),
        (figure(GDP, "2023", "8752.9"), 1),
        (figure(GDP, "2023", "9044.2", standing=Standing.REVISED, source="普查公报"), 2),
        (figure(GDP, "2024-01~03", "2110.7", standing=Standing.PRELIMINARY), 1),
        (figure(GDP, "2024-01~03", "2150", series=SeriesKind.PLANNED), 1),
        (figure(GDP, "2024-01~03", "5", measure=Measure.YEAR_ON_YEAR), 1),
        (figure(GDP, "2024-01~03", "6912", subject="辽宁省"), 1),
        (figure(GDP, "2024-01~03", "77.7", subject=LUSHUN), 1),
        *(
            (figure(SHARE, f"2024-{month:02}", value), 1)
            for month, value in ((1, "12.1"), (2, "12.4"), (4, "12.9"))
        ),
        *(
            (figure(SHARE, f"2024-{n:02}", str(12 + n / 10), series=SeriesKind.PLANNED), 1)
            for n in range(1, 7)
        ),
        (figure(VISITORS, "2024春节假期前5日", "455.14", simulated=True, **five), 1),
        (
            figure(
                VISITORS,
                "2023春节假期前5日",
                "153.35",
                first=date(2023, 1, 21),
                last=date(2023, 1, 25),
                implied=True,
                how="455.14 ÷ (1 + 196.8%)",
            ),
            1,
        ),
        (figure(CUSTOMS, "2017", "137.5"), 1),
        (figure(CUSTOMS, "2023", "31.68"), 1),
        (figure(SECRET, "2023", "7"), 1),
    ]


@command("test.load")
def load(
    *, some: Sequence[tuple[NewFigure, int]], by: Viewer, at: datetime, office: str = OFFICE
) -> str:
    """A load of these figures with their vintages; returns its code."""
    came = figures._Came("figures.csv", "", "", 0, 0)
    acting = by.acting("administrator", office)
    return figures._load(office, some, came, by=acting, maker=by.actor, at=at)


def put_indicators(city: City) -> None:
    """All of it: everything but one is public, and one load waits for its second person."""
    define(indicators=indicators(), by=city["admin"], at=MARCH)
    first = load(some=some_figures(), by=city["admin"], at=APRIL)
    figures.release(load=first, by=city["supervisor"], at=APRIL)
    load(some=[(figure(GDP, "2024-01~06", WAITING_VALUE), 1)], by=city["admin"], at=APRIL)
    shown = [each.code for each in indicators() if each.code != SECRET]
    publish(indicators=shown, visibility=Visibility.PUBLIC, by=city["supervisor"], at=APRIL)
