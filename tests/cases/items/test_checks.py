"""Every rule of an item, by one definition that breaks it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cases.desk import item
from yinuo.cases.errors.items import ItemRule
from yinuo.cases.items.checks import blocking, check
from yinuo.cases.items.comparing import differences, favourable
from yinuo.cases.items.definition import Declaration, Fee, ItemGround, Material, Step
from yinuo.cases.items.lengths import Fit, fit, length, said, share_permille
from yinuo.cases.items.rounding import Rounding
from yinuo.kernel.limits import UnknownLimit
from yinuo.rules.workbook.read import check_bytes

TABLE = Path(__file__).resolve().parents[3] / "content" / "tables" / "promise-limit.xlsx"


def found(**changes: Any) -> set[ItemRule]:
    return {fault.rule for fault in check(item(**changes)) if fault.rule is not ItemRule.SAMPLE}


def changed(place: int, **values: Any) -> dict[str, Any]:
    materials = list(item().materials)
    materials[place] = replace(materials[place], **values)
    return {"materials": tuple(materials)}


def test_the_item_of_the_tests_is_sound() -> None:
    assert blocking(check(item())) == ()


R = ItemRule
AT_ONCE = {"promised_limit": "即办", "steps": (), "kind": "公共服务"}
STATED = Declaration(
    version="1", conditions="告知", text="承诺", liability="责任", check_within="30d"
)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"code": "sc-1"}, R.CODE),
        ({"name": " "}, R.EMPTY),
        ({"name": "名" * 201}, R.TOO_LONG),
        ({"kind": "行政奇迹"}, R.CHOICE),
        ({"served": ()}, R.EMPTY),
        ({"served": ("外星人",)}, R.CHOICE),
        ({"legal_limit": "尽快"}, R.LIMIT),
        ({"legal_limit": "即办"}, R.LIMIT),
        ({"promised_limit": "21wd"}, R.LONGER),
        ({"promised_limit": "1m"}, R.LONGER),
        ({"promised_limit": "14d", "steps": ()}, R.DEPENDS),
        (AT_ONCE, R.AT_ONCE),
        ({"handled": "即办件"}, R.AT_ONCE),
        ({"reviewed": "即审即办"}, R.AT_ONCE),
        ({"result_kind": "出文"}, R.RESULT),
        ({"result_name": ""}, R.RESULT),
        ({"visits": 1}, R.VISITS),
        ({"visits": -1}, R.VISITS),
        ({"visits_explain": "要签字"}, R.VISITS),
        ({"online": False}, R.VISITS),
        ({"visits": 2, "visits_explain": "签字"}, R.VISITS),
        ({"fees": (Fee(name="工本费", standard="10 元", legal_basis=""),)}, R.FEES),
        ({"fees": (Fee(name="费", standard="1", legal_basis="法", waivable=True),)}, R.FEES),
        ({"phone": "12345678"}, R.PHONES),
        ({"complaint_phone": item().phone}, R.PHONES),
        ({"topics": ("出境入境",)}, R.TOPICS),
        ({"topics": ()}, R.TOPICS),
        ({"questions": ()}, R.QUESTIONS),
        ({"steps": (Step(name="受理"),)}, R.STEPS),
        ({"steps": tuple(Step(name=n, limit="2wd") for n in "一二三四五")}, R.STEP_DAYS),
        ({"steps": tuple(Step(name=n, limit="3d") for n in "一二三四五")}, R.STEP_DAYS),
        (changed(1, deferral=""), R.DEFERRAL),
        (changed(0, deferral="5wd"), R.DEFERRAL),
        (changed(0, deferrable=True, deferral="5wd"), R.MAIN),
        (changed(1, deferral="很久"), R.LIMIT),
        (changed(0, required=False), R.EMPTY),
        (changed(0, key="!"), R.CODE),
        (changed(0, key="M2"), R.REPEATED),
        (changed(0, sample="没有.pdf"), R.FILE),
        (changed(0, copies=-1), R.FORM),
        (changed(0, form="石板"), R.CHOICE),
        ({"declaration": None}, R.DECLARATION),
        ({"declaration": replace(STATED, text="")}, R.DECLARATION),
        ({"declaration": replace(STATED, check_share=0)}, R.DECLARATION),
        ({"grounds": (ItemGround(name="检测", legal_basis=""),)}, R.GROUND),
        ({"grounds": (ItemGround(name="检测", legal_basis="法", cap=0),)}, R.GROUND),
        ({"grounds": (ItemGround(name="开会", legal_basis="惯例"),)}, R.LEGAL_GROUND),
    ],
)
def test_each_rule(changes: dict[str, Any], rule: ItemRule) -> None:
    assert rule in found(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"phone": "12345"},
        {"visits": 0, "online": False, "special_procedure": "可以邮寄申请", "online_depth": ""},
        {"grounds": (ItemGround(name="现场核查", legal_basis="公布的办法", stops_legal=False),)},
        {
            "steps": (
                *(Step(name=n, limit="1wd") for n in "受审批办"),
                Step(name="送达", limit="10wd"),
            )
        },
    ],
)
def test_what_is_allowed(changes: dict[str, Any]) -> None:
    assert found(**changes) == set()


# ── limits ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("promised", "legal", "expected"),
    [
        ("8wd", "20wd", Fit.WITHIN),
        ("20wd", "20wd", Fit.WITHIN),
        ("21wd", "20wd", Fit.BEYOND),
        ("即办", "1h", Fit.WITHIN),
        ("10d", "20wd", Fit.WITHIN),  # not below 10 + 9 calendar days, 20 working days never less
        ("28d", "20wd", Fit.DEPENDS),
        ("29d", "20wd", Fit.BEYOND),
        ("10wd", "1m", Fit.DEPENDS),
        ("5wd", "3m", Fit.WITHIN),
        ("48h", "3d", Fit.WITHIN),
        ("1y", "12m", Fit.BEYOND),
    ],
)
def test_two_limits(promised: str, legal: str, expected: Fit) -> None:
    assert fit(length(promised), length(legal)) is expected


def test_shares() -> None:
    assert share_permille("即办", "1m") == 0
    assert share_permille("2wd", "5wd") == 400
    assert share_permille("401wd", "1000wd") == 401
    assert share_permille("1d", "1wd") is None
    assert share_permille("x", "1wd") is None
    with pytest.raises(UnknownLimit):
        length("0wd")
    assert said("100001wd") == "100001wd"


@pytest.fixture(scope="module")
def table() -> Rounding:
    sound = check_bytes(TABLE.read_bytes(), file=TABLE.name).sound()
    return Rounding(sound, date(2024, 3, 1))


def test_two_fifths_round_down_to_whole_days(table: Rounding) -> None:
    assert [table.most(f"{n}wd") for n in (1, 2, 3, 5, 7, 20)] == [
        *("即办", "即办", "1wd", "2wd", "2wd", "8wd")
    ]
    assert table.most("90d") == "36d"
    for nothing in ("6m", "1y", "48h", "121wd", "很快", "即办"):
        assert table.most(nothing) == ""


def test_no_answer_of_the_table_is_more_than_two_fifths(table: Rounding) -> None:
    for number in range(1, 121):
        legal = f"{number}wd"
        assert (share_permille(table.most(legal), legal) or 0) <= 400


def test_a_longer_promise_is_noticed(table: Rounding) -> None:
    assert table.faults(item()) == ()
    (fault,) = table.faults(item(promised_limit="9wd"))
    assert (fault.rule, fault.next_step) == (R.BEYOND_SHARE, "四成以内最多 8 个工作日")
    assert table.faults(item(promised_limit="很快")) == ()


# ── two versions ────────────────────────────────────────────────────────────────────────────────


def test_what_favours_an_applicant() -> None:
    old = item()
    better = replace(
        old,
        promised_limit="5wd",
        materials=tuple(
            replace(one, deferral="15wd") if one.key == "M2" else one
            for one in old.materials
            if one.key != "M3"
        ),
    )
    told = favourable(old, better)
    assert any("承诺办结时限：8 个工作日 → 5 个工作日" in one for one in told)
    assert any("有 → 没有" in one for one in told)
    assert any("后补时限" in one for one in told)
    assert len(told) == len(differences(old, better))
    assert favourable(better, old) == [], "the way back favours nobody"


def test_what_does_not() -> None:
    old = item()
    added = Material(key="M9", name="又一份证明")
    worse = replace(
        old, legal_limit="30wd", materials=(*old.materials, added), address="别处", declaration=None
    )
    assert favourable(old, worse) == []
    labels = [one.label for one in differences(old, worse)]
    assert "材料“又一份证明”" in labels
    assert "法定办结时限" in labels
    assert differences(old, old) == ()
