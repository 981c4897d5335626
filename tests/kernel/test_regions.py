"""Codes of regions and zones, held against the day on which they were used."""

from datetime import date

import pytest

from yinuo.kernel.content import content_dir
from yinuo.kernel.regions import Regions

REGIONS = Regions.read(content_dir() / "regions" / "regions.csv")


@pytest.mark.parametrize(
    ("code", "on", "fault"),
    [
        ("210212", date(2024, 3, 4), ""),
        ("210231", date(2024, 3, 4), ""),  # a functional zone
        ("210282", date(2015, 11, 30), ""),
        ("210282", date(2015, 12, 1), "不是有效代码"),
        ("210214", date(2015, 11, 30), "不是有效代码"),
        ("210214", date(2015, 12, 1), ""),
        ("210299", date(2024, 3, 4), "没有代码为 210299"),
        ("440300", date(2024, 3, 4), ""),  # another city: only the province is known
        ("990000", date(2024, 3, 4), "没有代码以 99 开头"),
        ("21021", date(2024, 3, 4), "6 位数字"),
        ("２１０２１２", date(2024, 3, 4), "6 位数字"),
    ],
)
def test_a_code_is_right_on_its_days(code: str, on: date, fault: str) -> None:
    found = REGIONS.fault(code, on)
    assert fault in found
    assert bool(fault) == bool(found)
