"""Classes of errors that give their words alone: every one of them makes a whole sentence."""

import pytest

from tools.reference import errors
from yinuo.kernel.errors import Faulty, Finding, InvalidFields, Plain, WrongStep

errors()  # loads every module, so that every subclass is there


@pytest.mark.parametrize("situation", Plain.__subclasses__(), ids=lambda each: each.code)
def test_plain_words(situation: type[Plain]) -> None:
    made = situation("DL2024-015")
    assert (made.place, made.next_step) == ("DL2024-015", situation.step)
    assert made.what
    assert not set("{}") & set(made.what + made.next_step)
    assert len(situation("x" * 999).place) == (situation.longest or 999)


@pytest.mark.parametrize("situation", WrongStep.__subclasses__(), ids=lambda each: each.code)
def test_a_step_that_does_not_follow(situation: type[WrongStep]) -> None:
    made = situation("DL2024-015", "已关闭", "退回")
    assert (made.place, made.status) == ("DL2024-015", 409)
    assert "已关闭" in made.what
    assert "不能退回" in made.what
    assert made.next_step


@pytest.mark.parametrize("situation", Faulty.__subclasses__(), ids=lambda each: each.code)
def test_data_with_faults(situation: type[Faulty]) -> None:
    first = Finding(code="X-E001", file="a.csv", rule="编号重复", next_step="请删去一行")
    other = Finding(code="X-E002", file="b.csv", rule="缺列", next_step="请加上")
    made = situation(iter([first, other]))
    assert made.findings == (first, other)
    assert made.place == "a.csv"
    assert "2 处" in made.what
    assert made.next_step == (situation.step or "请删去一行")


@pytest.mark.parametrize("situation", InvalidFields.__subclasses__(), ids=lambda each: each.code)
def test_values_with_faults(situation: type[InvalidFields]) -> None:
    made = situation("DL", iter([("due", "时限已过"), ("note", "请填写说明")]))
    assert made.faults == (("due", "时限已过"), ("note", "请填写说明"))
    assert made.what == "时限已过；请填写说明"
