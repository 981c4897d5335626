"""Why a policy is for one firm or not."""

from datetime import date

import pytest

from tests.benefits.fund import DEFINITION, TODAY, table
from yinuo.benefits.definition import read_policy
from yinuo.benefits.matching import match
from yinuo.benefits.screening import TableUnfit
from yinuo.rules.workbook.read import check_bytes

POLICY = read_policy(DEFINITION.encode(), code="staff-training")
BOOK = check_bytes(table(), file="t.xlsx").sound()


def test_a_firm_that_it_is_for() -> None:
    found = match(POLICY, BOOK, {"参保人数": 12, "欠缴": False}, TODAY)
    assert (found.verdict, found.amount, found.missed) == ("yes", 2_400_00, ())


@pytest.mark.parametrize(
    ("facts", "missed"),
    [
        ({"参保人数": 9, "欠缴": False}, ("参保人数须满 10、不满 100，现在是 9",)),
        ({"参保人数": 50, "欠缴": True}, ("欠缴须是“否”，现在是“是”",)),
        (
            {"参保人数": 3, "欠缴": True},
            ("参保人数须满 10、不满 100，现在是 3", "欠缴须是“否”，现在是“是”"),
        ),
    ],
)
def test_it_says_which_condition_is_missed(
    facts: dict[str, object], missed: tuple[str, ...]
) -> None:
    found = match(POLICY, BOOK, facts, TODAY)
    assert (found.verdict, found.missed) == ("no", missed)


@pytest.mark.parametrize(
    ("facts", "lacking"),
    [({"欠缴": False}, {"参保人数"}), ({}, {"参保人数", "欠缴"}), ({"参保人数": 12}, {"欠缴"})],
)
def test_it_says_what_nobody_knows(facts: dict[str, object], lacking: set[str]) -> None:
    found = match(POLICY, BOOK, facts, TODAY)
    assert (found.verdict, set(found.lacking)) == ("open", lacking)


def test_a_value_that_cannot_be_read_is_as_unknown() -> None:
    found = match(POLICY, BOOK, {"参保人数": "很多", "欠缴": False}, TODAY)
    assert found.verdict == "open"


def test_a_table_out_of_force_answers_nothing() -> None:
    with pytest.raises(TableUnfit, match="没有生效"):
        match(POLICY, BOOK, {}, date(2023, 1, 1))
