"""Accounts of many firms at once: all or none, every fault told."""

from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.benefits.fund import MONDAY, POLICY, open_fund, publish, screen
from tests.city import City
from yinuo.benefits.banking.accounts import read_accounts
from yinuo.benefits.banking.sheet import SheetRefused
from yinuo.benefits.commands.accounts import BadAccounts, take_accounts
from yinuo.benefits.errors import NothingToDo
from yinuo.benefits.models import Award
from yinuo.benefits.queries.accounts import accounts_sheet, awaited_count
from yinuo.ledger.queries import public_status
from yinuo.parties.viewer import NotAllowed

HEAD = "兑现编号,统一社会信用代码,开户行,账号"
FIRST, SECOND = "DX-2024-00000001", "DX-2024-00000002"


@pytest.fixture
def city(db: None, tmp_path: Path) -> City:
    made = open_fund()
    screen(made, tmp_path, publish(made))
    return made


def _take(city: City, *rows: str, who: str = "officer") -> int:
    data = "\n".join([HEAD, *rows]).encode("gb18030")
    return take_accounts(policy=POLICY, data=data, file="账号.csv", by=city[who], at=MONDAY)


def test_by_code_of_the_award_or_of_the_firm(city: City) -> None:
    second = "912102000000003340"
    assert _take(city, f"{FIRST},,示范银行,6222 0000-01", f",{second},示范银行,62220002") == 2
    assert set(Award.objects.filter(account_good=True).values_list("entity", flat=True)) == {
        "E01",
        "E02",
    }
    assert awaited_count(policy=POLICY, viewer=city["officer"]) == 0


def test_every_fault_is_told_and_nothing_is_taken(city: City) -> None:
    before = public_status().unsealed
    with pytest.raises(BadAccounts) as bad:
        _take(
            city,
            f"{FIRST},,示范银行,六二二二",
            f"{FIRST},,示范银行,62220001",
            "DX-2024-00000009,,示范银行,62220001",
            ",,示范银行,62220001",
            f"{SECOND},91210200000000000F,示范银行,62220001",
            f"{SECOND},,,62220001",
        )
    told = [(one.cell, one.field) for one in bad.value.findings]
    assert told == [
        ("第 2 行", "账号"),
        ("第 3 行", "兑现编号"),
        ("第 4 行", "兑现编号"),
        ("第 5 行", "兑现编号"),
        ("第 6 行", "统一社会信用代码"),
        ("第 7 行", "开户行"),
    ]
    assert all(one.next_step for one in bad.value.findings)
    assert public_status().unsealed == before
    assert not Award.objects.filter(account_good=True).exists()


def test_the_sheet_to_fill_in_comes_back(city: City) -> None:
    data = accounts_sheet(policy=POLICY, viewer=city["officer"])
    sheet = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert [row[0] for row in rows[1:]] == [FIRST, SECOND]
    assert read_accounts(data, file="待填.xlsx") == ()
    with pytest.raises(NothingToDo):
        take_accounts(policy=POLICY, data=data, file="待填.xlsx", by=city["officer"], at=MONDAY)


def test_only_the_office_and_only_a_sheet(city: City) -> None:
    with pytest.raises(NotAllowed):
        _take(city, f"{FIRST},,示范银行,62220001", who="stranger")
    with pytest.raises(NotAllowed):
        accounts_sheet(policy=POLICY, viewer=city["auditor"])
    with pytest.raises(SheetRefused, match="找不到表头"):
        take_accounts(policy=POLICY, data=b"a,b\n", file="x.csv", by=city["officer"], at=MONDAY)


def test_two_firms_with_one_account_want_an_eye(city: City) -> None:
    _take(city, f"{FIRST},,示范银行,62220001", f"{SECOND},,示范银行,62220001")
    odd = dict(Award.objects.filter(account_good=True).values_list("entity", "odd"))
    assert odd["E02"] == ["account"]
