from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yinuo.credit.grade.grade import GRADE, ITEM, SCORE, GradeUnusable, PointTable
from yinuo.kernel.content import content_dir
from yinuo.rules.kinds import Kind
from yinuo.rules.table import HitPolicy, Rulebook, Table
from yinuo.rules.workbook.read import check

ON = date(2026, 11, 29)
BOOK = check(content_dir() / "tables" / "grade.xlsx").sound()
POINTS = PointTable(BOOK, ON)
SCORES = next(table for table in BOOK.tables if table.name == SCORE)
NAMES = [each.name for each in SCORES.given]
CLEAN: dict[str, Any] = dict.fromkeys(NAMES, 0) | {"主体类别": "企业", "纳税信用等级": "B"}


def value(name: str) -> st.SearchStrategy[Any]:
    if name == "主体类别":
        return st.sampled_from(["企业", "个体工商户", "个人"])
    if name == "纳税信用等级":
        return st.sampled_from(["A", "B", "M", "C", "D", "无", None])
    return st.one_of(st.none(), st.integers(0, 13))


PROFILES = st.fixed_dictionaries({name: value(name) for name in NAMES})


class TestOne:
    def test_every_point_has_reason_basis_repair_and_end(self) -> None:
        end = date(2029, 5, 1)
        found = POINTS.grade(CLEAN | {"在公示期严重处罚数": 1, "处罚最晚终止日": end})
        assert (found.score, found.grade) == (Decimal(900), "C")
        base, penalty = found.items
        assert base.points == 1000
        assert (base.repairable, base.ends_on) == (False, None)
        assert penalty.points == -100
        assert penalty.reason == "有一件严重行政处罚在公示期内"
        assert (penalty.repairable, penalty.ends_on, penalty.without) == (True, end, "A")
        assert "令第36号" in penalty.basis
        assert found.table == BOOK.sha256

    def test_what_is_not_known_leaves_it_open_and_says_between_what(self) -> None:
        found = POINTS.grade(CLEAN | {"严重失信在列数": None})
        assert (found.score, found.grade) == (None, "")
        assert found.lacking == ("严重失信在列数",)
        assert (found.least, found.most) == (Decimal(500), Decimal(1000))
        assert found.possible == ("D", "A")
        assert [each.points for each in found.open_items] == [-500]

    def test_a_figure_that_makes_no_difference_may_be_missing(self) -> None:
        found = POINTS.grade(CLEAN | {"主体类别": "个人", "纳税信用等级": None})
        assert found.grade == "A"

    @given(PROFILES)
    def test_the_items_add_up(self, profile: dict[str, Any]) -> None:
        found = POINTS.grade(profile)
        total = sum((item.points for item in found.items), Decimal())
        assert found.least <= total <= found.most
        if found.score is not None:
            assert total == found.score == found.least == found.most
            assert found.possible == (found.grade,)
        else:
            assert found.open_items
            assert found.lacking


class TestMany:
    @settings(deadline=None, max_examples=20)
    @given(st.lists(PROFILES, min_size=1, max_size=30))
    def test_a_whole_file_is_graded_as_one_by_one(self, rows: list[dict[str, Any]]) -> None:
        found = _graded(rows)
        for row, said in zip(rows, found, strict=True):
            one = POINTS.grade(row)
            assert said["信用分.信用分"] == one.score
            assert (said["信用等级.信用等级"] or "") == one.grade


def _graded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    texts = {each.name for each in SCORES.given if each.kind is Kind.TEXT}
    columns = {
        name: pa.array([row[name] for row in rows], pa.string() if name in texts else pa.int64())
        for name in NAMES
    }
    keys = [str(number) for number in range(len(rows))]
    with TemporaryDirectory() as folder:
        data, out = Path(folder) / "profile.parquet", Path(folder) / "grades.parquet"
        pq.write_table(pa.table({"entity": keys, "kind": ["firm"] * len(rows)} | columns), data)
        report = POINTS.grade_all(data, out)
        assert report.rows == len(rows)
        found: list[dict[str, Any]] = pq.read_table(out).to_pylist()
        assert [row["entity"] for row in found] == keys
        return found


class TestWorkbook:
    @pytest.mark.parametrize("name", [SCORE, GRADE, ITEM])
    def test_a_workbook_without_one_of_the_tables_is_refused(self, name: str) -> None:
        tables = tuple(table for table in BOOK.tables if table.name != name)
        with pytest.raises(GradeUnusable, match=name):
            PointTable(Rulebook(tables=tables), ON)

    def test_nothing_is_graded_before_it_is_in_force(self) -> None:
        with pytest.raises(GradeUnusable, match="2023-12-31"):
            PointTable(BOOK, date(2023, 12, 31))

    def test_points_that_are_not_summed_are_refused(self) -> None:
        with pytest.raises(GradeUnusable, match="求和"):
            PointTable(_changed(SCORE, policy=HitPolicy.FIRST), ON)

    def test_an_item_that_is_not_explained_is_refused(self) -> None:
        item = next(table for table in BOOK.tables if table.name == ITEM)
        with pytest.raises(GradeUnusable, match=r"没有规则 1\b"):
            PointTable(_changed(ITEM, rules=item.rules[1:]), ON)

    def test_a_score_without_a_grade_is_refused(self) -> None:
        grade = next(table for table in BOOK.tables if table.name == GRADE)
        points = PointTable(_changed(GRADE, rules=grade.rules[:1]), ON)
        with pytest.raises(GradeUnusable, match="1000 分"):
            points.grade(CLEAN)

    def test_every_end_is_a_figure_of_the_profile(self) -> None:
        item = next(table for table in BOOK.tables if table.name == ITEM)
        text = (content_dir() / "credit" / "profile.csv").read_text("utf-8")
        known = {line.split(",")[0] for line in text.splitlines()[1:]} | {"无"}
        assert {rule.answer[1] for rule in item.rules} <= known
        assert set(NAMES) - {"主体类别"} <= known


def _changed(name: str, **changes: Any) -> Rulebook:
    tables: list[Table] = [
        replace(table, **changes) if table.name == name else table for table in BOOK.tables
    ]
    return Rulebook(tables=tuple(tables), sha256=BOOK.sha256)
