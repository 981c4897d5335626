"""Letters that hold every rule, and the regions of the city. Names and numbers are made up."""

from dataclasses import replace
from datetime import date
from functools import cache

from yinuo.commitments.letters.letter import Letter, LetterType, PromisorKind, Publicity
from yinuo.kernel.content import content_dir
from yinuo.kernel.regions import Regions

FIRM, UNIT, PERSON = "91210200000000000F", "11210200000000000P", "11010519491231002X"


@cache
def regions() -> Regions:
    return Regions.read(content_dir() / "regions" / "regions.csv")


def letter(**changes: object) -> Letter:
    """A firm defers one document."""
    plain = Letter(
        code="21020020240308000017",
        promisor="大连潮汐咖啡有限公司",
        promisor_kind=PromisorKind.FIRM,
        promisor_code=FIRM,
        type=LetterType.DEFERRAL,
        matter="食品经营许可",
        content="2024年3月22日前补交食品安全管理制度",
        liability="逾期未补的，不予通过或撤销许可，并记入信用承诺书",
        made_date=date(2024, 3, 8),
        valid_until=date(2024, 3, 22),
        accepting_unit="市市场监管局",
        accepting_code=UNIT,
        publicity=Publicity.LIMITED,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
