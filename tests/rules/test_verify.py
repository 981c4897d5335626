"""Gaps, overlaps and dead rules in words; large tables in time, or told where it stopped."""

import random
import time

from tests.rules.builders import Columns, table
from yinuo.rules.kinds import Kind
from yinuo.rules.table import HitPolicy, Table
from yinuo.rules.verify import verify

AMOUNT: Columns = {"金额": (Kind.NUMBER, "万元"), "类别": Kind.TEXT}


def test_a_gap_is_told_like_a_rule() -> None:
    found = verify(table(AMOUNT, [("≥ 100", "甲", "大"), ("< 50", "-", "小")]))
    assert sorted(box.words(found.table) for box in found.gaps) == [
        "金额 [50 万元..100 万元)",
        "金额 ≥ 100 万元；类别 不是 甲",
    ]


def test_a_default_leaves_no_gap() -> None:
    assert verify(table(AMOUNT, [("≥ 100", "甲", "大")], default="小")).gaps == []


def test_an_overlap_names_the_rules_and_where() -> None:
    rows = [("≥ 10", "-", "大"), ("≤ 10", "甲", "小"), ("< 10", "不是 甲", "小")]
    found = verify(table(AMOUNT, rows))
    (overlap,) = found.overlaps
    assert overlap.rules == ("1", "2")
    assert overlap.box.words(found.table) == "金额 10 万元；类别 甲"
    assert not found.is_sound
    assert found.gaps == []


def test_rules_that_agree_may_overlap_under_any() -> None:
    rows = [("≥ 10", "-", "大"), ("≥ 5", "-", "大"), ("< 5", "-", "小")]
    assert verify(table(AMOUNT, rows, policy=HitPolicy.ANY)).is_sound
    assert not verify(table(AMOUNT, rows)).is_sound


def test_a_rule_covered_by_several_before_it_never_counts() -> None:
    rows = [("≥ 10", "-", "大"), ("< 10", "甲", "小"), ("< 10", "不是 甲", "小"), ("5", "-", "中")]
    (dead,) = verify(table(AMOUNT, rows, policy=HitPolicy.FIRST)).dead
    assert dead.rule == "4"
    assert "规则 2、3 决定" in dead.why


def random_table(rules: int, columns: int, policy: HitPolicy) -> Table:
    draw = random.Random(rules)  # noqa: S311  # made-up rules
    kinds = {f"列{n}": Kind.NUMBER if n % 2 else Kind.TEXT for n in range(columns)}

    def cell(number: int) -> str:
        if draw.random() > 0.45:
            return "-"
        if not number % 2:
            return "、".join(draw.sample("甲乙丙丁戊己", 2))
        low = draw.randrange(90)
        return draw.choice((f"≥ {low}", f"< {low}", f"[{low}..{low + 10}]"))

    rows = [[*(cell(n) for n in range(columns)), str(draw.randrange(3))] for _ in range(rules)]
    return table(kinds, rows, policy=policy)


def test_five_hundred_rules_are_checked_in_time_or_it_says_where_it_stopped() -> None:
    for policy in (HitPolicy.UNIQUE, HitPolicy.FIRST):
        large = random_table(500, 12, policy)
        begun = time.process_time()
        found = verify(large)
        assert time.process_time() - begun < 10
        if policy is HitPolicy.FIRST:
            assert any("停止" in text for text in found.stopped)
        else:
            assert found.overlaps
            assert found.more_overlaps > 0
