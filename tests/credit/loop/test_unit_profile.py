"""How a unit keeps its word: counts by the original date, and a delivery without anybody's text."""

import csv
from datetime import date
from pathlib import Path

import pytest

from yinuo.commitments.ended import Ended, Whose
from yinuo.credit.queries.unit_profile import UnknownUnitProfile, public_unit_profile
from yinuo.credit.sources.commitments import COLUMNS, write
from yinuo.credit.unit_counts import counted

TODAY = date(2026, 11, 29)
UNIT, CODE = "DL-SJJ", "11210200MB0000019R"


def ended(code: str, outcome: str, **changes: object) -> Ended:
    given: dict[str, object] = {
        "code": code,
        "kind": "pledge",
        "whose": Whose.UNIT,
        "unit": UNIT,
        "outcome": outcome,
        "made_on": date(2026, 1, 5),
        "due": date(2026, 6, 30),
        "due_original": date(2026, 6, 30),
        "ended_on": date(2026, 6, 1),
        **changes,
    }
    return Ended(**given)  # type: ignore[arg-type]


ROWS = (
    ended("A", "kept_on_time"),
    ended("B", "kept_after_move", moved=1, due=date(2026, 9, 30)),
    ended("C", "kept_late"),
    ended("D", "broken"),
    ended("E", "waived"),
    ended("F", "kept_undated", due=None, due_original=None),
    ended("G", "", ended_on=None),
    ended("H", "kept_in_part"),
    ended("I", "kept_on_time", due=date(2027, 1, 1), due_original=date(2027, 1, 1)),
    ended("J", "", due=date(2027, 6, 1), due_original=date(2027, 6, 1), ended_on=None),
)


def test_the_share_is_by_the_original_date_of_all_that_fell_due() -> None:
    found = counted("公开承诺", ROWS, TODAY)
    # A, B, C, D, G, H, and I, which was kept before its day; not E, F, J.
    assert (found.total, found.fell_due, found.on_time) == (10, 7, 2)
    assert found.permille == 285
    assert (found.waiting, found.moved) == (2, 1)
    assert dict(found.outcomes) == {
        "按期兑现": 2,
        "调整后兑现": 1,
        "逾期兑现": 1,
        "兑现（未定时限）": 1,
        "部分兑现": 1,
        "未兑现": 1,
        "免除": 1,
    }


def test_nothing_due_has_no_share() -> None:
    assert counted("", [], TODAY).permille is None


@pytest.mark.django_db
def test_a_unit_that_is_not_there() -> None:
    with pytest.raises(UnknownUnitProfile):
        public_unit_profile(unit="DL-NOBODY", today=TODAY)


class TestDelivery:
    def delivered(self, tmp_path: Path, *rows: Ended) -> list[dict[str, str]]:
        path = tmp_path / "outcomes.csv"
        self.made = write(rows, path, codes={UNIT: CODE}, names={UNIT: "市市场监管局"})
        assert path.stat().st_mode & 0o077 == 0, "it holds numbers of persons"
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_units_by_their_code_and_overdue_ones_not_at_all(self, tmp_path: Path) -> None:
        rows = self.delivered(tmp_path, *ROWS)
        assert [row["承诺编号"] for row in rows] == list("ABCDEFHI")
        assert {row["统一社会信用代码"] for row in rows} == {CODE}
        assert tuple(rows[0]) == COLUMNS
        states = {row["承诺编号"]: row["承诺履行状态"] for row in rows}
        assert states["C"] == states["A"] == "全部履行"
        assert (states["H"], states["D"], states["E"]) == ("部分履行", "全部未履行", "免除")

    def test_a_unit_without_a_code_is_counted_and_left_out(self, tmp_path: Path) -> None:
        rows = self.delivered(tmp_path, ended("A", "broken", unit="DL-XFJ"), ROWS[0])
        assert len(rows) == 1
        assert self.made.units_without_code == {"DL-XFJ": 1}

    def test_a_person_has_a_number_and_no_name(self, tmp_path: Path) -> None:
        number = "11010519491231002X"
        (row,) = self.delivered(
            tmp_path,
            ended("P", "broken", whose=Whose.PERSON, unit="", number=number, kind="deferral"),
        )
        assert (row["公民身份号码"], row["承诺人名称"], row["统一社会信用代码"]) == (number, "", "")

    def test_what_has_no_date_at_all_is_counted(self, tmp_path: Path) -> None:
        bare = ended("X", "kept_undated", made_on=None, due=None, due_original=None, ended_on=None)
        assert self.delivered(tmp_path, bare) == []
        assert self.made.undated == 1
