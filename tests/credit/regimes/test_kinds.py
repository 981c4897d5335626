"""What everybody may see besides penalties goes by a dated row, and by none is nothing public."""

from dataclasses import replace
from datetime import date

import pytest

from tests.credit.profile.shipped import REGIME
from yinuo.credit.checked_rows import BadTable
from yinuo.credit.regimes.ends import Term
from yinuo.credit.regimes.kinds import COLUMNS, load_kinds, rule_of
from yinuo.credit.regimes.repair import Conditions, unmet
from yinuo.credit.regimes.terms_of import CLOSED, NO_RULE, said_of, term_of
from yinuo.kernel.content import content_dir
from yinuo.lake.records.description import Disclosure
from yinuo.lake.records.parsing import read_description

FOLDER = content_dir() / "sources"
SOURCES = {
    path.stem: read_description(path.read_bytes(), id=path.stem) for path in FOLDER.glob("*.toml")
}
ON = date(2025, 1, 20)
HEAD = ",".join(COLUMNS)
DONE = Conditions(corrected=True, duties_done=True, promised=True)


def term(source: str, *, on: date = ON, **row: object) -> Term:
    return term_of(
        SOURCES[source],
        {"subject": "firm", **row},
        levels=REGIME.levels,
        rules=REGIME.rules,
        kinds=REGIME.kinds,
        on=on,
    )


def test_a_licence_is_public_while_it_is_valid() -> None:
    until = date(2025, 1, 20)
    assert (term("licence", valid_until=until).public, term("licence").public) == (True, True)
    ended = term("licence", valid_until=until, on=date(2025, 1, 21))
    assert (ended.public, ended.until, ended.rule) == (False, until, "许可-1")
    assert "政府信息公开条例" in ended.why


def test_a_list_ends_after_three_years_unless_it_says_itself() -> None:
    listed = {"listed_on": date(2022, 1, 20)}
    assert term("serious-dishonesty", **listed).until == date(2025, 1, 20)
    assert not term("serious-dishonesty", on=date(2025, 1, 21), **listed).public
    longer = term("serious-dishonesty", until=date(2026, 5, 1), **listed)
    assert (longer.public, longer.until) == (True, date(2026, 5, 1))


def test_a_list_is_repaired_after_a_year_and_an_abnormal_listing_at_once() -> None:
    early = term("serious-dishonesty", listed_on=date(2024, 6, 1))
    assert unmet(early, DONE, on=ON) == ("公示未满最短期限，2025-06-01 起可以申请",)
    assert unmet(early, DONE, on=date(2025, 6, 1)) == ()
    assert unmet(term("abnormal-operations"), DONE, on=ON) == ()


@pytest.mark.parametrize("source", ["court-enforcement", "fire-checks", "government-contracts"])
def test_without_a_rule_nothing_is_public(source: str) -> None:
    assert SOURCES[source].disclosure is Disclosure.PUBLIC
    found = term(source)
    assert (found.public, found.rule, found.why) == (False, "", NO_RULE)
    assert said_of(SOURCES[source], REGIME.kinds, on=ON) == NO_RULE


def test_a_penalty_without_a_day_is_not_public() -> None:
    assert term("penalty").why == NO_RULE


def test_what_a_source_closes_no_rule_opens() -> None:
    kinds = [replace(each, kind="payment", source="water") for each in REGIME.kinds[:1]]
    water = SOURCES["water"]
    assert said_of(water, kinds, on=ON) == CLOSED
    assert term("water").public is False


def test_persons_are_never_public() -> None:
    assert term("licence", subject="person").public is False


def test_the_rule_of_the_day_and_of_the_source_before_its_kind() -> None:
    rows = (
        f"{HEAD}\n"
        "一,旧,2020-01-01,2024-12-31,名录,,是,,0,0,是,\n"
        "二,新,2025-01-01,,名录,,否,,0,0,是,\n"
        "三,专,2020-01-01,,名录,abnormal-operations,是,,0,0,是,\n"
    )
    table = load_kinds(rows.encode())
    for source, on, number in (
        ("other", date(2024, 12, 31), "一"),
        ("other", date(2025, 1, 1), "二"),
        ("abnormal-operations", date(2025, 1, 1), "三"),
    ):
        found = rule_of(table, kind="listing", source=source, on=on)
        assert found is not None
        assert found.number == number
    assert rule_of(table, kind="listing", source="other", on=date(2019, 1, 1)) is None


@pytest.mark.parametrize(
    "line",
    [
        "一,,2020-01-01,,名录,,是,,0,0,是,",
        "一,令,,,名录,,是,,0,0,是,",
        "一,令,2020-01-01,,行政处罚,,是,,0,0,是,",
        "一,令,2020-01-01,,名录,,也许,,0,0,是,",
        "一,令,2020-01-01,,名录,,是,,0,36,是,",
        "一,令,2020-01-01,,名录,,是,listed_on,40,36,是,",
        "一,令,2020-01-01,2019-01-01,名录,,是,,0,0,是,",
        "一,令,2020-01-01,,名录,,是,,0,0,是,\n二,令,2021-01-01,,名录,,是,,0,0,是,",
        "一,令,2020-01-01,,名录,,是,,0,0,是,\n一,令,2021-01-01,,登记,,是,,0,0,是,",
    ],
)
def test_faults_are_found(line: str) -> None:
    with pytest.raises(BadTable):
        load_kinds(f"{HEAD}\n{line}\n".encode())
