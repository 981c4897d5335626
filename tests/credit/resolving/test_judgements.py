from datetime import UTC, datetime
from itertools import permutations

import pytest

from tests.credit.resolving.landed import record
from yinuo.credit.resolving.judgements import BadJudgements, Judgement, standing

AT = datetime(2026, 11, 29, tzinfo=UTC)
REC = f"rec:{record('a')}"


def judgement(number: int, left: str, right: str, *, same: bool) -> Judgement:
    return Judgement(
        number=number, left=left, right=right, same=same, reason="核实", case="异-1", at=AT
    )


def test_the_newest_word_on_a_pair_holds_whichever_way_round_and_in_whatever_order() -> None:
    said = [
        judgement(1, REC, "o:M000100Y4", same=True),
        judgement(2, "o:M000100Y4", REC, same=False),
        judgement(3, "o:100000021", "r:210200000000017", same=True),
    ]
    for some in permutations(said):
        assert [each.number for each in standing(some)] == [3, 2]


def test_all_faults_are_told_at_once() -> None:
    said = [
        judgement(1, "91350100M000100Y43", REC, same=True),
        judgement(1, REC, REC, same=False),
    ]
    with pytest.raises(BadJudgements) as error:
        standing(said)
    assert [(each.field, each.rule) for each in error.value.findings] == [
        ("left", "左端不是键也不是记录"),
        ("number", "编号重复"),
        ("right", "两端相同"),
    ]
    assert error.value.next_step


def test_a_trader_and_the_owner_are_never_one() -> None:
    person = "p:11010519491231002X"
    with pytest.raises(BadJudgements, match="两个主体"):
        standing([judgement(1, person, "o:M000100Y4", same=True)])
    assert standing([judgement(1, person, "o:M000100Y4", same=False)])
