"""What stands beside a field for a figure: the last one, in the unit of the field too."""

from datetime import date

import pytest

from yinuo.commitments.queries.asking import Known, Said


def known(value: str, text: str, unit: str) -> Known:
    """A commitment last reported with this figure."""
    return Known(
        code="P",
        title="完成投资",
        kind_label="项目",
        terms="",
        due=None,
        lead="A",
        status="open",
        status_label="进行中",
        merged_into="",
        figure="quantity",
        unit=unit,
        planned="",
        last=Said("P/R1", date(2024, 6, 30), value, text, "") if text else None,
        light=None,
    )


@pytest.mark.parametrize(
    ("value", "text", "unit", "said"),
    [
        ("30200", "3.02 亿元", "万元", "30,200 万元"),
        ("3200000", "320 万份", "份", "3,200,000 份"),
        ("5095", "5,095 万元", "万元", ""),
        ("14", "14%", "%", ""),
        ("", "", "万元", ""),
    ],
)
def test_a_figure_said_in_another_unit_stands_in_that_of_the_field_too(
    value: str, text: str, unit: str, said: str
) -> None:
    assert known(value, text, unit).last_as_asked == said
