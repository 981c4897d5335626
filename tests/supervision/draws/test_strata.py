from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from yinuo.kernel.content import content_dir
from yinuo.rules.table import Rulebook
from yinuo.rules.workbook.read import check_bytes
from yinuo.supervision.draws.frame import Stratum
from yinuo.supervision.draws.strata import Layering, Risk, StrataUnfit

TODAY = date(2024, 7, 15)
PLAIN = {
    "doubts": 0,
    "on_last_day": False,
    "moved": 0,
    "jump": Fraction(),
    "wan": Decimal(),
    "checked": False,
}


@pytest.fixture(scope="module")
def layering() -> Layering:
    data = (content_dir() / "tables/draw-strata.xlsx").read_bytes()
    return Layering(check_bytes(data, file="draw-strata.xlsx").sound(), TODAY)


@pytest.mark.parametrize(
    ("facts", "stratum"),
    [
        ({}, "低风险"),
        ({"on_last_day": True}, "中风险"),
        ({"on_last_day": True, "moved": 1}, "高风险"),
        ({"doubts": 1}, "高风险"),
        ({"jump": Fraction(1, 2)}, "高风险"),
        ({"jump": Fraction(1, 3)}, "低风险"),
        ({"wan": Decimal(20_000)}, "中风险"),
        ({"wan": Decimal(20_000), "checked": True}, "低风险"),
    ],
)
def test_the_shipped_table_layers(
    layering: Layering, facts: dict[str, object], stratum: str
) -> None:
    risk = Risk(**{**PLAIN, **facts})  # type: ignore[arg-type]
    assert layering.layer(risk, place="LS-001").stratum == stratum


@pytest.mark.parametrize(("size", "take"), [(1, 1), (3, 3), (5, 4), (100, 8), (101, 9), (900, 30)])
def test_small_layers_are_drawn_whole_and_large_ones_are_capped(
    layering: Layering, size: int, take: int
) -> None:
    assert layering.strata(["低风险"] * size) == (Stratum("低风险", size, take),)


def test_the_densest_layer_stands_first(layering: Layering) -> None:
    found = layering.strata(["低风险", "高风险", "中风险", "低风险"])
    assert [each.name for each in found] == ["高风险", "中风险", "低风险"]


def test_a_table_that_leaves_something_out_is_refused(layering: Layering) -> None:
    with pytest.raises(StrataUnfit, match="没有写明“极高”"):
        layering.strata(["极高"])
    with pytest.raises(StrataUnfit, match="没有有效的"):
        Layering(Rulebook(tables=()), TODAY).layer(Risk(**PLAIN), place="LS-001")  # type: ignore[arg-type]
