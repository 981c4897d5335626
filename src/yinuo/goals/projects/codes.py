"""The codes and coordinates of a project: what they must look like, and what may be odd. Pure."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from yinuo.kernel.decimals import Number, exact, times

NATIONAL = re.compile(r"(\d{4})-(\d{6})-(\d{2})-(\d{2})-(\d{6})")
"""年份-行政区划-行业大类-类型-流水号 of the national platform for approved investment projects."""
EARLIEST_YEAR = 1990
MICRO = 1_000_000


def plain_code(text: str) -> str:
    """A code in half-width characters without blanks, whatever dash it was typed with.

    >>> plain_code(" ２０２０－２１０２０２－４８－０１－０００１２３ ")
    '2020-210202-48-01-000123'
    """
    narrow = "".join(unicodedata.normalize("NFKC", text).split())
    return re.sub("[\u2010-\u2015\u2212]", "-", narrow)


def national_code_doubts(
    code: str, *, regions: Collection[str], divisions: Collection[str], latest_year: int
) -> tuple[str, ...]:
    """What is odd about a 项目代码, in words; none if nothing is.

    `regions` holds the beginnings that a region of this city has. Codes are frozen when they are
    given, so that an old region or a strange division is a question and no fault.

    >>> national_code_doubts("2020-210202-48-01-000123", regions={"2102"}, divisions={"48"},
    ...                      latest_year=2024)
    ()
    """
    match = NATIONAL.fullmatch(code)
    if match is None:
        return ("应为 年份-行政区划-行业-类型-流水号，如 2020-210202-48-01-000123",)
    year, region, division = int(match[1]), match[2], match[3]
    doubts = []
    if not EARLIEST_YEAR <= year <= latest_year:
        doubts.append(f"年份 {year} 不在 {EARLIEST_YEAR} 到 {latest_year} 之间")
    if regions and not any(region.startswith(beginning) for beginning in regions):
        doubts.append(f"行政区划 {region} 不在本市")
    if divisions and division not in divisions:
        doubts.append(f"行业大类 {division} 不在国民经济行业分类中")
    return tuple(doubts)


@dataclass(frozen=True, slots=True)
class Box:
    """The rectangle in which a city lies, in millionths of a degree."""

    west: int
    east: int
    south: int
    north: int

    def holds(self, longitude: int, latitude: int) -> bool:
        """Whether a point lies in it, its edges included."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


def micro_degrees(value: Number) -> int:
    """Degrees in millionths, further places cut off; about a decimetre.

    >>> micro_degrees("121.6147")
    121614700
    """
    return int(times(value, MICRO))


def degrees(micro: int) -> str:
    """Millionths of a degree as a canonical decimal.

    >>> degrees(121614700), degrees(-500000)
    ('121.6147', '-0.5')
    """
    text = f"{exact(Decimal(micro).scaleb(-6)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def point_doubt(longitude: int, latitude: int, box: Box | None) -> str:
    """What is odd about a point, in words; empty if nothing is or there is no box.

    >>> box = Box(120_500_000, 123_600_000, 38_300_000, 40_300_000)
    >>> point_doubt(38_914_000, 121_614_700, box)
    '经度和纬度像是填反了'
    """
    if box is None or box.holds(longitude, latitude):
        return ""
    if box.holds(latitude, longitude):
        return "经度和纬度像是填反了"
    return f"位置（{degrees(longitude)}，{degrees(latitude)}）不在本市范围内"
