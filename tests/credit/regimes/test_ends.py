from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.credit.checked_rows import BadTable
from yinuo.credit.regimes.ends import Decided, Term, publicity
from yinuo.credit.regimes.levels import levels_of, load_levels
from yinuo.credit.regimes.months import months_later
from yinuo.credit.regimes.repair import Conditions, unmet
from yinuo.credit.regimes.rules import COLUMNS, Level, load_rules
from yinuo.kernel.content import content_dir

FOLDER = content_dir() / "credit"
RULES = load_rules((FOLDER / "publicity.csv").read_bytes())
LEVELS = load_levels((FOLDER / "levels.csv").read_bytes())
HEAD = ",".join(COLUMNS)
DAYS = st.dates(date(2023, 5, 1), date(2040, 12, 31))


def term(
    decided_on: str,
    *levels: Level,
    on: str = "2026-11-29",
    field: str = "一般",
    published_on: str = "",
    restricted_until: str = "",
    corrected_on: str = "",
) -> Term:
    decided = Decided(
        kind="penalty",
        levels=levels or (Level.ORDINARY,),
        decided_on=date.fromisoformat(decided_on),
        field=field,
        published_on=date.fromisoformat(published_on) if published_on else None,
        restricted_until=date.fromisoformat(restricted_until) if restricted_until else None,
        corrected_on=date.fromisoformat(corrected_on) if corrected_on else None,
    )
    return publicity(RULES, decided, on=date.fromisoformat(on))


