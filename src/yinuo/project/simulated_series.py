"""Made-up figures of 2023 and 2024 for the indicators of the demo, load by load.

Nothing here was measured. Those that a demo promise goes by end where its story ends.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

CITY = "大连市"
MONTHS = 12
SEASON = (5, 6, 8, 9, 8, 10, 8, 7, 9, 10, 10, 10)
"""Of a hundred, what each month adds."""
ADDED_2023 = Decimal("0.86")
"""What the same months of 2023 came to, as a share of 2024's plan."""


@dataclass(frozen=True)
class Run:
    """An indicator that is counted from January on."""

    indicator: str
    unit: str
    subject: str
    plan: str
    ends: tuple[str, str, str, str]
    """Where it stood at the end of each quarter of 2024."""
    places: int = 0


RUNS = (
    Run("DL-GY-CB", "艘", "恒力重工产业园", "31", ("6", "14", "23", "32")),
    Run("DL-CX-WJ", "项", CITY, "200", ("41", "96", "151", "214")),
    Run("DL-CX-ZH", "项", CITY, "30", ("5", "12", "19", "27")),
    Run("DL-LY-XL", "条", CITY, "10", ("1", "4", "7", "10")),
    Run("DL-RC-WG", "万个", CITY, "7", ("1.2", "3.1", "5.2", "7.05"), 2),
    Run("DL-RC-JX", "个", CITY, "5300", ("900", "2400", "4100", "4880")),
    Run("DL-RC-PX", "万名", CITY, "2", ("0.3", "0.9", "1.6", "2.01"), 2),
    Run("DL-RC-SZ", "名", CITY, "600", ("80", "210", "380", "548")),
)
SHARES = {
    "中山区": 8,
    "西岗区": 6,
    "沙河口区": 12,
    "甘井子区": 24,
    "旅顺口区": 6,
    "金普新区": 20,
    "大连高新区": 14,
    "长兴岛经济区": 4,
    "普兰店区": 6,
}
"""Of a hundred jobs, where they are: a part of the districts and zones."""
STRATEGIC = (
    ("2024Q1", "265.4", "2128.6"),
    ("2024Q2", "560.2", "4446.0"),
    ("2024Q3", "893.1", "6764.9"),
)
"""Added value of the strategic industries and of all, in 亿元, from January on."""

Row = dict[str, str]


def _row(run: Run, period: str, value: str, **more: str) -> Row:
    return {
        "indicator": run.indicator,
        "subject": run.subject,
        "period": period,
        "value": value,
        "unit": run.unit,
        "source": "演示数据",
        "simulated": "yes",
        **more,
    }


def to_date(year: int, month: int) -> str:
    """January to a month, as people write it."""
    return f"{year}年1—{month}月" if month > 1 else f"{year}年1—1月"


def _months(run: Run, quarter: int) -> Iterator[tuple[int, Decimal]]:
    """Where it stood at the end of each month of a quarter."""
    before = Decimal(run.ends[quarter - 1]) if quarter else Decimal(0)
    end = Decimal(run.ends[quarter])
    step = Decimal(1).scaleb(-run.places)
    for nth in range(1, 4):
        yield quarter * 3 + nth, (before + (end - before) * nth / 3).quantize(step)


def past() -> list[Row]:
    """2023 month by month, and the plan of 2024 by quarters."""
    rows = []
    for run in RUNS:
        step = Decimal(1).scaleb(-run.places)
        for month in range(1, MONTHS + 1):
            done = Decimal(run.plan) * ADDED_2023 * sum(SEASON[:month]) / 100
            rows.append(_row(run, to_date(2023, month), str(done.quantize(step)), standing="final"))
        for month in (3, 6, 9, 12):
            planned = (Decimal(run.plan) * sum(SEASON[:month]) / 100).quantize(step)
            rows.append(_row(run, to_date(2024, month), str(planned), series="planned"))
    return rows


def quarter(number: int) -> list[Row]:
    """What is loaded after a quarter, from 0; where it is the last, the year as a whole too."""
    rows = []
    for run in RUNS:
        rows += [_row(run, to_date(2024, month), str(v)) for month, v in _months(run, number)]
    rows += _by_place(number)
    rows += _strategic(number)
    return rows


def _by_place(number: int) -> Iterator[Row]:
    jobs = next(run for run in RUNS if run.indicator == "DL-RC-WG")
    total = Decimal(jobs.ends[number])
    for place, share in SHARES.items():
        value = (total * share / 100).quantize(Decimal("0.0001"))
        yield _row(jobs, to_date(2024, number * 3 + 3), str(value.normalize()), subject=place)


def _strategic(number: int) -> list[Row]:
    if number >= len(STRATEGIC):
        return []
    period, part, whole = STRATEGIC[number]
    share = (Decimal(part) / Decimal(whole) * 100).quantize(Decimal("0.01"))
    plain = {"subject": CITY, "source": "演示数据", "simulated": "yes"}
    cumulative = to_date(2024, number * 3 + 3)
    return [
        {**plain, "indicator": "DL-GY-ZXZ", "period": cumulative, "value": part, "unit": "亿元"},
        {**plain, "indicator": "DL-GDP", "period": cumulative, "value": whole, "unit": "亿元"},
        {
            **plain,
            "indicator": "DL-GY-ZXZB",
            "period": period,
            "value": str(share),
            "unit": "%",
            "numerator": part,
            "denominator": whole,
        },
    ]


LAST: Sequence[Mapping[str, str]] = (
    {
        "indicator": "DL-GY-ZXZB",
        "subject": CITY,
        "period": "2024Q4",
        "value": "13.4",
        "unit": "%",
        "source": "演示数据",
        "simulated": "yes",
    },
)
"""The share of the year, a preliminary figure."""
REVISED: Sequence[Mapping[str, str]] = ({**LAST[0], "value": "13.52", "standing": "revised"},)
