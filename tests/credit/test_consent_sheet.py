from datetime import date

import pytest

from tests.credit.asking.counter import NOBODY, consent_sheet
from yinuo.credit.consent_sheet import ConsentsRefused, SignedConsent, read_consents
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.spreadsheet.faults import SpreadsheetRefused

ON = date(2024, 3, 7)
OTHER = "110105491231002"
"""The same number as it was before it had eighteen characters."""


def row(**changes: object) -> dict[str, object]:
    return {"姓名": "试 甲", "公民身份号码": NOBODY, "同意截止": "2025-03-01"} | changes


def test_rows_in_one_form() -> None:
    found = read_consents(
        consent_sheet([row(公民身份号码=OTHER, 同意截止="2025年3月1日")]), file="a", on=ON
    )
    assert found == (SignedConsent(row=2, name="试甲", number=NOBODY, until=date(2025, 3, 1)),)


def test_every_fault_is_told_and_no_number_in_full() -> None:
    wrong = [
        row(),
        row(公民身份号码=OTHER),
        row(姓名="", 同意截止="2025-02-30", 公民身份号码="110105194912310021"),
        row(公民身份号码=110105194912310020),
        row(同意截止="", 公民身份号码=""),
    ]
    with pytest.raises(ConsentsRefused) as refused:
        read_consents(consent_sheet(wrong), file="a.xlsx", on=ON)
    found = refused.value.findings
    assert [(one.cell, one.field) for one in found] == [
        ("第 3 行", "公民身份号码"),
        ("第 4 行", "姓名"),
        ("第 4 行", "公民身份号码"),
        ("第 4 行", "同意截止"),
        ("第 5 行", "公民身份号码"),
        ("第 6 行", "公民身份号码"),
        ("第 6 行", "同意截止"),
    ]
    assert "末几位已经丢失" in found[4].rule
    assert not [one for one in found if "19491231" in one.value]


def test_without_headings_or_rows() -> None:
    with pytest.raises(ConsentsRefused):
        read_consents(consent_sheet([]), file="a", on=ON)
    with pytest.raises(SpreadsheetRefused):
        read_consents(b"PK\x03\x04nothing", file="a", on=ON)
    with pytest.raises(YinuoError):
        read_consents(b"", file="a", on=ON)