class TestMonths:
    @pytest.mark.parametrize(
        ("day", "months", "last"),
        [
            ("2026-05-10", 3, "2026-08-10"),
            ("2025-11-30", 3, "2026-02-28"),
            ("2023-11-30", 3, "2024-02-29"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2024-02-29", 36, "2027-02-28"),
            ("2026-08-31", 1, "2026-09-30"),
            ("2026-02-28", 1, "2026-03-28"),
            ("2026-10-15", 3, "2027-01-15"),
        ],
    )
    def test_the_corresponding_day_or_the_last_of_a_shorter_month(
        self, day: str, months: int, last: str
    ) -> None:
        assert months_later(date.fromisoformat(day), months) == date.fromisoformat(last)

    @given(DAYS, DAYS, st.integers(0, 60))
    def test_who_starts_later_never_ends_earlier(self, a: date, b: date, months: int) -> None:
        first, second = sorted((a, b))
        assert months_later(first, months) <= months_later(second, months)


class TestRegimes:
    def test_the_two_penalties_of_the_story_end_by_different_rules(self) -> None:
        old, new = term("2025-10-20"), term("2026-05-10")
        assert (old.rule, old.until) == ("58-2", date(2028, 10, 20))
        assert (new.rule, new.until) == ("36-2", date(2027, 5, 10))
        assert (old.repair_from, new.repair_from) == (date(2026, 1, 20), date(2026, 8, 10))

    def test_what_was_decided_before_the_new_order_keeps_its_end(self) -> None:
        before, after = term("2026-03-31"), term("2026-04-01")
        assert (before.rule, after.rule) == ("58-2", "36-2")
        for on in ("2026-03-31", "2026-04-01", "2027-12-31"):
            assert term("2026-03-31", on=on).until == date(2029, 3, 31)

    def test_a_day_before_any_rule_is_left_to_a_person(self) -> None:
        found = term("2023-04-30")
        assert (found.rule, found.public, found.until) == ("", None, None)
        assert "须由人核定" in found.why

    def test_a_kind_without_a_rule_is_left_to_a_person(self) -> None:
        decided = Decided(kind="honour", levels=[Level.MINOR], decided_on=date(2026, 5, 1))
        assert publicity(RULES, decided, on=date(2026, 6, 1)).public is None

    def test_without_a_level_nothing_is_known(self) -> None:
        decided = Decided(kind="penalty", levels=(), decided_on=date(2026, 5, 1))
        assert publicity(RULES, decided, on=date(2026, 6, 1)).rule == ""

    def test_minor_ones_are_not_published(self) -> None:
        assert term("2026-05-10", Level.MINOR).public is False
        assert term("2024-05-10", Level.MINOR).public is False

    def test_of_several_kinds_the_longest_counts(self) -> None:
        found = term("2026-05-10", Level.MINOR, Level.SERIOUS, Level.ORDINARY)
        assert (found.rule, found.until) == ("36-3", date(2029, 5, 10))

    def test_a_field_with_a_rule_of_its_own_goes_first(self) -> None:
        assert term("2024-06-30", field="安全生产").repair_from == date(2025, 6, 30)
        assert term("2024-06-30", field="卫生健康").rule == "58-2"

    def test_market_regulators_count_from_publication(self) -> None:
        waiting = term("2026-05-10", field="市场监管")
        assert (waiting.public, waiting.until) == (False, None)
        running = term("2026-05-10", field="市场监管", published_on="2026-05-25")
        assert running.until == date(2029, 5, 25)

    def test_a_longer_restriction_keeps_it_public_as_long(self) -> None:
        more = {"field": "市场监管", "published_on": "2022-01-05"}
        found = term("2022-01-01", Level.ORDINARY, restricted_until="2030-01-01", **more)
        assert found.until == date(2030, 1, 1)
        found = term("2022-01-01", Level.ORDINARY, restricted_until="2024-01-01", **more)
        assert found.until == date(2025, 1, 5)

    def test_what_is_not_corrected_stays_public_under_the_new_order(self) -> None:
        late = term("2026-05-10", on="2027-06-01")
        assert (late.public, late.until) == (True, None)
        mended = term("2026-05-10", on="2027-09-01", corrected_on="2027-08-20")
        assert (mended.public, mended.until) == (False, date(2027, 8, 20))
        in_time = term("2026-05-10", on="2027-06-01", corrected_on="2026-06-01")
        assert (in_time.public, in_time.until) == (False, date(2027, 5, 10))

    def test_under_the_old_order_it_stops_by_itself(self) -> None:
        assert term("2023-06-01", on="2026-06-02").public is False

    def test_the_last_day_is_still_public(self) -> None:
        corrected = "2026-06-01"
        assert term("2026-05-10", on="2027-05-10", corrected_on=corrected).public is True
        assert term("2026-05-10", on="2027-05-11", corrected_on=corrected).public is False
        assert term("2026-05-10", on="2026-05-09").public is False

    @given(DAYS, st.sampled_from(Level), st.integers(0, 4000))
    def test_a_term_holds_together(self, day: date, level: Level, later: int) -> None:
        on = day + timedelta(days=later)
        decided = Decided(kind="penalty", levels=[level], decided_on=day)
        found = publicity(RULES, decided, on=on)
        assert found.rule
        assert found.why
        if found.until is not None:
            assert found.public is (on <= found.until)
            assert found.repair_from is None or day <= found.repair_from <= found.until


class TestRepair:
    def test_what_stands_against_it_is_told(self) -> None:
        nothing = Conditions(corrected=False, duties_done=False, promised=False)
        everything = Conditions(corrected=True, duties_done=True, promised=True)
        may = term("2026-05-10")
        assert unmet(may, everything, on=date(2026, 8, 9)) == (
            "公示未满最短期限，2026-08-10 起可以申请",
        )
        assert unmet(may, everything, on=date(2026, 8, 10)) == ()
        assert len(unmet(may, nothing, on=date(2026, 8, 10))) == 3

    def test_the_gravest_of_the_market_are_never_repaired(self) -> None:
        never = term("2026-05-10", Level.SERIOUS, field="市场监管", published_on="2026-05-25")
        everything = Conditions(corrected=True, duties_done=True, promised=True)
        assert unmet(never, everything, on=date(2028, 1, 1)) == ("这类决定不得提前修复",)

    def test_without_a_rule_a_person_decides(self) -> None:
        everything = Conditions(corrected=True, duties_done=True, promised=True)
        unknown = term("2020-01-01")
        assert unmet(unknown, everything, on=date(2026, 1, 1)) == (
            "没有登记适用的规则，须由人核定",
        )


class TestLevels:
    @pytest.mark.parametrize(
        ("penalty", "fine", "levels"),
        [
            ("警告", None, {Level.MINOR}),
            ("警告；罚款", 500_000, {Level.MINOR}),
            ("警告;罚款", 1_000_000, {Level.MINOR, Level.ORDINARY}),
            ("罚款；没收违法所得", 100_000_000, {Level.SERIOUS, Level.ORDINARY}),
            ("吊销许可证件", None, {Level.SERIOUS}),
            ("罚款", None, set()),
            ("其他-责令改正", None, set()),
            ("警告；其他-责令改正", None, set()),
            ("", 5, set()),
        ],
    )
    def test_a_penalty_has_the_levels_of_its_kinds(
        self, penalty: str, fine: int | None, levels: set[Level]
    ) -> None:
        assert levels_of(LEVELS, penalty, fine, date(2026, 5, 1)) == levels

    def test_nothing_is_known_before_the_first_row(self) -> None:
        assert levels_of(LEVELS, "警告", None, date(2020, 12, 31)) == frozenset()

    def test_faults_are_told(self) -> None:
        data = (
            "处罚类别,罚款不低于（元）,等级,自,至,依据,说明\n"
            "警告,,轻,2021-01-01,2020-01-01,,\n"
            "罚款,很多,轻微,,,本表,\n"
        )
        with pytest.raises(BadTable) as caught:
            load_levels(data.encode())
        assert [each.field for each in caught.value.findings] == [
            *("等级", "依据", "至", "自"),
        ]


class TestLoading:
    def test_every_fault_is_told(self) -> None:
        lines = [
            HEAD,
            "1,令,2026-04-01,,一般,行政处罚,一般,是,决定,3,12,否,是,是,",
            "1,令,2027-04-01,,一般,行政处罚,一般,是,决定,13,12,否,是,是,",
            "2,令,,2026-01-01,一般,奖状,很重,是,听说,3,12,否,是,是,",
            "3,令,2026-04-01,2026-01-01,一般,名录,一般,否,决定,0,12,否,也许,是,",
        ]
        with pytest.raises(BadTable) as caught:
            load_rules("\n".join(lines).encode())
        told = [(each.cell, each.field, each.code) for each in caught.value.findings]
        assert told == [
            ("第 3 行", "最短月数", "CREDIT-E096"),
            ("第 3 行", "编号", "CREDIT-E095"),
            ("第 3 行", "自", "CREDIT-E096"),
            ("第 4 行", "记录种类", "CREDIT-E094"),
            ("第 4 行", "等级", "CREDIT-E094"),
            ("第 4 行", "起算", "CREDIT-E094"),
            ("第 4 行", "自", "CREDIT-E093"),
            ("第 5 行", "未改正继续公示", "CREDIT-E094"),
            ("第 5 行", "至", "CREDIT-E096"),
            ("第 5 行", "最长月数", "CREDIT-E096"),
        ]
