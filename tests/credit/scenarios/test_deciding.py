"""The shipped tables, by each other's words: a no names a fact, what is unknown is never a no."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.credit.scenarios.test_definition import SHIPPED
from yinuo.commitments.standing import Answer
from yinuo.credit.scenarios.deciding import Prepared, ScenarioTableUnfit, prepare
from yinuo.kernel.content import content_dir
from yinuo.rules.table import Rulebook
from yinuo.rules.workbook.read import check_bytes

ON = date(2024, 3, 7)


def book(scenario: str) -> Rulebook:
    name = f"scenario-{scenario}.xlsx"
    return check_bytes((content_dir() / "tables" / name).read_bytes(), file=name).sound()


TABLES: Mapping[str, Prepared] = {
    name: prepare(one, book(name), ON) for name, one in SHIPPED.items()
}
NAMES = sorted({name for one in TABLES.values() for name in one.wanted})
FACTS = st.fixed_dictionaries(
    {name: st.none() | st.integers(min_value=0, max_value=20) for name in NAMES}
)


def made(*lines: tuple[str, ...]) -> Rulebook:
    """A rulebook with one table."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("表")
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text)
    return check_bytes(buffer.getvalue(), file="x.xlsx").sound()


@pytest.mark.parametrize("name", TABLES)
@given(facts=FACTS)
def test_what_nobody_knows_is_not_determined(name: str, facts: dict[str, int | None]) -> None:
    said = TABLES[name].decide(facts)
    if said.answer is Answer.UNDETERMINED:
        assert set(said.lacking) <= {each for each in NAMES if facts[each] is None}
        assert said.lacking
        assert said.rule == ""
    else:
        assert said.reason
        assert said.rule


@pytest.mark.parametrize("name", TABLES)
@given(facts=FACTS)
def test_learning_more_never_turns_one_answer_into_the_other(
    name: str, facts: dict[str, int | None]
) -> None:
    before = TABLES[name].decide(facts).answer
    for low in (0, 20):
        filled = {each: low if value is None else value for each, value in facts.items()}
        after = TABLES[name].decide(filled).answer
        assert after is not Answer.UNDETERMINED
        assert before in {after, Answer.UNDETERMINED}


def test_paying_late_twice_is_a_no_with_its_reason() -> None:
    facts = {"未付清逾期笔数": 0, "近一年逾期付清次数": 1, "严重失信在列数": 0}
    assert TABLES["medicine"].decide(facts).answer is Answer.YES
    said = TABLES["medicine"].decide(facts | {"近一年逾期付清次数": 2})
    assert (said.answer, said.reason) == (Answer.NO, "近一年有两次以上到期以后才付")


def test_facts_that_the_table_does_not_ask_for_change_nothing() -> None:
    facts: dict[str, object] = {
        "严重失信在列数": 0,
        "信用承诺未履行数": 0,
        "年龄": 90,
        "民族": "汉",
    }
    assert TABLES["village"].decide(facts) == TABLES["village"].decide(
        {name: facts[name] for name in TABLES["village"].wanted}
    )


def test_a_table_that_is_not_in_force_answers_nothing() -> None:
    with pytest.raises(ScenarioTableUnfit):
        prepare(SHIPPED["medicine"], book("medicine"), date(2023, 12, 31))


def test_a_table_with_another_answer_is_refused() -> None:
    rulebook = made(
        ("规则表", "别的"),
        ("命中方式", "唯一"),
        ("有效自", "2024-01-01"),
        ("依据", "x"),
        ("列", "输入", "输出", "说明"),
        ("名称", "严重失信在列数", "额度", ""),
        ("类型", "数", "数", ""),
        ("1", "≥ 0", "5", ""),
    )
    with pytest.raises(ScenarioTableUnfit):
        prepare(SHIPPED["medicine"], rulebook, ON)
